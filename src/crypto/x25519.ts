/** X25519 (RFC 7748) on raw keys of 32 bytes, which Node only takes in the wrapping of RFC 8410. */
import { createPrivateKey, createPublicKey, diffieHellman } from "node:crypto";
import type { KeyObject } from "node:crypto";

export const X25519_BYTES = 32;
const PRIVATE_HEAD = Buffer.from("302e020100300506032b656e04220420", "hex");
const PUBLIC_HEAD = Buffer.from("302a300506032b656e032100", "hex");

function requireKey(key: Uint8Array): void {
  if (key.length !== X25519_BYTES) throw new RangeError("a key of X25519 has 32 bytes");
}

function privateObject(privateKey: Uint8Array): KeyObject {
  requireKey(privateKey);
  const key = Buffer.concat([PRIVATE_HEAD, privateKey]);
  return createPrivateKey({ key, format: "der", type: "pkcs8" });
}

/** The public key of any 32 bytes. */
export function x25519PublicKey(privateKey: Uint8Array): Buffer {
  const spki = createPublicKey(privateObject(privateKey)).export({ format: "der", type: "spki" });
  return Buffer.from(spki.subarray(PUBLIC_HEAD.length));
}

/**
 * The shared secret, 32 bytes, or null when the other key is a point of small order, with which
 * there is no secret (RFC 7748 section 6.1).
 */
export function x25519(privateKey: Uint8Array, publicKey: Uint8Array): Buffer | null {
  requireKey(publicKey);
  const key = Buffer.concat([PUBLIC_HEAD, publicKey]);
  const other = createPublicKey({ key, format: "der", type: "spki" });
  try {
    return diffieHellman({ privateKey: privateObject(privateKey), publicKey: other });
  } catch {
    return null;
  }
}
