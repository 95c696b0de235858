/**
 * Merkle tree hashing as RFC 6962 section 2.1 defines it; SHA-256, domain-separated by one byte.
 */
import { hash } from "node:crypto";

const LEAF_PREFIX = 0x00;
const NODE_PREFIX = 0x01;
export const HASH_BYTES = 32;

/** The hash of one entry: SHA-256(0x00 || entry). */
export function leafHash(entry: Uint8Array): Uint8Array {
  const input = new Uint8Array(1 + entry.length);
  input[0] = LEAF_PREFIX;
  input.set(entry, 1);
  return hash("sha256", input, "buffer");
}

/** The hash of an inner node: SHA-256(0x01 || left || right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  const input = new Uint8Array(1 + 2 * HASH_BYTES);
  input[0] = NODE_PREFIX;
  input.set(left, 1);
  input.set(right, 1 + HASH_BYTES);
  return hash("sha256", input, "buffer");
}

/**
 * The root over `entries` in their order; the empty tree has the hash of nothing.
 * Works from the bottom level up, an odd node moving up unchanged, which gives the same tree as the
 * definition by the largest power of two below n.
 */
export function merkleRoot(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length === 0) return hash("sha256", "", "buffer");
  let level = entries.map(leafHash);
  while (level.length > 1) level = parents(level);
  // The loop leaves exactly one node, because it began with at least one.
  return level[0] as Uint8Array;
}

function parents(level: readonly Uint8Array[]): Uint8Array[] {
  const above: Uint8Array[] = [];
  for (let index = 0; index < level.length; index += 2) {
    // Index is below the length, so the left node exists; the right one may not.
    const left = level[index] as Uint8Array;
    const right = level[index + 1];
    above.push(right === undefined ? left : nodeHash(left, right));
  }
  return above;
}
