/** What a number in an address counts, by its marker and by what stands before and after it. */

import { labelOfBare, labelOfDoor } from "./address-door.ts";
import { UNIT, classAt } from "./address-fold.ts";
import type { MarkerRole } from "./address-marker.ts";
import { CONFIDENCE, type AddressLabel, type Evidence } from "./address-span.ts";
import {
  DEPTH,
  deeper,
  isMasked,
  nextNumber,
  type Position,
  type Stretch,
} from "./address-stretch.ts";
import { kindOfText } from "./address-text.ts";
import type { AddressToken } from "./address-token.ts";

/** 1203期 is no phase: the digits of a number in a name. */
const NAME_DIGITS_MAX = 3;

/** Markers that say by themselves what the number before them counts. */
const EVIDENCE: Readonly<Partial<Record<MarkerRole, Evidence>>> = {
  building: "word",
  unit: "word",
  floor: "word",
  room: "word",
  lane: "word",
  yard: "word",
  road: "word",
  distance: "word",
};

/** Labels the numbers `first` to `last`, which dashes join. */
export function readNumbers(stretch: Stretch, first: number, last: number): void {
  const shared = labelOfRange(stretch, first, last);
  for (let i = first; i <= last; i += 2) {
    const token = stretch.tokens[i];
    if (token === undefined) return;
    const label = shared ?? labelOfNumber(stretch, token, { i, first, last, role: token.role });
    const start = i > first ? startWithDash(stretch, i) : token.start;
    const confidence = CONFIDENCE[EVIDENCE[token.role] ?? "place"];
    stretch.spans.push([label, start, token.end, confidence]);
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
  if (label === "poi" && digits > NAME_DIGITS_MAX) return "room";
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

function advance(stretch: Stretch, token: AddressToken, label: AddressLabel): void {
  const isInMarket = stretch.before === "venue" && stretch.depth === DEPTH.place;
  stretch.before = kindOfNumber(stretch, token);
  if (label === "roadno") stretch.depth = DEPTH.roadNumber;
  else if (label === "road") advanceRoad(stretch, isInMarket);
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

/** 市场13街: the streets inside a market number its stalls. */
function advanceRoad(stretch: Stretch, isInMarket: boolean): void {
  stretch.before = isInMarket ? "venue" : "road";
  if (isInMarket) return;
  stretch.depth = DEPTH.road;
}
