/**
 * HKDF (RFC 5869) over HMAC (RFC 2104) with the hash of a suite: SHA-256, or SM3 for `gm`. The two
 * halves are apart, as HPKE needs them.
 */
import { createHmac } from "node:crypto";
import type { Suite } from "./suites.ts";

type Hash = Pick<Suite, "hash">;

/** Both hashes give 32 bytes. */
const HASH_BYTES = 32;
/** RFC 5869 section 2.3. */
const OUTPUT_BYTES_MAX = 255 * HASH_BYTES;

/** HMAC of `message`, 32 bytes. */
export function hmac(suite: Hash, key: Uint8Array, message: Uint8Array): Buffer {
  return createHmac(suite.hash, key).update(message).digest();
}

/** RFC 5869 section 2.2: a pseudorandom key of 32 bytes. An empty salt stands for 32 zero bytes. */
export function hkdfExtract(suite: Hash, salt: Uint8Array, secret: Uint8Array): Buffer {
  return hmac(suite, salt.length === 0 ? Buffer.alloc(HASH_BYTES) : salt, secret);
}

/** RFC 5869 section 2.3: `length` bytes, at most 8160 (RangeError above). */
export function hkdfExpand(
  suite: Hash,
  key: Uint8Array,
  output: { readonly info: Uint8Array; readonly length: number },
): Buffer {
  const { info, length } = output;
  if (!Number.isInteger(length) || length < 0 || length > OUTPUT_BYTES_MAX)
    throw new RangeError("HKDF gives at most 255 blocks");
  const blocks: Buffer[] = [];
  let block: Buffer = Buffer.alloc(0);
  for (let count = 1; (count - 1) * HASH_BYTES < length; count += 1) {
    block = hmac(suite, key, Buffer.concat([block, info, Buffer.of(count)]));
    blocks.push(block);
  }
  return Buffer.concat(blocks).subarray(0, length);
}
