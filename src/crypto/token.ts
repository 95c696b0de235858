/**
 * The token (密单号): docs/formats/token.md. `md1` and 26 characters of Crockford base32: serial (40
 * bits) and slot (17) enciphered, random (56), checksum (17). It says where the record lies without
 * showing how many there are, and finds typing errors without a key.
 */
import { Failure } from "../rules/failure.ts";
import { symbolsOf, textOf } from "./base32.ts";
import { CRC_BITS, crc17 } from "./crc17.ts";
import { KEY_BYTES, prf } from "./prf.ts";
import type { Suite } from "./suites.ts";

declare const tokenBrand: unique symbol;
/** A token whose form and checksum are right, in lower case without separators. */
export type Token = string & { readonly [tokenBrand]: true };

export const TOKEN_RANDOM_BYTES = 7;
const TOKEN_PREFIX = "md1";
/** `md1` as people write it who take the last character for a letter. */
const PREFIX_PATTERN = /^md[1il]/u;
const BODY_CHARACTERS = 26;
export const TOKEN_CHARACTERS = TOKEN_PREFIX.length + BODY_CHARACTERS;
const INPUT_CHARACTERS_MAX = 80;

/** What the checksum covers: 7 zero bits, 57 bits of place, 56 random bits. */
const COVERED_BYTES = 15;
const PLACE_BYTES = 8;
const SYMBOL_BITS = 5;
const SYMBOL_MASK = 31;
const SLOT_SPAN = 2 ** 17;
/** Bits of the serial that share 32 bits with the slot. */
const SERIAL_LOW_SPAN = 2 ** 15;

export interface TokenParts {
  readonly serial: number;
  readonly slot: number;
  /** 7 bytes, chosen at sealing; compared with the record, never indexed. */
  readonly random: Uint8Array;
}

/** What a tenant's tokens are enciphered with. */
export interface TokenKey {
  readonly suite: Pick<Suite, "hash">;
  readonly key: Uint8Array;
}

const pad = Buffer.alloc(KEY_BYTES);

/**
 * XORs the place (57 bits, right aligned in 8 bytes) with the first 57 bits of the PRF of the
 * random part. Doing it twice undoes it.
 */
function coverPlace(covered: Buffer, key: TokenKey): void {
  const random = covered.subarray(PLACE_BYTES);
  pad.set(prf(key.suite, key.key, { label: "midan.token", bytes: random }));
  const high = pad.readUInt32BE(0);
  const low = pad.readUInt32BE(4);
  covered.writeUInt32BE((covered.readUInt32BE(0) ^ (high >>> 7)) >>> 0, 0);
  covered.writeUInt32BE((covered.readUInt32BE(4) ^ ((high << 25) | (low >>> 7))) >>> 0, 4);
}

/** 113 bits and the checksum of 17, five at a time, most significant first. */
function bodySymbols(covered: Uint8Array, check: number): Uint8Array {
  const symbols = new Uint8Array(BODY_CHARACTERS);
  let pending = (covered[0] ?? 0) & 1;
  let bits = 1;
  let count = 0;
  const push = (value: number, width: number): void => {
    pending = (pending << width) | value;
    bits += width;
    for (; bits >= SYMBOL_BITS; count += 1) {
      bits -= SYMBOL_BITS;
      symbols[count] = (pending >>> bits) & SYMBOL_MASK;
      pending &= (1 << bits) - 1;
    }
  };
  for (let at = 1; at < COVERED_BYTES; at += 1) push(covered[at] ?? 0, 8);
  push(check, CRC_BITS);
  return symbols;
}

/** The inverse of `bodySymbols`. */
function readBody(symbols: Uint8Array): { covered: Buffer; check: number } {
  const covered = Buffer.alloc(COVERED_BYTES);
  // The first 113 bits are 22 symbols and three bits of the next; 7 zero bits stand before them.
  let pending = 0;
  let bits = 7;
  let count = 0;
  for (const symbol of symbols) {
    pending = (pending << SYMBOL_BITS) | symbol;
    bits += SYMBOL_BITS;
    if (bits < 8 || count === COVERED_BYTES) continue;
    bits -= 8;
    covered[count] = pending >>> bits;
    pending &= (1 << bits) - 1;
    count += 1;
  }
  return { covered, check: pending };
}

/** The token of a sealed waybill. */
export function encodeToken(parts: TokenParts, key: TokenKey): Token {
  const { serial, slot, random } = parts;
  if (random.length !== TOKEN_RANDOM_BYTES) throw new RangeError("the random part has 7 bytes");
  const covered = Buffer.alloc(COVERED_BYTES);
  covered.writeUInt32BE(Math.floor(serial / SERIAL_LOW_SPAN), 0);
  covered.writeUInt32BE((serial % SERIAL_LOW_SPAN) * SLOT_SPAN + slot, 4);
  covered.set(random, PLACE_BYTES);
  coverPlace(covered, key);
  // The text has just been made by the rules that the brand stands for.
  return `${TOKEN_PREFIX}${textOf(bodySymbols(covered, crc17(covered)))}` as Token;
}

/**
 * Drops what reading aloud and pasting add: blanks and hyphens inside, capitals, full-width forms.
 */
function tidied(text: string): string {
  return text
    .normalize("NFKC")
    .replaceAll(/[\s\u200b\ufeff\u00ad\u2010-\u2015\u2212-]/gu, "")
    .toLowerCase();
}

/** The 26 characters behind the prefix, once the text has the form of a token. */
function requireForm(text: string): string {
  if (text.length > INPUT_CHARACTERS_MAX) throw new Failure("TOKEN_REENCODED");
  const tidy = tidied(text);
  if (/[^0-9a-z]/u.test(tidy)) throw new Failure("TOKEN_REENCODED");
  if (tidy.length > 2 && tidy.startsWith("md") && !PREFIX_PATTERN.test(tidy)) {
    throw new Failure("TOKEN_VERSION");
  }
  if (tidy.length < TOKEN_CHARACTERS) throw new Failure("TOKEN_CUT", { characters: tidy.length });
  if (tidy.length > TOKEN_CHARACTERS || !PREFIX_PATTERN.test(tidy)) {
    throw new Failure("TOKEN_ALTERED");
  }
  return tidy.slice(TOKEN_PREFIX.length);
}

/**
 * Reads a token that a person or program hands in. Accepts capitals, blanks, hyphens and the
 * letters o, i, l for 0 and 1. Throws, by what went wrong: TOKEN_CUT (too short), TOKEN_REENCODED
 * (characters that a URL, spreadsheet or form put in), TOKEN_VERSION, TOKEN_ALTERED (the checksum
 * does not fit).
 */
export function parseToken(text: string): Token {
  const symbols = symbolsOf(requireForm(text));
  // The one letter that base32 lacks and has no look-alike for: u.
  if (symbols === null) throw new Failure("TOKEN_ALTERED");
  const { covered, check } = readBody(symbols);
  if (crc17(covered) !== check) throw new Failure("TOKEN_ALTERED");
  // Form and checksum have just been shown to be right.
  return `${TOKEN_PREFIX}${textOf(symbols)}` as Token;
}

/** Where the record of `token` lies. A token of another tenant gives a place that holds nothing. */
export function locateToken(token: Token, key: TokenKey): TokenParts {
  const symbols = symbolsOf(token.slice(TOKEN_PREFIX.length));
  if (symbols === null) throw new RangeError("not a token");
  const { covered } = readBody(symbols);
  coverPlace(covered, key);
  const high = covered.readUInt32BE(0);
  const low = covered.readUInt32BE(4);
  return {
    serial: high * SERIAL_LOW_SPAN + Math.floor(low / SLOT_SPAN),
    slot: low % SLOT_SPAN,
    random: covered.subarray(PLACE_BYTES),
  };
}

/** Bytes of a token without its checksum, as other formats carry it. */
export const TOKEN_BYTES = COVERED_BYTES;

/** The token's 113 bits behind 7 zero bits: 15 bytes. */
export function tokenBytes(token: Token): Buffer {
  const symbols = symbolsOf(token.slice(TOKEN_PREFIX.length));
  if (symbols === null) throw new RangeError("not a token");
  return readBody(symbols).covered;
}

/** The inverse of `tokenBytes`; null when the 7 bits before a token's are not zero. */
export function tokenOfBytes(bytes: Uint8Array): Token | null {
  if (bytes.length !== COVERED_BYTES) throw new RangeError("a token has 15 bytes");
  if ((bytes[0] ?? 0) > 1) return null;
  // Made by the rules that the brand stands for.
  return `${TOKEN_PREFIX}${textOf(bodySymbols(bytes, crc17(bytes)))}` as Token;
}
