/**
 * Reads an address into labelled spans: divisions, roads and their numbers, places, buildings, and
 * what GB/T 41833-2022 hides (地址应隐藏单元户室号). A number is shown only when its place says for
 * certain that it belongs to a road, a building or a name; any other counts as unit, floor or room.
 */

import { foldAddress } from "./address-fold.ts";
import { readNumbers } from "./address-number.ts";
import { findPersons } from "./address-person.ts";
import {
  ALWAYS_HIDDEN,
  CONFIDENCE,
  type AddressLabel,
  type AddressSpan,
  type Range,
} from "./address-span.ts";
import { DEPTH, type Depth, type Stretch } from "./address-stretch.ts";
import { isSurelyPlace, kindOfText, type TextKind } from "./address-text.ts";
import { isJoint, tokenise, type AddressToken } from "./address-token.ts";
import { readChain } from "./gazetteer-chain.ts";
import type { Gazetteer } from "./gazetteer.ts";

export interface AddressReading {
  /** In order, not overlapping; signs between them belong to none. Offsets in UTF-16 units. */
  readonly spans: readonly AddressSpan[];
  /** What GB/T 41833-2022 and the care for names and numbers in the field hide. */
  readonly hidden: readonly Range[];
}

/** No postal address is longer; what stands beyond is not read but hidden. */
export const ADDRESS_READ_MAX_CHARS = 600;

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
  if (text.length > folded.length)
    spans.push(["other", folded.length, text.length, CONFIDENCE.guess]);
  const hidden = spans
    .filter(([label]) => ALWAYS_HIDDEN.has(label))
    .map((span) => [span[1], span[2]] as const);
  return { spans, hidden };
}

/** 501,502 are two rooms; one or two digits before a comma are a building. */
const COMMA_DIGITS_MAX = 2;

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
  for (const part of inside) {
    const confidence = CONFIDENCE[part.isKnown ? "table" : "word"];
    spans.push([part.level, part.start, part.end, confidence]);
  }
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
    const number = tokens[last];
    if (number?.role !== "bare" || !isJoined) return last;
    if (!isJoint(folded, sign) && !isCommaAfterBuilding(folded, number, sign)) return last;
    last += 2;
  }
}

/** 19,804: a comma after a short number divides building and room as a dash does. */
function isCommaAfterBuilding(folded: string, number: AddressToken, sign: AddressToken): boolean {
  const isComma = sign.end - sign.start === 1 && folded.charAt(sign.start) === ",";
  return isComma && number.bodyEnd - number.start <= COMMA_DIGITS_MAX;
}

function readText(stretch: Stretch, token: AddressToken, i: number): void {
  const { folded, spans } = stretch;
  const kind = kindOfText(folded, token.start, token.end);
  if (!isShown(stretch, token, { i, kind })) {
    spans.push(["other", token.start, token.end, CONFIDENCE.guess]);
    return;
  }
  const confidence = CONFIDENCE[kind === "unknown" ? "place" : "word"];
  spans.push([labelOfText(kind), token.start, token.end, confidence]);
  stretch.before = kind;
  if (kind === "road" && stretch.depth < DEPTH.hidden) stretch.depth = DEPTH.road;
  else if (stretch.depth >= DEPTH.building) return;
  else stretch.depth = kind === "building" ? DEPTH.building : DEPTH.place;
}

/** Inside a building text is shown only when it surely is no name. */
function isShown(
  { folded, depth, tokens }: Stretch,
  token: AddressToken,
  { i, kind }: { readonly i: number; readonly kind: TextKind },
): boolean {
  if (depth < DEPTH.building) return true;
  const next = tokens[i + 1];
  const isBeforeNumber = next?.kind === "number";
  if (kind === "road" && isBeforeNumber) return true;
  if (depth === DEPTH.building && next?.role === "building") return true;
  return isSurelyPlace(folded, [token.start, token.end], isBeforeNumber);
}

function labelOfText(kind: TextKind): AddressLabel {
  if (kind === "road") return "road";
  if (kind === "remark") return "note";
  if (kind === "building") return "building";
  return kind === "village" ? "community" : "poi";
}
