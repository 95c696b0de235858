/** The recipient of a platform's order: withheld, refused, or somebody who is clear after all. */
import type { ExternalParty } from "../privacy/external.ts";
import { readPlain } from "../privacy/plain.ts";
import type { PartyField, PlainAddress, PlainName, PlainPhone } from "../privacy/plain.ts";
import { readVirtualNumber } from "../privacy/virtual-number.ts";
import type { FailureCode } from "../rules/failure.ts";
import { platformOf } from "../rules/platform.ts";
import type { Platform } from "../rules/platform.ts";
import type { Field } from "./field.ts";
import { PLATFORM_ROWS } from "./platform-row.ts";
import { readPlatformText, tokenFault } from "./platform-text.ts";

/** The texts of one row. */
export interface PlatformTexts {
  readonly texts: Readonly<Record<Field, string>>;
  /** The recipient's divisions with `detail` behind them; only these for "". */
  readonly joined: (detail: string) => string;
}

export interface PlatformRefusal {
  readonly field: Field;
  readonly code: FailureCode;
}

/** One field as the platform handed it out. */
interface Handed {
  readonly cipher: string | null;
  readonly clear: string | null;
  /** What may be shown once it is masked; "" when there is nothing. */
  readonly shown: string;
}

const FIELDS = ["name", "phone", "address"] as const;
const SHOWN_CHARS_MAX = 300;
const HIDDEN = { name: "**", phone: "***********", address: "****" } as const;
const STARS_ONLY = /^[\s*＊●■█∗✱•.…^_-]*$/u;

function isRefusal(value: object): value is PlatformRefusal {
  return "code" in value;
}

/**
 * Reads what a row says of a recipient whom its platform may withhold.
 *
 * Null when the row names no platform, or when its recipient is clear throughout: then it is an
 * order like any other. A refusal names the field and the code: MASKED_VALUE for an address of
 * stars without a division, PLATFORM_* for tokens that are missing, cut or re-encoded, and
 * VIRTUAL_NUMBER_CUT.
 */
export function readPlatformRecipient(row: PlatformTexts): ExternalParty | PlatformRefusal | null {
  const { texts } = row;
  const platform = platformOf(texts.platform);
  if (platform === null) return unnamed(texts);
  const handed = readFields(platform, row);
  if (isRefusal(handed)) return handed;
  if (FIELDS.every((field) => handed[field].clear !== null)) return null;
  const token = texts.platform_token === "" ? null : texts.platform_token;
  const fault = token === null ? null : tokenFault(token, PLATFORM_ROWS[platform].token);
  if (fault !== null) return { field: "platform_token", code: fault };
  const lost = FIELDS.find(
    (field) => handed[field].clear === null && handed[field].cipher === null,
  );
  if (token === null && lost !== undefined)
    return { field: "platform_token", code: "PLATFORM_TOKEN_MISSING" };
  return placed(partyOf({ platform, token, handed, row }), row);
}

/** A token, and nobody says whose. */
function unnamed(texts: PlatformTexts["texts"]): PlatformRefusal | null {
  if (texts.platform_token === "") return null;
  const isClear = FIELDS.every((field) => readPlain(field, texts[`recipient_${field}`]).ok);
  return isClear ? null : { field: "platform", code: "PLATFORM_UNKNOWN" };
}

function readFields(
  platform: Platform,
  row: PlatformTexts,
): Readonly<Record<PartyField, Handed>> | PlatformRefusal {
  const name = readField(platform, "name", row);
  if (isRefusal(name)) return name;
  const phone = readField(platform, "phone", row);
  if (isRefusal(phone)) return phone;
  const address = readField(platform, "address", row);
  if (isRefusal(address)) return address;
  return { name, phone, address };
}

function readField(
  platform: Platform,
  field: PartyField,
  { texts, joined }: PlatformTexts,
): Handed | PlatformRefusal {
  const at = `recipient_${field}` as const;
  if (field === "phone" && texts.virtual_phone !== "") return virtualPhone(texts);
  const raw = field === "address" ? detailOf(texts) : texts[at];
  const copy = texts[`masked_${field}`].slice(0, SHOWN_CHARS_MAX);
  const text = readPlatformText(raw, PLATFORM_ROWS[platform].frame);
  switch (text.kind) {
    case "broken":
      return { field: at, code: text.code };
    case "cipher":
      return { cipher: raw, clear: null, shown: copy };
    case "empty":
      return { cipher: null, clear: null, shown: copy };
    case "masked":
      return {
        cipher: null,
        clear: null,
        shown: copy === "" ? raw.slice(0, SHOWN_CHARS_MAX) : copy,
      };
    case "clear":
      return field === "phone"
        ? clearPhone(texts)
        : clearText(field, field === "name" ? raw : joined(raw));
  }
}

function detailOf(texts: PlatformTexts["texts"]): string {
  const { recipient_address: first, recipient_address_2: second } = texts;
  return second === "" ? first : `${first}${second}`;
}

function clearText(field: "name" | "address", text: string): Handed | PlatformRefusal {
  const reading = readPlain(field, text);
  if (!reading.ok) return { field: `recipient_${field}`, code: reading.code };
  return { cipher: null, clear: reading.text, shown: reading.text };
}

/** The number in the clear, maybe with an extension in a field of its own. */
function clearPhone(texts: PlatformTexts["texts"]): Handed | PlatformRefusal {
  const extension = texts.virtual_extension;
  const isApart = /^\d{1,8}$/u.test(extension) && /^\d+$/u.test(texts.recipient_phone);
  const raw = isApart ? `${texts.recipient_phone}#${extension}#` : texts.recipient_phone;
  return virtualOr(raw, "recipient_phone") ?? clearNumber(texts.recipient_phone);
}

function clearNumber(raw: string): Handed | PlatformRefusal {
  const reading = readPlain("phone", raw);
  if (!reading.ok) return { field: "recipient_phone", code: reading.code };
  return { cipher: null, clear: reading.text, shown: reading.text };
}

function virtualPhone(texts: PlatformTexts["texts"]): Handed | PlatformRefusal {
  const { virtual_phone: number, virtual_extension: extension } = texts;
  const raw = /^\d{1,8}$/u.test(extension) ? `${number}#${extension}#` : number;
  const read = virtualOr(raw, "virtual_phone");
  if (read !== null) return read;
  const reading = readPlain("phone", number);
  if (!reading.ok) return { field: "virtual_phone", code: reading.code };
  return { cipher: null, clear: reading.text, shown: reading.text };
}

/** A virtual number in one spelling; null when `raw` is none. */
function virtualOr(
  raw: string,
  field: "recipient_phone" | "virtual_phone",
): Handed | PlatformRefusal | null {
  const reading = readVirtualNumber(raw);
  if (reading.kind === "cut") return { field, code: "VIRTUAL_NUMBER_CUT" };
  if (reading.kind === "none") return null;
  return { cipher: null, clear: reading.text, shown: reading.text };
}

interface Parts {
  readonly platform: Platform;
  readonly token: string | null;
  readonly handed: Readonly<Record<PartyField, Handed>>;
  readonly row: PlatformTexts;
}

function partyOf({ platform, token, handed, row }: Parts): ExternalParty {
  const { name, phone, address } = handed;
  return {
    platform,
    token,
    ciphers: { name: name.cipher, phone: phone.cipher, address: address.cipher },
    // Each was read as plaintext of its field, or as a virtual number, just before.
    clear: {
      name: name.clear as PlainName | null,
      phone: phone.clear as PlainPhone | null,
      address: address.clear as PlainAddress | null,
    },
    shown: {
      name: name.shown || HIDDEN.name,
      phone: phone.shown || HIDDEN.phone,
      address: address.clear ?? row.joined(address.shown || HIDDEN.address),
    },
  };
}

/** Without a division nobody knows where to: a platform's token does not sort parcels. */
function placed(party: ExternalParty, row: PlatformTexts): ExternalParty | PlatformRefusal {
  if (!STARS_ONLY.test(row.joined(""))) return party;
  return STARS_ONLY.test(party.shown.address)
    ? { field: "recipient_address", code: "MASKED_VALUE" }
    : party;
}
