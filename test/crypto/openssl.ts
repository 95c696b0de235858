/**
 * The `openssl` command as a witness of SM2: keys and signatures in the ASN.1 forms that it reads
 * (RFC 5480, RFC 5915, GM/T 0009-2012), written by hand so that nothing here comes from the
 * product.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** OBJECT IDENTIFIER 1.2.156.10197.1.301, the SM2 curve. */
const CURVE = "06082a811ccf5501822d";
/** OBJECT IDENTIFIER 1.2.840.10045.2.1, a public key of an elliptic curve. */
const EC_KEY = "06072a8648ce3d0201";

function tlv(tag: string, body: string): string {
  const length = body.length / 2;
  assert.ok(length < 256);
  const size = length.toString(16).padStart(2, "0");
  return tag + (length < 128 ? "" : "81") + size + body;
}

/** An unsigned number of 32 bytes as INTEGER, the shortest way. */
function integer(hex: string): string {
  const short = hex.replace(/^(?:00)+(?=..)/u, "");
  return tlv("02", /^[89a-f]/u.test(short) ? `00${short}` : short);
}

function pem(kind: string, hex: string): string {
  const text = Buffer.from(hex, "hex").toString("base64").replaceAll(/.{64}/gu, "$&\n");
  return `-----BEGIN ${kind}-----\n${text.trimEnd()}\n-----END ${kind}-----\n`;
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

export function publicPem(publicKey: Uint8Array): string {
  const algorithm = tlv("30", EC_KEY + CURVE);
  return pem("PUBLIC KEY", tlv("30", algorithm + tlv("03", `00${hexOf(publicKey)}`)));
}

export function privatePem(privateKey: Uint8Array, publicKey: Uint8Array): string {
  const point = tlv("a1", tlv("03", `00${hexOf(publicKey)}`));
  const key = tlv("04", hexOf(privateKey));
  return pem("EC PRIVATE KEY", tlv("30", `020101${key}${tlv("a0", CURVE)}${point}`));
}

/** r and s as the SEQUENCE of two INTEGERs. */
export function derSignature(signature: Uint8Array): Buffer {
  const hex = hexOf(signature);
  return Buffer.from(tlv("30", integer(hex.slice(0, 64)) + integer(hex.slice(64))), "hex");
}

interface Element {
  readonly body: Buffer;
  readonly rest: Buffer;
}

function elementOf(bytes: Buffer): Element {
  const first = bytes.readUInt8(1);
  const isLong = first >= 0x80;
  const length = isLong ? bytes.readUIntBE(2, first - 0x80) : first;
  const from = isLong ? 2 + first - 0x80 : 2;
  return { body: bytes.subarray(from, from + length), rest: bytes.subarray(from + length) };
}

function elementsOf(sequence: Buffer): readonly Buffer[] {
  const found: Buffer[] = [];
  let { body: left } = elementOf(sequence);
  while (left.length > 0) {
    const { body, rest } = elementOf(left);
    found.push(body);
    left = rest;
  }
  return found;
}

const number32 = (body: Buffer): string => hexOf(body).padStart(64, "0").slice(-64);

/** r and s, 32 bytes each, of a SEQUENCE. */
export function rawSignature(der: Buffer): Buffer {
  return Buffer.from(elementsOf(der).map(number32).join(""), "hex");
}

/** C1 || C3 || C2 of the SEQUENCE { x, y, hash, ciphertext }. */
export function rawCiphertext(der: Buffer): Buffer {
  const [x, y, hash, body] = elementsOf(der);
  assert.ok(x && y && hash && body);
  return Buffer.from(`04${number32(x)}${number32(y)}${hexOf(hash)}${hexOf(body)}`, "hex");
}

/** The SEQUENCE of C1 || C3 || C2. */
export function derCiphertext(raw: Uint8Array): Buffer {
  const hex = hexOf(raw);
  const [x, y] = [hex.slice(2, 66), hex.slice(66, 130)];
  const parts =
    integer(x) + integer(y) + tlv("04", hex.slice(130, 194)) + tlv("04", hex.slice(194));
  return Buffer.from(tlv("30", parts), "hex");
}

/**
 * Runs `openssl` over files named in `files`, which are written first, in a folder of its own;
 * returns the file `out`. Throws when the command says no.
 */
export function openssl(
  words: readonly string[],
  files: Readonly<Record<string, string | Uint8Array>>,
): Buffer {
  const folder = mkdtempSync(path.join(tmpdir(), "midan-openssl-"));
  try {
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(path.join(folder, name), content);
    }
    execFileSync("openssl", [...words, "-out", "out"], { cwd: folder, stdio: "pipe" });
    return readFileSync(path.join(folder, "out"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
