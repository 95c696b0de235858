/** Cuts the part of an address after its divisions into numbers with their markers, text and signs. */

import { UNIT, classAt } from "./address-fold.ts";
import { markerAt, type Marker, type MarkerRole } from "./address-marker.ts";

export type TokenKind = "number" | "text" | "sign";

export interface AddressToken {
  readonly kind: TokenKind;
  readonly start: number;
  /** End of the number itself; for text and signs the end of the token. */
  readonly bodyEnd: number;
  /** End of the token with its marker. */
  readonly end: number;
  readonly role: MarkerRole;
}

const COMPASS = new Set("东西南北中左右前后上下内外大小");
const COMPASS_SIDES = new Set("边侧面手头间");
/** Words after a compass point that make it the number of a unit or a room. */
const COMPASS_WORDS: readonly (readonly [word: string, role: MarkerRole])[] = [
  ["单元", "unit"],
  ["门洞", "unit"],
  ["户", "room"],
  ["室", "room"],
];
const NOT_AFTER_COMPASS_WORD = new Set("村镇乡路街屯庄沟外内");
/** A letter run of this length is a word, not the number of a building. */
const WORD_LETTERS_MIN = 3;

/** Tokens of `folded` from `from` to `to`, without gaps, in order. Linear. */
export function tokenise(folded: string, from: number, to: number): readonly AddressToken[] {
  const tokens: AddressToken[] = [];
  let textStart = from;
  let at = from;
  while (at < to) {
    const next =
      signAt(folded, at) ?? numberAt(folded, at, { to, previous: lastOf(tokens, textStart, at) });
    if (next === null) {
      at += 1;
      continue;
    }
    if (textStart < at) tokens.push(textToken(textStart, at));
    tokens.push(next);
    at = next.end;
    textStart = at;
  }
  if (textStart < to) tokens.push(textToken(textStart, to));
  return tokens;
}

/** The token that ends at `at`, or null when text stands between. */
function lastOf(
  tokens: readonly AddressToken[],
  textStart: number,
  at: number,
): AddressToken | null {
  return textStart === at ? (tokens[tokens.length - 1] ?? null) : null;
}

function textToken(start: number, end: number): AddressToken {
  return { kind: "text", start, bodyEnd: end, end, role: "bare" };
}

function signAt(folded: string, at: number): AddressToken | null {
  const isSign = classAt(folded, at) === UNIT.sign || isNumeralDash(folded, at);
  return isSign ? { kind: "sign", start: at, bodyEnd: at + 1, end: at + 1, role: "bare" } : null;
}

/** 一 between digits is a dash (3一2一501), and so is 之. */
function isNumeralDash(folded: string, at: number): boolean {
  const sign = folded.charCodeAt(at);
  if (sign !== 0x4e00 && sign !== 0x4e4b) return false;
  const after = classAt(folded, at + 1);
  return at > 0 && isDigitOrLetter(classAt(folded, at - 1)) && isDigitOrLetter(after);
}

function isDigitOrLetter(unit: number): boolean {
  return unit === UNIT.digit || unit === UNIT.letter;
}

interface Place {
  readonly to: number;
  readonly previous: AddressToken | null;
}

function numberAt(folded: string, at: number, place: Place): AddressToken | null {
  const unit = classAt(folded, at);
  if (unit === UNIT.digit || unit === UNIT.letter) return plainNumberAt(folded, at, place);
  if (unit === UNIT.numeral || unit === UNIT.stem) return hanNumberAt(folded, at, place);
  return unit === UNIT.han ? compassAt(folded, at) : null;
}

function plainNumberAt(folded: string, at: number, { to }: Place): AddressToken | null {
  let end = at;
  let letters = 0;
  while (end < to && isNumberUnit(folded, end)) {
    if (classAt(folded, end) === UNIT.letter) letters += 1;
    end += 1;
  }
  if (letters === end - at && letters >= WORD_LETTERS_MIN) return null;
  return numberToken({ start: at, bodyEnd: end }, markerAt(folded, end));
}

/** Digits and letters, and numerals that go on after them (3o四), but not 一 as a dash. */
function isNumberUnit(folded: string, at: number): boolean {
  const unit = classAt(folded, at);
  if (isDigitOrLetter(unit)) return true;
  return (
    unit === UNIT.numeral && !isNumeralDash(folded, at) && classAt(folded, at + 1) !== UNIT.han
  );
}

function hanNumberAt(folded: string, at: number, { to, previous }: Place): AddressToken | null {
  let end = at;
  while (end < to && isHanNumberUnit(folded, end)) end += 1;
  const isAfterNumber = previous !== null && previous.kind === "number";
  const isAfterSign = previous !== null && previous.kind === "sign";
  const isAlone = end === to || classAt(folded, end) === UNIT.sign;
  const marker = markerAt(folded, end);
  if (marker !== null && (!marker.shy || isAfterNumber))
    return numberToken({ start: at, bodyEnd: end }, marker);
  const isRoom = (isAfterNumber || (isAfterSign && isAlone)) && marker === null;
  return isRoom && end - at > 0 ? numberToken({ start: at, bodyEnd: end }, null) : null;
}

function isHanNumberUnit(folded: string, at: number): boolean {
  const unit = classAt(folded, at);
  return unit === UNIT.numeral || unit === UNIT.stem || unit === UNIT.digit || unit === UNIT.letter;
}

function numberToken(
  { start, bodyEnd }: { start: number; bodyEnd: number },
  marker: Marker | null,
): AddressToken {
  const length = marker?.length ?? 0;
  return { kind: "number", start, bodyEnd, end: bodyEnd + length, role: marker?.role ?? "bare" };
}

/** 东户, 西边户, 中单元: a side of the stairs stands for a number. */
function compassAt(folded: string, at: number): AddressToken | null {
  if (!COMPASS.has(folded.charAt(at))) return null;
  let bodyEnd = at + 1;
  if (COMPASS.has(folded.charAt(bodyEnd))) bodyEnd += 1;
  if (COMPASS_SIDES.has(folded.charAt(bodyEnd))) bodyEnd += 1;
  for (const [word, role] of COMPASS_WORDS) {
    if (!folded.startsWith(word, bodyEnd)) continue;
    const end = bodyEnd + word.length;
    return NOT_AFTER_COMPASS_WORD.has(folded.charAt(end))
      ? null
      : { kind: "number", start: at, bodyEnd, end, role };
  }
  return null;
}
