/**
 * Reads and masks one pasted line that holds a name, a telephone number and an address in any
 * order, with or without signs between them.
 */

import { classAt, foldAddress, UNIT } from "./address-fold.ts";
import { findPhoneRanges } from "./address-phone.ts";
import type { Range } from "./address-span.ts";
import { maskAddress } from "./address.ts";
import { readChain, type ChainPart } from "./gazetteer-chain.ts";
import type { Gazetteer } from "./gazetteer.ts";
import { findLineName, type LinePiece } from "./line-name.ts";
import type { MaskProfile } from "./mask-profile.ts";
import { maskName } from "./name.ts";
import { maskPhone } from "./phone.ts";

export type LineLabel =
  | "name"
  | "phone"
  | "prov"
  | "city"
  | "district"
  | "town"
  | "road"
  | "detail";

export type LineEntity = readonly [label: LineLabel, start: number, end: number];

export interface MaskedLine {
  /** The length of the input, one `*` for each hidden unit. */
  readonly masked: string;
  /** In order, not overlapping; offsets in UTF-16 units. */
  readonly entities: readonly LineEntity[];
}

/** What stands beyond is masked whole and not read. */
const LINE_READ_MAX_CHARS = 1000;
const MASK = "*";
const MIDDLE_DOTS = new Set("·•・");

/** Masks a line and says what it holds. Never throws; linear in the length of the line. */
export function maskLine(text: string, profile: MaskProfile, gazetteer: Gazetteer): MaskedLine {
  const read = text.slice(0, LINE_READ_MAX_CHARS);
  const folded = foldAddress(read);
  const phones = findPhoneRanges(folded);
  const pieces = cutPieces(folded, phones, gazetteer);
  const name = findLineName(folded, pieces, phones.length > 0);
  const entities: LineEntity[] = phones.map(([start, end]) => ["phone", start, end]);
  if (name !== null) entities.push(["name", name[0], name[1]]);
  entities.push(...addressEntities(folded, pieces, name));
  entities.sort((a, b) => a[1] - b[1]);
  const rest = text.slice(read.length).replace(/\S/gs, MASK);
  return { masked: maskParts(read, entities, { profile, gazetteer }) + rest, entities };
}

/** Runs without signs and numbers; each with the place where divisions begin in it, if any do. */
function cutPieces(
  folded: string,
  phones: readonly Range[],
  gazetteer: Gazetteer,
): readonly LinePiece[] {
  const pieces: LinePiece[] = [];
  let start = 0;
  for (let at = 0; at <= folded.length; at += 1) {
    const phone = phones.find(([from, to]) => from <= at && at < to);
    const isCut = at === folded.length || phone !== undefined || isSeparator(folded, at);
    if (!isCut) continue;
    if (start < at) {
      const extent = { start, end: at };
      const isBesidePhone = phones.some((each) => isBeside(folded, each, extent));
      pieces.push({ ...extent, isBesidePhone, ...chainIn(folded, extent, gazetteer) });
    }
    if (phone !== undefined) at = phone[1] - 1;
    start = at + 1;
  }
  return pieces;
}

/** A middle dot holds the parts of a name together; dashes and brackets belong to addresses. */
function isSeparator(folded: string, at: number): boolean {
  return (
    classAt(folded, at) === UNIT.sign &&
    !MIDDLE_DOTS.has(folded.charAt(at)) &&
    folded.charAt(at) !== "-"
  );
}

function isBeside(folded: string, phone: Range, piece: Extent): boolean {
  const [from, to] = piece.end <= phone[0] ? [piece.end, phone[0]] : [phone[1], piece.start];
  for (let at = from; at < to; at += 1) if (!isSeparator(folded, at)) return false;
  return true;
}

/** A name before the divisions is at most this long. */
const NAME_HEAD_MAX_CHARS = 6;
const LEVEL_RANK = { prov: 3, city: 2, district: 1, town: 0 } as const;

interface Extent {
  readonly start: number;
  readonly end: number;
}

type ChainPlace = Pick<LinePiece, "chainStart" | "parts">;

/** Where divisions begin: the widest one near the head, since a name may spell a smaller one. */
function chainIn(folded: string, { start, end }: Extent, gazetteer: Gazetteer): ChainPlace {
  const piece = folded.slice(0, end);
  let best: ChainPlace = { chainStart: -1, parts: [] };
  let bestRank = 0;
  for (let at = start; at < end; at += 1) {
    if (bestRank > 0 && at > start + NAME_HEAD_MAX_CHARS) break;
    if (!gazetteer.lengths.has(piece.charCodeAt(at))) continue;
    const chain = readChain(piece, at, gazetteer);
    const rank = rankOf(chain.parts, at === start);
    if (chain.code === "" || rank <= bestRank) continue;
    best = { chainStart: at, parts: chain.parts };
    bestRank = rank;
  }
  return best;
}

function rankOf(parts: readonly ChainPart[], isAtStart: boolean): number {
  const first = parts[0];
  if (first === undefined) return 0;
  const isSure = parts.length > 1 || (isAtStart && first.end - first.start > 2);
  return isSure ? LEVEL_RANK[first.level] : 0;
}

type Name = readonly [start: number, end: number] | null;

/** Divisions, then everything after them as detail, also over signs; names and numbers end it. */
function addressEntities(
  folded: string,
  pieces: readonly LinePiece[],
  name: Name,
): readonly LineEntity[] {
  const entities: LineEntity[] = [];
  let detail: LineEntity | null = null;
  for (const piece of pieces) {
    const [start, end] = withoutName(piece, name);
    if (start >= end || LINE_LABELS.has(folded.slice(start, end))) continue;
    const isGoingOn: boolean = detail !== null && isOneDetail(folded, name, [detail[2], start]);
    if (detail !== null && !isGoingOn) entities.push(detail);
    const from: number = isGoingOn ? start : readParts(piece, start, entities);
    if (from < end || isGoingOn)
      detail = ["detail", isGoingOn && detail !== null ? detail[1] : from, end];
    else detail = null;
  }
  if (detail !== null) entities.push(detail);
  return entities;
}

/** What is left of a piece when the name stands at one of its ends. */
function withoutName(piece: LinePiece, name: Name): readonly [number, number] {
  if (name === null || name[0] < piece.start || name[1] > piece.end)
    return [piece.start, piece.end];
  return name[1] === piece.end ? [piece.start, name[0]] : [name[1], piece.end];
}

/** Adds the divisions of the piece, each level once; the unit after them. */
function readParts(piece: LinePiece, start: number, entities: LineEntity[]): number {
  let at = start;
  const seen = new Set<string>();
  for (const part of piece.parts) {
    if (part.level === "town" || seen.has(part.level)) break;
    seen.add(part.level);
    entities.push([part.level, part.start, part.end]);
    at = part.end;
  }
  return at;
}

/** Whether only signs lie between two pieces, and not a name, which may be no more than a sign. */
function isOneDetail(folded: string, name: Name, [from, to]: Range): boolean {
  const isNameBetween = name !== null && from <= name[0] && name[1] <= to;
  return !isNameBetween && isOnlySigns(folded, from, to);
}

function isOnlySigns(folded: string, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (classAt(folded, at) !== UNIT.sign) return false;
  return true;
}

const LINE_LABELS: ReadonlySet<string> = new Set(
  "收货人 收件人 姓名 联系人 电话 联系电话 手机 手机号 手机号码 地址 收货地址 收件地址 详细地址 所在地区 邮编".split(
    " ",
  ),
);

interface MaskOptions {
  readonly profile: MaskProfile;
  readonly gazetteer: Gazetteer;
}

/** Names and numbers by their own maskers; all between them as addresses, labels included. */
function maskParts(text: string, entities: readonly LineEntity[], options: MaskOptions): string {
  let masked = "";
  let at = 0;
  for (const [label, start, end] of entities) {
    if (label !== "name" && label !== "phone") continue;
    const part = text.slice(start, end);
    masked += maskBetween(text.slice(at, start), options);
    masked +=
      label === "name" ? maskName(part, options.profile).masked : maskPhone(part, options.profile);
    at = end;
  }
  return masked + maskBetween(text.slice(at), options);
}

function maskBetween(text: string, { profile, gazetteer }: MaskOptions): string {
  return text === "" ? "" : maskAddress(text, profile, gazetteer).masked;
}
