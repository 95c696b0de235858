/**
 * Looks through a full bundle of entries at once: its hashes, and whether every entry is a leaf. A
 * log of millions is nearly all of these. Nothing is reported from here: what does not look right
 * is looked at again, entry by entry, by whoever names the fault.
 */
import { textOf } from "./bytes.ts";
import { ScannedLeaf } from "./leaf-scan.ts";
import { HASH_BYTES } from "./merkle.ts";
import type { Platform } from "./platform.ts";
import { WIDTH } from "./tiles.ts";

const LENGTH_BYTES = 2;
const ID_WORDS = 4;

export interface Looked {
  /** The hashes of its entries, one after another. */
  readonly hashes: Uint8Array;
  /** The ids of its leaves, four numbers each; empty when entries are no leaves. */
  readonly ids: Uint32Array;
  /** Where the bytes of each entry begin in the file, and last where the file ends. */
  readonly starts: Int32Array;
  readonly entryBytes: number;
}

function startsOf(bytes: Uint8Array): Int32Array | null {
  const starts = new Int32Array(WIDTH + 1);
  let at = 0;
  for (let entry = 0; entry < WIDTH; entry += 1) {
    if (at + LENGTH_BYTES > bytes.length) return null;
    starts[entry] = at + LENGTH_BYTES;
    // Both bytes are there.
    at += LENGTH_BYTES + (bytes[at] as number) * 256 + (bytes[at + 1] as number);
  }
  starts[WIDTH] = at + LENGTH_BYTES;
  return at === bytes.length ? starts : null;
}

/**
 * The hashes and ids of the bundle in `bytes`; null when it is not plainly one of 256 entries, all
 * of them leaves of moments up to `latest` (milliseconds since 1970; null when any bytes will do).
 */
export function lookThrough(
  { sha256 }: Pick<Platform, "sha256">,
  bytes: Uint8Array,
  latest: number | null,
): Looked | null {
  const starts = startsOf(bytes);
  if (starts === null) return null;
  // RFC 6962 puts a zero before each entry. In a copy the second byte of its length makes room.
  const copy = new Uint8Array(bytes);
  for (let entry = 0; entry < WIDTH; entry += 1) copy[(starts[entry] as number) - 1] = 0;
  if (latest !== null && textOf(copy) === null) return null;
  const hashes = new Uint8Array(WIDTH * HASH_BYTES);
  const ids = new Uint32Array(latest === null ? 0 : WIDTH * ID_WORDS);
  const leaf = new ScannedLeaf();
  for (let entry = 0; entry < WIDTH; entry += 1) {
    // There is one start more than there are entries.
    const [start, next] = [starts[entry] as number, starts[entry + 1] as number];
    const hashed = copy.subarray(start - 1, next - LENGTH_BYTES);
    hashes.set(sha256(hashed), entry * HASH_BYTES);
    if (latest === null) continue;
    if (!leaf.scan(hashed, 1) || leaf.at > latest) return null;
    ids.set(leaf.id, entry * ID_WORDS);
  }
  return { hashes, ids, starts, entryBytes: bytes.length - WIDTH * LENGTH_BYTES };
}
