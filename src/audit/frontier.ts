/**
 * The right edge of a Merkle tree that grows: the roots of the largest perfect subtrees, from left
 * to right. It is all that appending needs, and at most 53 hashes.
 */
import { hash } from "node:crypto";
import { HASH_BYTES, nodeHash } from "./merkle.ts";

export interface Frontier {
  readonly size: number;
  /** Roots of perfect subtrees whose sizes are the powers of two in `size`, largest first. */
  readonly roots: readonly Uint8Array[];
}

export const EMPTY_FRONTIER: Frontier = { size: 0, roots: [] };

/** How many perfect subtrees a tree of `size` entries has: the ones in its binary form. */
function subtreesOf(size: number): number {
  let ones = 0;
  for (let left = size; left > 0; left = Math.floor(left / 2)) ones += left % 2;
  return ones;
}

/** The frontier with the hash of one more entry. */
export function appended(frontier: Frontier, leaf: Uint8Array): Frontier {
  const roots = [...frontier.roots];
  let root = leaf;
  for (let left = frontier.size; left % 2 === 1; left = (left - 1) / 2) {
    // An odd number of subtrees of this size means that the last one waits for its sibling.
    root = nodeHash(roots.pop() as Uint8Array, root);
  }
  roots.push(root);
  return { size: frontier.size + 1, roots };
}

/** The RFC 6962 root of the tree behind `frontier`. */
export function rootOf(frontier: Frontier): Uint8Array {
  const last = frontier.roots.at(-1);
  if (last === undefined) return hash("sha256", "", "buffer");
  return frontier.roots.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), last);
}

/** The hashes one after another: 32 bytes for each subtree. */
export function encodeFrontier(frontier: Frontier): Uint8Array {
  return Buffer.concat(frontier.roots);
}

/** What `encodeFrontier` wrote; null when the length does not fit `size`. */
export function decodeFrontier(size: number, bytes: Uint8Array): Frontier | null {
  const count = subtreesOf(size);
  if (bytes.length !== count * HASH_BYTES) return null;
  const roots = Array.from({ length: count }, (_none, at) =>
    bytes.slice(at * HASH_BYTES, (at + 1) * HASH_BYTES),
  );
  return { size, roots };
}
