/**
 * Reads an address into labelled spans: divisions, roads and their numbers, places, buildings, and what
 * GB/T 41833-2022 hides (地址应隐藏单元户室号). A number is shown only when its place says for certain
 * that it belongs to a road, a building or a name; every other number counts as unit, floor or room.
 */

import { UNIT, classAt, foldAddress } from "./address-fold.ts";
import type { MarkerRole } from "./address-marker.ts";
import { findPersons } from "./address-person.ts";
import { isSurelyPlace, kindOfText, type TextKind } from "./address-text.ts";
import { isJoint, tokenise, type AddressToken } from "./address-token.ts";
import { readChain } from "./gazetteer-chain.ts";
import type { Gazetteer } from "./gazetteer-index.ts";

export type AddressLabel =
  | "prov"
  | "city"
  | "district"
  | "town"
  | "road"
  | "roadno"
  | "community"
  | "poi"
  | "building"
  | "unit"
  | "floor"
  | "room"
  | "person"
  | "phone"
  | "note"
  | "other";

export type AddressSpan = readonly [label: AddressLabel, start: number, end: number];
export type Range = readonly [start: number, end: number];

export interface AddressReading {
  /** In order, not overlapping; signs between them belong to none. Offsets in UTF-16 units. */
  readonly spans: readonly AddressSpan[];
  /** What GB/T 41833-2022 and the care for names and numbers in the field hide. */
  readonly hidden: readonly Range[];
}

/** Labels that are hidden whatever the profile keeps of an address. */
export const ALWAYS_HIDDEN: ReadonlySet<AddressLabel> = new Set([
  "unit",
  "floor",
  "room",
  "person",
  "phone",
  "other",
]);

/** No postal address is longer; what stands beyond is not read but hidden. */
export const ADDRESS_READ_MAX_CHARS = 600;

const DEPTH = { open: 0, road: 1, roadNumber: 2, place: 3, building: 4, hidden: 5 } as const;
type Depth = (typeof DEPTH)[keyof typeof DEPTH];

/** A bare number of more digits than this is no door on a road. */
const DOOR_DIGITS_MAX = 5;
/** 四位以上的“号”在小区里是室而不是楼. */
const HOUSE_DIGITS_MAX = 3;
/** Digits of a number inside a name of a place: 黄金99御园. */
const NAME_DIGITS_MAX = 2;

/** Grows while one stretch between phones and names is read. */
interface Stretch {
  readonly folded: string;
  readonly tokens: readonly AddressToken[];
  readonly spans: AddressSpan[];
  depth: Depth;
  /** What stands directly before the number: decides what 号 and a bare number mean. */
  before: TextKind | "number" | "lane" | "start";
}

/** Reads any string; never throws; linear in the length of `text`. */
export function readAddress(text: string, gazetteer: Gazetteer): AddressReading {
  const folded = foldAddress(text.slice(0, ADDRESS_READ_MAX_CHARS));
  const spans: AddressSpan[] = [];
  let at = 0;
  let depth: Depth = DEPTH.open;
  for (const person of findPersons(folded, gazetteer)) {
    depth = readStretch(folded, { from: at, to: person[1], depth, gazetteer, spans });
    spans.push(person);
    at = person[2];
  }
  readStretch(folded, { from: at, to: folded.length, depth, gazetteer, spans });
  if (text.length > folded.length) spans.push(["other", folded.length, text.length]);
  const hidden = spans
    .filter(([label]) => ALWAYS_HIDDEN.has(label))
    .map((span) => [span[1], span[2]] as const);
  return { spans, hidden };
}

interface StretchOptions {
  readonly from: number;
  readonly to: number;
  readonly depth: Depth;
  readonly gazetteer: Gazetteer;
  readonly spans: AddressSpan[];
}

function readStretch(folded: string, options: StretchOptions): Depth {
  const { from, to, gazetteer, spans } = options;
  if (from >= to) return options.depth;
  const chain = readChain(folded, from, gazetteer);
  const inside = chain.parts.filter((part) => part.end <= to);
  for (const part of inside) spans.push([part.level, part.start, part.end]);
  const bodyStart = inside.at(-1)?.end ?? from;
  const depth = inside.length > 0 ? DEPTH.open : options.depth;
  const tokens = tokenise(folded, bodyStart, to);
  const stretch: Stretch = { folded, tokens, spans, depth, before: "start" };
  for (let i = 0; i < tokens.length;) i = readToken(stretch, i);
  return stretch.depth;
}

/** Reads the token at `i`, or the chain of numbers that begins there; the index after it. */
function readToken(stretch: Stretch, i: number): number {
  const token = stretch.tokens[i];
  if (token === undefined || token.kind === "sign") return i + 1;
  if (token.kind === "text") {
    readText(stretch, token, i);
    return i + 1;
  }
  const last = endOfChain(stretch, i);
  readNumbers(stretch, i, last);
  return last + 1;
}

/** Index of the last number that dashes or blanks join to the bare number at `i`. */
function endOfChain({ folded, tokens }: Stretch, i: number): number {
  let last = i;
  for (;;) {
    const sign = tokens[last + 1];
    const isJoined = sign?.kind === "sign" && tokens[last + 2]?.kind === "number";
    if (tokens[last]?.role !== "bare" || !isJoined || !isJoint(folded, sign)) return last;
    last += 2;
  }
}

function readText(stretch: Stretch, token: AddressToken, i: number): void {
  const { folded, spans } = stretch;
  const kind = kindOfText(folded, token.start, token.end);
  const isInside = stretch.depth >= DEPTH.building;
  if (isInside && !isSurelyPlace(folded, token.start, token.end)) {
    const isRoadAgain = kind === "road" && stretch.tokens[i + 1]?.kind === "number";
    if (!isRoadAgain) {
      spans.push(["other", token.start, token.end]);
      return;
    }
  }
  spans.push([labelOfText(kind), token.start, token.end]);
  stretch.before = kind;
  if (kind === "road") stretch.depth = DEPTH.road;
  else if (!isInside) stretch.depth = DEPTH.place;
}

function labelOfText(kind: TextKind): AddressLabel {
  if (kind === "road") return "road";
  if (kind === "remark") return "note";
  return kind === "village" ? "community" : "poi";
}

/** Labels the numbers `first` to `last`, which dashes join. */
function readNumbers(stretch: Stretch, first: number, last: number): void {
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

/** A numeral that serves as a dash goes with the number after it, as it may be read as part of it. */
function startWithDash({ folded, tokens }: Stretch, i: number): number {
  const [sign, token] = [tokens[i - 1], tokens[i]];
  const isNumeral = sign !== undefined && classAt(folded, sign.start) !== UNIT.sign;
  return isNumeral ? sign.start : (token?.start ?? 0);
}

/** 76-78号 on a road, 1-3号楼: the marker at the end speaks for all the numbers of the chain. */
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
    case "name":
      return labelInName(stretch, position.i, "poi");
    case "bare":
      return labelOfBare(stretch, token, position);
  }
}

/** 6组, 2期, 318国道: shown, unless it stands where a door does. */
function labelInName(
  { folded, depth, tokens }: Stretch,
  i: number,
  label: "road" | "poi",
): AddressLabel {
  if (depth < DEPTH.building) return label;
  const token = tokens[i];
  const isPart = token !== undefined && kindOfText(folded, token.bodyEnd, token.end) === "place";
  if (label === "poi" && isPart && depth === DEPTH.building) return label;
  return label === "road" && tokens[i - 1]?.kind !== "number" ? label : "room";
}

/** `301#` inside a building is a door. */
function isSecondRoomMark({ folded, depth }: Stretch, token: AddressToken): boolean {
  return depth >= DEPTH.building && folded.charAt(token.bodyEnd) === "#";
}

/** 21楼402 is building 21, 4楼402 and 4楼 are floors, 3楼2单元 is building 3. */
function labelOfStorey(stretch: Stretch, token: AddressToken, i: number): AddressLabel {
  if (stretch.depth >= DEPTH.building) return "floor";
  const next = nextNumber(stretch.tokens, i);
  if (next === null) return "floor";
  if (next.role === "unit") return "building";
  if (next.role !== "bare" && next.role !== "room") return "floor";
  const room = stretch.folded.slice(next.start, next.bodyEnd);
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
function isInsideNumber(next: AddressToken | null): boolean {
  if (next === null || next.role === "building" || next.role === "name") return false;
  return next.role !== "bare" || next.bodyEnd - next.start > 1;
}

function labelOfDoor(stretch: Stretch, token: AddressToken, i: number): AddressLabel {
  const { depth, before, tokens } = stretch;
  if (before === "road" || before === "village" || before === "lane") return "roadno";
  if (depth >= DEPTH.building) return "room";
  if (depth === DEPTH.open) return "roadno";
  const isFollowed = isInsideNumber(nextNumber(tokens, i));
  if (depth === DEPTH.roadNumber && before === "number") return isFollowed ? "building" : "room";
  if (token.bodyEnd - token.start > HOUSE_DIGITS_MAX) return "room";
  return before === "venue" && !isFollowed ? "room" : "building";
}

function labelOfBare(
  stretch: Stretch,
  token: AddressToken,
  { i, first, last }: Position,
): AddressLabel {
  const { depth, before, tokens } = stretch;
  const length = token.bodyEnd - token.start;
  if (depth >= DEPTH.building) return "room";
  if (before === "road" && length <= DOOR_DIGITS_MAX) return "roadno";
  if (isSubDoor(stretch, token, { i, last })) return "roadno";
  if (isLetterOfName(stretch, token, i)) return "poi";
  if (i > first) return "room";
  if (i < last) return isGluedDoor(stretch, token, tokens[last]?.role) ? "room" : "building";
  const isInName = tokens[i + 1]?.kind === "text" && hasBuildingAfter(tokens, i);
  return isInName && length <= NAME_DIGITS_MAX ? "poi" : "room";
}

/** b542-8: a letter and three digits, or four digits, hold a building and a room in one. */
function isGluedDoor(
  { folded }: Stretch,
  token: AddressToken,
  lastRole: MarkerRole | undefined,
): boolean {
  const length = token.bodyEnd - token.start;
  const digits = classAt(folded, token.start) === UNIT.letter ? length - 1 : length;
  if (digits > HOUSE_DIGITS_MAX) return true;
  return digits === HOUSE_DIGITS_MAX && (digits < length || lastRole === "room");
}

/** 58-1 after a road: one number of at most two digits divides the door on the road. */
function isSubDoor(
  { depth, tokens }: Stretch,
  token: AddressToken,
  at: { i: number; last: number },
): boolean {
  const isOnRoad = depth === DEPTH.roadNumber && at.i === at.last;
  if (!isOnRoad || token.bodyEnd - token.start > NAME_DIGITS_MAX) return false;
  const [dash, door, road] = [tokens[at.i - 1], tokens[at.i - 2], tokens[at.i - 3]];
  return (
    dash?.kind === "sign" &&
    door?.role === "bare" &&
    road?.kind !== "sign" &&
    nextNumber(tokens, at.i) === null
  );
}

/** `w` in a name that goes on with text: g后街. */
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

function hasBuildingAfter(tokens: readonly AddressToken[], i: number): boolean {
  return tokens.some((token, at) => at > i && token.role === "building");
}

function advance(stretch: Stretch, token: AddressToken, label: AddressLabel): void {
  stretch.before = kindOfNumber(stretch, token);
  if (label === "roadno") stretch.depth = DEPTH.roadNumber;
  else if (label === "road") advanceRoad(stretch);
  else if (label === "building") stretch.depth = DEPTH.building;
  else if (label === "poi") stretch.depth = Math.max(stretch.depth, DEPTH.place) as Depth;
  else stretch.depth = DEPTH.hidden;
}

/** What the next number sees before it: a lane, the kind of the name that the number belongs to. */
function kindOfNumber({ folded, before }: Stretch, token: AddressToken): Stretch["before"] {
  if (token.role === "lane") return "lane";
  if (token.role !== "name") return "number";
  return before === "venue" ? before : kindOfText(folded, token.bodyEnd, token.end);
}

function advanceRoad(stretch: Stretch): void {
  stretch.before = "road";
  stretch.depth = DEPTH.road;
}
