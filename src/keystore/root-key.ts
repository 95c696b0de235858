/**
 * The root key: the one secret that the key store does not keep. It wraps the generation keys and
 * nothing else (P6), a few times a week, so it may live in a device or a service that is slow.
 */
import { aeadOpen, aeadSeal } from "../crypto/aead.ts";
import { NONCE_BYTES, SUITES, TAG_BYTES } from "../crypto/suites.ts";

export interface RootKey {
  /** What keeps it, for people; never a path or an address. */
  readonly kind: "file" | "passphrase" | "pkcs11" | "transit";
  /**
   * Whether the key is there. Throws KEYSTORE_ROOT_WRONG when something else is, and
   * KEYSTORE_ROOT_UNAVAILABLE when that cannot be told: try again later.
   */
  exists(): Promise<boolean>;
  /** Makes the key. Only for a store in which nothing was ever kept (KS-4). */
  make(): Promise<void>;
  /** Wraps a secret and authenticates `associated` with it. Fails as `unwrap`. */
  wrap(secret: Uint8Array, associated: Uint8Array): Promise<Uint8Array>;
  /**
   * What was wrapped; whoever asked zeroes it after use. Throws KEYSTORE_ROOT_WRONG when the bytes
   * were not wrapped by this key with this `associated`, KEYSTORE_ROOT_MISSING when there is no
   * key, KEYSTORE_ROOT_UNAVAILABLE when it cannot be reached: try again later.
   */
  unwrap(wrapped: Uint8Array, associated: Uint8Array): Promise<Buffer>;
  /** Ends the key for ever; again changes nothing. Absent where only others may do that. */
  readonly destroy?: () => Promise<void>;
  /** How a new key takes its place; absent where it has to be named first (`movingRootKey`). */
  readonly change?: RootKeyChange;
}

/** Between `begin` and `finish` the old key and the new one unwrap, and the new one wraps. */
export interface RootKeyChange {
  /** Whether a change was begun and not finished. */
  isPending(): Promise<boolean>;
  begin(): Promise<void>;
  /** Whether the old key still opens these bytes; asked only after `begin`. Fails as `unwrap`. */
  isUnderOld(wrapped: Uint8Array, associated: Uint8Array): Promise<boolean>;
  /** Destroys the old key, as far as that can be done from here. Again changes nothing. */
  finish(): Promise<void>;
}

/** The cipher that wraps keys, whatever the suite of the tenant: it guards keys, not waybills. */
const CIPHER = SUITES.intl;
export const ROOT_KEY_BYTES = CIPHER.keyBytes;
export const WRAP_NONCE_BYTES = NONCE_BYTES;

/** Nonce, ciphertext and tag of `secret` under a key of 32 bytes in memory. */
export function wrapUnder(
  wrapping: { readonly key: Uint8Array; readonly nonce: Uint8Array },
  secret: Uint8Array,
  associated: Uint8Array,
): Buffer {
  const target = Buffer.alloc(secret.length + TAG_BYTES);
  aeadSeal(CIPHER, { ...wrapping, associated }, { plaintext: secret, target });
  return Buffer.concat([wrapping.nonce, target]);
}

/** The secret that `wrapUnder` wrapped, or null when anything does not fit. */
export function unwrapUnder(
  key: Uint8Array,
  wrapped: Uint8Array,
  associated: Uint8Array,
): Buffer | null {
  if (wrapped.length < NONCE_BYTES + TAG_BYTES) return null;
  const nonce = wrapped.subarray(0, NONCE_BYTES);
  return aeadOpen(CIPHER, { key, nonce, associated }, wrapped.subarray(NONCE_BYTES));
}
