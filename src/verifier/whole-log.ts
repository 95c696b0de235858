/**
 * Checks a whole log: every entry against its hash, every tile against what lies below it, the root
 * against the signed checkpoint, and an earlier checkpoint against the same entries. Nothing is
 * taken from the log that is not computed again.
 */
import { firstDifference, sameBytes } from "./bytes.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { readLeaf } from "./leaf.ts";
import type { ReadLeaf } from "./leaf.ts";
import { Growing, entryHash } from "./merkle.ts";
import type { Platform, Source } from "./platform.ts";
import { Refused } from "./reason.ts";
import { WIDTH, countAt, placeOf, readEntries, readTile } from "./tiles.ts";
import type { Entry } from "./tiles.ts";

/** A clock that runs ahead by more than this is no clock. */
const FUTURE_MS = 5 * 60 * 1000;
const HASH_BYTES = 32;

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

class Check {
  readonly #platform: Platform;
  readonly #source: Source;
  readonly #request: Request;
  readonly #growing: Growing;
  readonly #ids = new Set<string>();
  readonly #latest: number;
  /** Roots of full tiles of each level that the level above has to hold: index of the first. */
  readonly #waiting: { first: number; hashes: Uint8Array[] }[] = [];
  readonly counts: Counts = { entries: 0, entryBytes: 0, tiles: 0, hashes: 0 };

  constructor(platform: Platform, source: Source, request: Request) {
    this.#platform = platform;
    this.#source = source;
    this.#request = request;
    this.#growing = new Growing(platform);
    this.#latest = platform.now().getTime() + FUTURE_MS;
  }

  async run(): Promise<Counts> {
    const { size } = this.#request.checkpoint;
    for (const earlier of this.#request.since) {
      if (earlier.size > size)
        throw new Refused("LOG_SHRANK", { index: size, detail: String(earlier.size) });
    }
    this.#compareSince();
    for (let index = 0; index * WIDTH < size; index += 1) await this.#bundle(index);
    await this.#rest();
    if (!sameBytes(this.#growing.root(), this.#request.checkpoint.root))
      throw new Refused("ROOT_DIFFERS", { file: "checkpoint" });
    return this.counts;
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
    if (this.#ids.has(leaf.id)) throw new Refused("LEAF_TWICE", at);
    if (Date.parse(leaf.at) > this.#latest) throw new Refused("LEAF_FUTURE", at);
    this.#ids.add(leaf.id);
    this.#request.onLeaf?.(leaf, where.index, hash);
  }

  async #bundle(index: number): Promise<void> {
    const { size } = this.#request.checkpoint;
    const bundle = await readEntries(this.#source, placeOf("entries", index, size));
    const tile = await readTile(this.#source, placeOf(0, index, size));
    this.counts.tiles += 2;
    const hashes: Uint8Array[] = [];
    for (const [at, entry] of bundle.entries.entries()) {
      const where = { file: bundle.file, index: index * WIDTH + at };
      // The hash is compared before the content is judged: an altered entry is told as such.
      const hash = entryHash(this.#platform, entry.bytes);
      if (!sameBytes(hash, tile.hashes[at] ?? new Uint8Array(0)))
        await this.#blame({ ...where, byte: entry.byte }, tile.file, at);
      this.#judge(entry, where, hash);
      this.#growing.add(hash);
      hashes.push(hash);
      this.#compareSince();
    }
    this.counts.entries += hashes.length;
    this.counts.hashes += hashes.length;
    if (hashes.length === WIDTH) await this.#rise(0, hashes);
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

  /** The hashes of a full tile of `level` make one hash of the level above. */
  async #rise(level: number, hashes: readonly Uint8Array[]): Promise<void> {
    const growing = new Growing(this.#platform);
    for (const hash of hashes) growing.add(hash);
    const waiting = (this.#waiting[level + 1] ??= { first: 0, hashes: [] });
    waiting.hashes.push(growing.root());
    if (waiting.hashes.length < WIDTH) return;
    await this.#compareTile(level + 1, waiting);
    await this.#rise(level + 1, waiting.hashes);
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
