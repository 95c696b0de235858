/** The files of a log (C2SP tlog-tiles): their names, and their bytes held to the right lengths. */
import { HASH_BYTES } from "./merkle.ts";
import type { Source } from "./platform.ts";
import { Refused } from "./reason.ts";

export const WIDTH = 256;
const LENGTH_BYTES = 2;

export interface Place {
  readonly level: number | "entries";
  readonly index: number;
  readonly width: number;
}

/** `tile/0/x001/234/567` or `tile/0/000.p/17`. */
export function fileOf({ level, index, width }: Place): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, "0").match(/.{3}/g) ?? [];
  const last = groups.length - 1;
  const path = groups.map((group, at) => (at < last ? `x${group}` : group)).join("/");
  return `tile/${level}/${path}${width === WIDTH ? "" : `.p/${width}`}`;
}

/** How many hashes level `level` has in a log of `size` entries. */
export function countAt(level: number, size: number): number {
  return Math.floor(size / WIDTH ** level);
}

/** The place of tile `index` of `level` as it is in a log of `size` entries. */
export function placeOf(level: number | "entries", index: number, size: number): Place {
  const count = countAt(level === "entries" ? 0 : level, size);
  return { level, index, width: Math.min(WIDTH, count - index * WIDTH) };
}

export interface Read {
  /** The file that was read: the full tile stands in for a partial one that is gone. */
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** The file at `place`, whatever is in it. Throws FILE_MISSING. */
export async function readPlace(source: Source, place: Place): Promise<Read> {
  const file = fileOf(place);
  const bytes = await source.read(file);
  if (bytes !== null) return { file, bytes };
  const whole = fileOf({ ...place, width: WIDTH });
  const instead = place.width < WIDTH ? await source.read(whole) : null;
  if (instead !== null) return { file: whole, bytes: instead };
  const index =
    typeof place.level === "number" && place.level > 0 ? undefined : place.index * WIDTH;
  throw new Refused("FILE_MISSING", { file, ...(index === undefined ? {} : { index }) });
}

export interface Tile {
  readonly file: string;
  readonly hashes: readonly Uint8Array[];
}

/** The hashes of a tile. Throws FILE_MISSING or TILE_LENGTH. */
export async function readTile(source: Source, place: Place): Promise<Tile> {
  return tileOf(await readPlace(source, place), place);
}

/** The hashes in the file of a tile. Throws TILE_LENGTH. */
export function tileOf({ file, bytes }: Read, place: Place): Tile {
  const wanted = place.width * HASH_BYTES;
  const isWhole = file === fileOf({ ...place, width: WIDTH });
  if (bytes.length !== (isWhole ? WIDTH * HASH_BYTES : wanted))
    throw new Refused("TILE_LENGTH", { file, byte: Math.min(bytes.length, wanted) });
  const hashes = Array.from({ length: place.width }, (_none, at) =>
    bytes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES),
  );
  return { file, hashes };
}

export interface Entry {
  readonly bytes: Uint8Array;
  /** Where its length begins in the bundle's file. */
  readonly byte: number;
}

export interface Bundle {
  readonly file: string;
  readonly entries: readonly Entry[];
}

/** The entries of a bundle. Throws FILE_MISSING, BUNDLE_MALFORMED or BUNDLE_COUNT. */
export async function readEntries(source: Source, place: Place): Promise<Bundle> {
  return bundleOf(await readPlace(source, place), place);
}

/** The entries in the file of a bundle. Throws BUNDLE_MALFORMED or BUNDLE_COUNT. */
export function bundleOf({ file, bytes }: Read, place: Place): Bundle {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: Entry[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + LENGTH_BYTES <= bytes.length ? at + LENGTH_BYTES + view.getUint16(at) : null;
    if (end === null || end > bytes.length)
      throw new Refused("BUNDLE_MALFORMED", {
        file,
        byte: at,
        index: first(place) + entries.length,
      });
    entries.push({ bytes: bytes.subarray(at + LENGTH_BYTES, end), byte: at });
    at = end;
  }
  const isWhole = file === fileOf({ ...place, width: WIDTH });
  if (entries.length !== (isWhole ? WIDTH : place.width)) {
    const index = first(place) + Math.min(entries.length, place.width);
    throw new Refused("BUNDLE_COUNT", { file, byte: bytes.length, index });
  }
  return { file, entries: entries.slice(0, place.width) };
}

function first(place: Place): number {
  return place.index * WIDTH;
}
