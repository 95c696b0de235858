/**
 * Notes: words that belong to one log entry about one waybill, such as the written reason of a
 * reveal. They may name people, so they lie beside the log and not in it, sealed under a key that
 * comes out of the waybill's key and the entry's id: they die with the waybill, and no two notes
 * share a key.
 *
 * Form: version (1) || nonce (12) || ciphertext || tag (16). Associated data: "midan.note1" ||
 * tenant (16) || waybill id (15) || entry id (16). See docs/formats/audit-leaf.md, LEAF-6.
 */
import { Failure } from "../rules/failure.ts";
import { aeadOpen, aeadSeal } from "./aead.ts";
import type { EnvelopePlace } from "./envelope.ts";
import { prf } from "./prf.ts";
import { NONCE_BYTES, TAG_BYTES } from "./suites.ts";
import type { Suite } from "./suites.ts";

const VERSION = 1;
const PREFIX = Buffer.from("midan.note1", "latin1");
export const NOTE_BYTES_MAX = 8192;

export interface NotePlace {
  readonly suite: Suite;
  /** The waybill's leaf key, 32 bytes. */
  readonly leaf: Uint8Array;
  readonly place: EnvelopePlace;
  /** Id of the log entry, 16 bytes. */
  readonly entry: Uint8Array;
}

function keyOf({ suite, leaf, entry }: NotePlace): Uint8Array {
  return prf(suite, leaf, { label: "midan.note", bytes: entry }).slice(0, suite.keyBytes);
}

function associatedData({ place, entry }: NotePlace): Uint8Array {
  return Buffer.concat([PREFIX, place.tenant, place.waybillId, entry]);
}

function sealed(where: NotePlace, nonce: Uint8Array, plaintext: Uint8Array): Uint8Array {
  const note = new Uint8Array(1 + NONCE_BYTES + plaintext.length + TAG_BYTES);
  note[0] = VERSION;
  note.set(nonce, 1);
  const target = note.subarray(1 + NONCE_BYTES);
  const input = { key: keyOf(where), nonce, associated: associatedData(where) };
  aeadSeal(where.suite, input, { plaintext, target });
  return note;
}

function opened(where: NotePlace, note: Uint8Array): Buffer {
  const short = note.length < 1 + NONCE_BYTES + TAG_BYTES || note[0] !== VERSION;
  if (short) throw new Failure("ENVELOPE_BROKEN");
  const nonce = note.subarray(1, 1 + NONCE_BYTES);
  const input = { key: keyOf(where), nonce, associated: associatedData(where) };
  const plaintext = aeadOpen(where.suite, input, note.subarray(1 + NONCE_BYTES));
  if (plaintext === null) throw new Failure("ENVELOPE_BROKEN");
  return plaintext;
}

/** Seals `words`, at most about 8,000 bytes of UTF-8. `nonce` is 12 random bytes. */
export function sealNote(where: NotePlace, nonce: Uint8Array, words: string): Uint8Array {
  const plaintext = Buffer.from(words, "utf8");
  if (plaintext.length + 1 + NONCE_BYTES + TAG_BYTES > NOTE_BYTES_MAX) {
    throw new RangeError("too long for a note");
  }
  return sealed(where, nonce, plaintext);
}

/** Opens a note. Throws ENVELOPE_BROKEN on any mismatch, as for envelopes. */
export function openNote(where: NotePlace, note: Uint8Array): string {
  return opened(where, note).toString("utf8");
}

/**
 * Seals the copy of a photo or document in the form of a note; its own random id (16 bytes) stands
 * in `where` in place of an entry's. How long it may be is the caller's to say.
 */
export function sealExhibit(where: NotePlace, nonce: Uint8Array, bytes: Uint8Array): Uint8Array {
  return sealed(where, nonce, bytes);
}

/** Opens what `sealExhibit` sealed. Throws ENVELOPE_BROKEN on any mismatch. */
export function openExhibit(where: NotePlace, exhibit: Uint8Array): Uint8Array {
  return opened(where, exhibit);
}
