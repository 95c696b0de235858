/**
 * Checks a whole log: every entry against its hash, every tile against what lies below it, the root
 * against the signed checkpoint, and an earlier checkpoint against the same entries. Nothing is
 * taken from the log that is not computed again.
 */
import { firstDifference, fromHex, joined, sameBytes } from "./bytes.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { lookThrough } from "./full-bundle.ts";
import { IdSet } from "./id-set.ts";
import { readLeaf } from "./leaf.ts";
import type { ReadLeaf } from "./leaf.ts";
import { Growing, entryHash, rootOfFull } from "./merkle.ts";
import type { Platform, Source } from "./platform.ts";
import { ReadAhead } from "./read-ahead.ts";
import { Refused } from "./reason.ts";
import { WIDTH, bundleOf, countAt, placeOf, readPlace, readTile, tileOf } from "./tiles.ts";
import type { Entry, Read } from "./tiles.ts";

/** A clock that runs ahead by more than this is no clock. */
const FUTURE_MS = 5 * 60 * 1000;
const HASH_BYTES = 32;
const TILE_HEIGHT = 8;

export interface Request {
  readonly checkpoint: Checkpoint;
  /** Earlier checkpoints that the log must have grown from. */
  readonly since: readonly Checkpoint[];
  /** Entries are leaves of this project; false for another log, whose entries are any bytes. */
  readonly areLeaves: boolean;
  /** Told of every entry that was found good, in order. */
  readonly onLeaf?: (leaf: ReadLeaf, index: number, hash: Uint8Array) => void;
}

export interface Counts {
  entries: number;
  entryBytes: number;
  tiles: number;
  hashes: number;
}

/** A bundle of entries and the tile of their hashes, as they were read. */
interface Pair {
  readonly entries: Read;
  readonly tile: Read;
}

function idOf(leaf: ReadLeaf): Uint32Array {
  // The leaf was read, so its id is hex.
  const { buffer, byteOffset } = fromHex(leaf.id) as Uint8Array;
  const view = new DataView(buffer, byteOffset);
  return Uint32Array.from([0, 4, 8, 12], (at) => view.getUint32(at));
}

/** The type of a leaf that tells how a key followed another. */
const CHANGE_TYPE = "signing-key-changed";

/** Whether a bundle may hold such a leaf; it is looked at closely then. */
function tellsOfKeys(bytes: Uint8Array): boolean {
  return LATIN.decode(bytes).includes(`"type":"${CHANGE_TYPE}"`);
}

const LATIN = new TextDecoder("latin1");

class Check {
  readonly #platform: Platform;
  readonly #source: Source;
  readonly #request: Request;
  readonly #growing: Growing;
  readonly #ids: IdSet;
  readonly #latest: number;
  /** Roots of full tiles of each level that the level above has to hold: index of the first. */
  readonly #waiting: { first: number; hashes: Uint8Array[] }[] = [];
  /** Keys that the log itself says to be destroyed: index of the leaf that says it. */
  readonly #retired = new Map<string, number>();
  readonly counts: Counts = { entries: 0, entryBytes: 0, tiles: 0, hashes: 0 };

  constructor(platform: Platform, source: Source, request: Request) {
    this.#platform = platform;
    this.#source = source;
    this.#request = request;
    this.#growing = new Growing(platform);
    this.#latest = platform.now().getTime() + FUTURE_MS;
    const { root } = request.checkpoint;
    this.#ids = new IdSet(new DataView(root.buffer, root.byteOffset).getUint32(0));
  }

  async run(): Promise<Counts> {
    const { size } = this.#request.checkpoint;
    for (const earlier of this.#request.since) {
      if (earlier.size > size)
        throw new Refused("LOG_SHRANK", { index: size, detail: String(earlier.size) });
    }
    this.#compareSince();
    const count = Math.ceil(size / WIDTH);
    const pairs = new ReadAhead(async (index) => this.#read(index), count);
    for (let index = 0; index < count; index += 1)
      await this.#bundle(index, await pairs.take(index));
    await this.#rest();
    if (!sameBytes(this.#growing.root(), this.#request.checkpoint.root))
      throw new Refused("ROOT_DIFFERS", { file: "checkpoint" });
    for (const each of [this.#request.checkpoint, ...this.#request.since])
      this.#requireSigner(each);
    return this.counts;
  }

  /** A tree that holds the end of a key was never signed by that key alone. */
  #requireSigner({ by, size, origin }: Checkpoint): void {
    if (by === undefined) return;
    const ends = by.map((key) => this.#retired.get(key) ?? size);
    const last = Math.max(...ends);
    if (last < size)
      throw new Refused("KEY_RETIRED", { file: "checkpoint", index: last, detail: origin });
  }

  #noteChange(leaf: ReadLeaf, index: number): void {
    const { type, members } = leaf;
    const listed: unknown = members["fields"];
    // What may be in a list of somebody's JSON is not known.
    const [, phase, key] = (Array.isArray(listed) ? listed : []) as readonly unknown[];
    if (type === CHANGE_TYPE && phase === "retired" && typeof key === "string")
      this.#retired.set(key, index);
  }

  /** Earlier checkpoints of exactly this size must have this root. */
  #compareSince(): void {
    for (const { size, root } of this.#request.since) {
      if (size === this.#growing.size && !sameBytes(root, this.#growing.root()))
        throw new Refused("LOG_FORKED", { detail: `size ${size}` });
    }
  }

  #judge(entry: Entry, where: { file: string; index: number }, hash: Uint8Array): void {
    this.counts.entryBytes += entry.bytes.length;
    if (!this.#request.areLeaves) return;
    const leaf = readLeaf(entry.bytes);
    const at = { ...where, byte: entry.byte };
    if (leaf === null) throw new Refused("LEAF_MALFORMED", at);
    if (!this.#ids.add(idOf(leaf), 0)) throw new Refused("LEAF_TWICE", at);
    if (Date.parse(leaf.at) > this.#latest) throw new Refused("LEAF_FUTURE", at);
    this.#noteChange(leaf, where.index);
    this.#request.onLeaf?.(leaf, where.index, hash);
  }

  async #read(index: number): Promise<Pair> {
    const { size } = this.#request.checkpoint;
    const entries = await readPlace(this.#source, placeOf("entries", index, size));
    return { entries, tile: await readPlace(this.#source, placeOf(0, index, size)) };
  }

  async #bundle(index: number, pair: Pair): Promise<void> {
    this.counts.tiles += 2;
    const [from, to] = [index * WIDTH, (index + 1) * WIDTH];
    const { checkpoint, since, onLeaf } = this.#request;
    const isInside = since.some(({ size }) => size > from && size < to);
    const isSeen = onLeaf === undefined && !tellsOfKeys(pair.entries.bytes);
    const isPlain = to <= checkpoint.size && !isInside && isSeen;
    if (!isPlain || !(await this.#takeWhole(index, pair))) await this.#takeEach(index, pair);
  }

  /** Takes in a full bundle at once; false when one of its entries has to be looked at closely. */
  async #takeWhole(index: number, { entries, tile }: Pair): Promise<boolean> {
    const latest = this.#request.areLeaves ? this.#latest : null;
    const looked = lookThrough(this.#platform, entries.bytes, latest);
    if (looked === null || !sameBytes(looked.hashes, tile.bytes)) return false;
    for (let at = 0; at * 4 < looked.ids.length; at += 1) {
      if (this.#ids.add(looked.ids, at * 4)) continue;
      // The length of the entry, two bytes, is where it begins.
      const byte = (looked.starts[at] ?? 0) - 2;
      throw new Refused("LEAF_TWICE", { file: entries.file, byte, index: index * WIDTH + at });
    }
    this.counts.entryBytes += looked.entryBytes;
    this.counts.entries += WIDTH;
    this.counts.hashes += WIDTH;
    const root = rootOfFull(this.#platform, looked.hashes);
    this.#growing.add(root, TILE_HEIGHT);
    this.#compareSince();
    await this.#rise(0, root);
    return true;
  }

  async #takeEach(index: number, pair: Pair): Promise<void> {
    const { size } = this.#request.checkpoint;
    const bundle = bundleOf(pair.entries, placeOf("entries", index, size));
    const tile = tileOf(pair.tile, placeOf(0, index, size));
    for (const [at, entry] of bundle.entries.entries()) {
      const where = { file: bundle.file, index: index * WIDTH + at };
      // The hash is compared before the content is judged: an altered entry is told as such.
      const hash = entryHash(this.#platform, entry.bytes);
      if (!sameBytes(hash, tile.hashes[at] ?? new Uint8Array(0)))
        await this.#blame({ ...where, byte: entry.byte }, tile.file, at);
      this.#judge(entry, where, hash);
      this.#growing.add(hash);
      this.#compareSince();
    }
    this.counts.entries += tile.hashes.length;
    this.counts.hashes += tile.hashes.length;
    if (tile.hashes.length === WIDTH) await this.#rise(0, this.#rootOf(tile.hashes));
  }

  #rootOf(hashes: readonly Uint8Array[]): Uint8Array {
    return rootOfFull(this.#platform, joined(...hashes));
  }

  /** An entry and its hash disagree: if the tiles still make the signed root, the entry lies. */
  async #blame(
    entry: { file: string; index: number; byte: number },
    tileFile: string,
    at: number,
  ): Promise<never> {
    const { size, root } = this.#request.checkpoint;
    const growing = new Growing(this.#platform);
    for (let index = 0; index * WIDTH < size; index += 1) {
      const { hashes } = await readTile(this.#source, placeOf(0, index, size));
      for (const hash of hashes) growing.add(hash);
    }
    if (sameBytes(growing.root(), root)) throw new Refused("ENTRY_DIFFERS", entry);
    const byte = at * HASH_BYTES;
    throw new Refused("TILE_DIFFERS", { file: tileFile, byte, index: entry.index });
  }

  /** `root` over a full tile of `level` is one hash of the level above. */
  async #rise(level: number, root: Uint8Array): Promise<void> {
    const waiting = (this.#waiting[level + 1] ??= { first: 0, hashes: [] });
    waiting.hashes.push(root);
    if (waiting.hashes.length < WIDTH) return;
    await this.#compareTile(level + 1, waiting);
    await this.#rise(level + 1, this.#rootOf(waiting.hashes));
    this.#waiting[level + 1] = { first: waiting.first + WIDTH, hashes: [] };
  }

  async #compareTile(
    level: number,
    { first, hashes }: { readonly first: number; readonly hashes: readonly Uint8Array[] },
  ): Promise<void> {
    const { size } = this.#request.checkpoint;
    const tile = await readTile(this.#source, placeOf(level, first / WIDTH, size));
    this.counts.tiles += 1;
    this.counts.hashes += hashes.length;
    for (const [at, hash] of hashes.entries()) {
      const found = tile.hashes[at] ?? new Uint8Array(0);
      const differs = firstDifference(found, hash);
      if (differs === null) continue;
      const index = (first + at) * WIDTH ** level;
      throw new Refused("TILE_DIFFERS", {
        file: tile.file,
        byte: at * HASH_BYTES + differs,
        index,
      });
    }
  }

  /** The partial tiles at the right edge of the upper levels. */
  async #rest(): Promise<void> {
    const { size } = this.#request.checkpoint;
    for (let level = 1; countAt(level, size) > 0; level += 1) {
      const waiting = this.#waiting[level];
      if (waiting !== undefined && waiting.hashes.length > 0)
        await this.#compareTile(level, waiting);
    }
  }
}

/** Checks the whole log in `source`. Throws the first reason to refuse it; returns what it saw. */
export async function checkWholeLog(
  platform: Platform,
  source: Source,
  request: Request,
): Promise<Counts> {
  return new Check(platform, source, request).run();
}
