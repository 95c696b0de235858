import assert from "node:assert/strict";
import { test } from "node:test";
import { KeyStore } from "../../src/keystore/key-store.ts";
import { rotateGeneration } from "../../src/keystore/rotation.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { freshOptions, NOW, REQUEST, TENANT, WEEK } from "./fresh-store.ts";

const READERS = 8;

/** Reads until `read` says false, and as often as `READERS` readers can. How often it was true. */
async function readUntilGone(read: () => Promise<boolean>): Promise<number> {
  const counts = Array.from({ length: READERS }, async () => {
    let count = 0;
    while (await read()) count += 1;
    return count;
  });
  return (await Promise.all(counts)).reduce((total, count) => total + count, 0);
}

test("KS-5: who reads while a compartment is destroyed gets its key or its death", async (t) => {
  const options = freshOptions(t);
  const writer = await KeyStore.open(options);
  const reader = await KeyStore.open(options);
  let reads = 0;
  for (let round = 0; round < 12; round += 1) {
    const { serial } = (await writer.lease(REQUEST)).record;
    const reading = readUntilGone(async () => {
      try {
        const { cover } = await reader.openCompartment(serial);
        return cover.length === 1;
      } catch (error) {
        if (isFailure(error, "KEY_DESTROYED")) return false;
        throw error;
      }
    });
    const listing = readUntilGone(async () =>
      (await reader.list()).some((record) => record.serial === serial),
    );
    await writer.destroy(serial, NOW);
    reads += (await reading) + (await listing);
  }
  assert.ok(reads > 0);
});

test("KS-11: who reads while an index is destroyed gets its key or nothing", async (t) => {
  const options = freshOptions(t);
  const writer = await KeyStore.open(options);
  const reader = await KeyStore.open(options);
  let reads = 0;
  for (let round = 0; round < 12; round += 1) {
    const epoch = `round-${round}`;
    await writer.indexKey(TENANT, epoch, 24);
    const reading = readUntilGone(
      async () => (await reader.indexKey(TENANT, epoch, null))?.bits === 24,
    );
    await writer.destroyIndexKey(TENANT, epoch);
    reads += await reading;
  }
  assert.ok(reads > 0);
});

test("KS-14: who reads across rotations always gets the same keys", async (t) => {
  const options = freshOptions(t);
  const store = await KeyStore.open(options);
  const first = await store.tenantKeys(TENANT);
  await store.indexKey(TENANT, WEEK, 24);
  let isRotating = true;
  const reading = readUntilGone(async () => {
    assert.deepEqual(await store.tenantKeys(TENANT), first);
    assert.equal((await store.indexKey(TENANT, WEEK, null))?.bits, 24);
    return isRotating;
  });
  for (let round = 0; round < 8; round += 1) await rotateGeneration(options);
  isRotating = false;
  assert.ok((await reading) > 0);
});
