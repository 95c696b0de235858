/** Masks addresses. GB/T 41833-2022: 地址应隐藏单元户室号; profiles may hide more, never less. */

import { rawClassAt, UNIT } from "./address-fold.ts";
import { readAddress, type AddressReading } from "./address-reading.ts";
import { ALWAYS_HIDDEN, type AddressLabel, type Range } from "./address-span.ts";
import type { Gazetteer } from "./gazetteer.ts";
import type { AddressKeep, MaskProfile } from "./mask-profile.ts";

const MASK = "*";
const BUILDING_LABELS: readonly AddressLabel[] = ["building", "roadno"];
const DIVISION_LABELS: readonly AddressLabel[] = ["prov", "city", "district", "town"];

export interface MaskedAddress extends AddressReading {
  /** The length of the input, one `*` for each hidden unit. */
  readonly masked: string;
}

const NUMBER_UNITS: ReadonlySet<number> = new Set([
  UNIT.digit,
  UNIT.letter,
  UNIT.numeral,
  UNIT.stem,
]);
/** A mask that is read again settles at once or nearly so. */
const ROUNDS_MAX = 4;

/**
 * Masks one address field; offsets and lengths in UTF-16 units. Never throws: what cannot be read
 * is hidden (P2). `hidden` are the ranges that this profile hides. Masking a mask changes nothing.
 */
export function maskAddress(
  text: string,
  profile: MaskProfile,
  gazetteer: Gazetteer,
): MaskedAddress {
  const { spans } = readAddress(text, gazetteer);
  return { spans, ...maskOf(text, spans, { keep: profile.address.keep, gazetteer }) };
}

interface MaskOptions {
  readonly keep: AddressKeep;
  readonly gazetteer: Gazetteer;
}

/** What the road leaves out begins with all that the building does: a stricter mask hides more. */
function maskOf(text: string, spans: AddressReading["spans"], options: MaskOptions): Mask {
  const ranges = hiddenRanges(text, spans, options.keep);
  const hidden =
    options.keep === "road"
      ? union(ranges, maskOf(text, spans, { ...options, keep: "building" }).hidden)
      : ranges;
  const masked = stars(text, hidden);
  const from = hidden[0]?.[0] ?? text.length;
  return mayReadOtherwise(masked, from, options.keep)
    ? settled(text, { masked, hidden }, options)
    : { masked, hidden };
}

interface Mask {
  readonly masked: string;
  readonly hidden: readonly Range[];
}

/** Joins two numbers of a door (3之2): what stands before it may belong to what is hidden. */
const NUMBER_JOINER = "之";

/** Words that end a part of a door, and for a road alone also those that end a building. */
const DOOR_ENDS: Readonly<Record<AddressKeep, ReadonlySet<string>>> = {
  none: new Set(),
  division: new Set(),
  building: new Set("单單元门門梯层層室房户戶柜櫃铺鋪床码碼"),
  road: new Set("单單元门門梯层層室房户戶柜櫃铺鋪床栋棟幢座楼樓号號斋苑区區期码碼"),
};

/**
 * Does what stands before `from` lean on what was hidden there? A number or a door's word does, and
 * across signs and characters of no known script anything may.
 */
function leansOn(masked: string, from: number, keep: AddressKeep): boolean {
  if (from === 0) return false;
  for (let at = 0; at < from; at += 1) {
    const unit = rawClassAt(masked, at);
    if (unit === UNIT.sign || unit === UNIT.other) return true;
  }
  const last = masked.charAt(from - 1);
  const isNumber = NUMBER_UNITS.has(rawClassAt(masked, from - 1));
  return isNumber || last === NUMBER_JOINER || DOOR_ENDS[keep].has(last);
}

/**
 * May the mask read otherwise than the text did? Only what stands behind something hidden, and a
 * number or a door's word that it leans on, can: all else is read from the left.
 */
function mayReadOtherwise(masked: string, from: number, keep: AddressKeep): boolean {
  if (leansOn(masked, from, keep)) return true;
  for (let at = from; at < masked.length; at += 1) {
    if (masked.charAt(at) !== MASK && rawClassAt(masked, at) !== UNIT.sign) return true;
  }
  return false;
}

/** Hides what the mask itself would have hidden, until nothing changes. */
function settled(text: string, first: Mask, options: MaskOptions): Mask {
  let mask = first;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const { spans } = readAddress(mask.masked, options.gazetteer);
    const more = hiddenRanges(mask.masked, spans, options.keep);
    const masked = stars(mask.masked, more);
    if (masked === mask.masked) return mask;
    mask = { masked, hidden: union(mask.hidden, more) };
  }
  const rest: readonly Range[] = [[mask.hidden[0]?.[0] ?? 0, text.length]];
  return { masked: stars(text, rest), hidden: rest };
}

/** The units of both lists, in order and without overlap. */
function union(one: readonly Range[], other: readonly Range[]): readonly Range[] {
  const ranges: Range[] = [];
  for (const range of [...one, ...other].sort((a, b) => a[0] - b[0])) {
    const last = ranges[ranges.length - 1];
    if (last === undefined || range[0] > last[1]) ranges.push(range);
    else if (range[1] > last[1]) ranges[ranges.length - 1] = [last[0], range[1]];
  }
  return ranges;
}

function hiddenRanges(
  text: string,
  spans: AddressReading["spans"],
  keep: AddressKeep,
): readonly Range[] {
  if (keep === "none") return [[0, text.length]];
  if (keep === "division") return outsideDivisions(text, spans);
  const hidden: Range[] = [];
  for (const [label, start, end] of spans) if (isHidden(label, keep)) hidden.push([start, end]);
  return hidden;
}

function isHidden(label: AddressLabel, keep: AddressKeep): boolean {
  return ALWAYS_HIDDEN.has(label) || (keep === "road" && BUILDING_LABELS.includes(label));
}

/** Everything but the divisions at the head. */
function outsideDivisions(text: string, spans: AddressReading["spans"]): readonly Range[] {
  const other = spans.findIndex(([label]) => !DIVISION_LABELS.includes(label));
  const head = other === -1 ? spans.length : other;
  const kept = spans[head - 1]?.[2] ?? 0;
  return kept < text.length ? [[kept, text.length]] : [];
}

/** Signs and blanks inside a hidden range stay, so that the shape of the line does. */
function stars(text: string, hidden: AddressReading["hidden"]): string {
  if (hidden.length === 0) return text;
  let masked = "";
  let at = 0;
  for (const [start, end] of hidden) {
    masked += text.slice(at, start) + starRun(text.slice(start, end));
    at = end;
  }
  return masked + text.slice(at);
}

function starRun(piece: string): string {
  let signs = 0;
  for (let i = 0; i < piece.length; i += 1) if (rawClassAt(piece, i) === UNIT.sign) signs += 1;
  if (signs === 0) return MASK.repeat(piece.length);
  let run = "";
  for (let i = 0; i < piece.length; i += 1) {
    run += rawClassAt(piece, i) === UNIT.sign ? piece.charAt(i) : MASK;
  }
  return run;
}
