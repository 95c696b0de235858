/** A written reason as a commitment in the leaf and, in words, sealed beside it (LEAF-6). */
import { LEAF_ID_BYTES } from "../audit/leaf.ts";
import { sealNote } from "../crypto/note.ts";
import { NONCE_BYTES } from "../crypto/suites.ts";
import { commitment } from "../crypto/waybill-key.ts";
import type { WaybillKey } from "./record.ts";
import type { Vault } from "./vault.ts";

export const REASON_NOTE_CHARACTERS_MAX = 2000;

export interface ReasonNote {
  /** Id of the entry: the note opens under no other. */
  readonly id: Uint8Array;
  readonly note: Uint8Array;
  /** Commitment, hex. */
  readonly reason: string;
}

/** What an entry about the waybill of `key` carries for `words`; dies with the waybill. */
export function reasonNote(
  vault: Pick<Vault, "randomBytes">,
  key: WaybillKey,
  words: string,
): ReasonNote {
  const value = words.slice(0, REASON_NOTE_CHARACTERS_MAX);
  const { suite, leaf, tenant, waybillId } = key;
  const id = vault.randomBytes(LEAF_ID_BYTES);
  const where = { suite, leaf, place: { tenant, waybillId }, entry: id };
  const note = sealNote(where, vault.randomBytes(NONCE_BYTES), value);
  const bytes = commitment(suite, leaf, { kind: "reason", value });
  return { id, note, reason: Buffer.from(bytes).toString("hex") };
}
