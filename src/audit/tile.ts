/**
 * Where the parts of a log lie: the names of C2SP tlog-tiles. A tile holds 256 hashes of one level
 * (each the root of 256^level entries); a bundle holds the 256 entries themselves. The last tile of
 * a level may be partial; its width stands in its name.
 */

export const TILE_WIDTH = 256;
/** Entries that a log of this version can hold: indices are exact numbers. */
export const LOG_SIZE_MAX = Number.MAX_SAFE_INTEGER;
const TILE_HEIGHT = 8;

export interface TilePlace {
  /** 0 for the hashes of entries, or "entries" for the entries themselves. */
  readonly level: number | "entries";
  readonly index: number;
  /** 1 to 256 hashes or entries. */
  readonly width: number;
}

/** Three digits a step, all but the last behind an x: 1234067 is `x001/x234/067`. */
function indexPath(index: number): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, "0");
  const groups = padded.match(/\d{3}/g) ?? [];
  return groups.map((group, at) => (at === groups.length - 1 ? group : `x${group}`)).join("/");
}

/** The folder in which the partial tiles of one index lie, relative to the log. */
export function partialFolder(place: Pick<TilePlace, "level" | "index">): string {
  return `tile/${place.level}/${indexPath(place.index)}.p`;
}

/** The name of a tile relative to the log, e.g. `tile/0/x001/234.p/17` or `tile/entries/000`. */
export function tilePath(place: TilePlace): string {
  const { level, index, width } = place;
  if (width < TILE_WIDTH) return `${partialFolder(place)}/${width}`;
  return `tile/${level}/${indexPath(index)}`;
}

/** How many hashes level `level` has in a log of `size` entries. */
export function hashesAt(level: number, size: number): number {
  return Math.floor(size / TILE_WIDTH ** level);
}

/** How many levels a log of `size` entries has: those with at least one hash. */
export function levelsOf(size: number): number {
  let levels = 0;
  while (hashesAt(levels, size) > 0) levels += 1;
  return levels;
}

/** The width of tile `index` at `level` in a log of `size` entries; 0 when it is not there. */
export function widthOf(place: Pick<TilePlace, "index">, hashes: number): number {
  return Math.max(0, Math.min(TILE_WIDTH, hashes - place.index * TILE_WIDTH));
}

export interface NodePlace {
  /** Height above the entries: the node is the root of 2^height of them. */
  readonly height: number;
  readonly index: number;
}

/** The tile that holds a node, and which of its hashes the node is the root of. */
export function tileOfNode(node: NodePlace): {
  readonly level: number;
  readonly index: number;
  readonly from: number;
  readonly count: number;
} {
  const level = Math.floor(node.height / TILE_HEIGHT);
  const count = 2 ** (node.height % TILE_HEIGHT);
  const first = node.index * count;
  const index = Math.floor(first / TILE_WIDTH);
  return { level, index, from: first % TILE_WIDTH, count };
}
