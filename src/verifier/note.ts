/** Signed notes (C2SP signed-note) and the keys that sign them, read by the verifier's own code. */
import { fromBase64, fromHex, joined, sameBytes, textOf, utf8 } from "./bytes.ts";
import type { Platform } from "./platform.ts";
import { Refused } from "./reason.ts";
import { verifySm2 } from "./sm2.ts";

const NOTE_BYTES_MAX = 1_000_000;
const SIGNATURES_MAX = 100;
const KEY_ID_BYTES = 4;
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const TIME_BYTES = 8;
export const ED25519 = 0x01;
const COSIGNATURE = 0x04;
/** Anybody's own algorithm, named behind the type: SM2 with SM3 (docs/formats/audit-log.md). */
const OTHER = 0xff;
const SM2_NAME = utf8("SM2-SM3\n");
const MS_PER_SECOND = 1000;
/** A witness whose clock runs ahead by more than this is not believed. */
const FUTURE_MS = 5 * 60 * 1000;

/** The end of a key: when it was destroyed, and the size of the last tree that it signed alone. */
export interface KeyEnd {
  readonly at: Date;
  readonly size: number;
}

export interface KnownKey {
  readonly key: VerifierKey;
  /** Null while it signs. */
  readonly end: KeyEnd | null;
}

export interface VerifierKey {
  readonly name: string;
  readonly id: Uint8Array;
  readonly type: number;
  readonly publicKey: Uint8Array;
  readonly text: string;
  /** The keys before and after it that are known to be the same signer's, and itself. */
  readonly line?: readonly KnownKey[];
}

export interface Signature {
  readonly name: string;
  readonly id: Uint8Array;
  readonly bytes: Uint8Array;
}

export interface SignedNote {
  /** Ends with a newline. */
  readonly text: string;
  readonly signatures: readonly Signature[];
}

/**
 * A key as it is passed on: `name+hexid+base64`. Throws KEY_MALFORMED when it is none or when its
 * id is not that of name and key.
 */
export function parseKey({ sha256 }: Platform, text: string): VerifierKey {
  const [, name = "", hex = "", base64 = ""] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text) ?? [];
  const id = fromHex(hex);
  const key = fromBase64(base64);
  if (id === null || key === null || key.length < 2) throw new Refused("KEY_MALFORMED");
  const computed = sha256(joined(utf8(`${name}\n`), key)).subarray(0, KEY_ID_BYTES);
  if (!sameBytes(id, computed)) throw new Refused("KEY_MALFORMED", { detail: name });
  return { name, id, type: key[0] ?? 0, publicKey: key.subarray(1), text };
}

/** The SM2 point of a key whose type names it; null for other keys. */
export function sm2KeyOf({ type, publicKey }: VerifierKey): Uint8Array | null {
  const name = publicKey.subarray(0, SM2_NAME.length);
  return type === OTHER && sameBytes(name, SM2_NAME) ? publicKey.subarray(SM2_NAME.length) : null;
}

function isControl(code: number): boolean {
  return (code < 0x20 && code !== 0x0a) || code === 0x7f;
}

function parseSignature(line: string, where: { file: string; byte: number }): Signature {
  const [, name = "", base64 = ""] = /^\u2014 ([^+\s]+) (\S+)$/u.exec(line) ?? [];
  const bytes = fromBase64(base64);
  if (name === "" || bytes === null || bytes.length <= KEY_ID_BYTES)
    throw new Refused("NOTE_MALFORMED", where);
  return { name, id: bytes.subarray(0, KEY_ID_BYTES), bytes: bytes.subarray(KEY_ID_BYTES) };
}

/** The note in `bytes` of `file`. Throws NOTE_MALFORMED with the first bad byte. */
export function parseNote(bytes: Uint8Array, file: string): SignedNote {
  const note = textOf(bytes);
  const bad = bytes.findIndex(isControl);
  if (note === null || bytes.length > NOTE_BYTES_MAX || bad >= 0)
    throw new Refused("NOTE_MALFORMED", { file, byte: Math.max(0, bad) });
  const split = note.lastIndexOf("\n\n");
  if (split < 0 || !note.endsWith("\n")) throw new Refused("NOTE_MALFORMED", { file, byte: 0 });
  let byte = utf8(note.slice(0, split + 2)).length;
  const signatures: Signature[] = [];
  for (const line of note.slice(split + 2, -1).split("\n")) {
    signatures.push(parseSignature(line, { file, byte }));
    byte += utf8(line).length + 1;
  }
  if (signatures.length > SIGNATURES_MAX) throw new Refused("NOTE_MALFORMED", { file, byte: 0 });
  return { text: note.slice(0, split + 1), signatures };
}

export function signatureBy(note: SignedNote, key: VerifierKey): Signature | null {
  return note.signatures.find(({ name, id }) => name === key.name && sameBytes(id, key.id)) ?? null;
}

/**
 * Whether the signature of `key` on `note` holds; null when there is none. Throws KEY_MALFORMED for
 * a kind of key that cannot sign notes.
 */
export async function holds(
  platform: Platform,
  note: SignedNote,
  key: VerifierKey,
): Promise<boolean | null> {
  const point = sm2KeyOf(key);
  if (point === null && (key.type !== ED25519 || key.publicKey.length !== KEY_BYTES))
    throw new Refused("KEY_MALFORMED", { detail: key.name });
  const signature = signatureBy(note, key);
  if (signature === null) return null;
  if (signature.bytes.length !== SIGNATURE_BYTES) return false;
  if (point !== null) return verifySm2(point, utf8(note.text), signature.bytes);
  return platform.verifyEd25519(key.publicKey, utf8(note.text), signature.bytes);
}

/**
 * The keys of the line of `key` whose signatures stand in the note and hold; none when there is no
 * signature. Throws SIGNATURE_WRONG for one that does not hold, and as `holds`.
 */
export async function signersOf(
  platform: Platform,
  note: SignedNote,
  { key, file, detail = key.name }: { key: VerifierKey; file: string; detail?: string },
): Promise<readonly KnownKey[]> {
  const found: KnownKey[] = [];
  for (const known of key.line ?? [{ key, end: null }]) {
    const verdict = await holds(platform, note, known.key);
    if (verdict === false) throw new Refused("SIGNATURE_WRONG", { file, detail });
    if (verdict === true) found.push(known);
  }
  return found;
}

/** What a witness said about a checkpoint. */
export type Cosigned =
  | { readonly state: "missing" }
  | { readonly state: "wrong" }
  | { readonly state: "future"; readonly at: Date }
  | { readonly state: "held"; readonly at: Date };

/** Whether the witness of `key` cosigned `note`, and when (C2SP tlog-cosignature, v1). */
export async function cosignedBy(
  platform: Platform,
  note: SignedNote,
  key: VerifierKey,
): Promise<Cosigned> {
  if (key.type !== COSIGNATURE || key.publicKey.length !== KEY_BYTES)
    throw new Refused("KEY_MALFORMED", { detail: key.name });
  const signature = signatureBy(note, key);
  if (signature === null) return { state: "missing" };
  if (signature.bytes.length !== TIME_BYTES + SIGNATURE_BYTES) return { state: "wrong" };
  const { buffer, byteOffset } = signature.bytes;
  const seconds = new DataView(buffer, byteOffset).getBigUint64(0);
  const message = utf8(`cosignature/v1\ntime ${seconds}\n${note.text}`);
  const bytes = signature.bytes.subarray(TIME_BYTES);
  if (!(await platform.verifyEd25519(key.publicKey, message, bytes))) return { state: "wrong" };
  const at = new Date(Number(seconds) * MS_PER_SECOND);
  const isFuture = at.getTime() > platform.now().getTime() + FUTURE_MS;
  return { state: isFuture ? "future" : "held", at };
}
