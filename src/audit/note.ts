/**
 * Signed notes (C2SP signed-note): a text, an empty line, and one line for each signature. Written
 * and read here for the log itself; those who check a log use the verifier's own reader.
 */
import { createPrivateKey, createPublicKey, hash, sign, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";

export const NOTE_BYTES_MAX = 1_000_000;
export const SIGNATURES_MAX = 100;
const KEY_ID_BYTES = 4;
const DASH = "\u2014";
/** Signature types of C2SP signed-note and tlog-cosignature; 0xff stands before a name of ours. */
export const SIGNATURE_TYPE = { ed25519: 0x01, cosignature: 0x04, other: 0xff } as const;

export interface NoteKey {
  /** No spaces and no plus sign. */
  readonly name: string;
  /** The signature type's byte, then the public key. */
  readonly key: Uint8Array;
}

export interface NoteSigner extends NoteKey {
  /** The signature over the whole text, the last newline included. */
  readonly sign: (text: string) => Uint8Array;
}

export interface NoteSignature {
  readonly name: string;
  readonly keyId: Uint8Array;
  readonly signature: Uint8Array;
}

export interface Note {
  /** Ends with a newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** SHA-256(name || newline || key), its first four bytes. */
export function keyIdOf({ name, key }: NoteKey): Uint8Array {
  const input = Buffer.concat([Buffer.from(`${name}\n`, "utf8"), key]);
  return hash("sha256", input, "buffer").subarray(0, KEY_ID_BYTES);
}

/** The key as people pass it on: name, key id in hex, and the key in base64, with plus signs. */
export function verifierKeyText(key: NoteKey): string {
  const id = Buffer.from(keyIdOf(key)).toString("hex");
  return `${key.name}+${id}+${Buffer.from(key.key).toString("base64")}`;
}

const KEY_TEXT = /^([^+\s]+)\+[0-9a-f]{8}\+([0-9A-Za-z+/]+={0,2})$/;

/** The key of a text that `verifierKeyText` wrote; null for anything else. */
export function parseVerifierKey(text: string): NoteKey | null {
  const [, name, base64 = ""] = KEY_TEXT.exec(text) ?? [];
  if (name === undefined) return null;
  const key = { name, key: Buffer.from(base64, "base64") };
  return verifierKeyText(key) === text ? key : null;
}

/** Whether the note has a signature of this Ed25519 key that holds (RFC 8032). */
export function isSignedBy(note: Note, key: NoteKey): boolean {
  const found = signatureBy(note, key);
  const isEd25519 = key.key[0] === SIGNATURE_TYPE.ed25519 && key.key.length === 1 + PUBLIC_BYTES;
  if (found === null || !isEd25519) return false;
  const x = Buffer.from(key.key.subarray(1)).toString("base64url");
  const publicKey = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  return verify(null, Buffer.from(note.text, "utf8"), publicKey, found.signature);
}

const PUBLIC_BYTES = 32;

/** DER of an Ed25519 private key (RFC 8410), before the seed of 32 bytes. */
const ED25519_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

function privateKeyOf(seed: Uint8Array): KeyObject {
  const key = Buffer.concat([ED25519_PREFIX, seed]);
  return createPrivateKey({ key, format: "der", type: "pkcs8" });
}

function publicBytesOf(privateKey: KeyObject): Uint8Array {
  const { x } = createPublicKey(privateKey).export({ format: "jwk" });
  return Buffer.from(x ?? "", "base64url");
}

export interface Ed25519Pair {
  /** 32 bytes (RFC 8032 section 5.1.5). */
  readonly publicKey: Uint8Array;
  readonly sign: (message: Uint8Array) => Uint8Array;
}

/** The pair of a seed of 32 bytes. */
export function ed25519Pair(seed: Uint8Array): Ed25519Pair {
  const privateKey = privateKeyOf(seed);
  return {
    publicKey: publicBytesOf(privateKey),
    sign: (message) => sign(null, message, privateKey),
  };
}

/** Signs notes under `name` with an Ed25519 key made from 32 bytes of seed (RFC 8032). */
export function ed25519Signer(name: string, seed: Uint8Array): NoteSigner {
  const { publicKey, sign: signBytes } = ed25519Pair(seed);
  return {
    name,
    key: Buffer.concat([Uint8Array.of(SIGNATURE_TYPE.ed25519), publicKey]),
    sign: (text) => signBytes(Buffer.from(text, "utf8")),
  };
}

/** One signature as a line of a note, with its newline. */
export function signatureLine(by: NoteKey, signature: Uint8Array): string {
  const bytes = Buffer.concat([keyIdOf(by), signature]);
  return `${DASH} ${by.name} ${bytes.toString("base64")}\n`;
}

/** `text` (ending with a newline) signed by each of `signers`. */
export function signedNote(text: string, signers: readonly NoteSigner[]): string {
  if (!text.endsWith("\n")) throw new RangeError("the text of a note ends with a newline");
  return `${text}\n${signers.map((by) => signatureLine(by, by.sign(text))).join("")}`;
}

function signatureOf(line: string): NoteSignature | null {
  const [, name, base64 = ""] =
    new RegExp(`^${DASH} ([^ +]+) ([A-Za-z0-9+/]+={0,2})$`, "u").exec(line) ?? [];
  const bytes = Buffer.from(base64, "base64");
  if (name === undefined || bytes.length <= KEY_ID_BYTES) return null;
  if (bytes.toString("base64") !== base64) return null;
  return { name, keyId: bytes.subarray(0, KEY_ID_BYTES), signature: bytes.subarray(KEY_ID_BYTES) };
}

/** The parts of a note that was written by `signedNote`; null for anything else. Checks no key. */
export function parseNote(note: string): Note | null {
  const split = note.lastIndexOf("\n\n");
  if (split < 0 || !note.endsWith("\n") || note.length > NOTE_BYTES_MAX) return null;
  const lines = note.slice(split + 2, -1).split("\n");
  const signatures = lines.map(signatureOf).filter((signature) => signature !== null);
  if (signatures.length !== lines.length || lines.length > SIGNATURES_MAX) return null;
  return { text: note.slice(0, split + 1), signatures };
}

/** Whether a signature of `key` stands in the note; says nothing about whether it holds. */
export function signatureBy(note: Note, key: NoteKey): NoteSignature | null {
  const id = keyIdOf(key);
  const isBy = (signature: NoteSignature): boolean =>
    signature.name === key.name && Buffer.compare(signature.keyId, id) === 0;
  return note.signatures.find(isBy) ?? null;
}
