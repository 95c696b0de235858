import assert from "node:assert/strict";
import { existsSync, linkSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { LEAF_COUNT, leafKey } from "../../src/crypto/key-tree.ts";
import { suiteOf } from "../../src/crypto/suites.ts";
import { KeyStore } from "../../src/keystore/key-store.ts";
import { rotateGeneration } from "../../src/keystore/rotation.ts";
import { destroyedLeafId } from "../../src/keystore/tombstone.ts";
import { failure, freshOptions, NOW, REQUEST, TENANT } from "./fresh-store.ts";
import { both } from "./media.ts";
import type { Bench } from "./media.ts";

const NAME = "0000000001";
const COVER = `compartments/${NAME}.key`;
const OLD = `${COVER}.old`;
const LATER = new Date(NOW.getTime() + 60_000);

/** A store with compartment 1, held by nobody. */
async function made(bench: Pick<Bench, "open">): Promise<KeyStore> {
  const store = await bench.open();
  const { record } = await store.lease(REQUEST);
  assert.equal(record.serial, 1);
  await store.release(1, 64);
  return store;
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

both.test(
  "KS-16: a punctured leaf is gone for good, every other key stays what it was",
  async (t) => {
    const store = await made(t);
    const slots = [0, 1, 2, 3, 511, 512, LEAF_COUNT - 1];
    const before = await keysAt(store, slots);
    const tombstones = await store.puncture(1, [1, 512], NOW);
    const expected = before.map((key, at) => (at === 1 || at === 5 ? DEAD : key));
    for (const each of [store, await t.open()]) {
      assert.deepEqual(await keysAt(each, slots), expected);
      assert.deepEqual(await each.leafTombstones(), tombstones);
      assert.deepEqual(
        [await each.isPunctured(1, 1), await each.isPunctured(1, 2), await each.isPunctured(2, 1)],
        [true, false, false],
      );
    }
    assert.deepEqual(
      tombstones.map(({ serial, slot, tenant, destroyedAt }) => [
        serial,
        slot,
        tenant,
        destroyedAt,
      ]),
      [
        [1, 1, TENANT, NOW],
        [1, 512, TENANT, NOW],
      ],
    );
    assert.equal(new Set(tombstones.map((each) => destroyedLeafId(each).join())).size, 2);
  },
);

both.test("KS-16: puncturing again gives the same tombstones and writes nothing", async (t) => {
  const store = await made(t);
  const first = await store.puncture(1, [7, 9], NOW);
  const bytes = async (): Promise<unknown> => [
    await t.medium.read("compartments", NAME),
    await t.medium.ledgerBytes(),
  ];
  const before = await bytes();
  assert.deepEqual(await store.puncture(1, [9, 7, 9], LATER), first.toReversed());
  assert.deepEqual(await bytes(), before);
});

both.test("KS-16: an older cover gives no punctured leaf, and is punctured again", async (t) => {
  const store = await made(t);
  const copy = await t.medium.read("compartments", NAME);
  await store.puncture(1, [7], NOW);
  const punctured = await t.medium.read("compartments", NAME);
  await t.medium.write("compartments", NAME, copy ?? assert.fail());
  assert.equal(await keyAt(store, 7), DEAD);
  await t.open();
  assert.equal((await t.medium.read("compartments", NAME))?.length, punctured?.length);
  assert.equal((await store.openCompartment(1)).cover.length, 17);
});

both.test(
  "KS-16: nobody seals where a leaf is dead, also where the slot was never used",
  async (t) => {
    const store = await made(t);
    await store.puncture(1, [512 + 100], NOW);
    assert.equal((await store.list())[0]?.ceiling, 101);
    const { firstPosition } = await store.lease(REQUEST);
    assert.equal(firstPosition, 101);
    await store.puncture(1, [512 + 400], NOW);
    await store.release(1, 102);
    assert.equal((await store.list())[0]?.ceiling, 401);
  },
);

both.test("KS-17: a held leaf outlives its compartment and nothing else does", async (t) => {
  const store = await made(t);
  const slots = [5, 6, 700];
  const before = await keysAt(store, slots);
  await store.hold(1, [700, 5]);
  await store.hold(1, [5]);
  const tombstone = await store.destroy(1, NOW);
  assert.deepEqual(tombstone.kept, [5, 700]);
  assert.equal(await t.medium.read("compartments", NAME), null);
  for (const each of [store, await t.open()]) {
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

both.test(
  "KS-17: letting go of the last leaf leaves nothing of a destroyed compartment",
  async (t) => {
    const store = await made(t);
    await store.hold(1, [5, 700]);
    await store.destroy(1, NOW);
    const [gone, ...rest] = await store.letGo(1, [5, 6], LATER);
    assert.deepEqual([gone?.slot, gone?.destroyedAt, rest], [5, LATER, []]);
    assert.equal(await keyAt(store, 5), DEAD);
    assert.equal((await keyAt(store, 700)).length, 64);
    assert.equal((await store.letGo(1, [700], LATER)).length, 1);
    assert.equal(await keyAt(await t.open(), 700), DEAD);
    assert.equal(await t.medium.read("held", NAME), null);
    assert.equal(await t.medium.read("records", NAME), null);
    assert.deepEqual(await store.letGo(1, [700], LATER), []);
    assert.equal((await store.leafTombstones()).length, 2);
  },
);

both.test("KS-17: a hold that ends while its compartment lives destroys nothing", async (t) => {
  const store = await made(t);
  const before = await keyAt(store, 5);
  await store.hold(1, [5]);
  assert.deepEqual(await store.letGo(1, [5], NOW), []);
  assert.equal(await t.medium.read("held", NAME), null);
  assert.equal(await keyAt(store, 5), before);
  assert.deepEqual((await store.destroy(1, NOW)).kept, []);
  assert.equal(await keyAt(store, 5), DEAD);
});

for (const endsBefore of [true, false]) {
  const when = endsBefore ? "before" : "after";
  both.test(
    `KS-17: an older copy of held leaves revives none, let go ${when} the end`,
    async (t) => {
      const store = await made(t);
      await store.hold(1, [5, 700]);
      const copy = await t.medium.read("held", NAME);
      if (endsBefore) await store.letGo(1, [5], NOW);
      await store.destroy(1, NOW);
      if (!endsBefore) await store.letGo(1, [5], NOW);
      await t.medium.write("held", NAME, copy ?? assert.fail());
      assert.equal(await keyAt(store, 5), DEAD);
      const again = await t.open();
      assert.equal(await keyAt(again, 5), DEAD);
      assert.equal((await keyAt(again, 700)).length, 64);
      // What is left is the one leaf: header, nonce, one node, tag.
      assert.equal((await t.medium.read("held", NAME))?.length, 22 + 37 + 16);
    },
  );
}

both.test("KS-17: what is held is not punctured, and what is punctured is not held", async (t) => {
  const store = await made(t);
  await store.hold(1, [5]);
  await assert.rejects(store.puncture(1, [6, 5], NOW), failure("KEY_HELD"));
  assert.equal(await store.isPunctured(1, 6), false);
  await store.puncture(1, [8], NOW);
  await assert.rejects(store.hold(1, [9, 8]), failure(DEAD));
  assert.deepEqual((await store.held())[0]?.slots, [5]);
});

both.test(
  "KS-17: hold against shred, twenty ways: held and kept, or refused and dead",
  async (t) => {
    const store = await t.open();
    const other = await t.open();
    let kept = 0;
    for (let way = 1; way <= 20; way += 1) {
      const { record } = await store.lease(REQUEST);
      const wait = async (turns: number): Promise<void> => {
        for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
      };
      const holding = wait(way).then(async () => other.hold(record.serial, [3]));
      const destroying = wait(20 - way).then(async () => store.destroy(record.serial, NOW));
      const [hold, destroyed] = await Promise.allSettled([holding, destroying]);
      assert.ok(destroyed.status === "fulfilled");
      const isKept = destroyed.value.kept.includes(3);
      assert.equal(hold.status === "fulfilled", isKept);
      const opened = await store.openCompartment(record.serial).catch(() => null);
      assert.deepEqual(
        opened?.cover.map((node) => [node.level, node.index]),
        isKept ? [[17, 3]] : undefined,
      );
      if (isKept) kept += 1;
    }
    assert.ok(kept > 0 && kept < 20, `both ends were seen: ${kept} of 20 kept`);
  },
);

both.test("KS-13: rotation wraps held leaves and punctured covers anew", async (t) => {
  const store = await made(t);
  await store.hold(1, [5]);
  await store.puncture(1, [6], NOW);
  const before = await keysAt(store, [5, 6, 7]);
  await rotateGeneration(t.another());
  await store.destroy(1, NOW);
  await rotateGeneration(t.another());
  assert.deepEqual(await keysAt(await t.open(), [5, 6, 7]), [before[0], DEAD, DEAD]);
});

test("KS-2: a replacement that stopped half way destroys the old cover, not the new", async (t) => {
  const options = freshOptions(t);
  const store = await made({ open: async () => KeyStore.open(options) });
  const file = (name: string): string => path.join(options.folder, name);
  const before = await keyAt(store, 9);
  const bytes = readFileSync(file(COVER));
  // As if it stopped when the old cover had its second name: both names are one file.
  linkSync(file(COVER), file(OLD));
  await KeyStore.open(options);
  assert.ok(!existsSync(file(OLD)));
  assert.equal(await keyAt(store, 9), before);
  // As if it stopped when the new cover had taken its place.
  writeFileSync(file(OLD), bytes, { mode: 0o600 });
  linkSync(file(OLD), file("witness"));
  await KeyStore.open(options);
  assert.ok(!existsSync(file(OLD)));
  assert.deepEqual(readFileSync(file("witness")), Buffer.alloc(bytes.length));
  assert.equal(await keyAt(store, 9), before);
});
