/**
 * The name that stands beside a telephone number in an address field. A line that holds a number
 * mostly holds the name of its owner too: in full, as a nickname, as one letter, glued to the place
 * before it or to the division after it. Written from the habits that labels show, 2026.
 */

import { UNIT, classAt } from "./address-fold.ts";
import { markerAt } from "./address-marker.ts";
import type { Range } from "./address-span.ts";
import { kindOfText } from "./address-text.ts";
import { readChain } from "./gazetteer-chain.ts";
import type { Gazetteer } from "./gazetteer.ts";
import { looksLikeName } from "./name.ts";

const CUES =
  "联系电话 手机号码 联系方式 收货电话 收件电话 手机号 电话号码 电话 手机 请打 电联 联系 收件 收货 号码 收 打 tel 请 转".split(
    " ",
  );
const LABELS =
  "联系人 收件人 收货人 收货方 收件方 姓名 名字 收方 寄件人 电话联系 联系 转交 转 找 给 致".split(
    " ",
  );
const ADDRESS_LABELS = /^(?:收货|收件|详细|寄件|送货)?地址$|^(?:寄|送|发)(?:到|往|至)$/;
/** A run between signs that may be a name as a whole. */
const SHORT_RUN_UNITS = 4;
/** 阿依古丽·某某某, or a name in letters. */
const LONG_NAME_UNITS = 20;
const NAME_MAX_UNITS = 5;
const NAME_SCORE_MIN = 0.6;
/** What a name must reach when the run ends as a place does, or when nothing bounds it. */
const SURE_NAME_SCORE = 0.8;
/** Added when the text before the supposed name ends as places do. */
const PLACE_BONUS = 0.3;

/** The name that ends where a number, its label and signs begin; null when a place does. */
export function nameBefore(folded: string, from: number, phoneStart: number): Range | null {
  const end = skipCues(folded, from, phoneStart);
  const start = afterMarker(folded, startOfRun(folded, from, end), end);
  if (start >= end) return null;
  return isWholeName(folded, start, end) ? [start, end] : nameAtEnd(folded, start, end);
}

/** The name behind a number: alone, or before the division with which the address begins. */
export function nameAfter(folded: string, phoneEnd: number, gazetteer: Gazetteer): Range | null {
  const start = skipLabels(folded, phoneEnd);
  const end = endOfRun(folded, start);
  if (start >= end || beginsChain(folded, start, gazetteer)) return null;
  const isAlone = end >= folded.length || classAt(folded, end) !== UNIT.digit;
  if (isAlone && isWholeName(folded, start, end)) {
    return gazetteer.names.has(folded.slice(start, end)) ? null : [start, end];
  }
  return nameBeforeChain(folded, { start, end }, gazetteer) ?? nameAtHead(folded, start, end);
}

/** A name at the very beginning of a line that has a number elsewhere. */
export function nameAtStart(folded: string, gazetteer: Gazetteer): Range | null {
  const start = skipLabels(folded, 0);
  const end = endOfRun(folded, start);
  if (start >= end || beginsChain(folded, start, gazetteer)) return null;
  const isAlone = end < folded.length && classAt(folded, end) === UNIT.sign;
  if (isAlone && isWholeName(folded, start, end)) {
    return gazetteer.names.has(folded.slice(start, end)) ? null : [start, end];
  }
  return nameBeforeChain(folded, { start, end }, gazetteer);
}

/**
 * The last units of a run before a number, when no name was found anywhere in the line: what is no
 * place by its ending may be a nickname.
 */
export function unknownBefore(folded: string, from: number, phoneStart: number): Range | null {
  const end = skipCues(folded, from, phoneStart);
  const start = afterMarker(folded, startOfRun(folded, from, end), end);
  if (start >= end || kindOfText(folded, start, end) !== "unknown") return null;
  return [Math.max(start, end - SHORT_RUN_UNITS), end];
}

/** The first units of a run after a number that holds more than a name; see `unknownBefore`. */
export function unknownAfter(folded: string, phoneEnd: number, gazetteer: Gazetteer): Range | null {
  const start = skipLabels(folded, phoneEnd);
  const end = endOfRun(folded, start);
  if (end - start < SHORT_RUN_UNITS || beginsChain(folded, start, gazetteer)) return null;
  return [start, start + SHORT_RUN_UNITS - 1];
}

/** 3栋王: the marker of a number before the run is no part of it. */
function afterMarker(folded: string, start: number, end: number): number {
  const before = start === 0 ? UNIT.sign : classAt(folded, start - 1);
  if (before !== UNIT.digit) return start;
  return Math.min(end, start + (markerAt(folded, start)?.length ?? 0));
}

/** A short run is a name unless it says that it is a place, a part of a door or a remark. */
function isWholeName(folded: string, start: number, end: number): boolean {
  const text = folded.slice(start, end);
  const isDotted = text.includes("·") || isLetters(folded, start, end);
  if (text.length > (isDotted ? LONG_NAME_UNITS : SHORT_RUN_UNITS)) return false;
  if (ADDRESS_LABELS.test(text) || CUES.includes(text)) return false;
  return kindOfText(folded, start, end) === "unknown" || looksLikeName(text) >= NAME_SCORE_MIN;
}

function nameAtEnd(folded: string, start: number, end: number): Range | null {
  const isPlace = kindOfText(folded, start, end) !== "unknown";
  let best: Range | null = null;
  let bestScore = isPlace ? SURE_NAME_SCORE : NAME_SCORE_MIN;
  for (let length = 2; length <= NAME_MAX_UNITS && end - length >= start; length += 1) {
    const at = end - length;
    const score = looksLikeName(folded.slice(at, end));
    const total = score + (isBoundary(folded, start, at) ? PLACE_BONUS : 0);
    if (total > bestScore) {
      bestScore = total;
      best = [at, end];
    }
  }
  return best ?? (isPlace ? null : nicknameAtEnd(folded, start, end));
}

/** 青蛙村四哥: the longest short tail after a word that ends a place or a number. */
function nicknameAtEnd(folded: string, start: number, end: number): Range | null {
  for (let length = SHORT_RUN_UNITS; length > 0; length -= 1) {
    const at = end - length;
    if (at > start && isBoundary(folded, start, at)) return [at, end];
  }
  const letters = startOfLetters(folded, start, end);
  return letters < end ? [letters, end] : null;
}

function isBoundary(folded: string, start: number, at: number): boolean {
  if (at <= start) return false;
  if (classAt(folded, at - 1) === UNIT.numeral) return true;
  const kind = kindOfText(folded, start, at);
  return kind !== "unknown" || LABELS.some((word) => folded.slice(start, at).endsWith(word));
}

interface Run {
  readonly start: number;
  readonly end: number;
}

/** 四哥江苏省…: what stands before the first division of the address is a name. */
function nameBeforeChain(folded: string, { start, end }: Run, gazetteer: Gazetteer): Range | null {
  const isDotted = folded.slice(start, end).includes("·");
  const maxUnits = Math.min(end - start - 1, isDotted ? LONG_NAME_UNITS : NAME_MAX_UNITS);
  for (let length = 1; length <= maxUnits; length += 1) {
    if (!beginsChain(folded, start + length, gazetteer)) continue;
    return isWholeName(folded, start, start + length) ? [start, start + length] : null;
  }
  return null;
}

/** 苗阿满青蛙湾: only what surely is a name, since nothing divides it from the place. */
function nameAtHead(folded: string, start: number, end: number): Range | null {
  for (const length of [3, 2]) {
    if (start + length > end) continue;
    if (looksLikeName(folded.slice(start, start + length)) >= SURE_NAME_SCORE)
      return [start, start + length];
  }
  return null;
}

function beginsChain(folded: string, at: number, gazetteer: Gazetteer): boolean {
  if (!gazetteer.lengths.has(folded.charCodeAt(at))) return false;
  const chain = readChain(folded, at, gazetteer);
  return chain.code !== "" && chain.parts[0]?.start === at;
}

function skipCues(folded: string, from: number, to: number): number {
  let end = to;
  for (;;) {
    const before = end;
    while (end > from && classAt(folded, end - 1) === UNIT.sign && !isDot(folded, end - 1))
      end -= 1;
    const cue = CUES.find((word) => end - word.length >= from && folded.endsWith(word, end));
    if (cue !== undefined) end -= cue.length;
    if (end === before) return end;
  }
}

function skipLabels(folded: string, from: number): number {
  let at = from;
  for (;;) {
    const before = at;
    while (at < folded.length && classAt(folded, at) === UNIT.sign) at += 1;
    const label = LABELS.find((word) => folded.startsWith(word, at));
    if (label !== undefined) at += label.length;
    if (at === before) return at;
  }
}

function startOfRun(folded: string, from: number, end: number): number {
  let start = end;
  while (start > from && isNameUnit(folded, start - 1)) start -= 1;
  return start;
}

function endOfRun(folded: string, start: number): number {
  let end = start;
  while (end < folded.length && isNameUnit(folded, end)) end += 1;
  return end;
}

function startOfLetters(folded: string, start: number, end: number): number {
  let at = end;
  while (at > start && classAt(folded, at - 1) === UNIT.letter) at -= 1;
  return at;
}

function isLetters(folded: string, start: number, end: number): boolean {
  return startOfLetters(folded, start, end) === start;
}

/** Anything but digits and signs; a dot inside divides the parts of a name. */
function isNameUnit(folded: string, at: number): boolean {
  const unit = classAt(folded, at);
  return (unit !== UNIT.digit && unit !== UNIT.sign) || isDot(folded, at);
}

function isDot(folded: string, at: number): boolean {
  return folded.charAt(at) === "·" || folded.charAt(at) === "•";
}
