/**
 * The key tree of a compartment: docs/formats/key-tree.md. A GGM tree (Goldreich, Goldwasser,
 * Micali 1986) of depth 17: every node is 32 bytes, each child is the PRF of its parent, and the
 * 2^17 leaves are waybill keys. Whoever holds a node can derive what lies below it and nothing
 * else, so one leaf is taken out for good by replacing its ancestor with the siblings along the
 * path (puncture).
 */
import { Failure } from "../rules/failure.ts";
import { prf } from "./prf.ts";
import type { Suite } from "./suites.ts";

export const TREE_DEPTH = 17;
export const LEAF_COUNT = 2 ** TREE_DEPTH;
export const SERIAL_BYTES = 5;
export const SERIAL_MAX = 2 ** 40 - 1;

/** A node of the tree: `level` 0 is the root, 17 a leaf; `index` counts from the left. */
export interface TreeNode {
  readonly level: number;
  readonly index: number;
  readonly seed: Uint8Array;
}

/**
 * The nodes that are left of a tree. Disjoint, ordered by their first leaf; a fresh one is the
 * root.
 */
export type Cover = readonly TreeNode[];

/** Which tree: the suite gives the hash, and the serial is hashed into every step. */
export interface Tree {
  readonly suite: Pick<Suite, "hash">;
  readonly serial: number;
}

const position = Buffer.alloc(SERIAL_BYTES + 1 + 4);

/** The child at (`level`, `index`) of the node with `seed`, which is its parent. */
function childOf(tree: Tree, seed: Uint8Array, at: { level: number; index: number }): Uint8Array {
  position.writeUIntBE(tree.serial, 0, SERIAL_BYTES);
  position.writeUInt8(at.level, SERIAL_BYTES);
  position.writeUInt32BE(at.index, SERIAL_BYTES + 1);
  return prf(tree.suite, seed, { label: "midan.tree", bytes: position });
}

function requireSlot(slot: number): void {
  if (!Number.isInteger(slot) || slot < 0 || slot >= LEAF_COUNT)
    throw new RangeError("no such slot");
}

/** The ancestor of `slot` at `level`. */
function ancestorIndex(slot: number, level: number): number {
  return slot >>> (TREE_DEPTH - level);
}

function firstLeaf(node: TreeNode): number {
  return node.index * 2 ** (TREE_DEPTH - node.level);
}

/** Where in `cover` the node above `slot` stands, or null when the slot was punctured. */
function placeAbove(cover: Cover, slot: number): number | null {
  let low = 0;
  let high = cover.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const node = cover[middle];
    if (node === undefined) return null;
    if (ancestorIndex(slot, node.level) === node.index) return middle;
    if (firstLeaf(node) > slot) high = middle - 1;
    else low = middle + 1;
  }
  return null;
}

/** The node of `cover` above `slot`, or null when the slot was punctured. */
function nodeAbove(cover: Cover, slot: number): TreeNode | null {
  const place = placeAbove(cover, slot);
  return place === null ? null : (cover[place] ?? null);
}

/**
 * The key (32 bytes) of one waybill. Throws KEY_DESTROYED when the leaf was punctured: the waybill
 * is dead and stays so.
 */
export function leafKey(tree: Tree, cover: Cover, slot: number): Uint8Array {
  requireSlot(slot);
  const node = nodeAbove(cover, slot);
  if (node === null) throw new Failure("KEY_DESTROYED", { serial: tree.serial });
  let seed: Uint8Array = node.seed;
  for (let level = node.level + 1; level <= TREE_DEPTH; level += 1) {
    seed = childOf(tree, seed, { level, index: ancestorIndex(slot, level) });
  }
  return seed;
}

/** Replaces the node above `slot` in `rest`, in place; nothing happens when there is none. */
function punctureIn(tree: Tree, rest: TreeNode[], slot: number): void {
  requireSlot(slot);
  const place = placeAbove(rest, slot);
  const node = place === null ? undefined : rest[place];
  if (place === null || node === undefined) return;
  const siblings: TreeNode[] = [];
  let seed = node.seed;
  for (let level = node.level + 1; level <= TREE_DEPTH; level += 1) {
    const index = ancestorIndex(slot, level);
    const sibling = { level, index: index ^ 1 };
    siblings.push({ ...sibling, seed: childOf(tree, seed, sibling) });
    seed = childOf(tree, seed, { level, index });
  }
  rest.splice(place, 1, ...siblings.toSorted((a, b) => firstLeaf(a) - firstLeaf(b)));
}

/**
 * The cover without `slots`: each node above one is replaced by the at most 17 siblings along the
 * path. The caller must destroy the old cover, in memory and in storage; until then nothing is
 * erased.
 */
export function punctureAll(tree: Tree, cover: Cover, slots: Iterable<number>): Cover {
  const rest = [...cover];
  for (const slot of slots) punctureIn(tree, rest, slot);
  return rest;
}

/** As `punctureAll`, for one slot. */
export function puncture(tree: Tree, cover: Cover, slot: number): Cover {
  return punctureAll(tree, cover, [slot]);
}

/** The one leaf of `slot` as a cover of its own: what a hold keeps when the rest dies. */
export function holdLeaf(tree: Tree, cover: Cover, slot: number): Cover {
  return [{ level: TREE_DEPTH, index: slot, seed: leafKey(tree, cover, slot) }];
}

/**
 * Walks a tree in order. The path to the last leaf is kept, so the next leaf costs about two PRF
 * calls instead of seventeen. Sealing keeps one walker for each lane of a compartment.
 */
export class LeafWalker {
  readonly #tree: Tree;
  readonly #cover: Cover;
  readonly #path: (Uint8Array | undefined)[] = [];
  #slot = -1;
  #top = TREE_DEPTH + 1;

  constructor(tree: Tree, cover: Cover) {
    this.#tree = tree;
    this.#cover = cover;
  }

  /** As `leafKey`, for any slot; cheap when it is near the one asked for before. */
  key(slot: number): Uint8Array {
    requireSlot(slot);
    let level = this.#sharedLevel(slot);
    let seed = this.#path[level];
    if (level < this.#top || seed === undefined) {
      const node = nodeAbove(this.#cover, slot);
      if (node === null) throw new Failure("KEY_DESTROYED", { serial: this.#tree.serial });
      ({ level, seed } = node);
      this.#top = level;
      this.#path[level] = seed;
    }
    while (level < TREE_DEPTH) {
      level += 1;
      seed = childOf(this.#tree, seed, { level, index: ancestorIndex(slot, level) });
      this.#path[level] = seed;
    }
    this.#slot = slot;
    return seed;
  }

  /** The deepest level at which the path to `slot` is the one that is kept. */
  #sharedLevel(slot: number): number {
    if (this.#slot < 0) return -1;
    return TREE_DEPTH - (32 - Math.clz32(slot ^ this.#slot));
  }
}
