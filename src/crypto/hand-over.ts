/**
 * Sealing to a public key, whose private half is elsewhere: a backup of keys for a safe, a bundle
 * for another company. docs/formats/hand-over.md. Two ways, one row each, as the suites have it.
 */
import { aeadOpen, aeadSeal } from "./aead.ts";
import { hkdfExpand, hkdfExtract } from "./hkdf.ts";
import { hpkeRecipient, hpkeSender } from "./hpke.ts";
import {
  newSm2KeyPair,
  SM2_CIPHERTEXT_EXTRA_BYTES,
  SM2_PUBLIC_KEY_BYTES,
  sm2Decrypt,
  sm2Encrypt,
} from "./sm2.ts";
import { NONCE_BYTES, SUITES, TAG_BYTES } from "./suites.ts";
import type { Suite } from "./suites.ts";
import { X25519_BYTES, x25519PublicKey } from "./x25519.ts";

type RandomBytes = (count: number) => Uint8Array;

const VERSION = 1;
const HEAD_BYTES = 2;
const SECRET_BYTES = 32;
export const HAND_OVER_BYTES_MAX = 256 * 1024 * 1024;

export interface HandOverKeys {
  /** 32 bytes. */
  readonly privateKey: Uint8Array;
  /** 32 bytes (X25519) or 65 (SM2). */
  readonly publicKey: Uint8Array;
}

interface MessageKey {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
}

/** How a key for one message gets to the holder of a private key. */
interface Way {
  readonly suite: Suite;
  readonly encapsulatedBytes: number;
  readonly makeKeys: (randomBytes: RandomBytes) => HandOverKeys;
  readonly send: (
    publicKey: Uint8Array,
    info: Uint8Array,
    randomBytes: RandomBytes,
  ) => (MessageKey & { readonly encapsulated: Uint8Array }) | null;
  readonly receive: (
    privateKey: Uint8Array,
    info: Uint8Array,
    encapsulated: Uint8Array,
  ) => MessageKey | null;
}

/** Key and nonce out of a secret that SM2 carried; bound to the bytes that carried it. */
function sm2MessageKey(secret: Uint8Array, info: Uint8Array, encapsulated: Uint8Array): MessageKey {
  const suite = SUITES.gm;
  const label = Buffer.from("midan.hand1", "latin1");
  const extracted = hkdfExtract(suite, label, Buffer.concat([secret, encapsulated]));
  const length = suite.keyBytes + NONCE_BYTES;
  const bytes = hkdfExpand(suite, extracted, { info, length });
  return { key: bytes.subarray(0, suite.keyBytes), nonce: bytes.subarray(suite.keyBytes) };
}

const WAYS: Readonly<Record<Suite["name"], Way>> = {
  intl: {
    suite: SUITES.intl,
    encapsulatedBytes: X25519_BYTES,
    makeKeys: (randomBytes) => {
      const privateKey = randomBytes(X25519_BYTES);
      return { privateKey, publicKey: x25519PublicKey(privateKey) };
    },
    send: (publicKey, info, randomBytes) => hpkeSender(publicKey, randomBytes(X25519_BYTES), info),
    receive: (privateKey, info, encapsulated) => hpkeRecipient(privateKey, encapsulated, info),
  },
  gm: {
    suite: SUITES.gm,
    encapsulatedBytes: SECRET_BYTES + SM2_CIPHERTEXT_EXTRA_BYTES,
    makeKeys: newSm2KeyPair,
    send: (publicKey, info, randomBytes) => {
      if (publicKey.length !== SM2_PUBLIC_KEY_BYTES) return null;
      const secret = randomBytes(SECRET_BYTES);
      const encapsulated = sm2Encrypt(publicKey, secret);
      return { ...sm2MessageKey(secret, info, encapsulated), encapsulated };
    },
    receive: (privateKey, info, encapsulated) => {
      const secret = sm2Decrypt(privateKey, encapsulated);
      return secret === null ? null : sm2MessageKey(secret, info, encapsulated);
    },
  },
};

/** New keys of the kind that the suite asks for. */
export function newHandOverKeys(suite: Suite, randomBytes: RandomBytes): HandOverKeys {
  return WAYS[suite.name].makeKeys(randomBytes);
}

export interface HandOverInput {
  readonly suite: Suite;
  readonly publicKey: Uint8Array;
  /** What it is for and where it belongs; authenticated, not stored. */
  readonly info: Uint8Array;
  readonly randomBytes: RandomBytes;
}

/**
 * Seals `plaintext` (at most 256 MiB; RangeError above) to a public key: version (1), suite (1),
 * the encapsulated key, ciphertext, tag. Throws RangeError for a public key that is none.
 */
export function sealTo(input: HandOverInput, plaintext: Uint8Array): Buffer {
  const { suite, send } = WAYS[input.suite.name];
  if (plaintext.length > HAND_OVER_BYTES_MAX) throw new RangeError("too long to hand over");
  const message = send(input.publicKey, input.info, input.randomBytes);
  if (message === null) throw new RangeError("not a public key of this suite");
  const { encapsulated, key, nonce } = message;
  const head = Buffer.of(VERSION, suite.id);
  const target = Buffer.alloc(plaintext.length + TAG_BYTES);
  aeadSeal(suite, { key, nonce, associated: head }, { plaintext, target });
  key.fill(0);
  return Buffer.concat([head, encapsulated, target]);
}

/**
 * Opens what `sealTo` made for the holder of `privateKey`; null for anything that does not fit, and
 * never says what. The suite must be the expected one: the message does not choose it.
 */
export function openSealed(
  input: {
    readonly suite: Suite;
    readonly privateKey: Uint8Array;
    readonly info: Uint8Array;
  },
  sealed: Uint8Array,
): Buffer | null {
  const { suite, encapsulatedBytes, receive } = WAYS[input.suite.name];
  const bodyAt = HEAD_BYTES + encapsulatedBytes;
  if (sealed.length < bodyAt + TAG_BYTES || sealed[0] !== VERSION || sealed[1] !== suite.id)
    return null;
  const message = receive(input.privateKey, input.info, sealed.subarray(HEAD_BYTES, bodyAt));
  if (message === null) return null;
  const associated = sealed.subarray(0, HEAD_BYTES);
  const plaintext = aeadOpen(suite, { ...message, associated }, sealed.subarray(bodyAt));
  message.key.fill(0);
  return plaintext;
}
