/**
 * HPKE (RFC 9180) in base mode, one message for each key: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256,
 * AES-256-GCM. Just what sealing to a public key needs, and nothing to choose.
 */
import { hkdfExpand, hkdfExtract } from "./hkdf.ts";
import { NONCE_BYTES, SUITES } from "./suites.ts";
import { x25519, x25519PublicKey } from "./x25519.ts";

const SUITE = SUITES.intl;
const SHARED_BYTES = 32;
/** RFC 9180 section 7: DHKEM(X25519, HKDF-SHA256) 0x0020, HKDF-SHA256 1, AES-256-GCM 2. */
const KEM_ID = Buffer.from("KEM\u0000\u0020", "latin1");
const HPKE_ID = Buffer.from("HPKE\u0000\u0020\u0000\u0001\u0000\u0002", "latin1");
const VERSION = Buffer.from("HPKE-v1", "latin1");
const BASE_MODE = Buffer.of(0);
const NOTHING = Buffer.alloc(0);

/** Whose labels: the key encapsulation's or the whole scheme's. */
interface Labelled {
  readonly id: Uint8Array;
  readonly label: string;
}

/** RFC 9180 section 4, LabeledExtract. */
function extract({ id, label }: Labelled, salt: Uint8Array, secret: Uint8Array): Buffer {
  const named = Buffer.concat([VERSION, id, Buffer.from(label, "latin1"), secret]);
  return hkdfExtract(SUITE, salt, named);
}

/** RFC 9180 section 4, LabeledExpand. */
function expand(
  { id, label }: Labelled,
  key: Uint8Array,
  output: { readonly info: Uint8Array; readonly length: number },
): Buffer {
  const size = Buffer.alloc(2);
  size.writeUInt16BE(output.length);
  const info = Buffer.concat([size, VERSION, id, Buffer.from(label, "latin1"), output.info]);
  return hkdfExpand(SUITE, key, { info, length: output.length });
}

/** RFC 9180 section 4.1, ExtractAndExpand: the shared secret out of what Diffie-Hellman gave. */
function sharedSecret(agreed: Uint8Array, context: Uint8Array): Buffer {
  const key = extract({ id: KEM_ID, label: "eae_prk" }, NOTHING, agreed);
  return expand({ id: KEM_ID, label: "shared_secret" }, key, {
    info: context,
    length: SHARED_BYTES,
  });
}

export interface HpkeContext {
  /** 32 bytes. */
  readonly key: Buffer;
  /** 12 bytes, of the first and only message. */
  readonly nonce: Buffer;
}

/** RFC 9180 section 5.1, KeySchedule in base mode. */
function keySchedule(shared: Uint8Array, info: Uint8Array): HpkeContext {
  const idHash = extract({ id: HPKE_ID, label: "psk_id_hash" }, NOTHING, NOTHING);
  const infoHash = extract({ id: HPKE_ID, label: "info_hash" }, NOTHING, info);
  const context = Buffer.concat([BASE_MODE, idHash, infoHash]);
  const secret = extract({ id: HPKE_ID, label: "secret" }, shared, NOTHING);
  const part = (label: string, length: number): Buffer =>
    expand({ id: HPKE_ID, label }, secret, { info: context, length });
  return { key: part("key", SUITE.keyBytes), nonce: part("base_nonce", NONCE_BYTES) };
}

/**
 * The sender's side: key and nonce for the holder of `publicKey`, and the `encapsulated` key that
 * goes with the message (32 bytes). `ephemeral` is 32 fresh random bytes. Null when the public key
 * is of small order.
 */
export function hpkeSender(
  publicKey: Uint8Array,
  ephemeral: Uint8Array,
  info: Uint8Array,
): (HpkeContext & { readonly encapsulated: Buffer }) | null {
  const agreed = x25519(ephemeral, publicKey);
  if (agreed === null) return null;
  const encapsulated = x25519PublicKey(ephemeral);
  const shared = sharedSecret(agreed, Buffer.concat([encapsulated, publicKey]));
  return { ...keySchedule(shared, info), encapsulated };
}

/** The recipient's side; null when the encapsulated key is of small order. */
export function hpkeRecipient(
  privateKey: Uint8Array,
  encapsulated: Uint8Array,
  info: Uint8Array,
): HpkeContext | null {
  const agreed = x25519(privateKey, encapsulated);
  if (agreed === null) return null;
  const context = Buffer.concat([encapsulated, x25519PublicKey(privateKey)]);
  return keySchedule(sharedSecret(agreed, context), info);
}
