/** What a run of text in an address is: the end of a road, a place, a remark, or nothing known. */

import { UNIT, classAt } from "./address-fold.ts";
import type { Range } from "./address-span.ts";
import {
  BUILDING_ENDS,
  BUSINESS_ENDS,
  FILLERS,
  PLACE_ENDS,
  REMARKS,
  ROAD_ENDS,
  VENUE_ENDS,
  VILLAGE_ENDS,
} from "./address-word.ts";
import { looksLikeName } from "./name.ts";
import { surnameOf } from "./surname.ts";
import { wordAt, wordBefore, wordsFromHead, wordsFromTail } from "./word-table.ts";

export type TextKind = "road" | "village" | "venue" | "place" | "building" | "remark" | "unknown";

const ENDS: readonly (readonly [kind: TextKind, words: readonly string[]])[] = [
  ["place", PLACE_ENDS],
  ["venue", VENUE_ENDS],
  ["building", BUILDING_ENDS],
  ["village", VILLAGE_ENDS],
  ["road", ROAD_ENDS],
];
const KINDS = wordsFromTail<TextKind>(
  ENDS.flatMap(([kind, list]) => list.map((word) => [word, kind] as const)),
);
const BUSINESS = wordsFromTail(BUSINESS_ENDS.map((word) => [word, word.length] as const));
/** Words of two units and more that no name reaches into, with their lengths. */
const PLACE_WORDS = wordsFromHead(
  [...ENDS.flatMap(([, list]) => list), ...BUSINESS_ENDS]
    .filter((word) => word.length > 1)
    .map((word) => [word, word.length] as const),
);
const REMARK_HEADS = wordsFromHead(REMARKS.map((word) => [word, word.length] as const));
const REMARK_TAILS = wordsFromTail(REMARKS.map((word) => [word, word.length] as const));
const REMARK_PARTS = wordsFromHead([...REMARKS, ...FILLERS].map((word) => [word, word.length]));
/** 青蛙某某有限公司: forms of which none is named after its owner once it is long enough. */
const COMPANY_FORM =
  /(?:公司|集团|事务所|银行|[支分]行|大学|学院|[中小]学|幼儿园|医院|卫生院|派出所|法院|委员会|管理[局处]|厂|酒店|宾馆|公寓|专卖店|旗舰店|连锁店)$/;
const COMPANY_MIN_CHARS = 6;
/** 某某市场东区: the parts of a market hold stalls, not houses. */
const MARKET = /市场|商城|商贸|批发/;
/** Text this short is a name rather than a place when its shape says so. */
const SHORT_TEXT_CHARS = 4;
const NAME_THRESHOLD = 0.3;
/** Inside a longer text only a common surname with a usual given name counts. */
const INNER_NAME_THRESHOLD = 0.84;
/** 李明五金 is named after a person; 海信专柜 after a brand that only begins like a rare surname. */
const OWNER_NAME_THRESHOLD = 0.6;
/** Few persons are called 路 or 街, and few stand before a number. */
const PART_NAME_THRESHOLD = 0.8;

/** What the text says by its ending: 路 a road, 村 a village, 大厦 a venue, 苑 a place, else unknown. */
export function kindOfText(folded: string, start: number, end: number): TextKind {
  const kind = wordBefore(KINDS, folded, { from: start, end });
  if (kind === "place" && MARKET.test(folded.slice(start, end))) return "venue";
  if (kind !== undefined) return kind;
  return holdsRemark(folded, start, end) ? "remark" : "unknown";
}

/** 顶楼, 对门: where the door is, though the word ends as a place does. */
const DOOR_WORD = /[顶頂阁閣][楼樓层層]|对[门門户戶]|天台|地下室/;

/**
 * True when text in or after a building surely is a place or a delivery remark, and no name. What a
 * number follows is rather the next part of the address than a person, who is named at its end.
 */
export function isSurelyPlace(
  folded: string,
  [start, end]: Range,
  isBeforeNumber: boolean,
): boolean {
  const text = folded.slice(start, end);
  if (DOOR_WORD.test(text)) return false;
  if (isOnlyRemarks(text)) return true;
  if (hasForeignUnit(folded, start, end)) return false;
  if (isNamedPlace(withoutRemarks(text))) return true;
  const kind = kindOfText(folded, start, end);
  if (kind === "unknown" || kind === "village" || kind === "remark") return false;
  if (text.length > SHORT_TEXT_CHARS) return !holdsName(text);
  const isPart = (kind === "road" || isBeforeNumber) && text.length > 2;
  return looksLikeName(text) < (isPart ? PART_NAME_THRESHOLD : NAME_THRESHOLD);
}

function isNamedPlace(text: string): boolean {
  return isCompany(text) || isBusiness(text);
}

/** 青蛙某某有限公司: long enough and in a form that no shop named after its owner has. */
function isCompany(text: string): boolean {
  return text.length >= COMPANY_MIN_CHARS && COMPANY_FORM.test(text);
}

/** 青蛙专柜, 青蛙五金电器: a shop or an office by its last word, and no person's name before it. */
function isBusiness(text: string): boolean {
  const length = wordBefore(BUSINESS, text, { from: 0, end: text.length });
  if (length === undefined) return false;
  const front = text.slice(0, -length);
  if (front.length === 1) return false;
  return !holdsName(front) && looksLikeName(front) < OWNER_NAME_THRESHOLD;
}

function withoutRemarks(text: string): string {
  let end = text.length;
  for (;;) {
    const length = wordBefore(REMARK_TAILS, text, { from: 0, end });
    if (length === undefined) return text.slice(0, end);
    end -= length;
  }
}

/** Nothing but known remarks one after the other: any other word may be of a person. */
function isOnlyRemarks(text: string): boolean {
  let at = 0;
  while (at < text.length) {
    const length = wordAt(REMARK_PARTS, text, { at, to: text.length });
    if (length === undefined) return false;
    at += length;
  }
  return true;
}

/** 张三家门口 ends as places do and yet names a person. */
function holdsName(text: string): boolean {
  let runStart = 0;
  let at = 0;
  while (at < text.length) {
    const length = wordAt(PLACE_WORDS, text, { at, to: text.length });
    if (length !== undefined && runHoldsName(text.slice(runStart, at))) return true;
    at += length ?? 1;
    if (length !== undefined) runStart = at;
  }
  return runHoldsName(text.slice(runStart));
}

function runHoldsName(run: string): boolean {
  for (let at = 0; at + 2 <= run.length; at += 1) {
    if (surnameOf(run.slice(at, at + 3)) === null) continue;
    for (const length of [2, 3]) {
      if (looksLikeName(run.slice(at, at + length)) >= INNER_NAME_THRESHOLD) return true;
    }
  }
  return false;
}

function holdsRemark(folded: string, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    if (wordAt(REMARK_HEADS, folded, { at, to: end }) !== undefined) return true;
  }
  return false;
}

function hasForeignUnit(folded: string, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const unit = classAt(folded, at);
    if (unit === UNIT.other || unit === UNIT.letter || unit === UNIT.digit) return true;
  }
  return false;
}
