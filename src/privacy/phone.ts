/**
 * Telephone numbers as people write them on waybills: where they stand in a text, what their digits
 * are, and how they are masked. A phone hides at least six digits (GB/T 41833-2022, 联系电话应隐藏
 * 6位以上); extensions are hidden whole, because a virtual number is reachable only with it.
 */

import { isOwnMask } from "./mask-again.ts";
import { HIDDEN_DIGITS_MIN, type MaskProfile } from "./mask-profile.ts";
import { foldPhoneText, isHiddenInPhone } from "./phone-text.ts";
import { readPhoneField, scanPhones, type PhoneKind, type PhoneMatch } from "./phone-scan.ts";

const MASK = "*";
/** The shape of nearly every phone field, which needs no scanning. */
const PLAIN_MOBILE = /^1[3-9]\d{9}$/;
const COUNTRY_DIGITS_MAX = 15;

/** Every telephone number in `text`, left to right, not overlapping; offsets in UTF-16 units. */
export function findPhones(text: string): readonly PhoneMatch[] {
  return scanPhones(foldPhoneText(text));
}

/**
 * Masks a phone field: same length, one `*` for each hidden digit or letter. Prefixes (+86, 0,
 * 17951) and separators stay. What is not part of a number that could be read is hidden whole.
 */
export function maskPhone(plain: string, profile: MaskProfile): string {
  const { keepHead, keepTail } = profile.phone;
  if (PLAIN_MOBILE.test(plain)) return maskDigitRun(plain, keepHead, keepTail);
  if (isOwnMask(plain, (filled) => maskField(filled, profile))) return plain;
  return maskField(plain, profile);
}

function maskField(plain: string, profile: MaskProfile): string {
  const { keepHead, keepTail } = profile.phone;
  const kept = new Uint8Array(plain.length);
  if (keepHead + keepTail > 0) {
    const folded = foldPhoneText(plain);
    for (const match of readPhoneField(folded)) keepReadable(folded, match, { profile, kept });
  }
  let masked = "";
  for (let i = 0; i < plain.length; i += 1) {
    masked += kept[i] === 0 && isHiddenInPhone(plain, i) ? MASK : plain.charAt(i);
  }
  return masked;
}

export interface PhoneOptions {
  /**
   * The platform that made the number says that it is a virtual one: it reaches nobody once the
   * deal is over, is no number of a person, and stays readable.
   */
  readonly source?: "virtual";
  /** Whether a mobile with an extension is known to be virtual, as on some platforms. */
  readonly isExtensionVirtual?: boolean;
}

export interface MaskedPhone {
  /** The length of the input, one `*` for each hidden digit or letter. */
  readonly masked: string;
  /** What the first number of the field is; null when the field holds none. */
  readonly kind: PhoneKind | null;
  /** Present only where the number was left readable because it is virtual. */
  readonly source?: "virtual";
}

/**
 * Masks a phone field as `maskPhone` does and says what it holds. A number is left readable only
 * where the caller says that it is virtual; one that merely looks so is masked like any other.
 */
export function maskPhoneField(
  plain: string,
  profile: MaskProfile,
  options: PhoneOptions = {},
): MaskedPhone {
  if (options.source === undefined && PLAIN_MOBILE.test(plain))
    return { masked: maskPhone(plain, profile), kind: "mobile" };
  const numbers = readPhoneField(foldPhoneText(plain));
  const kind = numbers[0]?.kind ?? null;
  if (options.source === "virtual" && isOnlyNumbers(plain, numbers) && isOneNumber(numbers))
    return { masked: plain, kind: "virtual", source: "virtual" };
  const allVirtual = numbers.length > 0 && numbers.every((number) => number.kind === "virtual");
  if (options.isExtensionVirtual === true && allVirtual && isOnlyNumbers(plain, numbers))
    return { masked: plain, kind: "virtual", source: "virtual" };
  return { masked: maskPhone(plain, profile), kind };
}

/** What is said of the field is true of its number; of several only of those that look so. */
function isOneNumber(numbers: readonly PhoneMatch[]): boolean {
  return numbers.length === 1 || numbers.every(({ kind }) => kind === "virtual");
}

/** Nothing readable stands beside the numbers: a name there would stay readable with them. */
function isOnlyNumbers(plain: string, numbers: readonly PhoneMatch[]): boolean {
  let at = 0;
  for (const { start, end } of numbers) {
    if (holdsReadable(plain, at, start)) return false;
    at = end;
  }
  return !holdsReadable(plain, at, plain.length);
}

function holdsReadable(plain: string, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (isHiddenInPhone(plain, at)) return true;
  return false;
}

/**
 * The canonical form for the blind index: national digits without prefixes (at most 15) and the
 * extension (at most 8). Null when the field holds no number; the caller refuses the row.
 */
export function normalisePhone(plain: string): { digits: string; extension: string } | null {
  if (PLAIN_MOBILE.test(plain)) return { digits: plain, extension: "" };
  const matches = readPhoneField(foldPhoneText(plain));
  const best = matches.find((match) => match.kind === "mobile") ?? matches[0];
  if (best === undefined || best.digits.length > COUNTRY_DIGITS_MAX) return null;
  return { digits: best.digits, extension: best.extension };
}

function maskDigitRun(digits: string, keepHead: number, keepTail: number): string {
  const tail = digits.length - keepTail;
  return digits.slice(0, keepHead) + MASK.repeat(tail - keepHead) + digits.slice(tail);
}

/** Marks what stays: prefix and joining words whole, then head and tail digits of the number. */
function keepReadable(
  folded: string,
  match: PhoneMatch,
  { profile, kept }: { profile: MaskProfile; kept: Uint8Array },
): void {
  const places: number[] = [];
  for (let i = match.bodyStart; i < match.bodyEnd; i += 1) {
    if (isDigit(folded.charCodeAt(i))) places.push(i);
  }
  const spare = Math.max(0, places.length - HIDDEN_DIGITS_MIN);
  const head = Math.min(profile.phone.keepHead, spare);
  const tail = Math.min(profile.phone.keepTail, spare - head);
  for (let i = 0; i < head; i += 1) kept[places[i] ?? 0] = 1;
  for (let i = places.length - tail; i < places.length; i += 1) kept[places[i] ?? 0] = 1;
  kept.fill(1, match.prefixStart, match.bodyStart);
  // 转 and the like say that there is an extension; its digits stay hidden.
  for (let i = match.bodyEnd; i < match.end; i += 1) {
    if (!isDigit(folded.charCodeAt(i))) kept[i] = 1;
  }
}

function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57;
}
