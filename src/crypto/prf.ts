/**
 * The one pseudorandom function. PRF(key, input) = H(toByte(3, 32) || key || input) with key and
 * input of 32 bytes, exactly RFC 8391 section 5.1; the `gm` suite puts SM3 where the RFC has
 * SHA-256. All inputs have one fixed length, so that extending the hash gains an attacker nothing.
 */
import { hash } from "node:crypto";
import type { Suite } from "./suites.ts";

export const KEY_BYTES = 32;
const PREFIX_BYTES = 32;
const INPUT_AT = PREFIX_BYTES + KEY_BYTES;
const INPUT_BYTES = 32;
const BLOCK_BYTES = INPUT_AT + INPUT_BYTES;

/** Every use of the PRF begins its input with one of these, so that no two uses ever meet. */
export const LABEL_BYTES = 12;
export type Label =
  | "midan.tree"
  | "midan.part"
  | "midan.salt"
  | "midan.label"
  | "midan.token"
  | "midan.phone"
  | "midan.finger"
  | "midan.order"
  | "midan.body"
  | "midan.shop"
  | "midan.staff"
  | "midan.parcel"
  | "midan.config"
  | "midan.note"
  | "midan.totp"
  | "midan.pepper"
  | "midan.brake"
  | "midan.known"
  | "midan.quota"
  | "midan.about"
  | "midan.person"
  | "midan.cursor"
  | "midan.once"
  | "midan.answer"
  | "midan.hook"
  | "midan.list";

/* The one scratch block: hashing is synchronous, so no two callers ever share it. */
const block = Buffer.alloc(BLOCK_BYTES);
block[PREFIX_BYTES - 1] = 3;

/** A label alone, padded to a whole input: cheaper to copy than to write anew for each call. */
const paddedLabels = new Map<Label, Buffer>();

function paddedLabel(label: Label): Buffer {
  const known = paddedLabels.get(label);
  if (known !== undefined) return known;
  const padded = Buffer.alloc(INPUT_BYTES);
  padded.write(label, "latin1");
  paddedLabels.set(label, padded);
  return padded;
}

/*
 * A digest asked for as a buffer costs Node three times what hashing does: it makes each one memory
 * of its own outside the heap. As Latin-1 text it stays inside, and so does the small copy.
 */
const digest = Buffer.alloc(KEY_BYTES);

function evaluate(suite: Pick<Suite, "hash">, key: Uint8Array): Uint8Array {
  if (key.length !== KEY_BYTES) throw new RangeError("a PRF key has 32 bytes");
  block.set(key, PREFIX_BYTES);
  digest.write(hash(suite.hash, block, "binary"), "latin1");
  return new Uint8Array(digest);
}

/**
 * PRF over a label (12 bytes, zero padded) and at most 20 bytes of input, zero padded. Callers give
 * inputs of one fixed length for each label. Returns 32 bytes.
 */
export function prf(
  suite: Pick<Suite, "hash">,
  key: Uint8Array,
  input: { readonly label: Label; readonly bytes: Uint8Array },
): Uint8Array {
  const { label, bytes } = input;
  if (bytes.length > INPUT_BYTES - LABEL_BYTES) throw new RangeError("a PRF input has 20 bytes");
  block.set(paddedLabel(label), INPUT_AT);
  block.set(bytes, INPUT_AT + LABEL_BYTES);
  return evaluate(suite, key);
}

/**
 * PRF over a message of any length: its input is H(label, zero byte, message). The label inside the
 * hash keeps uses apart; that a hash equals another label's padded input has probability 2^-96.
 */
export function prfMessage(
  suite: Pick<Suite, "hash">,
  key: Uint8Array,
  input: { readonly label: Label; readonly message: string },
): Uint8Array {
  const text = hash(suite.hash, `${input.label}\0${input.message}`, "binary");
  block.write(text, INPUT_AT, "latin1");
  return evaluate(suite, key);
}
