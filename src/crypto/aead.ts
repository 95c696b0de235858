/**
 * Authenticated encryption with a suite's cipher: GCM with a 96-bit nonce and a 128-bit tag and
 * nothing else (NIST SP 800-38D section 8.2.1; RFC 8998 section 2). Other sizes are refused,
 * because GCM loses most of its strength with them.
 */
import { createCipheriv, createDecipheriv } from "node:crypto";
import type { CipherGCMTypes } from "node:crypto";
import { NONCE_BYTES, TAG_BYTES } from "./suites.ts";
import type { Suite } from "./suites.ts";

export type AeadSuite = Pick<Suite, "cipher" | "keyBytes">;

export interface AeadInput {
  readonly key: Uint8Array;
  /** 12 bytes, never used twice with one key. */
  readonly nonce: Uint8Array;
  /** Authenticated, not encrypted. */
  readonly associated: Uint8Array;
}

function requireSizes(suite: AeadSuite, input: AeadInput): void {
  if (input.key.length !== suite.keyBytes) throw new RangeError("not a key of this suite");
  if (input.nonce.length !== NONCE_BYTES) throw new RangeError("a nonce has 12 bytes");
}

const keyCopies: Readonly<Record<AeadSuite["keyBytes"], Buffer>> = {
  16: Buffer.alloc(16),
  32: Buffer.alloc(32),
};

/** A small array made by PRF lies on the heap, and Node would move it out for each call. */
function outsideHeap(key: Uint8Array): Uint8Array {
  if (key.length !== 16 && key.length !== 32) return key;
  const copy = keyCopies[key.length];
  copy.set(key);
  return copy;
}

/** The types of Node know AES only; OpenSSL's sm4-gcm has the same interface (shown by vectors). */
function gcmName(suite: AeadSuite): CipherGCMTypes {
  return suite.cipher as CipherGCMTypes;
}

/** Writes ciphertext and tag into `target`, which is 16 bytes longer than `plaintext`. */
export function aeadSeal(
  suite: AeadSuite,
  input: AeadInput,
  from: { readonly plaintext: Uint8Array; readonly target: Uint8Array },
): void {
  requireSizes(suite, input);
  const { plaintext, target } = from;
  if (target.length !== plaintext.length + TAG_BYTES)
    throw new RangeError("target has another size");
  const cipher = createCipheriv(gcmName(suite), outsideHeap(input.key), input.nonce);
  cipher.setAAD(input.associated);
  target.set(cipher.update(plaintext), 0);
  cipher.final();
  target.set(cipher.getAuthTag(), plaintext.length);
}

/** The plaintext of `sealed` (ciphertext and tag), or null when anything at all does not fit. */
export function aeadOpen(suite: AeadSuite, input: AeadInput, sealed: Uint8Array): Buffer | null {
  requireSizes(suite, input);
  const end = sealed.length - TAG_BYTES;
  if (end < 0) return null;
  const options = { authTagLength: TAG_BYTES };
  const decipher = createDecipheriv(gcmName(suite), input.key, input.nonce, options);
  decipher.setAAD(input.associated);
  decipher.setAuthTag(sealed.subarray(end));
  const plaintext = decipher.update(sealed.subarray(0, end));
  try {
    decipher.final();
  } catch {
    // What was deciphered without its tag fitting must not be seen by anyone.
    plaintext.fill(0);
    return null;
  }
  return plaintext;
}
