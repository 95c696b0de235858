/**
 * The token (密单号): docs/formats/token.md. `md1` and 26 characters of Crockford base32: serial (40
 * bits) and slot (17) enciphered, random (56), checksum (17). It says where the record lies without
 * showing how many there are, and finds typing errors without a key.
 */
import { Failure } from "../rules/failure.ts";
import { CRC_BITS, crc17 } from "./crc17.ts";
import { prf } from "./prf.ts";
import type { Suite } from "./suites.ts";

declare const tokenBrand: unique symbol;
/** A token whose form and checksum are right, in lower case without separators. */
export type Token = string & { readonly [tokenBrand]: true };

export const TOKEN_RANDOM_BYTES = 7;
const TOKEN_PREFIX = "md1";
const BODY_CHARACTERS = 26;
const INPUT_CHARACTERS_MAX = 80;

/** Crockford base32: no i, l, o, u. */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const NATIVE = "0123456789abcdefghijklmnopqrstuv";
const ALIASES: Readonly<Record<string, string>> = { o: "0", i: "1", l: "1" };

const SLOT_BITS = 17n;
const PLACE_BITS = 57n;
const RANDOM_BITS = 56n;
const CHECK_BITS = BigInt(CRC_BITS);
const CHECKED_BYTES = 15;

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

function bigintOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
}

function bytesOf(value: bigint, length: number): Buffer {
  return Buffer.from(value.toString(16).padStart(length * 2, "0"), "hex");
}

/** 57 bits that hide serial and slot; the random part makes them different for every token. */
function placePad(key: TokenKey, random: Uint8Array): bigint {
  const pad = prf(key.suite, key.key, { label: "midan.token", bytes: random });
  return pad.readBigUInt64BE(0) >> (64n - PLACE_BITS);
}

function toBase32(value: bigint): string {
  const digits = value.toString(32).padStart(BODY_CHARACTERS, "0");
  let text = "";
  for (const digit of digits) text += ALPHABET.charAt(NATIVE.indexOf(digit));
  return text;
}

/** The token of a sealed waybill. */
export function encodeToken(parts: TokenParts, key: TokenKey): Token {
  const place = (BigInt(parts.serial) << SLOT_BITS) | BigInt(parts.slot);
  const hidden = place ^ placePad(key, parts.random);
  const checked = (hidden << RANDOM_BITS) | bigintOf(parts.random);
  const check = BigInt(crc17(bytesOf(checked, CHECKED_BYTES)));
  // The value has just been made by the rules that the brand stands for.
  return `${TOKEN_PREFIX}${toBase32((checked << CHECK_BITS) | check)}` as Token;
}

/** Drops what reading aloud and spreadsheets add: blanks and hyphens inside, capitals, a BOM. */
function tidied(text: string): string {
  return text.trim().toLowerCase().replaceAll(/[\s\u00ad\u2010-\u2015-]/gu, "");
}

function valueOf(body: string): bigint {
  let digits = "";
  for (const character of body) {
    const index = ALPHABET.indexOf(ALIASES[character] ?? character);
    if (index < 0) throw new Failure("TOKEN_REENCODED");
    digits += index.toString(16).padStart(2, "0");
  }
  let value = 0n;
  for (let at = 0; at < digits.length; at += 2) value = (value << 5n) | BigInt(`0x${digits.slice(at, at + 2)}`);
  return value;
}

/** Characters that only get into a token when something re-encoded it on the way. */
const REENCODED = /[%+&#=;"'\\<>?/\u0000-\u001f\ufffd]|[^\u0000-\u007f]/u;

function requireForm(text: string): string {
  if (text.length > INPUT_CHARACTERS_MAX || REENCODED.test(text)) throw new Failure("TOKEN_REENCODED");
  const tidy = tidied(text);
  if (!tidy.startsWith("md")) throw new Failure("TOKEN_REENCODED");
  if (tidy.length > 2 && !tidy.startsWith(TOKEN_PREFIX)) throw new Failure("TOKEN_VERSION");
  const body = tidy.slice(TOKEN_PREFIX.length);
  if (body.length < BODY_CHARACTERS) throw new Failure("TOKEN_CUT", { characters: tidy.length });
  if (body.length > BODY_CHARACTERS) throw new Failure("TOKEN_REENCODED");
  return body;
}

function checkedValue(body: string): bigint {
  const value = valueOf(body);
  const checked = value >> CHECK_BITS;
  const check = Number(value & ((1n << CHECK_BITS) - 1n));
  if (crc17(bytesOf(checked, CHECKED_BYTES)) !== check) throw new Failure("TOKEN_ALTERED");
  return checked;
}

/**
 * Reads a token that a person or program hands in. Accepts capitals, blanks, hyphens and the letters
 * o, i, l for 0 and 1. Throws, by what went wrong: TOKEN_CUT (too short), TOKEN_REENCODED (characters
 * that a URL, spreadsheet or form put in), TOKEN_VERSION, TOKEN_ALTERED (the checksum does not fit).
 */
export function parseToken(text: string): Token {
  const body = requireForm(text);
  const value = valueOf(body);
  checkedValue(body);
  // Form and checksum have just been shown to be right.
  return `${TOKEN_PREFIX}${toBase32(value)}` as Token;
}

/** Where the record of `token` lies. A token of another tenant gives a place that holds nothing. */
export function locateToken(token: Token, key: TokenKey): TokenParts {
  const checked = checkedValue(token.slice(TOKEN_PREFIX.length));
  const random = bytesOf(checked & ((1n << RANDOM_BITS) - 1n), TOKEN_RANDOM_BYTES);
  const place = (checked >> RANDOM_BITS) ^ placePad(key, random);
  return {
    serial: Number(place >> SLOT_BITS),
    slot: Number(place & ((1n << SLOT_BITS) - 1n)),
    random,
  };
}
