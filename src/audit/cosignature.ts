/**
 * What a witness signs (C2SP tlog-cosignature, cosignature/v1): the checkpoint's text behind the
 * time at which the witness saw it grow from what it had seen before.
 */
import { SIGNATURE_TYPE, ed25519Pair, signatureLine } from "./note.ts";
import type { NoteKey } from "./note.ts";

const TIMESTAMP_BYTES = 8;
const MS_PER_SECOND = 1000;

export interface Cosigner extends NoteKey {
  /** The line to add to the note of the checkpoint whose text is given. */
  readonly line: (text: string, at: Date) => string;
}

/** The bytes that are signed: two lines of header, then the text of the checkpoint. */
export function cosignedMessage(text: string, seconds: number): Uint8Array {
  return Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`, "utf8");
}

/** A witness of that name, with an Ed25519 key from 32 bytes of seed. */
export function cosigner(name: string, seed: Uint8Array): Cosigner {
  const { publicKey, sign } = ed25519Pair(seed);
  const key = Buffer.concat([Uint8Array.of(SIGNATURE_TYPE.cosignature), publicKey]);
  return {
    name,
    key,
    line(text, at) {
      const seconds = Math.floor(at.getTime() / MS_PER_SECOND);
      const timestamp = Buffer.alloc(TIMESTAMP_BYTES);
      timestamp.writeBigUInt64BE(BigInt(seconds));
      const signature = Buffer.concat([timestamp, sign(cosignedMessage(text, seconds))]);
      return signatureLine({ name, key }, signature);
    },
  };
}
