/** Leaves and proofs of an inspector's bundle, read side by side and led up to the root. */
import { fromBase64, textOf } from "./bytes.ts";
import { readLeaf } from "./leaf.ts";
import type { ReadLeaf } from "./leaf.ts";
import { Growing, HASH_BYTES, entryHash, holdsSubtree } from "./merkle.ts";
import type { Platform } from "./platform.ts";
import { Refused } from "./reason.ts";
import { WIDTH } from "./tiles.ts";

const HEADER = "midan.bundle.proofs/1";
const LEAVES = "leaves.ndjson";
const PROOFS = "proofs";
const PATH_MAX = 64;
const FUTURE_MS = 5 * 60 * 1000;
const NEWLINE = 0x0a;

interface Tile {
  readonly number: number;
  /** How many leaves follow, or the hash of one entry that is not in the bundle. */
  readonly entries: readonly (number | Uint8Array)[];
  readonly path: readonly Uint8Array[];
}

function numberIn(line: string, word: string): number | null {
  const [, digits] = /^([a-z]+ )(0|[1-9]\d{0,14})$/.exec(line) ?? [];
  return digits === undefined || !line.startsWith(`${word} `)
    ? null
    : Number(line.slice(word.length + 1));
}

function hashIn(line: string, word: string): Uint8Array | null {
  const hash = line.startsWith(`${word} `) ? fromBase64(line.slice(word.length + 1)) : null;
  return hash?.length === HASH_BYTES ? hash : null;
}

/** One block of lines; null when it is none. Two runs of leaves never stand side by side. */
function tileOf(lines: readonly string[]): Tile | null {
  const number = numberIn(lines[0] ?? "", "tile");
  const entries: (number | Uint8Array)[] = [];
  const path: Uint8Array[] = [];
  for (const line of lines.slice(1)) {
    const run = numberIn(line, "leaves");
    const [hash, step] = [hashIn(line, "hash"), hashIn(line, "path")];
    if (step !== null) path.push(step);
    else if (path.length > 0) return null;
    else if (hash !== null) entries.push(hash);
    else if (run !== null && run > 0 && typeof entries.at(-1) !== "number") entries.push(run);
    else return null;
  }
  return number === null || path.length > PATH_MAX ? null : { number, entries, path };
}

function* tilesOf(bytes: Uint8Array): Generator<Tile> {
  const text = textOf(bytes) ?? "";
  if (!text.startsWith(`${HEADER}\n`) || !text.endsWith("\n"))
    throw new Refused("PROOF_MALFORMED", { file: PROOFS, byte: 0 });
  let at = HEADER.length + 1;
  while (at < text.length) {
    const next = text.indexOf("\n\n", at + 1);
    const end = next < 0 ? text.length : next + 1;
    const tile = text[at] === "\n" ? tileOf(text.slice(at + 1, end - 1).split("\n")) : null;
    if (tile === null) throw new Refused("PROOF_MALFORMED", { file: PROOFS, byte: at });
    yield tile;
    at = end;
  }
}

/** Gives the lines of the leaves one after the other. */
class Lines {
  readonly #bytes: Uint8Array;
  #at = 0;
  count = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** Where the next line begins. */
  get byte(): number {
    return this.#at;
  }

  /** Throws BUNDLE_LEAVES when there is no whole line left. */
  next(): Uint8Array {
    const end = this.#bytes.indexOf(NEWLINE, this.#at);
    if (end < 0) throw new Refused("BUNDLE_LEAVES", { file: LEAVES, byte: this.#at });
    const line = this.#bytes.subarray(this.#at, end);
    this.#at = end + 1;
    this.count += 1;
    return line;
  }
}

interface Told {
  /** Told of each leaf once the proof of its tile holds. */
  readonly onLeaf: (leaf: ReadLeaf, index: number, hash: Uint8Array) => void;
  /** Told of each tile whose proof holds. */
  readonly onTile: (number: number) => void;
}

export interface Tree {
  readonly size: number;
  readonly root: Uint8Array;
}

export interface ProvenCounts {
  leaves: number;
  withheld: number;
  tiles: number;
}

type FoundLeaf = readonly [leaf: ReadLeaf, index: number, hash: Uint8Array];

class Check {
  readonly #platform: Platform;
  readonly #tree: Tree;
  readonly #lines: Lines;
  readonly #ids = new Set<string>();
  readonly #latest: number;
  readonly #told: Told;
  readonly counts: ProvenCounts = { leaves: 0, withheld: 0, tiles: 0 };

  constructor(platform: Platform, tree: Tree, read: Told & { readonly lines: Lines }) {
    this.#platform = platform;
    this.#tree = tree;
    this.#lines = read.lines;
    this.#told = read;
    this.#latest = platform.now().getTime() + FUTURE_MS;
  }

  #leaf(): { readonly leaf: ReadLeaf; readonly hash: Uint8Array } {
    const { byte } = this.#lines;
    const line = this.#lines.next();
    const leaf = readLeaf(line);
    const where = { file: LEAVES, byte };
    if (leaf === null) throw new Refused("LEAF_MALFORMED", where);
    if (this.#ids.has(leaf.id)) throw new Refused("LEAF_TWICE", where);
    if (Date.parse(leaf.at) > this.#latest) throw new Refused("LEAF_FUTURE", where);
    this.#ids.add(leaf.id);
    return { leaf, hash: entryHash(this.#platform, line) };
  }

  /** The hashes of a tile's entries, and its leaves with their places. */
  #entries({ entries }: Tile, start: number): { hashes: Uint8Array[]; found: FoundLeaf[] } {
    const hashes: Uint8Array[] = [];
    const found: FoundLeaf[] = [];
    for (const entry of entries) {
      if (typeof entry !== "number") {
        hashes.push(entry);
        this.counts.withheld += 1;
        continue;
      }
      for (let taken = 0; taken < entry; taken += 1) {
        if (hashes.length >= WIDTH)
          throw new Refused("PROOF_MALFORMED", { file: PROOFS, index: start });
        const { leaf, hash } = this.#leaf();
        found.push([leaf, start + hashes.length, hash]);
        hashes.push(hash);
      }
    }
    return { hashes, found };
  }

  /** The leaves are told only after the proof of their tile holds. */
  tile(tile: Tile): void {
    const { number, path } = tile;
    const start = number * WIDTH;
    const { size, root } = this.#tree;
    const where = { file: PROOFS, index: start };
    if (start >= size) throw new Refused("PROOF_WRONG", where);
    const { hashes, found } = this.#entries(tile, start);
    const growing = new Growing(this.#platform);
    for (const hash of hashes) growing.add(hash);
    const end = Math.min(size, start + WIDTH);
    if (growing.size !== end - start) throw new Refused("PROOF_MALFORMED", where);
    const claim = { start, end, size, subtreeRoot: growing.root(), root, path };
    if (!holdsSubtree(this.#platform, claim)) throw new Refused("PROOF_WRONG", where);
    for (const [leaf, index, hash] of found) this.#told.onLeaf(leaf, index, hash);
    this.#told.onTile(number);
    this.counts.leaves += found.length;
    this.counts.tiles += 1;
  }
}

/**
 * Leads every leaf of a bundle up to the root and tells `onLeaf` of it. Throws PROOF_MALFORMED,
 * PROOF_WRONG, BUNDLE_ORDER, BUNDLE_LEAVES, LEAF_MALFORMED, LEAF_TWICE or LEAF_FUTURE.
 */
export function proveLeaves(
  platform: Platform,
  tree: Tree,
  given: Told & { readonly leaves: Uint8Array; readonly proofs: Uint8Array },
): ProvenCounts {
  const lines = new Lines(given.leaves);
  const check = new Check(platform, tree, { ...given, lines });
  let last = -1;
  for (const tile of tilesOf(given.proofs)) {
    if (tile.number <= last)
      throw new Refused("BUNDLE_ORDER", { file: PROOFS, index: tile.number * WIDTH });
    last = tile.number;
    check.tile(tile);
  }
  if (!lines.isAtEnd) throw new Refused("BUNDLE_LEAVES", { file: LEAVES, byte: lines.byte });
  return check.counts;
}
