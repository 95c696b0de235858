/**
 * The text of an API key: `mdk1` and 58 letters. It says its public id, carries 160 random bits,
 * and ends with a checksum, so that a key that was cut or mistyped is known for what it is before
 * anything is asked.
 */
import { hash } from "node:crypto";
import { symbolsOf, textOf } from "./base32.ts";

const PREFIX = "mdk1";
export const API_KEY_ID_LETTERS = 16;
export const API_KEY_SECRET_LETTERS = 32;
const CHECK_LETTERS = 10;
const LETTERS = API_KEY_ID_LETTERS + API_KEY_SECRET_LETTERS;
const SYMBOL_MASK = 31;

export interface ApiKeyParts {
  /** Public; what lists show and entries name. */
  readonly id: string;
  readonly secret: string;
}

export type ApiKeyReading =
  | { readonly kind: "key"; readonly key: ApiKeyParts }
  | { readonly kind: "cut" | "altered" | "none" };

function checkOf(letters: string): string {
  const digest = hash("sha256", `${PREFIX}${letters}`, "buffer");
  return textOf(digest.subarray(0, CHECK_LETTERS).map((byte) => byte & SYMBOL_MASK));
}

/** A new key out of 48 random bytes, of which each gives one letter. */
export function newApiKey(random: Uint8Array): {
  readonly text: string;
  readonly key: ApiKeyParts;
} {
  if (random.length !== LETTERS) throw new RangeError("a key is made of 48 random bytes");
  const letters = textOf(random.map((byte) => byte & SYMBOL_MASK));
  const key = {
    id: letters.slice(0, API_KEY_ID_LETTERS),
    secret: letters.slice(API_KEY_ID_LETTERS),
  };
  return { text: `${PREFIX}${letters}${checkOf(letters)}`, key };
}

/** Reads what somebody gave as a key: whole, cut short, altered, or none at all. */
export function readApiKey(given: string): ApiKeyReading {
  const text = given.trim();
  if (!text.startsWith(PREFIX)) return { kind: "none" };
  const letters = text.slice(PREFIX.length);
  if (symbolsOf(letters) === null) return { kind: "altered" };
  if (letters.length < LETTERS + CHECK_LETTERS) return { kind: "cut" };
  const body = letters.slice(0, LETTERS);
  if (letters.slice(LETTERS) !== checkOf(body)) return { kind: "altered" };
  const [id, secret] = [body.slice(0, API_KEY_ID_LETTERS), body.slice(API_KEY_ID_LETTERS)];
  return { kind: "key", key: { id, secret } };
}

/** What the database keeps of a secret with 160 random bits: no slow hash is needed for those. */
export function secretDigest(secret: string): Uint8Array {
  return hash("sha256", secret, "buffer");
}
