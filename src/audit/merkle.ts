/**
 * Merkle tree hashing as RFC 6962 section 2.1 defines it; SHA-256, domain-separated by one byte.
 */
import { hash } from "node:crypto";

const LEAF_PREFIX = 0x00;
const NODE_PREFIX = 0x01;
export const HASH_BYTES = 32;

/** The hash of one entry: SHA-256(0x00 || entry). */
export function leafHash(entry: Uint8Array): Uint8Array {
  return hash("sha256", leafInput(entry), "buffer");
}

function leafInput(entry: Uint8Array): Uint8Array {
  const input = new Uint8Array(1 + entry.length);
  input[0] = LEAF_PREFIX;
  input.set(entry, 1);
  return input;
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
  return rootOfTexts(entries.map((entry) => hash("sha256", leafInput(entry), "binary")));
}

/** As `merkleRoot`, over the hashes of entries or of equally large subtrees. */
export function merkleRootOfHashes(hashes: readonly Uint8Array[]): Uint8Array {
  return rootOfTexts(hashes.map((each) => Buffer.from(each).toString("latin1")));
}

function rootOfTexts(hashes: readonly string[]): Uint8Array {
  if (hashes.length === 0) return hash("sha256", "", "buffer");
  let level = [...hashes];
  while (level.length > 1) level = parents(level);
  // The loop leaves exactly one node, because it began with at least one.
  return Buffer.from(level[0] ?? "", "latin1");
}

const nodeInput = Buffer.alloc(1 + 2 * HASH_BYTES, NODE_PREFIX);

/*
 * Hashes are Latin-1 text here: as buffers, each would be memory of its own outside the heap, which
 * takes three times as long as hashing.
 */
function parents(level: readonly string[]): string[] {
  const above: string[] = [];
  for (let index = 0; index < level.length; index += 2) {
    // Index is below the length, so the left node exists; the right one may not.
    const left = level[index] ?? "";
    const right = level[index + 1];
    above.push(right === undefined ? left : nodeText(left, right));
  }
  return above;
}

function nodeText(left: string, right: string): string {
  nodeInput.write(left, 1, "latin1");
  nodeInput.write(right, 1 + HASH_BYTES, "latin1");
  return hash("sha256", nodeInput, "binary");
}
