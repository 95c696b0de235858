/**
 * Telephone numbers as a scanner reads them: a letter in the place of a digit, one digit lost or
 * doubled. Only used when the caller says that the text went through OCR.
 */

import type { TextSpan } from "./free-text-span.ts";

/** Letters that look like digits; a run of them counts only where digits make up most of it. */
const LOOKS_LIKE: ReadonlyMap<string, string> = new Map([
  ...[..."OoDQ"].map((letter) => [letter, "0"] as const),
  ...[..."lI|!i"].map((letter) => [letter, "1"] as const),
  ...[..."Zz"].map((letter) => [letter, "2"] as const),
  ...[..."Ss"].map((letter) => [letter, "5"] as const),
  ["b", "6"],
  ["B", "8"],
  ["g", "9"],
  ["q", "9"],
]);
const RUN = /(?<![A-Za-z0-9])[0-9OoDQlI|!iZzSsbBgq][0-9OoDQlI|!iZzSsbBgq -]{6,24}(?![A-Za-z0-9])/g;
const LETTER = /[A-Za-z|!]/g;
const DIGITS_MIN = 6;
/** A mobile, and one that lacks a digit or has one twice. */
const MOBILE = /(?<!\d)1 ?[3-9](?:[ -]?\d){9}(?!\d)/g;
const BLURRED = /(?<!\d)1[3-9]\d{8}(?:\d{2})?(?!\d)/g;
const CUE = /(?:电话|手机|号码|联系|tel|打)[号码是为:： ]{0,4}$/i;
const CUE_MAX_CHARS = 8;

/** The same length as `folded`, letters that look like digits made digits inside numbers. */
export function unblur(folded: string): string {
  return folded.replace(RUN, (run) => {
    const digits = run.match(/\d/g)?.length ?? 0;
    const letters = run.match(LETTER)?.length ?? 0;
    if (digits < DIGITS_MIN || letters === 0 || letters > digits) return run;
    return run.replace(LETTER, (letter) => LOOKS_LIKE.get(letter) ?? letter);
  });
}

/** Numbers in text that `unblur` made: mobiles, and after a cue ten or twelve digits. */
export function findBlurredPhones(unblurred: string): readonly TextSpan[] {
  const found: TextSpan[] = [];
  for (const match of unblurred.matchAll(MOBILE)) found.push(spanOf(match, 0.7));
  for (const match of unblurred.matchAll(BLURRED)) {
    const before = unblurred.slice(Math.max(0, match.index - CUE_MAX_CHARS), match.index);
    found.push(spanOf(match, CUE.test(before) ? 0.6 : 0.4));
  }
  return found;
}

function spanOf(match: RegExpExecArray, confidence: number): TextSpan {
  const end = match.index + match[0].length;
  return { kind: "phone", start: match.index, end, confidence, reason: "blurred" };
}
