/** Names and telephone numbers that people wrote into the address field. */

import { UNIT, classAt } from "./address-fold.ts";
import { findCuedNames } from "./address-cue.ts";
import type { AddressSpan, Range } from "./address-span.ts";
import { kindOfText } from "./address-text.ts";
import type { Gazetteer } from "./gazetteer.ts";
import { readChain } from "./gazetteer-chain.ts";
import { looksLikeName } from "./name.ts";
import { findPhoneRanges } from "./address-phone.ts";

const PHONE_DIGITS_MIN = 7;
const NAME_MAX_CHARS = 5;
const NAME_SCORE_MIN = 0.6;
const SHORT_RUN_CHARS = 4;
/** Added when the text before the supposed name ends as places do. */
const PLACE_BONUS = 0.3;
const CUES = [
  "联系电话",
  "手机号码",
  "联系方式",
  "手机号",
  "电话号码",
  "电话",
  "手机",
  "请打",
  "电联",
  "联系",
  "收件",
  "收货",
  "号码",
  "收",
  "打",
  "tel",
  "请",
];
const LABELS = ["联系人", "收件人", "收货人", "姓名", "收方", "寄件人"];

/** Spans labelled person and phone, in order, not overlapping. */
export function findPersons(folded: string, gazetteer: Gazetteer): readonly AddressSpan[] {
  const cued = findCuedNames(folded, gazetteer).map((range) => ["person", ...range] as const);
  const phones = findNumbers(folded);
  return phones.length === 0 ? cued : merge(besidePhones(folded, phones, gazetteer), cued);
}

/** Both lists in order; what overlaps a span of the first is left out of the second. */
function merge(sure: readonly AddressSpan[], more: readonly AddressSpan[]): readonly AddressSpan[] {
  const extra = more.filter((span) =>
    sure.every((each) => span[2] <= each[1] || each[2] <= span[1]),
  );
  return [...sure, ...extra].sort((a, b) => a[1] - b[1]);
}

function besidePhones(
  folded: string,
  phones: readonly Range[],
  gazetteer: Gazetteer,
): readonly AddressSpan[] {
  const spans: AddressSpan[] = [];
  let from = 0;
  for (const [start, end] of phones) {
    const chain = readChain(folded, from, gazetteer);
    const name = nameBefore(folded, Math.min(start, Math.max(from, chain.end)), start);
    if (name !== null) spans.push(["person", ...name]);
    spans.push(["phone", start, end]);
    from = end;
    const after = nameAfter(folded, end, gazetteer);
    if (after !== null) {
      spans.push(["person", ...after]);
      from = after[1];
    }
  }
  return spans;
}

/** Telephone numbers of a field, and any run of digits that is too long for a room. */
function findNumbers(folded: string): readonly Range[] {
  return digitCount(folded) < PHONE_DIGITS_MIN ? [] : findPhoneRanges(folded);
}

function digitCount(folded: string): number {
  let digits = 0;
  for (let at = 0; at < folded.length; at += 1) {
    const unit = folded.charCodeAt(at);
    if (unit >= 0x30 && unit <= 0x39) digits += 1;
  }
  return digits;
}

/** The name that ends where a number, its label and signs begin. */
function nameBefore(folded: string, from: number, phoneStart: number): Range | null {
  const end = skipCues(folded, from, phoneStart);
  let start = end;
  while (start > from && isHan(folded, start - 1)) start -= 1;
  const length = end - start;
  if (length === 0) return null;
  if (length <= SHORT_RUN_CHARS) return shortName(folded, start, end);
  return nameAtEnd(folded, start, end);
}

function skipCues(folded: string, from: number, to: number): number {
  let end = to;
  for (;;) {
    const before = end;
    while (end > from && classAt(folded, end - 1) === UNIT.sign) end -= 1;
    const cue = CUES.find(
      (word) => end - word.length >= from && folded.startsWith(word, end - word.length),
    );
    if (cue !== undefined) end -= cue.length;
    if (end === before) return end;
  }
}

/** A short run beside a number is a name or a nickname unless it ends as places do. */
function shortName(folded: string, start: number, end: number): Range | null {
  const text = folded.slice(start, end);
  if (looksLikeName(text) >= NAME_SCORE_MIN) return [start, end];
  return kindOfText(folded, start, end) === "unknown" ? [start, end] : null;
}

function nameAtEnd(folded: string, start: number, end: number): Range | null {
  let best: Range | null = null;
  let bestScore = NAME_SCORE_MIN;
  for (let length = 2; length <= NAME_MAX_CHARS; length += 1) {
    const at = end - length;
    if (at < start) break;
    const isAfterPlace =
      kindOfText(folded, start, at) !== "unknown" || endsWithLabel(folded, start, at);
    const score = looksLikeName(folded.slice(at, end)) + (isAfterPlace ? PLACE_BONUS : 0);
    if (score > bestScore) {
      bestScore = score;
      best = [at, end];
    }
  }
  return best;
}

function endsWithLabel(folded: string, start: number, end: number): boolean {
  return LABELS.some((word) => end - word.length >= start && folded.endsWith(word, end));
}

/** A short name between a number and a sign, or the end. */
function nameAfter(folded: string, phoneEnd: number, gazetteer: Gazetteer): Range | null {
  let start = phoneEnd;
  while (start < folded.length && classAt(folded, start) === UNIT.sign) start += 1;
  let end = start;
  while (end < folded.length && isHan(folded, end)) end += 1;
  const length = end - start;
  if (length < 2 || length > NAME_MAX_CHARS || gazetteer.names.has(folded.slice(start, end)))
    return null;
  return looksLikeName(folded.slice(start, end)) >= NAME_SCORE_MIN ? [start, end] : null;
}

function isHan(folded: string, at: number): boolean {
  const unit = classAt(folded, at);
  return unit === UNIT.han || unit === UNIT.numeral || unit === UNIT.stem;
}
