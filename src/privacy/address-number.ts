/** What a number in an address counts, by its marker and by what stands before and after it. */

import { UNIT, classAt } from "./address-fold.ts";
import type { MarkerRole } from "./address-marker.ts";
import type { AddressLabel, AddressSpan } from "./address-span.ts";
import { kindOfText, type TextKind } from "./address-text.ts";
import type { AddressToken } from "./address-token.ts";

/** How deep into the address the reading is; from `building` on every other number is hidden. */
export const DEPTH = { open: 0, road: 1, roadNumber: 2, place: 3, building: 4, hidden: 5 } as const;
export type Depth = (typeof DEPTH)[keyof typeof DEPTH];

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

/** Grows while one stretch between phones and names is read. */
export interface Stretch {
  readonly folded: string;
  readonly tokens: readonly AddressToken[];
  readonly spans: AddressSpan[];
  depth: Depth;
  /** What stands directly before the number: decides what 号 and a bare number mean. */
  before: TextKind | "number" | "lane" | "start";
}

/** Labels the numbers `first` to `last`, which dashes join. */
export function readNumbers(stretch: Stretch, first: number, last: number): void {
  const shared = labelOfRange(stretch, first, last);
  for (let i = first; i <= last; i += 2) {
    const token = stretch.tokens[i];
    if (token === undefined) return;
    const label = shared ?? labelOfNumber(stretch, token, { i, first, last, role: token.role });
    stretch.spans.push([label, i > first ? startWithDash(stretch, i) : token.start, token.end]);
    advance(stretch, token, label);
  }
}

/** The label that the last number of a chain gives to all of it, or null when each has its own. */
function labelOfRange(stretch: Stretch, first: number, last: number): AddressLabel | null {
  const end = stretch.tokens[last];
  if (last === first || end === undefined) return null;
  const isList = stretch.folded.charAt(stretch.tokens[first + 1]?.start ?? 0) === "、";
  if (!isList && !coversWhole(stretch, end.role, last - first)) return null;
  return labelOfNumber(stretch, end, { i: last, first: last, last, role: end.role });
}

/** A numeral that serves as a dash goes with the number after it: it may be read as part of it. */
function startWithDash({ folded, tokens }: Stretch, i: number): number {
  const [sign, token] = [tokens[i - 1], tokens[i]];
  const isNumeral = sign !== undefined && classAt(folded, sign.start) !== UNIT.sign;
  return isNumeral ? sign.start : (token?.start ?? 0);
}

/** 70-74号 on a road, 1-3号楼: the marker at the end speaks for all the numbers of the chain. */
function coversWhole({ depth }: Stretch, role: MarkerRole, distance: number): boolean {
  if (role === "building") return depth < DEPTH.building;
  return (role === "number" || role === "yard") && depth === DEPTH.road && distance === 2;
}

interface Position {
  readonly i: number;
  /** Indexes of the first and the last number of the chain. */
  readonly first: number;
  readonly last: number;
  readonly role: MarkerRole;
}

function labelOfNumber(stretch: Stretch, token: AddressToken, position: Position): AddressLabel {
  switch (position.role) {
    case "building":
      return isSecondRoomMark(stretch, token) ? "room" : "building";
    case "unit":
      return isGate(stretch, token, position.i) ? "poi" : "unit";
    case "floor":
    case "room":
      return position.role;
    case "storey":
      return labelOfStorey(stretch, token, position.i);
    case "number":
      return labelOfDoor(stretch, token, position.i);
    case "lane":
    case "yard":
      return "roadno";
    case "road":
      return labelInName(stretch, position.i, "road");
    case "distance":
      return "note";
    case "name":
      return labelInName(stretch, position.i, "poi");
    case "bare":
      return labelOfBare(stretch, token, position);
  }
}

/** 3号门12号楼, 88号西门: a gate of the compound, unless the number of a room follows it. */
function isGate({ folded, depth, tokens }: Stretch, token: AddressToken, i: number): boolean {
  if (depth >= DEPTH.building || folded.charAt(token.end - 1) !== "门") return false;
  const next = nextNumber(tokens, i);
  if (next?.role === "building" || isMasked(folded, next)) return true;
  const isNamed = classAt(folded, token.start) === UNIT.han;
  return isNamed && depth === DEPTH.roadNumber && next === null;
}

/** 6组, 2期, 318国道: shown, unless it stands where a door does. */
function labelInName(
  { folded, depth, tokens }: Stretch,
  i: number,
  label: "road" | "poi",
): AddressLabel {
  const token = tokens[i];
  const digits = token === undefined ? 0 : token.bodyEnd - token.start;
  if (label === "poi" && digits > HOUSE_DIGITS_MAX) return "room";
  if (depth < DEPTH.building) return label;
  const isPart = token !== undefined && kindOfText(folded, token.bodyEnd, token.end) === "place";
  if (label === "poi" && isPart && depth === DEPTH.building) return label;
  return label === "road" && tokens[i - 1]?.kind !== "number" ? label : "room";
}

/** `301#` inside a building is a door. */
function isSecondRoomMark({ folded, depth }: Stretch, token: AddressToken): boolean {
  return depth >= DEPTH.building && folded.charAt(token.bodyEnd) === "#";
}

/** 22楼503 is building 22, 5楼503 and 5楼 are floors, 3楼2单元 is building 3. */
function labelOfStorey(stretch: Stretch, token: AddressToken, i: number): AddressLabel {
  if (stretch.depth >= DEPTH.building) return "floor";
  const next = nextNumber(stretch.tokens, i);
  if (next === null) return "floor";
  if (next.role === "unit") return "building";
  if (next.role !== "bare" && next.role !== "room") return "floor";
  const room = stretch.folded.slice(next.start, next.bodyEnd);
  if (room.includes("*")) return "building";
  const isRoom = /^\d{3,4}$/.test(room);
  return isRoom && !room.startsWith(stretch.folded.slice(token.start, token.bodyEnd))
    ? "building"
    : "floor";
}

function nextNumber(tokens: readonly AddressToken[], i: number): AddressToken | null {
  const next = tokens[i + 1]?.kind === "sign" ? tokens[i + 2] : tokens[i + 1];
  return next?.kind === "number" ? next : null;
}

/** The number of a unit, floor or room, which makes the one before it a building. */
function isInsideNumber(folded: string, next: AddressToken | null): boolean {
  if (next === null || next.role === "building" || next.role === "name") return false;
  if (next.role === "bare") return next.bodyEnd - next.start > 1;
  return classAt(folded, next.start) !== UNIT.han;
}

function labelOfDoor(stretch: Stretch, token: AddressToken, i: number): AddressLabel {
  const { depth, before, tokens } = stretch;
  if (depth === DEPTH.hidden) return "room";
  if (before === "road" || before === "village" || before === "lane") return "roadno";
  if (depth >= DEPTH.building) return "room";
  if (depth === DEPTH.open) return "roadno";
  if (isBeforePhase(stretch, i)) return "poi";
  const isFollowed = isInsideNumber(stretch.folded, nextNumber(tokens, i));
  if (depth === DEPTH.roadNumber && before === "number") return isFollowed ? "building" : "room";
  const digits = token.bodyEnd - token.start;
  if (digits > HOUSE_DIGITS_MAX) return "room";
  const mayBeRoom = !ROW_HOUSES.test(textBefore(stretch, i));
  if (digits === HOUSE_DIGITS_MAX && !isFollowed && mayBeRoom) return "room";
  return before === "venue" && !isFollowed ? "room" : "building";
}

function textBefore({ folded, tokens }: Stretch, i: number): string {
  const before = tokens[i - 1]?.kind === "sign" ? tokens[i - 2] : tokens[i - 1];
  return before === undefined ? "" : folded.slice(before.start, before.end);
}

function labelOfBare(stretch: Stretch, token: AddressToken, position: Position): AddressLabel {
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

/** 42-2楼: two digits before a floor may be a building and its unit in one. */
function isBeforeFloor(token: AddressToken, last?: AddressToken): boolean {
  const isFloor = last?.role === "floor" || last?.role === "storey";
  return isFloor && token.bodyEnd - token.start > 1;
}

/** A number without marker and company is a room, but for short ones inside a name: 青蛙99里5栋. */
function labelOfLoneNumber(stretch: Stretch, token: AddressToken, i: number): AddressLabel {
  const isInName = stretch.tokens[i + 1]?.kind === "text" && hasBuildingAfter(stretch, i);
  return isInName && token.bodyEnd - token.start <= NAME_DIGITS_MAX ? "poi" : "room";
}

/** 12号5-2: two numbers right after a door may be unit and room; three name the building first. */
function isDoorAfterDoor({ depth, before }: Stretch, distance: number): boolean {
  return depth === DEPTH.roadNumber && before === "number" && distance === 2;
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

/** 路88 is a door; 东段88 and 路北88 may be anything. */
function isRoadDoor(stretch: Stretch, token: AddressToken, i: number): boolean {
  const { folded, before, tokens } = stretch;
  if (before !== "road") return false;
  const road = tokens[i - 1]?.kind === "sign" ? tokens[i - 2] : tokens[i - 1];
  if (road === undefined || !ROAD_SIGNS.has(folded.charAt(road.end - 1))) return false;
  const digits = token.bodyEnd - token.start;
  return digits <= DOOR_DIGITS_MAX || (digits === LONG_DOOR_DIGITS && isDoorOfPlace(stretch, i));
}

/** A stricter mask hid the door on the road; what it left after that is not inside a building. */
function isMaskedDoor({ folded, before, depth }: Stretch, token: AddressToken): boolean {
  if (!isMasked(folded, token)) return false;
  const isSecond = before === "number" && depth === DEPTH.roadNumber;
  return isSecond || depth === DEPTH.open || before === "road" || before === "village";
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

function hasBuildingAfter({ folded, tokens }: Stretch, i: number): boolean {
  return tokens.some(
    (token, at) => at > i && (token.role === "building" || isMasked(folded, token)),
  );
}

/** What an earlier mask left of a number, which may have been that of a building. */
function isMasked(folded: string, token: AddressToken | null): boolean {
  return token !== null && folded.charAt(token.start) === "*";
}

function advance(stretch: Stretch, token: AddressToken, label: AddressLabel): void {
  stretch.before = kindOfNumber(stretch, token);
  if (label === "roadno") stretch.depth = DEPTH.roadNumber;
  else if (label === "road") advanceRoad(stretch);
  else if (label === "building" || isMasked(stretch.folded, token))
    stretch.depth = deeper(stretch.depth, DEPTH.building);
  else if (label === "note") return;
  else if (label === "poi") stretch.depth = deeper(stretch.depth, DEPTH.place);
  else stretch.depth = DEPTH.hidden;
}

/** What the next number sees before it: a lane, the kind of the name that the number belongs to. */
function kindOfNumber({ folded, before }: Stretch, token: AddressToken): Stretch["before"] {
  if (token.role === "lane") return "lane";
  if (token.role !== "name") return "number";
  const kind = kindOfText(folded, token.bodyEnd, token.end);
  const isPartOfVillage = before === "village" && kind !== "venue";
  return before === "venue" || isPartOfVillage ? before : kind;
}

function deeper(one: Depth, other: Depth): Depth {
  return one > other ? one : other;
}

/** 市场13街: the streets inside a market number its stalls. */
function advanceRoad(stretch: Stretch): void {
  if (stretch.before === "venue" && stretch.depth === DEPTH.place) return;
  stretch.before = "road";
  stretch.depth = DEPTH.road;
}
