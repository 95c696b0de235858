/**
 * What one text of a platform is: plaintext, its mask, its ciphertext, or one that broke
 * on the way.
 * Sources of the forms: the platforms' public documents of their encryption, listed with their
 * certainty in docs/adapters.md. No ciphertext is opened; only its frame is looked at.
 */
import type { FailureCode } from "../rules/failure.ts";

export type PlatformText =
  | { readonly kind: "empty" | "masked" | "clear" | "cipher" }
  | { readonly kind: "broken"; readonly code: FailureCode };

/** How a platform frames the ciphertexts of single fields. */
export type CipherFrame = "delimited" | "base64" | "none";

/** Longest ciphertext or token of one field; three of these and a token fit into an envelope. */
export const CIPHER_CHARS_MAX = 4_000;
export const TOKEN_CHARS_MAX = 512;

const STARS = /[*＊●■█∗✱•]/u;
const MASK = /[*＊●■█∗✱•]|\^_\^/u;
const OURS = /(?:^|[^0-9a-z])md1[0-9a-hjkmnp-tv-z]{26}(?![0-9a-z])/iu;
const PERCENT = /%[0-9A-Fa-f]{2}/u;

const BODY = "[A-Za-z0-9+/=_.*&-]";
/** `$index$base64$1$$`, `~base64~1~`, `##index*base64#1##`, `$$index*base64=$1$$` and their kin. */
const DELIMITED = new RegExp(
  `^(?<sign>[$#~])\\k<sign>?(?:${BODY}{4,}\\k<sign>){1,3}\\d{1,4}\\k<sign>{1,2}$`,
  "u",
);
const DELIMITED_LEAD = /^[$#~]/u;
/** What a phone in dollar signs looks like; it is no ciphertext. */
const NUMBER_LEAD = /^\$\d{5,15}\$?(?:#|$)/u;

const BASE64_CHARS_MIN = 44;
const BASE64_CUT_CHARS_MIN = 24;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/u;

const TOKEN = /^[A-Za-z0-9+/=_.:~#$&-]{6,}$/u;
const ENDS_OPEN = /(?:\.{3}|…)$/u;

/** What a text would have been before `+` became a blank or a `%` code was left in it. */
function beforeEncoding(text: string): string {
  const plus = text.replaceAll(" ", "+");
  if (!PERCENT.test(plus)) return plus;
  try {
    return decodeURIComponent(plus);
  } catch {
    // A lone % is no code; then the text is judged as it stands.
    return plus;
  }
}

/** Whether `isWhole` fits now, fitted before the text was re-encoded, or does not fit. */
function brokenBy(text: string, isWhole: (text: string) => boolean): FailureCode | null {
  if (isWhole(text)) return null;
  const before = beforeEncoding(text);
  return before !== text && isWhole(before) ? "PLATFORM_TOKEN_ALTERED" : "PLATFORM_TOKEN_CUT";
}

function delimited(text: string): PlatformText | null {
  const folded = beforeEncoding(text);
  if (!DELIMITED_LEAD.test(folded) || NUMBER_LEAD.test(folded)) return null;
  const code = brokenBy(text, (one) => DELIMITED.test(one));
  return code === null ? { kind: "cipher" } : { kind: "broken", code };
}

function isBase64(text: string): boolean {
  return text.length >= BASE64_CHARS_MIN && text.length % 4 === 0 && BASE64.test(text);
}

/** Letters of both cases and digits, long without a blank: no name and no address is like that. */
function looksLikeBase64(text: string): boolean {
  const joined = beforeEncoding(text);
  if (joined.length < BASE64_CUT_CHARS_MIN || !BASE64.test(joined)) return false;
  const pieces = text.split(" ");
  const isDense = text.length / pieces.length >= BASE64_CUT_CHARS_MIN / 2;
  return isDense && /[a-z]/u.test(text) && /[A-Z]/u.test(text) && /\d/u.test(text);
}

function base64(text: string): PlatformText | null {
  if (!looksLikeBase64(text)) return null;
  const code = brokenBy(text, isBase64);
  return code === null ? { kind: "cipher" } : { kind: "broken", code };
}

const FRAMES: Readonly<Record<CipherFrame, (text: string) => PlatformText | null>> = {
  delimited,
  base64,
  none: () => null,
};

/** Says what the text of one field is. Never throws, and never says anything of the text itself. */
export function readPlatformText(text: string, frame: CipherFrame): PlatformText {
  if (text === "") return { kind: "empty" };
  if (text.length > CIPHER_CHARS_MAX) return { kind: "broken", code: "FIELD_TOO_LONG" };
  if (OURS.test(text)) return { kind: "broken", code: "TOKEN_VALUE" };
  const framed = FRAMES[frame](text);
  if (framed !== null) return framed;
  return { kind: MASK.test(text) ? "masked" : "clear" };
}

/** How long the tokens of a platform are, where that is known. */
export interface TokenForm {
  readonly charsMax: number;
  /** Exact length in lower hexadecimal digits. */
  readonly hexDigits?: number;
}

/** Why `text` is no token of that form; null when it may be one. What it says nobody here knows. */
export function tokenFault(text: string, form: TokenForm): FailureCode | null {
  if (STARS.test(text)) return "MASKED_VALUE";
  if (OURS.test(text)) return "TOKEN_VALUE";
  if (ENDS_OPEN.test(text)) return "PLATFORM_TOKEN_CUT";
  const isWhole = (one: string): boolean => TOKEN.test(one) && !PERCENT.test(one);
  if (!isWhole(text) && isWhole(beforeEncoding(text))) return "PLATFORM_TOKEN_ALTERED";
  if (!isWhole(text)) return "PLATFORM_TOKEN_INVALID";
  if (text.length > form.charsMax) return "FIELD_TOO_LONG";
  return form.hexDigits === undefined ? framedFault(text) : hexFault(text, form.hexDigits);
}

function framedFault(text: string): FailureCode | null {
  return DELIMITED_LEAD.test(text) && !DELIMITED.test(text) ? "PLATFORM_TOKEN_CUT" : null;
}

function hexFault(text: string, digits: number): FailureCode | null {
  if (!/^[0-9a-f]+$/iu.test(text) || text.length > digits) return "PLATFORM_TOKEN_INVALID";
  return text.length < digits ? "PLATFORM_TOKEN_CUT" : null;
}
