/**
 * Runs the published vectors of others against what the product has, one row for each file: whether
 * it accepts, that is, gives the very bytes, opens what is whole and refuses what is not. Null
 * where the product has no such thing; why stands in the row.
 */
import { createCipheriv, hash } from "node:crypto";
import { aeadOpen, aeadSeal } from "../../src/crypto/aead.ts";
import { hkdfExpand, hkdfExtract, hmac } from "../../src/crypto/hkdf.ts";
import { hpkeRecipient, hpkeSender } from "../../src/crypto/hpke.ts";
import { sm2KeyPairOf, sm2Sign, sm2Verify } from "../../src/crypto/sm2.ts";
import { NONCE_BYTES, SUITES, TAG_BYTES } from "../../src/crypto/suites.ts";
import type { Suite } from "../../src/crypto/suites.ts";
import { x25519 } from "../../src/crypto/x25519.ts";

/** A case as it stands in a file; text fields that a file does not have are read as "". */
export class Case {
  readonly #row: Readonly<Record<string, unknown>>;

  constructor(row: Readonly<Record<string, unknown>>) {
    this.#row = row;
  }

  text(name: string): string {
    const value = this.#row[name];
    return typeof value === "string" ? value : "";
  }

  bytes(name: string): Buffer {
    return Buffer.from(this.text(name), "hex");
  }

  number(name: string): number {
    const value = this.#row[name];
    return typeof value === "number" ? value : Number.NaN;
  }

  list(name: string): readonly Case[] {
    const value: unknown = this.#row[name];
    // The files are lists of objects wherever they have lists that are read here.
    return Array.isArray(value) ? value.map((one) => new Case(one as Record<string, unknown>)) : [];
  }

  /** The whole case, for readers that know its shape. */
  get row(): Readonly<Record<string, unknown>> {
    return this.#row;
  }

  get id(): string {
    return this.text("id");
  }
}

export interface VectorFile {
  readonly name: string;
  /** What the product does not have, and why; these cases are left out. */
  readonly without: string;
  readonly run: (one: Case) => boolean | null;
}

const equal = (bytes: Uint8Array | null, hex: string): boolean =>
  bytes !== null && Buffer.from(bytes).toString("hex") === hex;

/** Seals to the very bytes and opens them, or does neither. */
function runAead(suite: Suite, one: Case): boolean | null {
  const [key, nonce, associated] = [one.bytes("key"), one.bytes("iv"), one.bytes("aad")];
  if (key.length !== suite.keyBytes || nonce.length !== NONCE_BYTES) return null;
  const input = { key, nonce, associated };
  const plaintext = one.bytes("msg");
  const sealed = one.text("ct") + one.text("tag");
  const target = Buffer.alloc(plaintext.length + TAG_BYTES);
  aeadSeal(suite, input, { plaintext, target });
  const opens = equal(aeadOpen(suite, input, Buffer.from(sealed, "hex")), one.text("msg"));
  return opens && equal(target, sealed);
}

function runMac(suite: Suite, one: Case): boolean {
  const tag = hmac(suite, one.bytes("key"), one.bytes("msg"));
  return equal(tag.subarray(0, one.number("tagSize") / 8), one.text("tag"));
}

function runHkdf(one: Case): boolean {
  const key = hkdfExtract(SUITES.intl, one.bytes("salt"), one.bytes("ikm"));
  try {
    const output = { info: one.bytes("info"), length: one.number("size") };
    return equal(hkdfExpand(SUITES.intl, key, output), one.text("okm"));
  } catch {
    return false;
  }
}

function runX25519(one: Case): boolean {
  return equal(x25519(one.bytes("private"), one.bytes("public")), one.text("shared"));
}

/** Base mode, X25519, HKDF-SHA256 and AES-256-GCM; first message, from both sides. */
function runHpke(one: Case): boolean | null {
  const ids = ["mode", "kem_id", "kdf_id", "aead_id"].map((name) => one.number(name)).join();
  if (ids !== "0,32,1,2") return null;
  const info = one.bytes("info");
  const sender = hpkeSender(one.bytes("pkRm"), one.bytes("skEm"), info);
  const recipient = hpkeRecipient(one.bytes("skRm"), one.bytes("enc"), info);
  const [message] = one.list("encryptions");
  if (sender === null || recipient === null || message === undefined) return false;
  const input = { ...recipient, associated: message.bytes("aad") };
  const opened = aeadOpen(SUITES.intl, input, message.bytes("ct"));
  return (
    equal(sender.encapsulated, one.text("enc")) &&
    equal(sender.key, one.text("key")) &&
    equal(sender.nonce, one.text("base_nonce")) &&
    equal(opened, message.text("pt"))
  );
}

/** Enciphering one block again and again is CBC over that block and then zero blocks. */
function runSm4Block(one: Case): boolean {
  const input = Buffer.alloc(16 * one.number("iterations"));
  input.set(one.bytes("pt"));
  const cipher = createCipheriv("sm4-cbc", one.bytes("key"), Buffer.alloc(16));
  return equal(cipher.update(input).subarray(-16), one.text("ct"));
}

function runSm2(one: Case): boolean {
  const pair = sm2KeyPairOf(one.bytes("d"));
  const signature = sm2Sign(pair, one.bytes("msg"), () => one.bytes("k"));
  return (
    equal(pair.publicKey, one.text("pub")) &&
    equal(signature, one.text("r") + one.text("s")) &&
    sm2Verify(pair.publicKey, one.bytes("msg"), signature)
  );
}

function runStandard(one: Case): boolean | null {
  switch (one.text("alg")) {
    case "SM3":
      return hash(SUITES.gm.hash, one.bytes("msg")) === one.text("digest");
    case "SM4-ECB":
      return runSm4Block(one);
    case "SM4-GCM": {
      const names = { key: "key", iv: "iv", aad: "aad", msg: "pt", ct: "ct", tag: "tag" };
      const texts = Object.entries(names).map(([to, from]) => [to, one.text(from)] as const);
      return runAead(SUITES.gm, new Case(Object.fromEntries(texts)));
    }
    case "SM2-sign":
      return runSm2(one);
    default:
      return null;
  }
}

export const VECTOR_FILES: readonly VectorFile[] = [
  {
    name: "wycheproof_aes_gcm",
    without: "keys of 256 and nonces of 96 bits only",
    run: (one) => runAead(SUITES.intl, one),
  },
  {
    name: "wycheproof_sm4_gcm",
    without: "nonces of 96 bits only",
    run: (one) => runAead(SUITES.gm, one),
  },
  { name: "wycheproof_hmac_sha256", without: "", run: (one) => runMac(SUITES.intl, one) },
  { name: "wycheproof_hmac_sm3", without: "", run: (one) => runMac(SUITES.gm, one) },
  { name: "wycheproof_hkdf_sha256", without: "", run: runHkdf },
  { name: "wycheproof_x25519", without: "", run: runX25519 },
  {
    name: "rfc9180_hpke",
    without: "base mode, X25519, HKDF-SHA256 and AES-256-GCM only",
    run: runHpke,
  },
  { name: "gbt_sm234", without: "no SM4-CCM", run: runStandard },
];
