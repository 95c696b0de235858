/**
 * What a number means that no word names for certain: one before 号, and one that stands alone. It
 * is a door on a road, a building or part of a name only where its place leaves no other reading;
 * any other may be the unit, floor or room that GB/T 41833-2022 hides.
 */

import { UNIT, classAt } from "./address-fold.ts";
import type { MarkerRole } from "./address-marker.ts";
import type { AddressLabel } from "./address-span.ts";
import { DEPTH, isMasked, nextNumber, type Position, type Stretch } from "./address-stretch.ts";
import { kindOfText } from "./address-text.ts";
import type { AddressToken } from "./address-token.ts";

/** A bare number of more digits after a road may hold building, unit and room in one. */
const DOOR_DIGITS_MAX = 3;
const LONG_DOOR_DIGITS = 4;
/** 1203号 inside a compound is a room rather than a building. */
const HOUSE_DIGITS_MAX = 3;
const ROAD_SIGNS = new Set("路街道巷弄同");
/** l4-12 in a mall is a floor and a shop. */
const FLOOR_NUMBER = /^[lf]\d/;
/** Neighbourhoods of houses and works that number each house: 某某新村126号. */
const ROW_HOUSES = /(?:新村|小区|社区|工业区|开发区|安置[区点房])$/;
/** Digits of a number inside a name of a place: 青蛙99里. */
const NAME_DIGITS_MAX = 2;

/** 88号 on a road, 12号 in a compound, 301号 behind a building. */
export function labelOfDoor(stretch: Stretch, token: AddressToken, i: number): AddressLabel {
  const { depth, before } = stretch;
  if (depth === DEPTH.hidden) return "room";
  if (before === "road" || before === "village" || before === "lane") return "roadno";
  if (depth >= DEPTH.building) return "room";
  if (depth === DEPTH.open) return "roadno";
  return isBeforePhase(stretch, i) ? "poi" : labelOfHouse(stretch, token, i);
}

/** A house of a compound, unless the number is as long as that of a room. */
function labelOfHouse(stretch: Stretch, token: AddressToken, i: number): AddressLabel {
  const { depth, before } = stretch;
  const digits = token.bodyEnd - token.start;
  const isSubDoor = depth === DEPTH.roadNumber && before === "number";
  if (isInsideNumber(stretch.folded, nextNumber(stretch.tokens, i)))
    return digits > HOUSE_DIGITS_MAX && !isSubDoor ? "room" : "building";
  if (isSubDoor || digits > HOUSE_DIGITS_MAX || before === "venue") return "room";
  const mayBeRoom = digits === HOUSE_DIGITS_MAX && !ROW_HOUSES.test(textBefore(stretch, i));
  return mayBeRoom ? "room" : "building";
}

/** The number of a unit, floor or room, which makes the one before it a building. */
function isInsideNumber(folded: string, next: AddressToken | null): boolean {
  if (next === null || next.role === "building" || next.role === "name") return false;
  if (next.role === "bare") return next.bodyEnd - next.start > 1;
  return classAt(folded, next.start) !== UNIT.han;
}

function textBefore({ folded, tokens }: Stretch, i: number): string {
  const before = tokens[i - 1]?.kind === "sign" ? tokens[i - 2] : tokens[i - 1];
  return before === undefined ? "" : folded.slice(before.start, before.end);
}

/** 路88, 3-2-1201, 青蛙湾1201. */
export function labelOfBare(
  stretch: Stretch,
  token: AddressToken,
  position: Position,
): AddressLabel {
  if (stretch.depth >= DEPTH.building) return "room";
  if (isRoadDoor(stretch, token, position.i)) return "roadno";
  if (isMaskedDoor(stretch, token)) return "roadno";
  if (isLetterOfName(stretch, token, position.i)) return "poi";
  if (isBeforePhase(stretch, position.i)) return "poi";
  if (position.i > position.first) return "room";
  return position.i < position.last
    ? labelOfChainHead(stretch, token, position)
    : labelOfLoneNumber(stretch, token, position.i);
}

/** 1872一期: phases come before buildings, so what stands before one is part of the name. */
function isBeforePhase({ folded, depth, tokens }: Stretch, i: number): boolean {
  const next = nextNumber(tokens, i);
  return depth < DEPTH.building && next !== null && folded.charAt(next.end - 1) === "期";
}

/** 路88 is a door; 东段88 and 路北88 may be anything. */
function isRoadDoor(stretch: Stretch, token: AddressToken, i: number): boolean {
  const { folded, before, tokens } = stretch;
  if (before !== "road") return false;
  const road = tokens[i - 1]?.kind === "sign" ? tokens[i - 2] : tokens[i - 1];
  if (road === undefined || !ROAD_SIGNS.has(folded.charAt(road.end - 1))) return false;
  const digits = token.bodyEnd - token.start;
  return digits <= DOOR_DIGITS_MAX || (digits === LONG_DOOR_DIGITS && isDoorOfPlace(stretch, i));
}

/** 路1088某某大厦, 路1088某某湾7栋: four digits are one door when building or venue come later. */
function isDoorOfPlace({ folded, tokens }: Stretch, i: number): boolean {
  const [next, after] = [tokens[i + 1], tokens[i + 2]];
  if (next?.kind === "sign") return isRoomAfterDoor(folded, next, after);
  if (next?.kind !== "text") return false;
  return after?.role === "building" || kindOfText(folded, next.start, next.end) === "venue";
}

/** 路1088-502: what stands behind the dash is too long for the second half of a room. */
function isRoomAfterDoor(folded: string, sign: AddressToken, after?: AddressToken): boolean {
  const isDash = sign.end - sign.start === 1 && folded.charAt(sign.start) === "-";
  if (!isDash || after?.kind !== "number" || after.role !== "bare") return false;
  return after.bodyEnd - after.start === DOOR_DIGITS_MAX;
}

/** A stricter mask hid the door on the road; what it left after that is not inside a building. */
function isMaskedDoor({ folded, before, depth }: Stretch, token: AddressToken): boolean {
  if (!isMasked(folded, token)) return false;
  const isSecond = before === "number" && depth === DEPTH.roadNumber;
  return isSecond || depth === DEPTH.open || before === "road" || before === "village";
}

/** `w` in a name that goes on with text: k街. */
function isLetterOfName(
  { folded, tokens, depth }: Stretch,
  token: AddressToken,
  i: number,
): boolean {
  if (depth >= DEPTH.building || tokens[i + 1]?.kind !== "text") return false;
  for (let at = token.start; at < token.bodyEnd; at += 1) {
    if (classAt(folded, at) !== UNIT.letter) return false;
  }
  return true;
}

/** The first of several numbers is the building, unless it may be more. */
function labelOfChainHead(
  stretch: Stretch,
  token: AddressToken,
  { i, last }: Position,
): AddressLabel {
  if (isDoorAfterDoor(stretch, last - i)) return "unit";
  if (isBeforeFloor(token, stretch.tokens[last])) return "room";
  return isGluedDoor(stretch, token, stretch.tokens[last]?.role) ? "room" : "building";
}

/** 12号5-2: two numbers right after a door may be unit and room; three name the building first. */
function isDoorAfterDoor({ depth, before }: Stretch, distance: number): boolean {
  return depth === DEPTH.roadNumber && before === "number" && distance === 2;
}

/** 42-2楼: two digits before a floor may be a building and its unit in one. */
function isBeforeFloor(token: AddressToken, last?: AddressToken): boolean {
  const isFloor = last?.role === "floor" || last?.role === "storey";
  return isFloor && token.bodyEnd - token.start > 1;
}

/** b123-8: a letter and three digits, or four digits, hold a building and a room in one. */
function isGluedDoor(
  { folded }: Stretch,
  token: AddressToken,
  lastRole: MarkerRole | undefined,
): boolean {
  if (FLOOR_NUMBER.test(folded.slice(token.start, token.bodyEnd))) return true;
  const length = token.bodyEnd - token.start;
  const digits = classAt(folded, token.start) === UNIT.letter ? length - 1 : length;
  if (digits > HOUSE_DIGITS_MAX) return true;
  return digits === HOUSE_DIGITS_MAX && (digits < length || lastRole === "room");
}

/** A number without marker and company is a room, but for short ones inside a name: 青蛙99里5栋. */
function labelOfLoneNumber(stretch: Stretch, token: AddressToken, i: number): AddressLabel {
  const isInName = stretch.tokens[i + 1]?.kind === "text" && hasBuildingAfter(stretch, i);
  return isInName && token.bodyEnd - token.start <= NAME_DIGITS_MAX ? "poi" : "room";
}

function hasBuildingAfter({ folded, tokens }: Stretch, i: number): boolean {
  return tokens.some(
    (token, at) => at > i && (token.role === "building" || isMasked(folded, token)),
  );
}
