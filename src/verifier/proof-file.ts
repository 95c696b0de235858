/** Proof files (C2SP tlog-proof): read, and an entry led up to the checkpoint that is in them. */
import { fromBase64, textOf, utf8 } from "./bytes.ts";
import { signedCheckpoint } from "./checkpoint.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { HASH_BYTES, entryHash, isIncluded } from "./merkle.ts";
import type { VerifierKey } from "./note.ts";
import type { Platform } from "./platform.ts";
import { Refused } from "./reason.ts";

const HEADER = "c2sp.org/tlog-proof@v1";
const PATH_MAX = 63;

export interface ProvenEntry {
  readonly index: number;
  readonly checkpoint: Checkpoint;
}

/**
 * Checks that `entry` is in the log at the index that the proof names, under its signed checkpoint.
 * `extra` lines are not allowed. Throws PROOF_MALFORMED, PROOF_WRONG and as `signedCheckpoint`.
 */
export async function provenEntry(
  platform: Platform,
  proof: Uint8Array,
  given: { readonly entry: Uint8Array; readonly key: VerifierKey; readonly file: string },
): Promise<ProvenEntry> {
  const { entry, key, file } = given;
  const text = textOf(proof) ?? "";
  const split = text.indexOf("\n\n");
  const [header, indexLine = "", ...pathLines] = text.slice(0, Math.max(0, split)).split("\n");
  const [, digits] = /^index (0|[1-9]\d{0,15})$/.exec(indexLine) ?? [];
  const path = pathLines.map(fromBase64).filter((hash) => hash?.length === HASH_BYTES);
  const isForm = header === HEADER && digits !== undefined && path.length === pathLines.length;
  if (!isForm || path.length > PATH_MAX) throw new Refused("PROOF_MALFORMED", { file });
  const note = utf8(text.slice(split + 2));
  const checkpoint = await signedCheckpoint(platform, note, { file, key });
  const { size, root } = checkpoint;
  const [index, leaf] = [Number(digits), entryHash(platform, entry)];
  // None is null: each has HASH_BYTES.
  const hashes = path as Uint8Array[];
  if (!isIncluded(platform, { leaf, index, size, path: hashes, root }))
    throw new Refused("PROOF_WRONG", { file, index });
  return { index, checkpoint };
}
