/**
 * The key tree as a whole: all 131,072 leaves, all punctures, and a slow second implementation
 * beside it. What fits into single properties stands beside the code.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import {
  leafKey,
  LEAF_COUNT,
  LeafWalker,
  puncture,
  punctureAll,
  TREE_DEPTH,
} from "../../src/crypto/key-tree.ts";
import type { Cover, Tree } from "../../src/crypto/key-tree.ts";
import { SUITES } from "../../src/crypto/suites.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { refCover, refLeaf, refPath, REFERENCE_SUITES } from "./reference.ts";
import type { ReferenceSuite } from "./reference.ts";

const SERIAL = 77;
const ROOT_HEX = "5e".repeat(32);
const ROOT: Cover = [{ level: 0, index: 0, seed: Buffer.from(ROOT_HEX, "hex") }];
const SAMPLED = 4096;
/** Punctures between two looks at the whole cover. */
const STEP = 512;

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const isDead = (error: unknown): boolean => isFailure(error, "KEY_DESTROYED");

/** Every slot once, shuffled (Fisher and Yates) by numbers that are the same in every run. */
function shuffledSlots(seed: string): Int32Array {
  const slots = Int32Array.from({ length: LEAF_COUNT }, (_, slot) => slot);
  let block = createHash("sha256").update(seed).digest();
  for (let at = LEAF_COUNT - 1; at > 0; at -= 1) {
    const used = at % 8;
    if (used === 7) block = createHash("sha256").update(block).digest();
    // 32 bits over at most 17 are as good as even.
    const other = block.readUInt32BE(used * 4) % (at + 1);
    const kept = slots[at] ?? 0;
    slots[at] = slots[other] ?? 0;
    slots[other] = kept;
  }
  return slots;
}

function referenceOf(tree: Tree): ReferenceSuite {
  const row = REFERENCE_SUITES.find(({ hash }) => hash === tree.suite.hash);
  assert.ok(row !== undefined);
  return row;
}

for (const suite of Object.values(SUITES)) {
  const tree: Tree = { suite, serial: SERIAL };

  test(`TREE-4: ${suite.name}: all leaves in order are all leaves in any order`, (t) => {
    const leaves = Buffer.alloc(LEAF_COUNT * 32);
    const inOrder = new LeafWalker(tree, ROOT);
    for (let slot = 0; slot < LEAF_COUNT; slot += 1) leaves.set(inOrder.key(slot), slot * 32);
    const leafAt = (slot: number): Buffer => leaves.subarray(slot * 32, slot * 32 + 32);
    const shuffled = shuffledSlots(suite.name);
    const anyOrder = new LeafWalker(tree, ROOT);
    const asked = suite.name === "intl" ? LEAF_COUNT : LEAF_COUNT / 8;
    for (const slot of shuffled.subarray(0, asked))
      assert.ok(leafAt(slot).equals(anyOrder.key(slot)));
    for (const slot of shuffled.subarray(0, SAMPLED)) {
      assert.ok(leafAt(slot).equals(leafKey(tree, ROOT, slot)));
      const expected = refLeaf(referenceOf(tree), ROOT_HEX, { serial: SERIAL, slot });
      assert.equal(hexOf(leafAt(slot)), expected);
    }
    const distinct = new Set<string>();
    for (let slot = 0; slot < LEAF_COUNT; slot += 1) distinct.add(leafAt(slot).toString("latin1"));
    assert.equal(distinct.size, LEAF_COUNT);
    t.diagnostic(`${LEAF_COUNT} leaves in order, ${asked} in any, ${SAMPLED} by the second way`);
  });

  test(`TREE-2: ${suite.name}: covers are those of the second implementation`, () => {
    const slots = [...shuffledSlots("cover").subarray(0, 12), 0, LEAF_COUNT - 1, 65_536, 1];
    let cover = ROOT;
    for (let count = 1; count <= slots.length; count += 1) {
      cover = puncture(tree, cover, slots[count - 1] ?? 0);
      const dead = slots.slice(0, count);
      const expected = refCover(referenceOf(tree), ROOT_HEX, { serial: SERIAL, dead });
      const got = cover.map(({ level, index, seed }) => ({ level, index, seed: hexOf(seed) }));
      assert.deepEqual(got, expected);
    }
  });
}

test("TREE-2: nothing that is left is an ancestor of a punctured leaf, nor the leaf", () => {
  const tree: Tree = { suite: SUITES.intl, serial: SERIAL };
  const dead = [...shuffledSlots("ancestors").subarray(0, 2000)];
  const forbidden = new Set<string>();
  for (const slot of dead) {
    const path = refPath(referenceOf(tree), ROOT_HEX, { serial: SERIAL, slot });
    assert.equal(path.length, TREE_DEPTH + 1);
    for (const seed of path) forbidden.add(seed);
  }
  assert.ok([...ROOT].some(({ seed }) => forbidden.has(hexOf(seed))));
  const cover = punctureAll(tree, ROOT, dead);
  for (const { seed } of cover) assert.ok(!forbidden.has(hexOf(seed)));
  assert.ok(forbidden.size > 10_000 && cover.length > 5000);
});

/** A cover is disjoint, in order, and covers as many leaves as are left. */
function requireWhole(cover: Cover, left: number): void {
  let end = 0;
  let covered = 0;
  for (const { level, index } of cover) {
    const width = 2 ** (TREE_DEPTH - level);
    assert.ok(index * width >= end);
    end = index * width + width;
    covered += width;
  }
  assert.equal(covered, left);
}

test("TREE-2: all 131,072 leaves are punctured in random order, right at every step", (t) => {
  const tree: Tree = { suite: SUITES.intl, serial: SERIAL };
  const order = shuffledSlots("punctures");
  const isPunctured = new Uint8Array(LEAF_COUNT);
  let cover = ROOT;
  let most = 0;
  const looked = { alive: 0, dead: 0 };
  for (let from = 0; from < LEAF_COUNT; from += STEP) {
    const slots = order.subarray(from, from + STEP);
    cover = punctureAll(tree, cover, slots);
    most = Math.max(most, cover.length);
    for (const slot of slots) isPunctured[slot] = 1;
    requireWhole(cover, LEAF_COUNT - from - STEP);
    // The last of this step, the first of the next, and others from anywhere in the order.
    for (const at of [
      from + STEP - 1,
      from + STEP,
      0,
      31,
      LEAF_COUNT - 1,
      (from * 7) % LEAF_COUNT,
    ]) {
      const slot = order[at];
      if (slot === undefined) continue;
      if (isPunctured[slot] === 1) {
        assert.throws(() => leafKey(tree, cover, slot), isDead);
        looked.dead += 1;
      } else {
        assert.deepEqual(leafKey(tree, cover, slot), leafKey(tree, ROOT, slot));
        looked.alive += 1;
      }
    }
  }
  assert.deepEqual(cover, []);
  assert.ok(looked.alive > 500 && looked.dead > 500 && most > LEAF_COUNT / 4);
  t.diagnostic(`at most ${most} nodes; ${looked.alive} living and ${looked.dead} dead looked at`);
});
