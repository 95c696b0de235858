/** Which run of a pasted line is the person's name. */

import { classAt, UNIT } from "./address-fold.ts";
import { kindOfText } from "./address-text.ts";
import { tokenise } from "./address-token.ts";
import type { ChainPart } from "./gazetteer-chain.ts";
import { looksLikeName } from "./name.ts";

/** A run of the line between signs and telephone numbers. */
export interface LinePiece {
  readonly start: number;
  readonly end: number;
  readonly isBesidePhone: boolean;
  /** Where divisions begin inside the piece, or -1. */
  readonly chainStart: number;
  readonly parts: readonly ChainPart[];
}

export type NameRange = readonly [start: number, end: number];

interface Candidate {
  readonly range: NameRange;
  readonly score: number;
}

const NAME_LABELS = [
  "收货人姓名",
  "收件人姓名",
  "收货人",
  "收件人",
  "寄件人",
  "联系人",
  "姓名",
  "收",
];
const OTHER_LABELS = [
  "收货地址",
  "收件地址",
  "详细地址",
  "所在地区",
  "所在地",
  "地址",
  "联系电话",
  "手机号码",
  "手机号",
  "手机",
  "电话",
  "邮编",
  "邮政编码",
];
const STANDALONE_MAX_CHARS = 8;
const HEAD_MAX_CHARS = 6;
const GLUED_LENGTHS = [3, 2, 4] as const;
/** Persons' names of three characters are the most frequent, then two; four are rare. */
const LENGTH_BONUS: Readonly<Record<number, number>> = { 2: 0.02, 3: 0.12, 4: 0 };
const PLACE_BONUS = 0.5;
/** A rare surname that more often ends a place: 楼, 东, 米. */
const PLACE_SIGNS = new Set("楼路街米层号室店厂村东西南北中上下里外内旁边口段角侧");
const PLACE_SIGN_MALUS = 0.35;
const COMPOUND_MIN = 0.85;
const COMPOUND_BONUS = 0.25;
/** A name at the head of a piece without divisions needs a sure surname. */
const HEAD_GLUED_MIN = 0.8;
const GLUED_MIN = 0.5;
const STANDALONE_MIN = 0.3;

/** The likeliest name of the line, or null. */
export function findLineName(
  folded: string,
  pieces: readonly LinePiece[],
  hasPhone: boolean,
): NameRange | null {
  const alone = best(pieces.flatMap((piece) => standalone(folded, piece, pieces.length)));
  if (alone !== null && alone.score >= STANDALONE_MIN) return alone.range;
  const lastPiece = pieces[pieces.length - 1];
  const glued = best(
    pieces
      .filter((piece) => (hasPhone && piece.isBesidePhone) || piece === lastPiece)
      .flatMap((piece) => [...gluedAtEnd(folded, piece), ...gluedAtStart(folded, piece)]),
  );
  return glued !== null && glued.score >= GLUED_MIN ? glued.range : null;
}

function best(candidates: readonly Candidate[]): Candidate | null {
  let top: Candidate | null = null;
  for (const each of candidates) if (top === null || each.score > top.score) top = each;
  return top;
}

/** The whole piece, or what stands before its divisions. */
function standalone(folded: string, piece: LinePiece, count: number): readonly Candidate[] {
  const label = labelAt(folded, piece);
  const start = piece.start + label.length;
  const end = piece.chainStart >= 0 ? piece.chainStart : piece.end;
  const length = end - start;
  if (length <= 0 || OTHER_LABELS.includes(label) || hasDigit(folded, start, end)) return [];
  if (NAME_LABELS.includes(label)) return [{ range: [start, end], score: 2 }];
  const isHead = piece.chainStart >= 0;
  if (length > (isHead ? HEAD_MAX_CHARS : STANDALONE_MAX_CHARS)) return [];
  if (isHead) return [{ range: [start, end], score: 0.6 + shape(folded, start, end) }];
  if (count === 1 && !piece.isBesidePhone) return [];
  return [{ range: [start, end], score: aloneScore(folded, piece, [start, end]) }];
}

function aloneScore(folded: string, piece: LinePiece, [start, end]: NameRange): number {
  const isShort = end - start <= 4;
  const besides = (piece.isBesidePhone ? 0.25 : 0) + (isShort ? 0.1 : -0.2);
  const place = kindOfText(folded, start, end) === "unknown" ? 0 : -0.45;
  const single = end - start === 1 && classAt(folded, start) === UNIT.han ? 0.25 : 0;
  return shape(folded, start, end) + besides + place + single;
}

function shape(folded: string, start: number, end: number): number {
  const text = folded.slice(start, end);
  const isMixed = /^[\u3400-\u9fff]{1,2}[a-z]{1,6}$/.test(text);
  return isMixed ? 0.7 : looksLikeName(text);
}

/** 姓名 and the like at the head of a piece, or the empty string. */
function labelAt(folded: string, piece: LinePiece): string {
  const labels = [...OTHER_LABELS, ...NAME_LABELS.slice(0, -1)];
  return labels.find((label) => folded.startsWith(label, piece.start)) ?? "";
}

/** A name that goes on from an address without a sign. */
function gluedAtEnd(folded: string, piece: LinePiece): readonly Candidate[] {
  const from = piece.parts.at(-1)?.end ?? piece.start;
  const numberEnd = tokenise(folded, from, piece.end).findLast(
    (token) => token.kind === "number",
  )?.end;
  const candidates: Candidate[] = [];
  for (const length of GLUED_LENGTHS) {
    const start = piece.end - length;
    if (start < from || start < (numberEnd ?? 0) || !isHanRun(folded, start, piece.end)) continue;
    const isAfterPlace = start === from || start === numberEnd || endsAsPlace(folded, from, start);
    const isPlaceSign = start !== numberEnd && PLACE_SIGNS.has(folded.charAt(start));
    const score = gluedScore(folded, start, piece.end) - (isPlaceSign ? PLACE_SIGN_MALUS : 0);
    candidates.push({ range: [start, piece.end], score: score + (isAfterPlace ? PLACE_BONUS : 0) });
  }
  return candidates;
}

/** A name that an address without divisions goes on from. */
function gluedAtStart(folded: string, piece: LinePiece): readonly Candidate[] {
  if (piece.parts.length > 0) return [];
  const candidates: Candidate[] = [];
  for (const length of GLUED_LENGTHS) {
    const end = piece.start + length;
    if (end >= piece.end || !isHanRun(folded, piece.start, end)) continue;
    const score = gluedScore(folded, piece.start, end);
    if (score >= HEAD_GLUED_MIN) candidates.push({ range: [piece.start, end], score });
  }
  return candidates;
}

/** Four characters are believed when the surname is a compound one, and then before three. */
function gluedScore(folded: string, start: number, end: number): number {
  const shapeScore = looksLikeName(folded.slice(start, end));
  const isCompound = end - start === 4 && shapeScore >= COMPOUND_MIN;
  return shapeScore + (isCompound ? COMPOUND_BONUS : (LENGTH_BONUS[end - start] ?? 0));
}

function endsAsPlace(folded: string, from: number, end: number): boolean {
  return kindOfText(folded, from, end) !== "unknown" || !isHanRun(folded, end - 1, end);
}

function isHanRun(folded: string, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const unit = classAt(folded, at);
    if (unit !== UNIT.han && unit !== UNIT.numeral && unit !== UNIT.stem) return false;
  }
  return true;
}

function hasDigit(folded: string, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (classAt(folded, at) === UNIT.digit) return true;
  return false;
}
