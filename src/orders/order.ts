import type { Recipient } from "../privacy/external.ts";
import { parseParty, type Party, type RawParty } from "../privacy/plain.ts";
import type { FailureCode } from "../rules/failure.ts";
import type { Platform } from "../rules/platform.ts";
import { joinAddress } from "./address-parts.ts";
import { FIELDS, LONGEST, type Field, type OrderField, type Role } from "./field.ts";
import { readPlatformRecipient } from "./platform-recipient.ts";
import { printedRefusal } from "./printed-field.ts";

/** One order as a merchant's file gives it, checked and within bounds. */
export interface Order {
  /** Where it stands in its file, as an editor counts lines; the first order is often on 2. */
  readonly line: number;
  /** The shop's name or code; "" when neither the file nor the options name one. */
  readonly merchant: string;
  /** Never empty: an order without a number of its own bears its waybill number. */
  readonly orderNumber: string;
  /** "" when the carrier has not given one yet. */
  readonly waybillNumber: string;
  readonly carrier: string;
  readonly recipient: Recipient;
  readonly sender: Party | null;
  readonly goods: string;
  readonly remark: string;
  readonly sortCode: string;
}

/** An order, or where and why a row was refused; a refusal never carries the value. */
export type RowResult =
  | { readonly ok: true; readonly order: Order }
  | {
      readonly ok: false;
      readonly line: number;
      /** A name of field.ts, or "row" when the row as a whole could not be read. */
      readonly field: string;
      readonly code: FailureCode;
    };

/** What rows take where their own cell is empty. */
export interface OrderDefaults {
  readonly merchant?: string;
  readonly carrier?: string;
  readonly sender?: RawParty;
  /** The shop platform whose shapes the file has, where no row says another. */
  readonly platform?: Platform;
}

/** Gives the text of a field in the row at hand, "" when the row has none. */
export type CellReader = (field: Field) => string;

/** Turns one row into an order or a refusal. */
export type OrderParser = (line: number, cell: CellReader) => RowResult;

type Refusal = { readonly field: Field; readonly code: FailureCode };

/**
 * Makes a parser for the rows of one file. It keeps the senders it has seen, since thousands of
 * orders come from a few warehouses, and reuses one record of texts for all rows.
 */
export function orderParser(defaults: OrderDefaults = {}): OrderParser {
  const senders = new SenderMemory(defaults.sender);
  // Filled for every field before it is read, in readTexts.
  const texts = {} as Record<Field, string>;
  return (line, cell) => {
    const unread = readTexts(texts, cell);
    texts.carrier ||= defaults.carrier ?? "";
    texts.platform ||= defaults.platform ?? "";
    const refusal = unread ?? numberRefusal(texts) ?? lengthRefusal(texts) ?? printedRefusal(texts);
    if (refusal !== undefined) return { ok: false, line, ...refusal };
    const recipient = readRecipient(texts);
    if ("code" in recipient) return { ok: false, line, ...recipient };
    const sender = senders.read(texts);
    if (sender !== null && "code" in sender) return { ok: false, line, ...sender };
    return {
      ok: true,
      order: {
        line,
        merchant: texts.merchant || (defaults.merchant ?? ""),
        orderNumber: texts.order_number || texts.waybill_number,
        waybillNumber: texts.waybill_number,
        carrier: texts.carrier,
        recipient,
        sender,
        goods: texts.goods,
        remark: texts.remark,
        sortCode: texts.sort_code,
      },
    };
  };
}

/** C0 and C1 controls and the sign of undecodable bytes; breaks and tabs become blanks before. */
// oxlint-disable-next-line no-control-regex -- control characters are what is searched for
const UNWANTED = /[\0-\u001f\u007f-\u009f\ufffd]/u;
// oxlint-disable-next-line no-control-regex -- as above
const STILL_UNWANTED = /[\0-\u001f\u007f-\u009f]/u;

function readTexts(texts: Record<Field, string>, cell: CellReader): Refusal | undefined {
  for (const field of FIELDS) {
    const raw = cell(field);
    const text = raw === "" ? raw : withoutGuard(raw.trim());
    texts[field] = text;
    if (!UNWANTED.test(text)) continue;
    if (text.includes("\uFFFD")) return { field, code: "ENCODING_BROKEN" };
    texts[field] = text.replace(/[\t\n\r\v\f]+/gu, " ");
    if (STILL_UNWANTED.test(texts[field])) return { field, code: "FIELD_CONTROL" };
  }
  return undefined;
}

/** Exports guard long numbers from Excel as `="123"` or `'123`; the guard is not the value. */
function withoutGuard(text: string): string {
  const first = text.charCodeAt(0);
  if (first === 0x27) return text.slice(1).trim();
  return first === 0x3d ? text.replace(/^="(.*)"$/u, "$1").trim() : text;
}

const SCIENTIFIC = /^\d(?:\.\d+)?E\+\d{1,3}$/iu;
const WAYBILL_NUMBER = /^[0-9A-Za-z-]{4,40}$/u;

function numberRefusal(texts: Readonly<Record<Field, string>>): Refusal | undefined {
  for (const field of ["order_number", "waybill_number"] as const) {
    if (SCIENTIFIC.test(texts[field])) return { field, code: "NUMBER_SCIENTIFIC" };
  }
  if (SCIENTIFIC.test(texts.recipient_phone)) {
    return { field: "recipient_phone", code: "PHONE_SCIENTIFIC" };
  }
  if (SCIENTIFIC.test(texts.sender_phone))
    return { field: "sender_phone", code: "PHONE_SCIENTIFIC" };
  if (texts.waybill_number !== "") {
    const valid = WAYBILL_NUMBER.test(texts.waybill_number);
    return valid ? undefined : { field: "waybill_number", code: "WAYBILL_NUMBER_INVALID" };
  }
  if (texts.order_number !== "") return undefined;
  return { field: "order_number", code: "ORDER_NUMBER_MISSING" };
}

// Object.entries widens the keys; LONGEST has exactly the keys of OrderField.
const BOUNDS = Object.entries(LONGEST) as [OrderField, number][];

function lengthRefusal(texts: Readonly<Record<Field, string>>): Refusal | undefined {
  for (const [field, longest] of BOUNDS) {
    if (texts[field].length > longest) return { field, code: "FIELD_TOO_LONG" };
  }
  return undefined;
}

/** A recipient whom a platform withholds, or a party like any other. */
function readRecipient(texts: Readonly<Record<Field, string>>): Recipient | Refusal {
  const joinedTo = (detail: string): string =>
    joined("recipient", { ...texts, recipient_address: detail, recipient_address_2: "" });
  const withheld = isPlatforms(texts) ? readPlatformRecipient({ texts, joined: joinedTo }) : null;
  return withheld ?? readParty("recipient", rawParty("recipient", texts));
}

function isPlatforms({ platform, platform_token: token }: Readonly<Record<Field, string>>) {
  return platform !== "" || token !== "";
}

interface TextParty {
  readonly name: string;
  readonly phone: string;
  readonly address: string;
}

/** A division without anything behind it is no address: nobody can be found there. */
function rawParty(role: Role, texts: Readonly<Record<Field, string>>): TextParty {
  const placed = texts[`${role}_address`] !== "" || texts[`${role}_address_2`] !== "";
  return {
    name: texts[`${role}_name`],
    phone: texts[`${role}_phone`],
    address: placed ? joined(role, texts) : "",
  };
}

function joined(role: Role, texts: Readonly<Record<Field, string>>): string {
  return joinAddress({
    province: texts[`${role}_province`],
    city: texts[`${role}_city`],
    district: texts[`${role}_district`],
    town: texts[`${role}_town`],
    address: texts[`${role}_address`],
    address_2: texts[`${role}_address_2`],
  });
}

function readParty(role: Role, raw: RawParty): Party | Refusal {
  const reading = parseParty(raw);
  return reading.ok ? reading.party : { field: `${role}_${reading.field}`, code: reading.code };
}

/** Senders of this many different writings are kept; past that the memory starts anew. */
const SENDERS_MAX = 1_000;

class SenderMemory {
  readonly #fallback: RawParty | undefined;
  readonly #seen = new Map<string, Party | Refusal>();

  constructor(fallback: RawParty | undefined) {
    this.#fallback = fallback;
  }

  /** The row's sender; an empty field is filled from the defaults; null when nobody is named. */
  read(texts: Readonly<Record<Field, string>>): Party | Refusal | null {
    const raw = rawParty("sender", texts);
    const named = raw.name !== "" || raw.phone !== "" || raw.address !== "";
    if (!named && this.#fallback === undefined) return null;
    const key = `${raw.name}\n${raw.phone}\n${raw.address}`;
    const seen = this.#seen.get(key);
    if (seen !== undefined) return seen;
    const party = readParty("sender", this.#filled(raw));
    if (this.#seen.size >= SENDERS_MAX) this.#seen.clear();
    this.#seen.set(detached(key), party);
    return party;
  }

  #filled(raw: TextParty): RawParty {
    return {
      name: detached(raw.name) || this.#fallback?.name,
      phone: detached(raw.phone) || this.#fallback?.phone,
      address: detached(raw.address) || this.#fallback?.address,
    };
  }
}

/**
 * A copy that stands alone in memory. Text cut from a piece of the file keeps the whole piece alive
 * for as long as it lives, which is too long for what outlives its row.
 */
function detached(text: string): string {
  return Buffer.from(text, "utf16le").toString("utf16le");
}
