import assert from "node:assert/strict";
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import type { OpenOptions } from "../../src/keystore/generation.ts";
import { KeyStore } from "../../src/keystore/key-store.ts";
import { destroyedLeafId } from "../../src/keystore/tombstone.ts";
import { day, failure, freshOptions, NOW, REQUEST, TENANT, WEEK } from "./fresh-store.ts";

interface Made {
  readonly options: OpenOptions;
  readonly store: KeyStore;
  /** Path of a file of the store. */
  readonly file: (name: string) => string;
}

/** A store with compartments 1 to `count`, held by nobody. */
async function made(context: TestContext, count: number): Promise<Made> {
  const options = freshOptions(context);
  const store = await KeyStore.open(options);
  for (let at = 0; at < count; at += 1) await store.lease(REQUEST);
  for (let serial = 1; serial <= count; serial += 1) await store.release(serial, 1);
  return { options, store, file: (name) => path.join(options.folder, name) };
}

const serials = async (store: KeyStore): Promise<number[]> =>
  (await store.tombstones()).map((tombstone) => tombstone.serial);

test("KS-5: what is destroyed is gone from disk and cannot be opened or changed", async (t) => {
  const { options, store, file } = await made(t, 2);
  const tombstone = await store.destroy(1, NOW);
  assert.deepEqual(
    { ...tombstone, id: tombstone.id.length },
    {
      serial: 1,
      tenant: TENANT,
      dayOfDeath: REQUEST.dayOfDeath,
      destroyedAt: NOW,
      id: 32,
      kept: [],
    },
  );
  for (const each of [store, await KeyStore.open(options)]) {
    await assert.rejects(each.openCompartment(1), failure("KEY_DESTROYED"));
    await assert.rejects(each.reserve(1, 2), failure("KEY_DESTROYED"));
    await assert.rejects(each.setState(1, "live"), failure("KEY_DESTROYED"));
    await each.release(1, 3);
    assert.deepEqual(
      (await each.list()).map((record) => record.serial),
      [2],
    );
    assert.deepEqual(await each.tombstones(), [tombstone]);
  }
  assert.deepEqual(readdirSync(file("compartments")), ["0000000002.key"]);
  assert.deepEqual(readdirSync(file("records")), ["0000000002.key"]);
});

test("KS-5: destroying again gives the same tombstone and the same leaf id", async (t) => {
  const { options, store } = await made(t, 1);
  const first = await store.destroy(1, NOW);
  const later = await (await KeyStore.open(options)).destroy(1, new Date(NOW.getTime() + 1000));
  assert.deepEqual(later, first);
  assert.deepEqual(destroyedLeafId(later), destroyedLeafId(first));
  assert.equal(destroyedLeafId(first).length, 16);
  assert.deepEqual(await serials(store), [1]);
});

test("KS-5: key files that an older copy brings back are destroyed on opening", async (t) => {
  const { options, store, file } = await made(t, 1);
  const names = ["compartments/0000000001.key", "records/0000000001.key"];
  for (const name of names) copyFileSync(file(name), file(`${path.basename(name)}.copy`));
  copyFileSync(file(names[0] ?? ""), file("cover"));
  copyFileSync(file(names[1] ?? ""), file("record"));
  await store.destroy(1, NOW);
  copyFileSync(file("cover"), file("compartments/0000000001.key"));
  copyFileSync(file("record"), file("records/0000000001.key"));
  await assert.rejects(store.openCompartment(1), failure("KEY_DESTROYED"));
  assert.deepEqual(await store.list(), []);
  await KeyStore.open(options);
  for (const name of names) assert.ok(!existsSync(file(name)));
});

test("KS-5: a destruction that stopped behind its tombstone is finished on opening", async (t) => {
  const { options, store, file } = await made(t, 2);
  copyFileSync(file("compartments/0000000001.key"), file("cover"));
  await store.destroy(1, NOW);
  // As if the crash came when the file was out of sight and half overwritten.
  const bytes = readFileSync(file("cover"));
  writeFileSync(file("compartments/0000000001.key.gone"), bytes.fill(0, 0, 40), { mode: 0o600 });
  await KeyStore.open(options);
  assert.deepEqual(readdirSync(file("compartments")), ["0000000002.key"]);
});

test("KS-6: a torn last line is cut off, and its destruction never was", async (t) => {
  const { options, store, file } = await made(t, 3);
  await store.destroy(1, NOW);
  const whole = readFileSync(file("tombstones"), "utf8");
  for (const torn of ["[1,2", whole.slice(0, -1), "\0\0\0\0"]) {
    appendFileSync(file("tombstones"), torn);
    const reader = await KeyStore.open(options);
    assert.equal(readFileSync(file("tombstones"), "utf8"), whole);
    assert.deepEqual(await serials(reader), [1]);
    await reader.openCompartment(2);
  }
});

test("KS-6: who only reads never cuts off what another process is writing", async (t) => {
  const { store, file } = await made(t, 2);
  await store.destroy(1, NOW);
  const whole = readFileSync(file("tombstones"), "utf8");
  appendFileSync(file("tombstones"), "[1,2");
  assert.deepEqual(await serials(store), [1]);
  await store.openCompartment(2);
  assert.equal(readFileSync(file("tombstones"), "utf8"), `${whole}[1,2`);
  await store.destroy(2, NOW);
  assert.deepEqual(await serials(store), [1, 2]);
  assert.equal(readFileSync(file("tombstones"), "utf8").split("\n").length, 3);
});

test("KS-6: a broken line stops the store", async (t) => {
  const { options, store, file } = await made(t, 3);
  await store.destroy(1, NOW);
  await store.destroy(2, NOW);
  const whole = readFileSync(file("tombstones"));
  const lineBytes = whole.indexOf("\n") + 1;
  for (const at of [0, 3, lineBytes - 3, lineBytes - 1, whole.length - 2]) {
    const broken = Buffer.from(whole);
    broken[at] = (broken[at] ?? 0) ^ 1;
    writeFileSync(file("tombstones"), broken);
    await assert.rejects(KeyStore.open(options), failure("KEYSTORE_BROKEN"));
  }
});

test("KS-6: a process notices that tombstones it knew were taken away", async (t) => {
  const { store, file } = await made(t, 3);
  await store.destroy(1, NOW);
  await store.destroy(2, NOW);
  truncateSync(file("tombstones"), readFileSync(file("tombstones")).indexOf("\n") + 1);
  await assert.rejects(store.openCompartment(3), failure("KEYSTORE_BROKEN"));
  rmSync(file("tombstones"));
  await assert.rejects(store.list(), failure("KEYSTORE_BROKEN"));
});

test("KS-6: many calls at once read each tombstone once, also those of others", async (t) => {
  const { options, store } = await made(t, 5);
  const other = await KeyStore.open(options);
  for (const serial of [1, 2, 3]) {
    await other.destroy(serial, NOW);
    await Promise.all(Array.from({ length: 8 }, async () => store.list()));
  }
  assert.deepEqual(await serials(store), [1, 2, 3]);
  await store.destroy(4, NOW);
  assert.deepEqual(await serials(other), [1, 2, 3, 4]);
});

test("KS-7: serials go on behind everything that was ever seen", async (t) => {
  const { store, file } = await made(t, 3);
  await store.destroy(3, NOW);
  const next = async (): Promise<number> => (await store.lease(REQUEST)).record.serial;
  // Serials 1 and 2 are free and have room, so take them first.
  assert.deepEqual([await next(), await next(), await next()], [1, 2, 4]);
  await store.destroy(4, NOW);
  rmSync(file("serial"));
  assert.equal(await next(), 5);
  writeFileSync(file("serial"), "0000000001");
  assert.equal(await next(), 6);
  writeFileSync(file("serial"), "00000000ff");
  assert.equal(await next(), 256);
  // A cover without a record: its creation was cut off, and its serial is used all the same.
  copyFileSync(file("compartments/0000000006.key"), file("compartments/00000001ff.key"));
  assert.equal(await next(), 512);
});

test("KS-7: a counter that is no serial stops the making of compartments", async (t) => {
  const { store, file } = await made(t, 1);
  await store.lease(REQUEST);
  for (const text of ["", "0000000000", "12", "000000000g", "0x00000001"]) {
    writeFileSync(file("serial"), text);
    await assert.rejects(store.lease(REQUEST), failure("KEYSTORE_BROKEN"));
  }
});

test("KS-11: an index key lives with the compartments of its week, then never again", async (t) => {
  const { options, store } = await made(t, 1);
  await store.indexKey(TENANT, WEEK, 20);
  await store.indexKey(TENANT, "2026-q4", 20);
  assert.deepEqual(await store.indexEpochs(TENANT), ["2026-q4", WEEK]);
  await assert.rejects(store.destroyIndexKey(TENANT, WEEK), failure("INDEX_KEY_NEEDED"));
  await store.destroy(1, NOW);
  assert.equal(await store.destroyIndexKey(TENANT, WEEK), true);
  for (const each of [store, await KeyStore.open(options)]) {
    assert.equal(await each.indexKey(TENANT, WEEK, null), null);
    await assert.rejects(each.indexKey(TENANT, WEEK, 20), failure("KEY_DESTROYED"));
    assert.equal(await each.destroyIndexKey(TENANT, WEEK), false);
    assert.deepEqual(await each.indexEpochs(TENANT), ["2026-q4"]);
    assert.deepEqual(await serials(each), [1]);
  }
  assert.equal(await store.destroyIndexKey(TENANT, day("2027-03-15")), false);
});

test("KS-11: bits of an index are within bounds and stay as they were made", async (t) => {
  const store = await KeyStore.open(freshOptions(t));
  for (const bits of [0, 7, 33, 24.5, Number.NaN]) {
    await assert.rejects(store.indexKey(TENANT, WEEK, bits), RangeError);
  }
  const made24 = await store.indexKey(TENANT, WEEK, 24);
  assert.deepEqual([made24?.bits, made24?.key.length], [24, 32]);
  assert.deepEqual(await store.indexKey(TENANT, WEEK, 16), made24);
});
