/**
 * Reads an address into labelled spans: divisions, roads and their numbers, places, buildings, and what
 * GB/T 41833-2022 hides (地址应隐藏单元户室号). A number is shown only when its place says for certain
 * that it belongs to a road, a building or a name; every other number counts as unit, floor or room.
 */

import { foldAddress } from "./address-fold.ts";
import type { MarkerRole } from "./address-marker.ts";
import { findPersons } from "./address-person.ts";
import { isSurelyPlace, kindOfText, type TextKind } from "./address-text.ts";
import { tokenise, type AddressToken } from "./address-token.ts";
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
  const last = endOfChain(stretch.tokens, i);
  readNumbers(stretch, i, last);
  return last + 1;
}

/** Index of the last number that dashes or blanks join to the bare number at `i`. */
function endOfChain(tokens: readonly AddressToken[], i: number): number {
  let last = i;
  while (
    tokens[last]?.role === "bare" &&
    isJoint(tokens[last + 1]) &&
    tokens[last + 2]?.kind === "number"
  ) {
    last += 2;
  }
  return last;
}

function isJoint(token: AddressToken | undefined): boolean {
  return token !== undefined && token.kind === "sign";
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
  const end = stretch.tokens[last];
  const isRange = end !== undefined && last > first && coversWhole(stretch, end.role, last - first);
  for (let i = first; i <= last; i += 2) {
    const token = stretch.tokens[i];
    if (token === undefined) return;
    const label = isRange
      ? labelOfNumber(stretch, token, { i: last, last, role: end.role })
      : labelOfNumber(stretch, token, { i, last, role: token.role });
    stretch.spans.push([label, token.start, token.end]);
    advance(stretch, token, label);
  }
}

/** 76-78号 on a road, 1-3号楼: the marker at the end speaks for all the numbers of the chain. */
function coversWhole({ depth }: Stretch, role: MarkerRole, distance: number): boolean {
  if (role === "building") return depth < DEPTH.building;
  return role === "number" && depth === DEPTH.road && distance === 2;
}

interface Position {
  readonly i: number;
  /** Index of the last number of the chain. */
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
      return "road";
    case "name":
      return "poi";
    case "bare":
      return labelOfBare(stretch, token, position);
  }
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

function labelOfDoor(stretch: Stretch, token: AddressToken, i: number): AddressLabel {
  const { depth, before, tokens } = stretch;
  if (before === "road" || before === "village" || before === "lane") return "roadno";
  if (depth >= DEPTH.building) return "room";
  if (depth === DEPTH.open) return "roadno";
  const isFollowed = nextNumber(tokens, i) !== null;
  if (depth === DEPTH.roadNumber && before === "number") return isFollowed ? "building" : "room";
  if (token.bodyEnd - token.start > HOUSE_DIGITS_MAX) return "room";
  return before === "venue" && !isFollowed ? "room" : "building";
}

function labelOfBare(stretch: Stretch, token: AddressToken, { i, last }: Position): AddressLabel {
  const { depth, before, tokens } = stretch;
  const length = token.bodyEnd - token.start;
  if (depth >= DEPTH.building) return "room";
  const isFirstOfChain = i < last;
  if (before === "road" && length <= DOOR_DIGITS_MAX) return "roadno";
  if (isFirstOfChain) return depth === DEPTH.roadNumber && last - i < 4 ? "unit" : "building";
  const isInName = tokens[i + 1]?.kind === "text" && hasBuildingAfter(tokens, i);
  return isInName && length <= NAME_DIGITS_MAX ? "poi" : "room";
}

function hasBuildingAfter(tokens: readonly AddressToken[], i: number): boolean {
  return tokens.some((token, at) => at > i && token.role === "building");
}

function advance(stretch: Stretch, token: AddressToken, label: AddressLabel): void {
  stretch.before = token.role === "lane" ? "lane" : "number";
  if (label === "roadno") stretch.depth = DEPTH.roadNumber;
  else if (label === "road") advanceRoad(stretch);
  else if (label === "building") stretch.depth = DEPTH.building;
  else if (label === "poi") stretch.depth = Math.max(stretch.depth, DEPTH.place) as Depth;
  else stretch.depth = DEPTH.hidden;
}

function advanceRoad(stretch: Stretch): void {
  stretch.before = "road";
  stretch.depth = DEPTH.road;
}
