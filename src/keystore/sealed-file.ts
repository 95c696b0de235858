/**
 * How the key store's secrets lie on disk: docs/formats/key-store.md. AES-256-GCM under a wrapping
 * key; the header and the identity of what the file holds are authenticated, so files cannot be
 * exchanged.
 */
import { createCipheriv, createDecipheriv } from "node:crypto";
import { Failure } from "../rules/failure.ts";
import type { RootKey } from "./root-key.ts";

const MAGIC = Buffer.from("MDKS", "latin1");
const VERSION = 1;
const AT = { version: 4, kind: 5, generation: 6, nonce: 10, body: 22 };
const TAG_BYTES = 16;
const GCM = { authTagLength: TAG_BYTES } as const;
export const WRAP_NONCE_BYTES = 12;

/** What a file holds; the number stands in the file. */
export const KINDS = {
  generation: 1,
  compartment: 2,
  tenant: 3,
  index: 4,
  held: 5,
  signing: 6,
  checkpoint: 7,
  ring: 8,
} as const;
export type Kind = keyof typeof KINDS;

export interface SealedFileHead {
  readonly kind: Kind;
  /** The key generation that wraps it; for a generation file the generation it holds. */
  readonly generation: number;
  /** What the secret belongs to, e.g. a serial in hex; authenticated, not stored. */
  readonly identity: string;
}

function headBytes(head: SealedFileHead): Buffer {
  const bytes = Buffer.alloc(AT.nonce);
  bytes.set(MAGIC);
  bytes[AT.version] = VERSION;
  bytes[AT.kind] = KINDS[head.kind];
  bytes.writeUInt32BE(head.generation, AT.generation);
  return bytes;
}

function associatedData(bytes: Buffer, { identity }: SealedFileHead): Buffer {
  return Buffer.concat([bytes, Buffer.from(identity, "utf8")]);
}

/** Seals `secret` into the bytes of a file. `nonce` is 12 random bytes. */
export function sealFile(
  head: SealedFileHead,
  wrapping: { readonly key: Uint8Array; readonly nonce: Uint8Array },
  secret: Uint8Array,
): Buffer {
  if (wrapping.nonce.length !== WRAP_NONCE_BYTES) throw new RangeError("a nonce has 12 bytes");
  const cipher = createCipheriv("aes-256-gcm", wrapping.key, wrapping.nonce);
  const bytes = headBytes(head);
  cipher.setAAD(associatedData(bytes, head));
  const body = Buffer.concat([cipher.update(secret), cipher.final()]);
  return Buffer.concat([bytes, wrapping.nonce, body, cipher.getAuthTag()]);
}

/** Whether the bytes have the form of a sealed file; they may still not open. */
export function isSealedFile(file: Uint8Array): boolean {
  if (file.length < AT.body + TAG_BYTES || file[AT.version] !== VERSION) return false;
  return MAGIC.equals(file.subarray(0, MAGIC.length));
}

/**
 * The generation that a file says it is wrapped under. Throws KEYSTORE_BROKEN when it is no such
 * file.
 */
export function generationOf(file: Uint8Array): number {
  if (!isSealedFile(file)) throw new Failure("KEYSTORE_BROKEN");
  return Buffer.from(file.buffer, file.byteOffset, file.byteLength).readUInt32BE(AT.generation);
}

/** Opens the bytes of a file. Throws KEYSTORE_BROKEN on any mismatch: restore that file. */
export function openFile(head: SealedFileHead, key: Uint8Array, file: Uint8Array): Buffer {
  const expected = headBytes(head);
  // The tag is computed over the head that is expected; the one in the file must be the same.
  const isRight = isSealedFile(file) && expected.equals(file.subarray(0, AT.nonce));
  if (!isRight) throw new Failure("KEYSTORE_BROKEN", { kind: head.kind });
  const nonce = file.subarray(AT.nonce, AT.body);
  const decipher = createDecipheriv("aes-256-gcm", key, nonce, GCM);
  decipher.setAAD(associatedData(expected, head));
  decipher.setAuthTag(file.subarray(file.length - TAG_BYTES));
  const secret = decipher.update(file.subarray(AT.body, file.length - TAG_BYTES));
  try {
    decipher.final();
  } catch {
    secret.fill(0);
    throw new Failure("KEYSTORE_BROKEN", { kind: head.kind });
  }
  return secret;
}

/** As `sealFile`, wrapped by the root key in whatever way it wraps. */
export async function sealUnderRoot(
  head: SealedFileHead,
  rootKey: RootKey,
  secret: Uint8Array,
): Promise<Buffer> {
  const bytes = headBytes(head);
  return Buffer.concat([bytes, await rootKey.wrap(secret, associatedData(bytes, head))]);
}

/**
 * Opens what `sealUnderRoot` made. Throws KEYSTORE_BROKEN when the head is another one, else as the
 * root key does.
 */
export async function openUnderRoot(
  head: SealedFileHead,
  rootKey: RootKey,
  file: Uint8Array,
): Promise<Buffer> {
  const bytes = headBytes(head);
  const isRight = isSealedFile(file) && bytes.equals(file.subarray(0, AT.nonce));
  if (!isRight) throw new Failure("KEYSTORE_BROKEN", { kind: head.kind });
  return rootKey.unwrap(file.subarray(AT.nonce), associatedData(bytes, head));
}

/** Whether the root key that is being replaced still opens these bytes. Fails as the root key. */
export async function isUnderOldRoot(
  head: SealedFileHead,
  rootKey: RootKey,
  file: Uint8Array,
): Promise<boolean> {
  const { change } = rootKey;
  if (change === undefined) return false;
  return change.isUnderOld(file.subarray(AT.nonce), associatedData(headBytes(head), head));
}
