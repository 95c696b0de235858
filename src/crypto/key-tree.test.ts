import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isFailure } from "../rules/failure.ts";
import { holdLeaf, leafKey, LEAF_COUNT, LeafWalker, puncture } from "./key-tree.ts";
import type { Cover, Tree } from "./key-tree.ts";
import { SUITES } from "./suites.ts";

const slots = fc.oneof(
  fc.integer({ min: 0, max: LEAF_COUNT - 1 }),
  fc.constantFrom(0, 1, 511, 512, 65_535, 65_536, LEAF_COUNT - 1),
);
const tree: Tree = { suite: SUITES.intl, serial: 77 };
const root: Cover = [{ level: 0, index: 0, seed: new Uint8Array(32).fill(5) }];

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const isDead = (error: unknown): boolean => isFailure(error, "KEY_DESTROYED");

test("TREE-1: another serial, suite, root or slot gives another leaf", () => {
  const other: Cover = [{ level: 0, index: 0, seed: new Uint8Array(32).fill(6) }];
  fc.assert(
    fc.property(slots, slots, (slot, second) => {
      fc.pre(slot !== second);
      const leaves = [
        leafKey(tree, root, slot),
        leafKey(tree, root, second),
        leafKey(tree, other, slot),
        leafKey({ ...tree, serial: 78 }, root, slot),
        leafKey({ ...tree, suite: SUITES.gm }, root, slot),
      ];
      assert.equal(new Set(leaves.map(hexOf)).size, leaves.length);
    }),
    { numRuns: 30 },
  );
});

test("TREE-2: a punctured leaf is gone, all others stay, at the price of 16 nodes", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(slots, { minLength: 1, maxLength: 8 }),
      fc.array(slots, { minLength: 1, maxLength: 20 }),
      (punctured, asked) => {
        let cover = root;
        for (const slot of punctured) {
          const before = cover.length;
          cover = puncture(tree, cover, slot);
          assert.ok(cover.length - before <= 16);
        }
        for (const slot of punctured) assert.throws(() => leafKey(tree, cover, slot), isDead);
        const neighbours = punctured.flatMap((slot) => [slot ^ 1, slot ^ 2, slot ^ 65_536]);
        for (const slot of [...asked, ...neighbours]) {
          if (punctured.includes(slot)) continue;
          assert.deepEqual(leafKey(tree, cover, slot), leafKey(tree, root, slot));
        }
      },
    ),
    { numRuns: 40 },
  );
});

test("TREE-2: no node of a punctured cover is an ancestor of what was punctured", () => {
  fc.assert(
    fc.property(fc.uniqueArray(slots, { minLength: 1, maxLength: 8 }), (punctured) => {
      let cover = root;
      for (const slot of punctured) cover = puncture(tree, cover, slot);
      let leaves = 0;
      for (const { level, index } of cover) {
        leaves += 2 ** (17 - level);
        for (const slot of punctured) assert.notEqual(slot >>> (17 - level), index);
      }
      assert.equal(leaves, LEAF_COUNT - punctured.length);
    }),
    { numRuns: 40 },
  );
});

test("TREE-3: a hold keeps one leaf and nothing else", () => {
  fc.assert(
    fc.property(slots, slots, (slot, other) => {
      const held = holdLeaf(tree, root, slot);
      assert.deepEqual(leafKey(tree, held, slot), leafKey(tree, root, slot));
      if (other !== slot) assert.throws(() => leafKey(tree, held, other), isDead);
    }),
    { numRuns: 40 },
  );
});

test("TREE-4: walking in any order gives the leaves that single paths give", () => {
  const walks = fc.array(fc.oneof(slots, fc.integer({ min: 1000, max: 1040 })), {
    minLength: 1,
    maxLength: 60,
  });
  fc.assert(
    fc.property(walks, fc.uniqueArray(slots, { maxLength: 3 }), (walk, punctured) => {
      let cover = root;
      for (const slot of punctured) cover = puncture(tree, cover, slot);
      const walker = new LeafWalker(tree, cover);
      for (const slot of walk) {
        if (punctured.includes(slot)) assert.throws(() => walker.key(slot), isDead);
        else
          assert.deepEqual(Buffer.from(walker.key(slot)), Buffer.from(leafKey(tree, root, slot)));
      }
    }),
    { numRuns: 40 },
  );
});

test("TREE-1: what is not a slot is a programmer's error", () => {
  for (const slot of [-1, 0.5, LEAF_COUNT, Number.NaN]) {
    assert.throws(() => leafKey(tree, root, slot), RangeError);
    assert.throws(() => puncture(tree, root, slot), RangeError);
  }
});
