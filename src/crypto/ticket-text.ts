/**
 * The text of a ticket (面单密码): `MDT1` and Crockford base32 in capitals, so that a QR code carries
 * it as alphanumeric. docs/formats/ticket.md. Every ticket fills its QR version, whatever is in it.
 */
import { Failure } from "../rules/failure.ts";
import { symbolsOf, textOf } from "./base32.ts";

const PREFIX = "MDT1";
const PREFIX_PATTERN = /^mdt[1il]/u;
const SYMBOL_BITS = 5;
const SYMBOL_MASK = 31;
const BYTE_BITS = 8;
/** A camera may add blanks or a line's end, hardly more. */
const INPUT_CHARACTERS_MAX = 600;

/** Letters that a QR code of each version holds at level M (ISO/IEC 18004, table 7). */
const LETTERS_BY_VERSION = {
  6: 154,
  7: 178,
  8: 221,
  9: 262,
  10: 311,
  11: 366,
  12: 419,
} as const;

export type TicketVersion = keyof typeof LETTERS_BY_VERSION;

/** Smallest first. */
export const TICKET_VERSIONS: readonly TicketVersion[] = [6, 7, 8, 9, 10, 11, 12];

/** Bytes of a ticket that fills a QR code of that version at level M. */
export function ticketBytes(version: TicketVersion): number {
  const symbols = LETTERS_BY_VERSION[version] - PREFIX.length;
  return Math.floor((symbols * SYMBOL_BITS) / BYTE_BITS);
}

/** The size that a ticket's first byte names, or null for one that there is not. */
export function ticketVersionOf(byte: number | undefined): TicketVersion | null {
  return TICKET_VERSIONS.find((version) => version === byte) ?? null;
}

function symbolsFrom(bytes: Uint8Array): Uint8Array {
  const symbols = new Uint8Array(Math.ceil((bytes.length * BYTE_BITS) / SYMBOL_BITS));
  let pending = 0;
  let bits = 0;
  let count = 0;
  for (const byte of bytes) {
    pending = (pending << BYTE_BITS) | byte;
    bits += BYTE_BITS;
    for (; bits >= SYMBOL_BITS; count += 1) {
      bits -= SYMBOL_BITS;
      symbols[count] = (pending >>> bits) & SYMBOL_MASK;
      pending &= (1 << bits) - 1;
    }
  }
  if (bits > 0) symbols[count] = (pending << (SYMBOL_BITS - bits)) & SYMBOL_MASK;
  return symbols;
}

/** The whole bytes of `symbols`, and whether the bits left over are zero. */
function bytesFrom(symbols: Uint8Array): { bytes: Buffer; isWhole: boolean } {
  const bytes = Buffer.alloc(Math.floor((symbols.length * SYMBOL_BITS) / BYTE_BITS));
  let pending = 0;
  let bits = 0;
  let count = 0;
  for (const symbol of symbols) {
    pending = (pending << SYMBOL_BITS) | symbol;
    bits += SYMBOL_BITS;
    if (bits < BYTE_BITS) continue;
    bits -= BYTE_BITS;
    bytes[count] = pending >>> bits;
    pending &= (1 << bits) - 1;
    count += 1;
  }
  return { bytes, isWhole: bits < SYMBOL_BITS && pending === 0 };
}

/** The text of a ticket's bytes. */
export function ticketText(bytes: Uint8Array): string {
  return PREFIX + textOf(symbolsFrom(bytes)).toUpperCase();
}

/** Drops what scanners and pasting add: blanks, hyphens, a byte order mark, other letter forms. */
function tidied(text: string): string {
  if (text.length > INPUT_CHARACTERS_MAX) throw new Failure("TICKET_ALTERED");
  return text
    .normalize("NFKC")
    .replaceAll(/[\s\u200b\ufeff\u00ad\u2010-\u2015\u2212-]/gu, "")
    .toLowerCase();
}

function requirePrefix(text: string): string {
  if (text.length < PREFIX.length) throw new Failure("TICKET_CUT");
  if (PREFIX_PATTERN.test(text)) return text.slice(PREFIX.length);
  throw new Failure(/^mdt[02-9]/u.test(text) ? "TICKET_VERSION" : "TICKET_ALTERED");
}

/**
 * The bytes of a ticket's text, as many as their first says. Throws TICKET_VERSION for `MDT` and
 * another digit, TICKET_CUT when letters are missing at the end, TICKET_ALTERED for everything else
 * that no ticket of ours reads like. None of the text is repeated.
 */
export function parseTicketText(text: string): Buffer {
  const symbols = symbolsOf(requirePrefix(tidied(text)));
  if (symbols === null) throw new Failure("TICKET_ALTERED");
  const { bytes, isWhole } = bytesFrom(symbols);
  if (bytes.length === 0) throw new Failure("TICKET_CUT");
  const version = ticketVersionOf(bytes[0]);
  if (version === null) throw new Failure("TICKET_ALTERED");
  if (bytes.length < ticketBytes(version)) throw new Failure("TICKET_CUT");
  if (bytes.length > ticketBytes(version) || !isWhole) throw new Failure("TICKET_ALTERED");
  return bytes;
}
