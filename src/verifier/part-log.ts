/**
 * Checks a part of a log without the rest: its root from the tiles of the right edge alone, and
 * every tile on the way from the root down to the entries that are asked for.
 */
import { firstDifference, sameBytes } from "./bytes.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { readLeaf } from "./leaf.ts";
import type { ReadLeaf } from "./leaf.ts";
import { Growing, entryHash } from "./merkle.ts";
import type { Platform, Source } from "./platform.ts";
import { Refused } from "./reason.ts";
import { WIDTH, countAt, placeOf, readEntries, readTile } from "./tiles.ts";

const TILE_HEIGHT = 8;
const NONE = new Uint8Array(0);

interface Trusted {
  readonly file: string;
  readonly hashes: readonly Uint8Array[];
}

export interface TimeRange {
  /** Leaves of this instant and later, and before the other one. */
  readonly from: Date;
  readonly to: Date;
}

export interface PartFound {
  /** Indices of the first leaf in range and of the first behind it. */
  readonly from: number;
  readonly to: number;
  readonly entries: number;
  readonly tiles: number;
}

function rootOfTile(platform: Platform, hashes: readonly Uint8Array[]): Uint8Array {
  const growing = new Growing(platform);
  for (const hash of hashes) growing.add(hash);
  return growing.root();
}

/** The tiles of one log under one checkpoint, each believed only once the root vouches for it. */
export class TrustedTiles {
  readonly #platform: Platform;
  readonly #source: Source;
  readonly #checkpoint: Checkpoint;
  readonly #trusted = new Map<string, Trusted>();

  constructor(platform: Platform, source: Source, checkpoint: Checkpoint) {
    this.#platform = platform;
    this.#source = source;
    this.#checkpoint = checkpoint;
  }

  get tiles(): number {
    return this.#trusted.size;
  }

  /** Reads the right edge and computes the root from it. Throws ROOT_DIFFERS. */
  async open(): Promise<void> {
    const { size, root } = this.#checkpoint;
    let levels = 0;
    while (countAt(levels, size) > 0) levels += 1;
    const growing = new Growing(this.#platform);
    for (let level = levels - 1; level >= 0; level -= 1) {
      const count = countAt(level, size);
      const index = Math.floor(count / WIDTH);
      // A level that ends with a full tile has its last hash in the level above.
      if (count % WIDTH === 0) continue;
      const tile = await readTile(this.#source, placeOf(level, index, size));
      this.#trusted.set(`${level}/${index}`, tile);
      for (const hash of tile.hashes) growing.add(hash, level * TILE_HEIGHT);
    }
    if (!sameBytes(growing.root(), root)) throw new Refused("ROOT_DIFFERS", { file: "checkpoint" });
  }

  /** Tile `index` of `level`, held against the tile above it. Throws TILE_DIFFERS. */
  async tile(level: number, index: number): Promise<Trusted> {
    const name = `${level}/${index}`;
    const known = this.#trusted.get(name);
    if (known !== undefined) return known;
    const tile = await readTile(this.#source, placeOf(level, index, this.#checkpoint.size));
    const above = await this.tile(level + 1, Math.floor(index / WIDTH));
    const wanted = above.hashes[index % WIDTH] ?? new Uint8Array(0);
    if (!sameBytes(rootOfTile(this.#platform, tile.hashes), wanted))
      throw new Refused("TILE_DIFFERS", {
        file: tile.file,
        index: index * WIDTH ** (level + 1),
        detail: above.file,
      });
    this.#trusted.set(name, tile);
    return tile;
  }

  /** The leaves of bundle `index`, each held against its hash. Throws ENTRY_DIFFERS. */
  async leaves(index: number): Promise<readonly ReadLeaf[]> {
    const place = placeOf("entries", index, this.#checkpoint.size);
    const { file, entries } = await readEntries(this.#source, place);
    const tile = await this.tile(0, index);
    return entries.map(({ bytes, byte }, at) => {
      const where = { file, byte, index: index * WIDTH + at };
      const hash = entryHash(this.#platform, bytes);
      const differs = firstDifference(hash, tile.hashes[at] ?? new Uint8Array(0));
      if (differs !== null) throw new Refused("ENTRY_DIFFERS", where);
      const leaf = readLeaf(bytes);
      if (leaf === null) throw new Refused("LEAF_MALFORMED", where);
      return leaf;
    });
  }
}

/** The first bundle whose first leaf is not before `at`; leaves are nearly in order of time. */
async function bundleOf(tiles: TrustedTiles, bundles: number, at: Date): Promise<number> {
  let [low, high] = [0, bundles];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [leaf] = await tiles.leaves(middle);
    if (leaf !== undefined && Date.parse(leaf.at) < at.getTime()) low = middle + 1;
    else high = middle;
  }
  return low;
}

export interface PartRequest extends TimeRange {
  readonly checkpoint: Checkpoint;
  readonly onLeaf?: (leaf: ReadLeaf, index: number, hash: Uint8Array) => void;
}

/**
 * Checks the leaves of a span of time without reading the rest of the log. Two bundles before and
 * behind the span are looked at as well, because servers' clocks differ a little.
 */
export async function checkPart(
  platform: Platform,
  source: Source,
  request: PartRequest,
): Promise<PartFound> {
  const { checkpoint, from, to } = request;
  const tiles = new TrustedTiles(platform, source, checkpoint);
  await tiles.open();
  const bundles = Math.ceil(checkpoint.size / WIDTH);
  const first = Math.max(0, (await bundleOf(tiles, bundles, from)) - 2);
  const last = Math.min(bundles, (await bundleOf(tiles, bundles, to)) + 2);
  const indices: number[] = [];
  for (let bundle = first; bundle < last; bundle += 1) {
    const { hashes } = await tiles.tile(0, bundle);
    for (const [at, leaf] of (await tiles.leaves(bundle)).entries()) {
      const time = Date.parse(leaf.at);
      if (time < from.getTime() || time >= to.getTime()) continue;
      indices.push(bundle * WIDTH + at);
      request.onLeaf?.(leaf, bundle * WIDTH + at, hashes[at] ?? NONE);
    }
  }
  const start = indices[0] ?? checkpoint.size;
  const end = (indices.at(-1) ?? start - 1) + 1;
  return { from: start, to: end, entries: indices.length, tiles: tiles.tiles };
}
