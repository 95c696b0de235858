/** Numbers of people that can still be read in running text: phones, identity cards, e-mail. */

import { showsDocument } from "./lint-document.ts";
import { foldShown, foldSpelled } from "./lint-fold.ts";

/** Numbers that are printed whole or hide too little; which of both rules is broken. */
export type OpenNumber = "phone" | "identity";

/** What people put between the digits of one number. */
const GAP = "[\\s.,_/\\\\|·‧・、。;:'\"`~+()\\[\\]‐-―−-]";
const RUN = new RegExp(`\\d+(?:${GAP}{1,6}\\d+)*(?:${GAP}{0,6}[Xx](?![0-9A-Za-z]))?`, "g");
const GROUP = /\d+|[Xx]/g;
/** Dates, clock times and amounts with thousands marked and cents are no numbers of people. */
const OTHER_NUMBERS = [
  /(?<!\d)(?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)/g,
  /(?<![\d:])\d{1,2}:\d{2}(?::\d{2})?(?![\d:])/g,
  /(?<![\d,.])\d{1,3}(?:,\d{3})+\.\d{1,2}(?![\d,.])/g,
  /(?<=[¥$€£] ?)\d{1,3}(?:,\d{3})+(?![\d,])|(?<![\d,])\d{1,3}(?:,\d{3})+(?= ?元)/g,
] as const;

/** With every prefix that is dialled before a mobile; a landline needs its area code. */
const WHOLE_PHONES = [
  /^(?:(?:00|0)?86)?(?:0|17951|17911|17909|17901|12593)?1[3-9]\d{9}$/,
  /^(?:(?:00|0)?86)?0(?:(?:10|2\d)[2-9]\d{7}|[3-9]\d{2}[2-9]\d{6,7})$/,
] as const;
/** Longest of the forms above, in digits; an identity card is shorter. */
const WHOLE_MAX_DIGITS = 20;
const OPEN_PHONES = [
  /(?<!\d)\(?0\d{2,3}\)?[ -]?[2-9]\d{2,3}[ -]?\d{4}(?!\d)/,
  /(?<!\d)\d{3}\*{2,5}\d{3,4}(?!\d)/,
  // Glued to a second mobile or to the number of a door.
  /(?<!\d)1[3-9]\d{9}(?=1[3-9]\d{9}(?!\d)|\d{1,4}(?:[栋幢座棟室层層楼樓]|号楼|號樓|单元|單元))/,
] as const;
const IDENTITY_CARD =
  /^[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]$/;
const EMAIL = /[\w.+-]{3,64}@[\w-]{1,63}\.[a-z]{2,10}/i;

/**
 * The kinds of open numbers in `text`, each at most once; empty when there are none. Digits of any
 * script, spelled in Chinese or strewn with signs count. Linear; never throws.
 */
export function openNumbers(text: string): readonly OpenNumber[] {
  const shown = foldShown(text);
  const found = new Set<OpenNumber>();
  if (OPEN_PHONES.some((pattern) => pattern.test(shown))) found.add("phone");
  if (EMAIL.test(shown) || showsDocument(shown)) found.add("identity");
  for (const reading of readings(shown)) {
    const rest = OTHER_NUMBERS.reduce((left, pattern) => left.replace(pattern, "\0"), reading);
    for (const [run] of rest.matchAll(RUN)) addNumbers(found, run.match(GROUP) ?? []);
  }
  return [...found];
}

/** A spelled digit may also end a name that the number follows: 张三13…, 张三一三…. */
const DIGIT_OF_NAME = /(?<![\d〇零一二三四五六七八九])[二三四五六七八九一](?=[1一幺壹0])/g;

/** The ways to read spelled digits: as digits, as words, and the first of a run as a word. */
function readings(shown: string): ReadonlySet<string> {
  const spelled = foldSpelled(shown);
  if (spelled === shown) return new Set([shown]);
  return new Set([spelled, shown, foldSpelled(shown.replace(DIGIT_OF_NAME, "\0"))]);
}

/** A number begins and ends where a group of digits does, so that longer numbers hold none. */
function addNumbers(found: Set<OpenNumber>, groups: readonly string[]): void {
  for (let first = 0; first < groups.length; first += 1) {
    let whole = "";
    for (let last = first; last < groups.length; last += 1) {
      whole += groups[last] ?? "";
      if (whole.length > WHOLE_MAX_DIGITS) break;
      if (WHOLE_PHONES.some((pattern) => pattern.test(whole))) found.add("phone");
      if (isIdentityCard(whole)) found.add("identity");
    }
  }
}

const CARD_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;

/** GB 11643-1999: the last character is 1 0 X 9 8 7 6 5 4 3 2 by the weighted sum modulo 11. */
function isIdentityCard(whole: string): boolean {
  if (!IDENTITY_CARD.test(whole)) return false;
  const sum = CARD_WEIGHTS.reduce(
    (total, weight, at) => total + weight * Number(whole.charAt(at)),
    0,
  );
  return "10X98765432".charAt(sum % 11) === whole.charAt(17).toUpperCase();
}
