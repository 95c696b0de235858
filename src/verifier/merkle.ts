/**
 * Proofs over RFC 6962 trees, checked from the definitions: inclusion (section 2.1.1 of RFC 6962,
 * algorithm of RFC 9162 section 2.1.3.2) and consistency of a whole or partial tree with a later
 * one (RFC 9162 section 2.1.4.2, and its generalisation to subtrees in the Merkle Tree Certificates
 * draft).
 */
import { joined, sameBytes } from "./bytes.ts";
import type { Platform } from "./platform.ts";

export const HASH_BYTES = 32;
const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

type Hash = Pick<Platform, "sha256">;

export function entryHash({ sha256 }: Hash, entry: Uint8Array): Uint8Array {
  return sha256(joined(LEAF, entry));
}

export function pairHash({ sha256 }: Hash, left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(joined(NODE, left, right));
}

const half = (value: number): number => Math.floor(value / 2);
const isOdd = (value: number): boolean => value % 2 === 1;

/** The root over a power of two of hashes that lie one after another; `hashes` is overwritten. */
export function rootOfFull({ sha256 }: Hash, hashes: Uint8Array): Uint8Array {
  const pair = new Uint8Array(1 + 2 * HASH_BYTES);
  pair.set(NODE);
  for (let count = hashes.length / HASH_BYTES; count > 1; count /= 2) {
    for (let at = 0; at < count / 2; at += 1) {
      const from = at * 2 * HASH_BYTES;
      pair.set(hashes.subarray(from, from + 2 * HASH_BYTES), NODE.length);
      hashes.set(sha256(pair), at * HASH_BYTES);
    }
  }
  return hashes.subarray(0, HASH_BYTES);
}

export interface InclusionClaim {
  readonly leaf: Uint8Array;
  readonly index: number;
  readonly size: number;
  readonly path: readonly Uint8Array[];
  readonly root: Uint8Array;
}

/** Whether `path` leads from the leaf at `index` to the root of a tree of `size` entries. */
export function isIncluded(platform: Hash, claim: InclusionClaim): boolean {
  const { leaf, index, size, path, root } = claim;
  if (!(index >= 0 && index < size)) return false;
  if ([leaf, root, ...path].some((hash) => hash.length !== HASH_BYTES)) return false;
  let at = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of path) {
    if (last === 0) return false;
    if (isOdd(at) || at === last) {
      hash = pairHash(platform, sibling, hash);
      while (!isOdd(at) && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      hash = pairHash(platform, hash, sibling);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && sameBytes(hash, root);
}

export interface Subtree {
  readonly start: number;
  readonly end: number;
}

/** Whether [start, end) is a subtree: its start is a multiple of the power of two that holds it. */
export function isSubtree({ start, end }: Subtree): boolean {
  if (!(start >= 0 && end > start && Number.isSafeInteger(end))) return false;
  let span = 1;
  while (span < end - start) span *= 2;
  return start % span === 0;
}

export interface SubtreeClaim extends Subtree {
  readonly size: number;
  /** Root over [start, end), and root of the tree of `size` entries. */
  readonly subtreeRoot: Uint8Array;
  readonly root: Uint8Array;
  readonly path: readonly Uint8Array[];
}

interface Walk {
  first: number;
  last: number;
  end: number;
}

function up(walk: Walk): void {
  walk.first = half(walk.first);
  walk.last = half(walk.last);
  walk.end = half(walk.end);
}

/** Climbs to where the proof begins: the largest perfect subtree that ends where this one does. */
function begin({ start, end, size }: Pick<SubtreeClaim, "start" | "end" | "size">): Walk {
  const walk = { first: start, last: end - 1, end: size - 1 };
  if (walk.last === walk.end) while (walk.first !== walk.last) up(walk);
  else while (walk.first !== walk.last && isOdd(walk.last)) up(walk);
  return walk;
}

function isEmptyRoot(platform: Hash, root: Uint8Array, path: readonly Uint8Array[]): boolean {
  return path.length === 0 && sameBytes(root, platform.sha256(new Uint8Array(0)));
}

/**
 * Whether the tree of `size` entries holds exactly the subtree [start, end). With `start` 0 it is
 * the consistency of two sizes of one log.
 */
export function holdsSubtree(platform: Hash, claim: SubtreeClaim): boolean {
  const { start, end, size, subtreeRoot, root } = claim;
  if (start === end && end <= size) return isEmptyRoot(platform, subtreeRoot, claim.path);
  if (!isSubtree(claim) || end > size) return false;
  if ([subtreeRoot, root, ...claim.path].some((hash) => hash.length !== HASH_BYTES)) return false;
  const climbed = climb(platform, claim);
  if (climbed === null) return false;
  return sameBytes(climbed.within, subtreeRoot) && sameBytes(climbed.whole, root);
}

/** The roots of subtree and tree that the proof leads to; null when its length does not fit. */
function climb(
  platform: Hash,
  claim: SubtreeClaim,
): { readonly within: Uint8Array; readonly whole: Uint8Array } | null {
  const walk = begin(claim);
  const seeded = walk.first === walk.last ? [claim.subtreeRoot, ...claim.path] : claim.path;
  const [seed, ...path] = seeded;
  if (seed === undefined) return null;
  let within = seed;
  let whole = seed;
  for (const sibling of path) {
    if (walk.end === 0) return null;
    if (isOdd(walk.last) || walk.last === walk.end) {
      if (walk.first < walk.last) within = pairHash(platform, sibling, within);
      whole = pairHash(platform, sibling, whole);
      while (!isOdd(walk.last) && walk.last !== 0) up(walk);
    } else {
      whole = pairHash(platform, whole, sibling);
    }
    up(walk);
  }
  return walk.end === 0 ? { within, whole } : null;
}

export interface GrowthClaim {
  readonly oldSize: number;
  readonly oldRoot: Uint8Array;
  readonly size: number;
  readonly root: Uint8Array;
  readonly path: readonly Uint8Array[];
}

/**
 * Whether a tree of `size` entries begins with the tree of `oldSize` entries. Equal sizes and the
 * empty tree have empty proofs; the empty tree has one root.
 */
export function isGrowth(platform: Hash, claim: GrowthClaim): boolean {
  const { oldSize, oldRoot, size, root, path } = claim;
  if (oldSize === 0 && !isEmptyRoot(platform, oldRoot, path)) return false;
  if (oldSize === size) return path.length === 0 && sameBytes(oldRoot, root);
  return holdsSubtree(platform, { start: 0, end: oldSize, size, subtreeRoot: oldRoot, root, path });
}

/** Collects hashes in the order of the log and says the root of what it has seen. */
export class Growing {
  readonly #platform: Hash;
  readonly #roots: { height: number; hash: Uint8Array }[] = [];
  size = 0;

  constructor(platform: Hash) {
    this.#platform = platform;
  }

  /** Adds the root of 2^height entries; those before it must be a multiple of that many. */
  add(hash: Uint8Array, height = 0): void {
    let top = { height, hash };
    for (;;) {
      const before = this.#roots.at(-1);
      if (before?.height !== top.height) break;
      this.#roots.pop();
      top = { height: top.height + 1, hash: pairHash(this.#platform, before.hash, top.hash) };
    }
    this.#roots.push(top);
    this.size += 2 ** height;
  }

  root(): Uint8Array {
    const [last, ...rest] = this.#roots.toReversed();
    if (last === undefined) return this.#platform.sha256(new Uint8Array(0));
    return rest.reduce((right, left) => pairHash(this.#platform, left.hash, right), last.hash);
  }
}
