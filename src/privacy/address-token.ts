/** Cuts an address after its divisions into numbers with their markers, text and signs. */

import { UNIT, classAt } from "./address-fold.ts";
import { markerAt, type Marker, type MarkerRole } from "./address-marker.ts";
import { unitSet } from "./word-table.ts";

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

const COMPASS = unitSet("东西南北中左右前后上下内外大小");
const COMPASS_SIDES = new Set("边侧面手头间");
/** Words after a compass point that make it the number of a unit or a room. */
const COMPASS_WORDS: readonly (readonly [word: string, role: MarkerRole])[] = [
  ["单元", "unit"],
  ["门洞", "unit"],
  ["梯", "unit"],
  ["户", "room"],
  ["室", "room"],
  ["屋", "room"],
];
/** Only directly after a number: a gate elsewhere belongs to a compound. */
const COMPASS_INSIDE: typeof COMPASS_WORDS = [...COMPASS_WORDS, ["门", "unit"]];
const NOT_AFTER_COMPASS_WORD = new Set("村镇乡路街屯庄沟外内进");
/** What was hidden before is a number of its own, whose marker was hidden with it. */
const MASK = "*";
const BLANK = 0x20;
const AFTER_BLANK: ReadonlySet<MarkerRole> = new Set(["building", "unit", "floor", "number"]);
/** A letter run of this length is a word, not the number of a building. */
const WORD_LETTERS_MIN = 3;

/** Signs that join the numbers of one door: 3-1-1201, 70-74, 501、502. */
const JOINTS = new Set("-_/.、+&\\#:~ ");

/** 八二一中街: a road named after a date. */
const NAMED_ROAD = /^[东西南北中][路街巷道]/;
const ROOM_DIGITS_MIN = 3;
/** 一门: the numeral and its marker. */
const SHORT_DOOR_UNITS = 2;
const HOMES = /(?:小区|家园|花园|[花嘉佳名雅]苑|公寓|新村|家属[院楼]|宿舍|社区)$/;

/** Three numerals in a row are spelled digits (一二零一), not part of a name such as 五一. */
const SPELLED_MIN = 3;

/** Tokens of `folded` from `from` to `to`, without gaps, in order. Linear. */
export function tokenise(folded: string, from: number, to: number): readonly AddressToken[] {
  const tokens: AddressToken[] = [];
  const place = { to, textStart: from, previous: null as AddressToken | null, isInside: false };
  let textStart = from;
  let at = from;
  while (at < to) {
    if (!mayBegin(folded, at)) {
      at += 1;
      continue;
    }
    place.textStart = textStart;
    place.previous = textStart === at ? (tokens[tokens.length - 1] ?? null) : null;
    const next = signAt(folded, at, to) ?? numberAt(folded, at, place);
    if (next === null) {
      at = endOfWord(folded, at, to);
      continue;
    }
    if (textStart < at) tokens.push(textToken(textStart, at));
    else if (isHiddenDash(folded, next, place.previous)) tokens.push(emptySign(at));
    tokens.push(next);
    if (next.role === "building" || next.role === "unit") place.isInside = true;
    at = next.end;
    textStart = at;
  }
  if (textStart < to) tokens.push(textToken(textStart, to));
  return tokens;
}

/** Most units of an address go on with a text, which is found out here at once. */
function mayBegin(folded: string, at: number): boolean {
  return (
    classAt(folded, at) !== UNIT.han ||
    COMPASS[folded.charCodeAt(at)] === 1 ||
    isNumeralDash(folded, at)
  );
}

/** True when the sign stands between two numbers of one door; blanks and dashes may repeat. */
export function isJoint(folded: string, token: AddressToken): boolean {
  if (isNumeralDash(folded, token.start)) return true;
  for (let at = token.start; at < token.end; at += 1) {
    if (!JOINTS.has(folded.charAt(at))) return false;
  }
  return true;
}

/** 4****: what was hidden was divided from the 4 by a sign that was hidden too. */
function isHiddenDash(folded: string, next: AddressToken, previous: AddressToken | null): boolean {
  if (next.kind !== "number" || previous?.kind !== "number" || previous.role !== "bare")
    return false;
  return folded.charAt(next.start) === MASK || folded.charAt(previous.start) === MASK;
}

function emptySign(at: number): AddressToken {
  return { kind: "sign", start: at, bodyEnd: at, end: at, role: "bare" };
}

function textToken(start: number, end: number): AddressToken {
  return { kind: "text", start, bodyEnd: end, end, role: "bare" };
}

/** The next place where a token may begin: a word of letters is passed over as one. */
function endOfWord(folded: string, at: number, to: number): number {
  let end = at + 1;
  if (classAt(folded, at) !== UNIT.letter) return end;
  while (end < to && classAt(folded, end) === UNIT.letter) end += 1;
  return end;
}

function signAt(folded: string, at: number, to: number): AddressToken | null {
  let end = at;
  while (end < to && classAt(folded, end) === UNIT.sign) end += 1;
  if (end === at && isNumeralDash(folded, at)) end += 1;
  return end > at ? { kind: "sign", start: at, bodyEnd: end, end, role: "bare" } : null;
}

/** 一 between digits is a dash (3一2一501), and so is 之. */
function isNumeralDash(folded: string, at: number): boolean {
  const sign = folded.charCodeAt(at);
  if (sign !== 0x4e00 && sign !== 0x4e4b) return false;
  if (folded.charAt(at - 1) === MASK) return false;
  const after = classAt(folded, at + 1);
  return at > 0 && isDigitOrLetter(classAt(folded, at - 1)) && isDigitOrLetter(after);
}

function isDigitOrLetter(unit: number): boolean {
  return unit === UNIT.digit || unit === UNIT.letter;
}

interface Place {
  readonly to: number;
  /** Where the text that runs up to here begins. */
  textStart: number;
  /** The token that ends here, or null when text stands between. */
  readonly previous: AddressToken | null;
  /** A building or a unit was named before. */
  readonly isInside: boolean;
}

function numberAt(folded: string, at: number, place: Place): AddressToken | null {
  const unit = classAt(folded, at);
  if (unit === UNIT.digit || unit === UNIT.letter) return plainNumberAt(folded, at, place);
  if (unit === UNIT.numeral || unit === UNIT.stem) return hanNumberAt(folded, at, place);
  return unit === UNIT.han ? compassAt(folded, at, place) : null;
}

function plainNumberAt(folded: string, at: number, place: Place): AddressToken | null {
  let end = at;
  let letters = 0;
  while (end < place.to && (isNumberUnit(folded, end) || isNumeralRun(folded, at, end))) {
    if (end > at && (folded.charAt(end) === MASK) !== (folded.charAt(at) === MASK)) break;
    if (classAt(folded, end) === UNIT.letter) letters += 1;
    end += 1;
  }
  if (letters === end - at && letters >= WORD_LETTERS_MIN) return null;
  if (isLooseCompass(folded, end, place.to)) end += 1;
  const isHidden = folded.charAt(end - 1) === MASK;
  return numberToken({ start: at, bodyEnd: end }, isHidden ? null : markerNear(folded, end), place);
}

/** The marker after a number; a blank between them may only hide one that says what it counts. */
function markerNear(folded: string, at: number): Marker | null {
  const marker = markerAt(folded, at);
  if (marker !== null || folded.charCodeAt(at) !== BLANK) return marker;
  const after = markerAt(folded, at + 1);
  const isSure = after !== null && !after.shy && AFTER_BLANK.has(after.role);
  return isSure ? { ...after, length: after.length + 1 } : null;
}

/** Digits and letters, and numerals that go on after them (5o六), but not 一 as a dash. */
function isNumberUnit(folded: string, at: number): boolean {
  const unit = classAt(folded, at);
  if (isDigitOrLetter(unit)) return true;
  return (
    unit === UNIT.numeral && !isNumeralDash(folded, at) && classAt(folded, at + 1) !== UNIT.han
  );
}

/** A numeral right after a numeral that belongs to the number: a九五. */
function isNumeralRun(folded: string, start: number, at: number): boolean {
  const isAfterNumeral = at > start && classAt(folded, at - 1) === UNIT.numeral;
  return isAfterNumeral && classAt(folded, at) === UNIT.numeral;
}

/** 10中, 301左: the side of the stairs belongs to the number before it. */
function isLooseCompass(folded: string, at: number, to: number): boolean {
  if (at >= to || COMPASS[folded.charCodeAt(at)] !== 1) return false;
  if (at + 1 >= to || classAt(folded, at + 1) === UNIT.sign) return true;
  return COMPASS_WORDS.some(([word]) => folded.startsWith(word, at + 1));
}

function hanNumberAt(folded: string, at: number, place: Place): AddressToken | null {
  let end = at;
  // 百四楼 after a store called 某百 is the fourth floor: no numeral begins with 百.
  if (folded.charAt(at) === "百" && isNumeralOrMask(folded, at + 1)) return null;
  while (end < place.to && isHanNumberUnit(folded, end)) end += 1;
  const body = { start: at, bodyEnd: end };
  const marker = markerAt(folded, end);
  const isNumber =
    marker === null
      ? isBareHanNumber(folded, body, place)
      : isMarked(folded, body, { marker, place });
  return isNumber ? numberToken(body, marker, place) : null;
}

function isNumeralOrMask(folded: string, at: number): boolean {
  return classAt(folded, at) === UNIT.numeral || folded.charAt(at) === MASK;
}

interface Body {
  readonly start: number;
  readonly bodyEnd: number;
}

/** A numeral before a marker that also ends names (六户, 五一路) needs a number or building before. */
function isMarked(
  folded: string,
  { start, bodyEnd }: Body,
  { marker, place }: { readonly marker: Marker; readonly place: Place },
): boolean {
  const isAfterNumber = place.previous?.kind === "number";
  if (marker.role === "road") return isAfterNumber;
  if (!marker.shy || isAfterNumber || place.isInside) return true;
  const isOrdinal = folded.charAt(start - 1) === "第" && marker.role === "room";
  if (marker.role === "unit" && isDoorOfStairs(folded, bodyEnd + marker.length, place)) return true;
  return isOrdinal || bodyEnd - start >= SPELLED_MIN;
}

/** 青蛙湾一门402, 青蛙家园一门: a numbered door before a room, or after a place where people live. */
function isDoorOfStairs(folded: string, end: number, { textStart }: Place): boolean {
  let digits = 0;
  while (classAt(folded, end + digits) === UNIT.digit) digits += 1;
  return digits >= ROOM_DIGITS_MIN || HOMES.test(folded.slice(textStart, end - SHORT_DOOR_UNITS));
}

function isBareHanNumber(folded: string, { start, bodyEnd }: Body, place: Place): boolean {
  if (bodyEnd - start >= SPELLED_MIN) return !NAMED_ROAD.test(folded.slice(bodyEnd, bodyEnd + 2));
  const isAlone = bodyEnd === place.to || classAt(folded, bodyEnd) === UNIT.sign;
  if (isAlone) return place.previous !== null || isDashed(folded, bodyEnd);
  return place.previous?.kind === "number" && bodyEnd - start > 1;
}

/** A dash and another number follow: 三-二-一二零一. */
function isDashed(folded: string, at: number): boolean {
  return JOINTS.has(folded.charAt(at)) && isHanNumberUnit(folded, at + 1);
}

function isHanNumberUnit(folded: string, at: number): boolean {
  const unit = classAt(folded, at);
  return unit === UNIT.numeral || unit === UNIT.stem || unit === UNIT.digit || unit === UNIT.letter;
}

function numberToken({ start, bodyEnd }: Body, marker: Marker | null, { to }: Place): AddressToken {
  const end = bodyEnd + (marker?.length ?? 0);
  return end <= to
    ? { kind: "number", start, bodyEnd, end, role: marker?.role ?? "bare" }
    : { kind: "number", start, bodyEnd, end: bodyEnd, role: "bare" };
}

/** 东户, 西边户, 中单元: a side of the stairs stands for a number. */
function compassAt(folded: string, at: number, place: Place): AddressToken | null {
  if (COMPASS[folded.charCodeAt(at)] !== 1) return null;
  let bodyEnd = at + 1;
  if (COMPASS[folded.charCodeAt(bodyEnd)] === 1) bodyEnd += 1;
  if (COMPASS_SIDES.has(folded.charAt(bodyEnd))) bodyEnd += 1;
  const isInside = place.previous?.kind === "number" && place.previous.role !== "name";
  const rows = isInside ? COMPASS_INSIDE : COMPASS_WORDS;
  for (const [word, role] of rows) {
    const end = bodyEnd + word.length;
    if (end > place.to || !folded.startsWith(word, bodyEnd)) continue;
    if (NOT_AFTER_COMPASS_WORD.has(folded.charAt(end))) return null;
    return { kind: "number", start: at, bodyEnd, end, role };
  }
  return null;
}
