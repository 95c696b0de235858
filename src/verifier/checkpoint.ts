/** Checkpoints (C2SP tlog-checkpoint): read, and held against the key of the log. */
import { fromBase64 } from "./bytes.ts";
import { HASH_BYTES } from "./merkle.ts";
import { parseNote, signersOf } from "./note.ts";
import type { SignedNote, VerifierKey } from "./note.ts";
import type { Platform } from "./platform.ts";
import { Refused } from "./reason.ts";

export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  readonly note: SignedNote;
  /** The keys of the log that signed it, as people pass them on; absent when none was asked. */
  readonly by?: readonly string[];
}

const SIZE = /^(?:0|[1-9]\d{0,15})$/;

/** The checkpoint of a note that was already parsed. Throws CHECKPOINT_MALFORMED. */
export function checkpointOf(note: SignedNote, file: string): Checkpoint {
  const [origin = "", digits = "", base64 = "", ...extensions] = note.text.slice(0, -1).split("\n");
  const size = Number(digits);
  const root = fromBase64(base64);
  const isFit = origin !== "" && SIZE.test(digits) && Number.isSafeInteger(size);
  if (!isFit || root?.length !== HASH_BYTES || extensions.includes(""))
    throw new Refused("CHECKPOINT_MALFORMED", { file });
  return { origin, size, root, note };
}

/**
 * The checkpoint in `bytes`, signed by `key` or another key of its line, whose name is the log's
 * origin. Throws NOTE_MALFORMED, CHECKPOINT_MALFORMED, ORIGIN_WRONG, SIGNATURE_MISSING,
 * SIGNATURE_WRONG, or KEY_RETIRED when only keys signed it that were destroyed before.
 */
export async function signedCheckpoint(
  platform: Platform,
  bytes: Uint8Array,
  { file, key }: { readonly file: string; readonly key: VerifierKey },
): Promise<Checkpoint> {
  const checkpoint = checkpointOf(parseNote(bytes, file), file);
  if (checkpoint.origin !== key.name) throw new Refused("ORIGIN_WRONG", { file });
  const signers = await signersOf(platform, checkpoint.note, { key, file });
  if (signers.length === 0) throw new Refused("SIGNATURE_MISSING", { file });
  if (signers.every(({ end }) => end !== null && checkpoint.size > end.size))
    throw new Refused("KEY_RETIRED", { file, detail: key.name });
  return { ...checkpoint, by: signers.map((signer) => signer.key.text) };
}
