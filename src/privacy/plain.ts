/**
 * P4: plaintext, mask and token are three types. Outside input becomes plaintext only here, so that
 * a masked value or a token sent where plaintext belongs is refused with its own code.
 */

import type { FailureCode } from "../rules/failure.ts";
import { normalisePhone } from "./phone.ts";

declare const kind: unique symbol;
type Branded<Kind extends string> = string & { readonly [kind]: Kind };

export type PlainName = Branded<"name">;
export type PlainPhone = Branded<"phone">;
export type PlainAddress = Branded<"address">;
/** Text from which a mask took what a profile hides; the only kind of text a label may carry. */
export type MaskedText = Branded<"masked">;

export interface Party {
  readonly name: PlainName;
  readonly phone: PlainPhone;
  readonly address: PlainAddress;
}

export interface MaskedParty {
  readonly name: MaskedText;
  readonly phone: MaskedText;
  readonly address: MaskedText;
}

export interface RawParty {
  readonly name: unknown;
  readonly phone: unknown;
  readonly address: unknown;
}

export type PartyField = "name" | "phone" | "address";

export type PartyReading =
  | { readonly ok: true; readonly party: Party }
  | { readonly ok: false; readonly field: PartyField; readonly code: FailureCode };

interface FieldRule {
  readonly maxChars: number;
  readonly missing: FailureCode;
  readonly tooLong: FailureCode;
  /** What a mask of this field looks like; an address may hold a single star as a separator. */
  readonly maskShape: RegExp;
}

const RULES = {
  name: {
    maxChars: 64,
    missing: "NAME_MISSING",
    tooLong: "NAME_TOO_LONG",
    maskShape: /[*＊●■█∗✱•]{2}|^[*＊●■█∗✱•]|[*＊●■█∗✱•]$|\^_\^/,
  },
  phone: {
    maxChars: 40,
    missing: "PHONE_MISSING",
    tooLong: "PHONE_TOO_LONG",
    maskShape: /[*＊●■█∗✱•]{2}|\d[*＊●■█∗✱•]{1,8}\d{4}$|\d[xX]{3,}\d|\^_\^/,
  },
  address: {
    maxChars: 300,
    missing: "ADDRESS_MISSING",
    tooLong: "ADDRESS_TOO_LONG",
    maskShape: /[*＊●■█∗✱•]{2}|[*＊●■█∗✱•](?:[单室户楼层栋号幢]|$)|\^_\^/,
  },
} as const satisfies Record<PartyField, FieldRule>;

/**
 * Control characters, and the marks that reorder text on a label (Unicode bidirectional controls).
 */
const CONTROLS = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;
/** `md1` and 26 characters of Crockford base32: docs/formats, token. */
const TOKEN = /(?:^|[^0-9a-z])md1[0-9a-hjkmnp-tv-z]{26}(?![0-9a-z])/i;
const PHONE_DIGITS_MIN = 7;

/**
 * Reads the three fields of one party. Never throws: a refusal names the field and the code of the
 * failure, never the value, and the caller reports the row and goes on with the next.
 * Lengths are UTF-16 units; blanks at both ends are dropped.
 */
export function parseParty(raw: RawParty): PartyReading {
  const name = readField(raw.name, RULES.name);
  if (!name.ok) return { ok: false, field: "name", code: name.code };
  const phone = readPhone(raw.phone);
  if (!phone.ok) return { ok: false, field: "phone", code: phone.code };
  const address = readField(raw.address, RULES.address);
  if (!address.ok) return { ok: false, field: "address", code: address.code };
  return {
    ok: true,
    // The three texts have just passed the checks of their fields, which is what the brands say.
    party: {
      name: name.text as PlainName,
      phone: phone.text as PlainPhone,
      address: address.text as PlainAddress,
    },
  };
}

/**
 * Reads one field that must be plaintext: its text, or the code of the failure. Blanks at both ends
 * are dropped. Never throws.
 */
export function readPlain(field: PartyField, raw: unknown): FieldReading {
  return field === "phone" ? readPhone(raw) : readField(raw, RULES[field]);
}

export type FieldReading =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly code: FailureCode };

function readField(raw: unknown, rule: FieldRule): FieldReading {
  if (raw === undefined || raw === null) return { ok: false, code: rule.missing };
  if (typeof raw !== "string") return { ok: false, code: "FIELD_NOT_TEXT" };
  const text = raw.trim();
  const code = faultOf(text, rule);
  return code === null ? { ok: true, text } : { ok: false, code };
}

function faultOf(text: string, rule: FieldRule): FailureCode | null {
  if (text === "") return rule.missing;
  if (text.length > rule.maxChars) return rule.tooLong;
  if (CONTROLS.test(text) || !text.isWellFormed()) return "FIELD_CONTROL";
  if (rule.maskShape.test(text)) return "MASKED_VALUE";
  return TOKEN.test(text) ? "TOKEN_VALUE" : null;
}

/** Spreadsheets hold phones as numbers; a whole one that is exact reads as its digits. */
function readPhone(raw: unknown): FieldReading {
  const text = typeof raw === "number" && Number.isSafeInteger(raw) ? String(raw) : raw;
  const reading = readField(text, RULES.phone);
  if (!reading.ok) return reading;
  const number = normalisePhone(reading.text);
  const isPhone = number !== null && number.digits.length >= PHONE_DIGITS_MIN;
  return isPhone ? reading : { ok: false, code: "PHONE_INVALID" };
}
