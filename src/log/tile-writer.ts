/**
 * Turns entries into the files of the log. The same entries always make the same files, so a write
 * that was interrupted is simply done again, and two writers cannot disagree.
 */
import { decodeBundle, encodeBundle } from "../audit/bundle.ts";
import { EMPTY_FRONTIER, appended, rootOf } from "../audit/frontier.ts";
import type { Frontier } from "../audit/frontier.ts";
import { HASH_BYTES, leafHash, merkleRootOfHashes } from "../audit/merkle.ts";
import { TILE_WIDTH, hashesAt, levelsOf, partialFolder, tilePath } from "../audit/tile.ts";
import type { TilePlace } from "../audit/tile.ts";
import { Failure } from "../rules/failure.ts";
import type { LogFile, LogFolder } from "./log-folder.ts";

interface Edge {
  /** Index of the tile that is being filled. */
  index: number;
  hashes: Uint8Array[];
  isChanged: boolean;
}

export interface Written {
  readonly files: readonly LogFile[];
  /** Folders of partial tiles that a full one has replaced. */
  readonly replaced: readonly string[];
}

function hashesOf(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: bytes.length / HASH_BYTES }, (_none, at) =>
    bytes.slice(at * HASH_BYTES, (at + 1) * HASH_BYTES),
  );
}

/** A partial file, or the beginning of the full one that has taken its place. */
async function readPartial(folder: LogFolder, place: TilePlace): Promise<Uint8Array> {
  const found =
    (await folder.read(tilePath(place))) ??
    (await folder.read(tilePath({ ...place, width: TILE_WIDTH })));
  if (found === null) throw new Failure("LOG_FILES_BROKEN", { file: tilePath(place) });
  return found;
}

async function readEdge(folder: LogFolder, level: number, size: number): Promise<Edge> {
  const count = hashesAt(level, size);
  const [index, width] = [Math.floor(count / TILE_WIDTH), count % TILE_WIDTH];
  if (width === 0) return { index, hashes: [], isChanged: false };
  const bytes = await readPartial(folder, { level, index, width });
  return { index, hashes: hashesOf(bytes).slice(0, width), isChanged: false };
}

async function readEntries(folder: LogFolder, size: number): Promise<Uint8Array[]> {
  const [index, width] = [Math.floor(size / TILE_WIDTH), size % TILE_WIDTH];
  if (width === 0) return [];
  const place = { level: "entries", index, width } as const;
  const entries = decodeBundle(await readPartial(folder, place));
  if (entries === null) throw new Failure("LOG_FILES_BROKEN", { file: tilePath(place) });
  return entries.slice(0, width);
}

/** The right edge of the tree, out of the partial tiles of all levels. */
function frontierOf(edges: readonly Edge[], size: number): Frontier {
  const roots: Uint8Array[] = [];
  for (const { hashes } of edges.toReversed()) {
    let frontier = EMPTY_FRONTIER;
    for (const hash of hashes) frontier = appended(frontier, hash);
    roots.push(...frontier.roots);
  }
  return { size, roots };
}

export class TileWriter {
  readonly #edges: Edge[];
  #entries: Uint8Array[];
  #frontier: Frontier;
  #files: LogFile[] = [];
  #replaced: string[] = [];

  private constructor(edges: Edge[], entries: Uint8Array[], frontier: Frontier) {
    this.#edges = edges;
    this.#entries = entries;
    this.#frontier = frontier;
  }

  /**
   * Opens the log in `folder` at `size` entries. Throws LOG_FILES_BROKEN when a file of the right
   * edge is missing or malformed; whether it fits the signed root is for the caller to see.
   */
  static async open(folder: LogFolder, size: number): Promise<TileWriter> {
    const edges: Edge[] = [];
    for (let level = 0; level < Math.max(1, levelsOf(size)); level += 1)
      edges.push(await readEdge(folder, level, size));
    return new TileWriter(edges, await readEntries(folder, size), frontierOf(edges, size));
  }

  get size(): number {
    return this.#frontier.size;
  }

  root(): Uint8Array {
    return rootOf(this.#frontier);
  }

  /** Adds one entry; its files are handed out by `take`. */
  add(entry: Uint8Array): void {
    const hash = leafHash(entry);
    this.#entries.push(entry);
    this.#frontier = appended(this.#frontier, hash);
    if (this.#entries.length === TILE_WIDTH) {
      this.#fill({ level: "entries", index: this.#edges[0]?.index ?? 0 }, this.#entries);
      this.#entries = [];
    }
    this.#push(0, hash);
  }

  #fill(place: Pick<TilePlace, "level" | "index">, parts: readonly Uint8Array[]): void {
    const bytes = place.level === "entries" ? encodeBundle(parts) : Buffer.concat(parts);
    this.#files.push({ path: tilePath({ ...place, width: parts.length }), bytes });
    if (parts.length === TILE_WIDTH) this.#replaced.push(partialFolder(place));
  }

  #push(level: number, hash: Uint8Array): void {
    const edge = (this.#edges[level] ??= { index: 0, hashes: [], isChanged: false });
    edge.hashes.push(hash);
    edge.isChanged = true;
    if (edge.hashes.length < TILE_WIDTH) return;
    this.#fill({ level, index: edge.index }, edge.hashes);
    const root = merkleRootOfHashes(edge.hashes);
    this.#edges[level] = { index: edge.index + 1, hashes: [], isChanged: false };
    this.#push(level + 1, root);
  }

  /** The files that the entries added since the last call have made, partial tiles included. */
  take(): Written {
    for (const [level, edge] of this.#edges.entries()) {
      if (!edge.isChanged) continue;
      this.#fill({ level, index: edge.index }, edge.hashes);
      if (level === 0) this.#fill({ level: "entries", index: edge.index }, this.#entries);
      edge.isChanged = false;
    }
    const written = { files: this.#files, replaced: this.#replaced };
    this.#files = [];
    this.#replaced = [];
    return written;
  }
}
