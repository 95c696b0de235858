/**
 * Inclusion and consistency proofs (RFC 6962 sections 2.1.1 and 2.1.2) over a tree whose nodes are
 * read where they lie. Nothing here checks a proof: that is the verifier's, which shares no code
 * with what makes them.
 */
import { merkleRootOfHashes, nodeHash } from "./merkle.ts";
import { TILE_WIDTH, tileOfNode, widthOf, hashesAt } from "./tile.ts";
import type { NodePlace, TilePlace } from "./tile.ts";

/** The hash of a perfect subtree that the tree holds. */
export type NodeReader = (node: NodePlace) => Promise<Uint8Array>;

/** The hashes of one tile, at least `width` of them. */
export type TileReader = (place: TilePlace) => Promise<readonly Uint8Array[]>;

/** The largest power of two below `count`, which is at least 2. */
function splitOf(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

/** The root over the entries from `from` up to `to`; `from` is a multiple of the subtree's size. */
async function rangeHash(read: NodeReader, from: number, to: number): Promise<Uint8Array> {
  const count = to - from;
  const height = Math.log2(count);
  if (Number.isInteger(height)) return read({ height, index: from / count });
  const middle = from + splitOf(count);
  const left = await rangeHash(read, from, middle);
  return nodeHash(left, await rangeHash(read, middle, to));
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** From the subtree `wanted` up to the tree `range`; the subtree is one of its nodes. */
async function subtreePath(read: NodeReader, wanted: Range, range: Range): Promise<Uint8Array[]> {
  const { from, to } = range;
  if (to - from <= wanted.to - wanted.from) return [];
  const middle = from + splitOf(to - from);
  if (wanted.from < middle) {
    const path = await subtreePath(read, wanted, { from, to: middle });
    return [...path, await rangeHash(read, middle, to)];
  }
  const path = await subtreePath(read, wanted, { from: middle, to });
  return [...path, await rangeHash(read, from, middle)];
}

/**
 * The proof that entry `index` is in the tree of `size` entries, from the entry upwards. Throws
 * RangeError when there is no such entry.
 */
export async function inclusionProof(
  read: NodeReader,
  index: number,
  size: number,
): Promise<Uint8Array[]> {
  if (!(index >= 0 && index < size)) throw new RangeError("no such entry in a tree of this size");
  return subtreePath(read, { from: index, to: index + 1 }, { from: 0, to: size });
}

/**
 * The proof that the entries of level-0 tile `tile` (256 of them, or what the last tile has) are a
 * subtree of the tree of `size` entries, from the tile upwards. Throws RangeError when there is no
 * such tile.
 */
export async function tileProof(
  read: NodeReader,
  tile: number,
  size: number,
): Promise<Uint8Array[]> {
  const from = tile * TILE_WIDTH;
  if (!(from >= 0 && from < size)) throw new RangeError("no such tile in a tree of this size");
  const wanted = { from, to: Math.min(size, from + TILE_WIDTH) };
  return subtreePath(read, wanted, { from: 0, to: size });
}

async function consistencyPath(
  read: NodeReader,
  old: { readonly size: number; readonly isWhole: boolean },
  range: Range,
): Promise<Uint8Array[]> {
  const { from, to } = range;
  if (old.size === to) return old.isWhole ? [] : [await rangeHash(read, from, to)];
  const middle = from + splitOf(to - from);
  if (old.size <= middle) {
    const path = await consistencyPath(read, old, { from, to: middle });
    return [...path, await rangeHash(read, middle, to)];
  }
  const path = await consistencyPath(
    read,
    { size: old.size, isWhole: false },
    { from: middle, to },
  );
  return [...path, await rangeHash(read, from, middle)];
}

/**
 * The proof that the tree of `size` entries begins with the tree of `oldSize` entries; empty when
 * the old tree is empty or as large. Throws RangeError when it is larger.
 */
export async function consistencyProof(
  read: NodeReader,
  oldSize: number,
  size: number,
): Promise<Uint8Array[]> {
  if (!(oldSize >= 0 && oldSize <= size)) throw new RangeError("the old tree is the larger one");
  if (oldSize === 0 || oldSize === size) return [];
  return consistencyPath(read, { size: oldSize, isWhole: true }, { from: 0, to: size });
}

/** The root of the first `size` entries, out of a tree that has at least as many. */
export async function rootAt(read: NodeReader, size: number): Promise<Uint8Array> {
  return size === 0 ? merkleRootOfHashes([]) : rangeHash(read, 0, size);
}

/** The nodes of a tree that is small enough to lie in memory, over the hashes of its entries. */
export function nodesInMemory(hashes: readonly Uint8Array[]): NodeReader {
  return async ({ height, index }) => {
    const span = 2 ** height;
    return Promise.resolve(merkleRootOfHashes(hashes.slice(index * span, (index + 1) * span)));
  };
}

/**
 * Reads nodes out of the tiles of a log of `size` entries. The tiles are asked for with the width
 * that they have in a log of that size; each at most once for one proof.
 */
export function nodesInTiles(readTile: TileReader, size: number): NodeReader {
  const seen = new Map<string, Promise<readonly Uint8Array[]>>();
  return async (node) => {
    const { level, index, from, count } = tileOfNode(node);
    const width = widthOf({ index }, hashesAt(level, size));
    const name = `${level}/${index}`;
    const tile = seen.get(name) ?? readTile({ level, index, width });
    seen.set(name, tile);
    const hashes = await tile;
    if (from + count > Math.min(hashes.length, TILE_WIDTH))
      throw new RangeError("the tile is too short for this node");
    return merkleRootOfHashes(hashes.slice(from, from + count));
  };
}

/** As `read`, but each node is read once however many proofs need it. */
export function rememberedNodes(read: NodeReader): NodeReader {
  const known = new Map<string, Promise<Uint8Array>>();
  return async (node) => {
    const name = `${node.height}/${node.index}`;
    const found = known.get(name) ?? read(node);
    known.set(name, found);
    return found;
  };
}
