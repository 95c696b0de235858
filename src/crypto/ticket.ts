/**
 * The ticket (面单密码): docs/formats/ticket.md. What the label's 2-D code carries: the sealed
 * minimum that a courier needs at the door, under a key that is this print's alone. Whoever scans
 * it without that key learns the token, which the label shows anyway, and how often it was printed.
 */
import { crc32 } from "node:zlib";
import { Failure } from "../rules/failure.ts";
import { aeadOpen, aeadSeal } from "./aead.ts";
import { NONCE_BYTES, SUITES, TAG_BYTES } from "./suites.ts";
import type { Suite } from "./suites.ts";
import { packTicket, readTicketForm } from "./ticket-content.ts";
import type { ReadTicket, TicketContent } from "./ticket-content.ts";
import {
  parseTicketText,
  TICKET_VERSIONS,
  ticketBytes,
  ticketText,
  ticketVersionOf,
} from "./ticket-text.ts";
import type { TicketVersion } from "./ticket-text.ts";
import { TOKEN_BYTES, tokenBytes, tokenOfBytes } from "./token.ts";
import type { Token } from "./token.ts";
import { PRINT_NUMBER_MAX } from "./waybill-key.ts";

const AT = { version: 0, suite: 1, token: 2, printNumber: 17, salt: 19 };
export const TICKET_SALT_BYTES = 8;
const HEADER_BYTES = AT.salt + TICKET_SALT_BYTES;
const CHECK_BYTES = 4;
const OVERHEAD_BYTES = HEADER_BYTES + TAG_BYTES + CHECK_BYTES;
const ASSOCIATED_PREFIX = Buffer.from("midan.tick1", "latin1");
const LARGEST = 12 satisfies TicketVersion;

/** Where a ticket belongs: tenant (16 bytes) and waybill id (15), authenticated, not stored. */
export interface TicketPlace {
  readonly tenant: Uint8Array;
  readonly waybillId: Uint8Array;
}

/** What a ticket says to everybody. */
export interface TicketHead {
  readonly suite: Suite;
  readonly token: Token;
  readonly printNumber: number;
}

export interface TicketInput extends TicketHead {
  readonly place: TicketPlace;
  /** `ticketKey` of this print. */
  readonly key: Uint8Array;
  /** 8 fresh random bytes. */
  readonly salt: Uint8Array;
}

/** Bytes of packed content that fit a ticket of that QR version. */
export function contentBytes(version: TicketVersion): number {
  return ticketBytes(version) - OVERHEAD_BYTES;
}

function nonceOf(salt: Uint8Array): Buffer {
  const nonce = Buffer.alloc(NONCE_BYTES);
  nonce.set(salt, NONCE_BYTES - TICKET_SALT_BYTES);
  return nonce;
}

function associatedData(header: Uint8Array, { tenant, waybillId }: TicketPlace): Buffer {
  return Buffer.concat([ASSOCIATED_PREFIX, header, tenant, waybillId]);
}

function smallestFor(length: number): TicketVersion {
  return TICKET_VERSIONS.find((version) => length <= contentBytes(version)) ?? LARGEST;
}

function writeHeader(bytes: Buffer, version: TicketVersion, input: TicketInput): void {
  bytes[AT.version] = version;
  bytes[AT.suite] = input.suite.id;
  bytes.set(tokenBytes(input.token), AT.token);
  bytes.writeUInt16BE(input.printNumber, AT.printNumber);
  bytes.set(input.salt, AT.salt);
}

function writeCheck(bytes: Buffer): void {
  const end = bytes.length - CHECK_BYTES;
  bytes.writeUInt32BE(crc32(bytes.subarray(0, end)), end);
}

/**
 * Seals `content` into the text of a ticket, for the smallest QR version (6 to 12, level M) that
 * holds it. What even version 12 does not hold is left out, as `packTicket` says. RangeError for a
 * salt of another length, or a contact of far more than 40 letters: a programmer's errors.
 */
export function sealTicket(input: TicketInput, content: TicketContent): string {
  if (input.salt.length !== TICKET_SALT_BYTES) throw new RangeError("a ticket's salt has 8 bytes");
  const form = packTicket(content, contentBytes(LARGEST));
  const version = smallestFor(form.length);
  const bytes = Buffer.alloc(ticketBytes(version));
  writeHeader(bytes, version, input);
  const plaintext = Buffer.alloc(contentBytes(version));
  plaintext.set(form);
  const { suite, key } = input;
  const associated = associatedData(bytes.subarray(0, HEADER_BYTES), input.place);
  const target = bytes.subarray(HEADER_BYTES, bytes.length - CHECK_BYTES);
  aeadSeal(suite, { key, nonce: nonceOf(input.salt), associated }, { plaintext, target });
  plaintext.fill(0);
  form.fill(0);
  writeCheck(bytes);
  return ticketText(bytes);
}

/** A ticket whose form and checksum are right; still sealed. */
export interface ScannedTicket extends TicketHead {
  readonly bytes: Buffer;
}

function suiteOfByte(id: number | undefined): Suite {
  const suite = Object.values(SUITES).find((row) => row.id === id);
  if (suite === undefined) throw new Failure("TICKET_ALTERED");
  return suite;
}

/**
 * Reads the text that a scanner gave, without any key. Throws TICKET_VERSION, TICKET_CUT or
 * TICKET_ALTERED: scan again, and if that does not help the label is damaged.
 */
export function parseTicket(text: string): ScannedTicket {
  const bytes = parseTicketText(text);
  const end = bytes.length - CHECK_BYTES;
  if (bytes.readUInt32BE(end) !== crc32(bytes.subarray(0, end)))
    throw new Failure("TICKET_ALTERED");
  const token = tokenOfBytes(bytes.subarray(AT.token, AT.token + TOKEN_BYTES));
  const printNumber = bytes.readUInt16BE(AT.printNumber);
  if (token === null || printNumber < 1 || printNumber > PRINT_NUMBER_MAX)
    throw new Failure("TICKET_ALTERED");
  return { bytes, suite: suiteOfByte(bytes[AT.suite]), token, printNumber };
}

/**
 * Opens a scanned ticket. Throws TICKET_BROKEN when key, tenant or waybill are not those that it
 * was sealed for, or a bit of it was changed by somebody who mended the checksum: take the parcel
 * to the outlet.
 */
export function openTicket(
  ticket: ScannedTicket,
  under: { readonly key: Uint8Array; readonly place: TicketPlace },
): ReadTicket {
  const { bytes, suite } = ticket;
  if (ticketVersionOf(bytes[AT.version]) === null) throw new Failure("TICKET_BROKEN");
  const header = bytes.subarray(0, HEADER_BYTES);
  const nonce = nonceOf(bytes.subarray(AT.salt, HEADER_BYTES));
  const input = { key: under.key, nonce, associated: associatedData(header, under.place) };
  const sealed = bytes.subarray(HEADER_BYTES, bytes.length - CHECK_BYTES);
  const plaintext = aeadOpen(suite, input, sealed);
  if (plaintext === null) throw new Failure("TICKET_BROKEN");
  const read = readTicketForm(plaintext);
  plaintext.fill(0);
  return read;
}
