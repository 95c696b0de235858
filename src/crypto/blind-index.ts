/**
 * Blind indexes (盲索引): docs/formats/blind-index.md, with what each leaks, in bits (P18). All are
 * the PRF of a normalised value under a key that lives in the key store and dies with what it
 * indexes.
 */
import { prf, prfMessage } from "./prf.ts";
import type { Suite } from "./suites.ts";

export interface IndexKey {
  readonly suite: Pick<Suite, "hash">;
  readonly key: Uint8Array;
}

export const TAG_BITS_MIN = 8;
export const TAG_BITS_MAX = 32;
const DIGITS = /^[0-9]{1,15}$/u;
const EXTENSION = /^[0-9]{0,8}$/u;
const PHONE_BLOCK_BYTES = 12;
const PHONE_FORM = 1;

/** Bits for a week of `rowsExpected`: about two more than it takes to count them. */
export function tagBitsFor(rowsExpected: number): number {
  const bits = Math.ceil(Math.log2(Math.max(rowsExpected, 1))) + 2;
  return Math.min(Math.max(bits, TAG_BITS_MIN), TAG_BITS_MAX);
}

function truncated(bytes: Uint8Array, bits: number): number {
  // A shift by 32 shifts by nothing, so a width of none would keep everything.
  if (!(bits >= TAG_BITS_MIN && bits <= TAG_BITS_MAX)) throw new RangeError("8 to 32 bits");
  const [first = 0, second = 0, third = 0, fourth = 0] = bytes;
  const head = (first << 24) | (second << 16) | (third << 8) | fourth;
  // Signed, because PostgreSQL's integer is.
  return (head >>> (32 - bits)) | 0;
}

/** Fields of one message, told apart by zero bytes, of which they hold none. */
function joined(fields: readonly string[]): string {
  for (const field of fields)
    if (field.includes("\0")) throw new RangeError("a zero byte in a field");
  return fields.join("\0");
}

const phoneBlock = Buffer.alloc(2 + PHONE_BLOCK_BYTES);

/**
 * Form, number of digits of each part, then digits in BCD: one block for one number, no two alike.
 */
function encodePhone(digits: string, extension: string): Buffer {
  // The scratch block is used again and a hex write stops at a strange character, so look first.
  if (!DIGITS.test(digits) || !EXTENSION.test(extension)) {
    throw new RangeError("not a normalised phone");
  }
  phoneBlock[0] = PHONE_FORM;
  phoneBlock[1] = (digits.length << 4) | extension.length;
  const packed = `${digits}${extension}`.padEnd(PHONE_BLOCK_BYTES * 2, "0");
  phoneBlock.write(packed, 2, "hex");
  return phoneBlock;
}

/** The tag of a normalised phone (ASCII digits only), `bits` wide, as a signed 32-bit integer. */
export function phoneTag(
  index: IndexKey,
  phone: { readonly digits: string; readonly extension: string },
  bits: number,
): number {
  const bytes = encodePhone(phone.digits, phone.extension);
  return truncated(prf(index.suite, index.key, { label: "midan.phone", bytes }), bits);
}

/** The recipient fingerprint (收件指纹): equal for the same recipient under the same key. */
export function fingerprintTag(
  index: IndexKey,
  recipient: { readonly name: string; readonly phone: string; readonly address: string },
  bits: number,
): number {
  const message = joined([recipient.name, recipient.phone, recipient.address]);
  return truncated(prfMessage(index.suite, index.key, { label: "midan.finger", message }), bits);
}

/** What intake remembers of an order: 16-byte keyed hashes of its number and of its content. */
export function orderKeyOf(index: IndexKey, merchant: string, orderNumber: string): Uint8Array {
  const message = joined([merchant, orderNumber]);
  return prfMessage(index.suite, index.key, { label: "midan.order", message }).slice(0, 16);
}

export function bodyKeyOf(index: IndexKey, body: string): Uint8Array {
  return prfMessage(index.suite, index.key, { label: "midan.body", message: body }).slice(0, 16);
}

/** A merchant's key in the shell: 8 bytes, equal for the same merchant of one tenant. */
export function merchantKeyOf(index: IndexKey, merchant: string): Uint8Array {
  return prfMessage(index.suite, index.key, { label: "midan.shop", message: merchant }).slice(0, 8);
}

/** The pseudonym of a member of staff in the log: `st-` and 16 hex characters. */
export function pseudonymOf(index: IndexKey, account: string): string {
  const bytes = prfMessage(index.suite, index.key, { label: "midan.staff", message: account });
  return `st-${bytes.slice(0, 8).toHex()}`;
}

/** How a spot check refers to a parcel without keeping its number: 32 hex characters. */
export function parcelReferenceOf(index: IndexKey, waybillNumber: string): string {
  const message = waybillNumber;
  const bytes = prfMessage(index.suite, index.key, { label: "midan.parcel", message });
  return bytes.slice(0, 16).toHex();
}
