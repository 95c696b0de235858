/**
 * SM2 signatures (GB/T 32918.2) and public-key encryption (GB/T 32918.4) on the recommended curve
 * (GB/T 32918.5), through a library of SM2. Never through `crypto.sign`: what Node makes with a key
 * on the SM2 curve is ECDSA, or SM2 with an empty signer's id, and nobody else verifies it.
 *
 * Some hundred signatures and some dozen verifications a second: batches, never rows. The library
 * is not constant in time, so keys belong on machines that share no core with strangers.
 */
import { sm2 } from "sm-crypto-v2";

/** The signer's id when none was agreed on (GM/T 0009-2012 section 10). */
export const SM2_ID = "1234567812345678";
/** 0x04, then x and y: the uncompressed form of GB/T 32918.1 section 4.2.9. */
export const SM2_PUBLIC_KEY_BYTES = 65;
/** r, then s, 32 bytes each. */
export const SM2_SIGNATURE_BYTES = 64;
/** What a ciphertext is longer than its plaintext: a point of 65 bytes and an SM3 hash. */
export const SM2_CIPHERTEXT_EXTRA_BYTES = 97;
/**
 * Shorter plaintexts are refused: the key stream of one byte is zero once in 256 times, which the
 * standard forbids (GB/T 32918.4 section 6.1, step A5) and the library does not look for.
 */
export const SM2_PLAINTEXT_BYTES_MIN = 16;
export const SM2_PLAINTEXT_BYTES_MAX = 4096;

const ORDER = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;
const SCALAR_BYTES = 32;
const POINT_IS_UNCOMPRESSED = 4;
/** C1 || C3 || C2, the order of GB/T 32918.4-2016. */
const C1C3C2 = 1;

export interface Sm2KeyPair {
  /** 32 bytes. */
  readonly privateKey: Uint8Array;
  /** 65 bytes, beginning with 4. */
  readonly publicKey: Uint8Array;
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}

function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${hexOf(bytes)}`);
}

/** From 1 to n - 2, as private keys must be (GB/T 32918.1 section 6.1). */
function isPrivateKey(bytes: Uint8Array): boolean {
  if (bytes.length !== SCALAR_BYTES) return false;
  const value = numberOf(bytes);
  return value >= 1n && value <= ORDER - 2n;
}

function requirePrivateKey(privateKey: Uint8Array): void {
  if (!isPrivateKey(privateKey)) throw new RangeError("not a private key of SM2");
}

/** 32 bytes from `randomBytes` that are a private key; others are thrown away (one in 2^32). */
function randomScalar(randomBytes: (count: number) => Uint8Array): Uint8Array {
  for (;;) {
    const scalar = randomBytes(SCALAR_BYTES);
    if (isPrivateKey(scalar)) return scalar;
  }
}

/** Whether `bytes` are a point of the curve in the uncompressed form, as a public key must be. */
export function isSm2PublicKey(bytes: Uint8Array): boolean {
  if (bytes.length !== SM2_PUBLIC_KEY_BYTES || bytes[0] !== POINT_IS_UNCOMPRESSED) return false;
  try {
    return sm2.verifyPublicKey(hexOf(bytes));
  } catch {
    return false;
  }
}

/** The pair of a private key. Throws RangeError when it is none: a programmer error. */
export function sm2KeyPairOf(privateKey: Uint8Array): Sm2KeyPair {
  requirePrivateKey(privateKey);
  const publicKey = Buffer.from(sm2.getPublicKeyFromPrivateKey(hexOf(privateKey)), "hex");
  return { privateKey, publicKey };
}

/** A new pair from a source of good random bytes. */
export function newSm2KeyPair(randomBytes: (count: number) => Uint8Array): Sm2KeyPair {
  return sm2KeyPairOf(randomScalar(randomBytes));
}

/**
 * Signs `message` (any length; hashed with SM3 behind the signer's id and key, GB/T 32918.2 section
 * 6.1) with id 1234567812345678. Returns r and s, 64 bytes. `randomBytes` must be good: two
 * signatures with the same bytes give the key away.
 */
export function sm2Sign(
  pair: Sm2KeyPair,
  message: Uint8Array,
  randomBytes: (count: number) => Uint8Array,
): Buffer {
  requirePrivateKey(pair.privateKey);
  const nonce = sm2KeyPairOf(randomScalar(randomBytes));
  const point = {
    k: numberOf(nonce.privateKey),
    x1: numberOf(nonce.publicKey.subarray(1, 1 + SCALAR_BYTES)),
  };
  const signature = sm2.doSignature(message, hexOf(pair.privateKey), {
    hash: true,
    publicKey: hexOf(pair.publicKey),
    userId: SM2_ID,
    pointPool: [point],
  });
  return Buffer.from(signature, "hex");
}

/** r and s must lie from 1 to n - 1 (GB/T 32918.2 section 7.1), which the library leaves open. */
function isSignature(signature: Uint8Array): boolean {
  if (signature.length !== SM2_SIGNATURE_BYTES) return false;
  const halves = [signature.subarray(0, SCALAR_BYTES), signature.subarray(SCALAR_BYTES)];
  return halves.map(numberOf).every((half) => half >= 1n && half < ORDER);
}

/**
 * Whether `signature` (64 bytes) over `message` was made with the key of `publicKey` and id
 * 1234567812345678. False for anything that does not fit, malformed keys and signatures included;
 * never throws.
 */
export function sm2Verify(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (!isSignature(signature) || !isSm2PublicKey(publicKey)) return false;
  return sm2.doVerifySignature(message, hexOf(signature), hexOf(publicKey), {
    hash: true,
    userId: SM2_ID,
  });
}

/**
 * Encrypts 16 to 4096 bytes to the holder of `publicKey`: C1 (65 bytes, uncompressed) || C3 (32) ||
 * C2. The random number is the library's own, from the Web Crypto source of Node. Throws RangeError
 * for another length or a public key that is none.
 */
export function sm2Encrypt(publicKey: Uint8Array, plaintext: Uint8Array): Buffer {
  const { length } = plaintext;
  if (length < SM2_PLAINTEXT_BYTES_MIN || length > SM2_PLAINTEXT_BYTES_MAX)
    throw new RangeError("SM2 encrypts 16 to 4096 bytes here");
  if (!isSm2PublicKey(publicKey)) throw new RangeError("not a public key of SM2");
  // The library leaves out the byte that says how the point is written.
  return Buffer.from(`04${sm2.doEncrypt(plaintext, hexOf(publicKey), C1C3C2)}`, "hex");
}

/**
 * Opens what `sm2Encrypt` or another implementation made in the same form; null when anything does
 * not fit. Throws RangeError only for a private key that is none.
 */
export function sm2Decrypt(privateKey: Uint8Array, ciphertext: Uint8Array): Buffer | null {
  requirePrivateKey(privateKey);
  const length = ciphertext.length - SM2_CIPHERTEXT_EXTRA_BYTES;
  if (length < SM2_PLAINTEXT_BYTES_MIN || length > SM2_PLAINTEXT_BYTES_MAX) return null;
  if (!isSm2PublicKey(ciphertext.subarray(0, SM2_PUBLIC_KEY_BYTES))) return null;
  const plaintext = sm2.doDecrypt(hexOf(ciphertext.subarray(1)), hexOf(privateKey), C1C3C2, {
    output: "array",
  });
  // The library answers a hash that does not fit with no bytes at all.
  return plaintext.length === length ? Buffer.from(plaintext) : null;
}
