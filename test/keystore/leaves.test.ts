import assert from "node:assert/strict";
import { copyFileSync, existsSync, linkSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { LEAF_COUNT, leafKey } from "../../src/crypto/key-tree.ts";
import { suiteOf } from "../../src/crypto/suites.ts";
import type { OpenOptions } from "../../src/keystore/generation.ts";
import { KeyStore } from "../../src/keystore/key-store.ts";
import { rotateGeneration } from "../../src/keystore/rotation.ts";
import { destroyedLeafId } from "../../src/keystore/tombstone.ts";
import { failure, freshOptions, NOW, REQUEST, TENANT } from "./fresh-store.ts";

const COVER = "compartments/0000000001.key";
const HELD = "held/0000000001.key";
const LATER = new Date(NOW.getTime() + 60_000);

interface Made {
  readonly options: OpenOptions;
  readonly store: KeyStore;
  readonly file: (name: string) => string;
}

/** A store with compartment 1, held by nobody. */
async function made(context: TestContext): Promise<Made> {
  const options = freshOptions(context);
  const store = await KeyStore.open(options);
  const { record } = await store.lease(REQUEST);
  assert.equal(record.serial, 1);
  await store.release(1, 64);
  return { options, store, file: (name) => path.join(options.folder, name) };
}

/** The key of a slot in hex, or the code of the failure. */
async function keyAt(store: KeyStore, slot: number): Promise<string> {
  try {
    const { record, cover } = await store.openCompartment(1);
    const tree = { suite: suiteOf(record.suite), serial: 1 };
    return Buffer.from(leafKey(tree, cover, slot)).toString("hex");
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : "other";
  }
}

async function keysAt(store: KeyStore, slots: readonly number[]): Promise<string[]> {
  const keys: string[] = [];
  for (const slot of slots) keys.push(await keyAt(store, slot));
  return keys;
}

const DEAD = "KEY_DESTROYED";

test("KS-16: a punctured leaf is gone for good, every other key stays what it was", async (t) => {
  const { options, store } = await made(t);
  const slots = [0, 1, 2, 3, 511, 512, LEAF_COUNT - 1];
  const before = await keysAt(store, slots);
  const tombstones = await store.puncture(1, [1, 512], NOW);
  const expected = before.map((key, at) => (at === 1 || at === 5 ? DEAD : key));
  for (const each of [store, await KeyStore.open(options)]) {
    assert.deepEqual(await keysAt(each, slots), expected);
    assert.deepEqual(await each.leafTombstones(), tombstones);
    assert.deepEqual(
      [await each.isPunctured(1, 1), await each.isPunctured(1, 2), await each.isPunctured(2, 1)],
      [true, false, false],
    );
  }
  assert.deepEqual(
    tombstones.map(({ serial, slot, tenant, destroyedAt }) => [serial, slot, tenant, destroyedAt]),
    [
      [1, 1, TENANT, NOW],
      [1, 512, TENANT, NOW],
    ],
  );
  assert.equal(new Set(tombstones.map((each) => destroyedLeafId(each).join())).size, 2);
});

test("KS-16: puncturing again gives the same tombstones and writes nothing", async (t) => {
  const { store, file } = await made(t);
  const first = await store.puncture(1, [7, 9], NOW);
  const [cover, ledger] = [readFileSync(file(COVER)), readFileSync(file("tombstones"))];
  assert.deepEqual(await store.puncture(1, [9, 7, 9], LATER), first.toReversed());
  assert.deepEqual(readFileSync(file(COVER)), cover);
  assert.deepEqual(readFileSync(file("tombstones")), ledger);
});

test("KS-16: an older cover gives no punctured leaf, and is punctured again", async (t) => {
  const { options, store, file } = await made(t);
  copyFileSync(file(COVER), file("copy"));
  await store.puncture(1, [7], NOW);
  const punctured = readFileSync(file(COVER));
  copyFileSync(file("copy"), file(COVER));
  assert.equal(await keyAt(store, 7), DEAD);
  await KeyStore.open(options);
  assert.equal(readFileSync(file(COVER)).length, punctured.length);
  assert.equal((await store.openCompartment(1)).cover.length, 17);
});

test("KS-16: nobody seals where a leaf is dead, also where the slot was never used", async (t) => {
  const { store } = await made(t);
  await store.puncture(1, [512 + 100], NOW);
  assert.equal((await store.list())[0]?.ceiling, 101);
  const { firstPosition } = await store.lease(REQUEST);
  assert.equal(firstPosition, 101);
  await store.puncture(1, [512 + 400], NOW);
  await store.release(1, 102);
  assert.equal((await store.list())[0]?.ceiling, 401);
});

test("KS-17: a held leaf outlives its compartment and nothing else does", async (t) => {
  const { options, store, file } = await made(t);
  const slots = [5, 6, 700];
  const before = await keysAt(store, slots);
  await store.hold(1, [700, 5]);
  await store.hold(1, [5]);
  const tombstone = await store.destroy(1, NOW);
  assert.deepEqual(tombstone.kept, [5, 700]);
  assert.ok(!existsSync(file(COVER)));
  for (const each of [store, await KeyStore.open(options)]) {
    assert.deepEqual(await keysAt(each, slots), [before[0], DEAD, before[2]]);
    assert.deepEqual(await each.list(), []);
    const held = await each.held();
    assert.deepEqual(
      held.map((one) => [one.record.serial, one.slots, one.isDestroyed]),
      [[1, [5, 700], true]],
    );
    await each.hold(1, [5]);
    await assert.rejects(each.hold(1, [5, 6]), failure(DEAD));
    await assert.rejects(each.setState(1, "live"), failure(DEAD));
    assert.deepEqual(await each.destroy(1, LATER), tombstone);
  }
});

test("KS-17: letting go of the last leaf leaves nothing of a destroyed compartment", async (t) => {
  const { options, store, file } = await made(t);
  await store.hold(1, [5, 700]);
  await store.destroy(1, NOW);
  const [gone, ...rest] = await store.letGo(1, [5, 6], LATER);
  assert.deepEqual([gone?.slot, gone?.destroyedAt, rest], [5, LATER, []]);
  assert.equal(await keyAt(store, 5), DEAD);
  assert.equal((await keyAt(store, 700)).length, 64);
  assert.equal((await store.letGo(1, [700], LATER)).length, 1);
  assert.equal(await keyAt(await KeyStore.open(options), 700), DEAD);
  assert.ok(!existsSync(file(HELD)) && !existsSync(file("records/0000000001.key")));
  assert.deepEqual(await store.letGo(1, [700], LATER), []);
  assert.equal((await store.leafTombstones()).length, 2);
});

test("KS-17: a hold that ends while its compartment lives destroys nothing", async (t) => {
  const { store, file } = await made(t);
  const before = await keyAt(store, 5);
  await store.hold(1, [5]);
  assert.deepEqual(await store.letGo(1, [5], NOW), []);
  assert.ok(!existsSync(file(HELD)));
  assert.equal(await keyAt(store, 5), before);
  assert.deepEqual((await store.destroy(1, NOW)).kept, []);
  assert.equal(await keyAt(store, 5), DEAD);
});

test("KS-17: an older copy of held leaves brings back none that was let go", async (t) => {
  for (const endsBefore of [true, false]) {
    const { options, store, file } = await made(t);
    await store.hold(1, [5, 700]);
    copyFileSync(file(HELD), file("copy"));
    if (endsBefore) await store.letGo(1, [5], NOW);
    await store.destroy(1, NOW);
    if (!endsBefore) await store.letGo(1, [5], NOW);
    copyFileSync(file("copy"), file(HELD));
    assert.equal(await keyAt(store, 5), DEAD);
    const again = await KeyStore.open(options);
    assert.equal(await keyAt(again, 5), DEAD);
    assert.equal((await keyAt(again, 700)).length, 64);
    // What is left on disk is the one leaf: header, nonce, one node, tag.
    assert.equal(readFileSync(file(HELD)).length, 22 + 37 + 16);
  }
});

test("KS-17: what is held is not punctured, and what is punctured is not held", async (t) => {
  const { store } = await made(t);
  await store.hold(1, [5]);
  await assert.rejects(store.puncture(1, [6, 5], NOW), failure("KEY_HELD"));
  assert.equal(await store.isPunctured(1, 6), false);
  await store.puncture(1, [8], NOW);
  await assert.rejects(store.hold(1, [9, 8]), failure(DEAD));
  assert.deepEqual((await store.held())[0]?.slots, [5]);
});

test("KS-17: hold against shred, twenty ways: held and kept, or refused and dead", async (t) => {
  let kept = 0;
  for (let way = 0; way < 20; way += 1) {
    const { options, store } = await made(t);
    const other = await KeyStore.open(options);
    const before = await keyAt(store, 3);
    const wait = async (turns: number): Promise<void> => {
      for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
    };
    const holding = wait(way).then(async () => other.hold(1, [3]));
    const destroying = wait(20 - way).then(async () => store.destroy(1, NOW));
    const [hold, destroyed] = await Promise.allSettled([holding, destroying]);
    assert.equal(destroyed.status, "fulfilled");
    const isKept = destroyed.status === "fulfilled" && destroyed.value.kept.includes(3);
    assert.equal(hold.status === "fulfilled", isKept);
    assert.equal(await keyAt(store, 3), isKept ? before : DEAD);
    if (isKept) kept += 1;
  }
  assert.ok(kept > 0 && kept < 20, `both ends were seen: ${kept} of 20 kept`);
});

test("KS-13: rotation wraps held leaves and punctured covers anew", async (t) => {
  const { options, store } = await made(t);
  await store.hold(1, [5]);
  await store.puncture(1, [6], NOW);
  const before = await keysAt(store, [5, 6, 7]);
  await rotateGeneration(options);
  await store.destroy(1, NOW);
  await rotateGeneration(options);
  assert.deepEqual(await keysAt(await KeyStore.open(options), [5, 6, 7]), [before[0], DEAD, DEAD]);
});

test("KS-2: a replacement that stopped half way destroys the old cover, not the new", async (t) => {
  const { options, store, file } = await made(t);
  const before = await keyAt(store, 9);
  const bytes = readFileSync(file(COVER));
  // As if it stopped when the old cover had its second name: both names are one file.
  linkSync(file(COVER), file(`${COVER}.old`));
  await KeyStore.open(options);
  assert.ok(!existsSync(file(`${COVER}.old`)));
  assert.equal(await keyAt(store, 9), before);
  // As if it stopped when the new cover had taken its place.
  writeFileSync(file(`${COVER}.old`), bytes, { mode: 0o600 });
  linkSync(file(`${COVER}.old`), file("witness"));
  await KeyStore.open(options);
  assert.ok(!existsSync(file(`${COVER}.old`)));
  assert.deepEqual(readFileSync(file("witness")), Buffer.alloc(bytes.length));
  assert.equal(await keyAt(store, 9), before);
});
