/** A log in memory, made by the writer's code, that tests may then spoil. */
import { checkpointText } from "../../src/audit/checkpoint.ts";
import { encodeBundle } from "../../src/audit/bundle.ts";
import { encodeLeaf } from "../../src/audit/leaf.ts";
import { leafHash, merkleRoot, nodeHash } from "../../src/audit/merkle.ts";
import { ed25519Signer, signedNote, verifierKeyText } from "../../src/audit/note.ts";
import { hashesAt, levelsOf, tilePath, widthOf } from "../../src/audit/tile.ts";
import type { Source } from "../../src/verifier/platform.ts";

const TENANT = "00000000-0000-4000-8000-000000000001";
const START = Date.parse("2026-01-01T00:00:00.000Z");
const HOUR_MS = 3_600_000;
export const ORIGIN = "midan.example/log";
const SEED = Buffer.alloc(32, 7);

/** `count` leaves, one an hour from the first of January 2026 on. */
export function madeLeaves(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_none, at) => {
    const id = Buffer.alloc(16);
    id.writeUInt32BE(at, 12);
    const when = new Date(START + at * HOUR_MS);
    const leaf = { type: "search", tenant: TENANT, id, at: when, actor: "st-0000000000000000" };
    return encodeLeaf({ ...leaf, type: "search", count: at }).bytes;
  });
}

function pairUp(hashes: readonly Uint8Array[]): Uint8Array {
  let level = [...hashes];
  while (level.length > 1) {
    const pairs = Array.from({ length: level.length / 2 }, (_none, at) => at * 2);
    const none = new Uint8Array(32);
    level = pairs.map((at) => nodeHash(level[at] ?? none, level[at + 1] ?? none));
  }
  return level[0] ?? new Uint8Array(0);
}

export interface MadeLog {
  readonly files: Map<string, Uint8Array>;
  readonly source: Source;
  readonly key: string;
}

/** Signs the checkpoint of these entries. */
export function madeCheckpoint(entries: readonly Uint8Array[], origin = ORIGIN): Buffer {
  const text = checkpointText({ origin, size: entries.length, root: merkleRoot(entries) });
  return Buffer.from(signedNote(text, [ed25519Signer(origin, SEED)]));
}

/** All files of a log of `entries`. */
export function madeLog(entries: readonly Uint8Array[]): MadeLog {
  const files = new Map<string, Uint8Array>([["checkpoint", madeCheckpoint(entries)]]);
  let hashes = entries.map((entry) => leafHash(entry));
  for (let level = 0; level < levelsOf(entries.length); level += 1) {
    for (let index = 0; index * 256 < hashes.length; index += 1) {
      const width = widthOf({ index }, hashes.length);
      const part = hashes.slice(index * 256, index * 256 + width);
      files.set(tilePath({ level, index, width }), Buffer.concat(part));
      if (level > 0) continue;
      const bundle = encodeBundle(entries.slice(index * 256, index * 256 + width));
      files.set(tilePath({ level: "entries", index, width }), bundle);
    }
    hashes = Array.from({ length: hashesAt(level + 1, entries.length) }, (_none, at) =>
      pairUp(hashes.slice(at * 256, (at + 1) * 256)),
    );
  }
  const read: Source["read"] = async (path) => Promise.resolve(files.get(path) ?? null);
  return { files, source: { read }, key: verifierKeyText(ed25519Signer(ORIGIN, SEED)) };
}
