/** Masks addresses. GB/T 41833-2022: 地址应隐藏单元户室号; profiles may hide more, never less. */

import { classAt, foldAddress, UNIT } from "./address-fold.ts";
import { readAddress, type AddressReading } from "./address-reading.ts";
import { ALWAYS_HIDDEN, type AddressLabel } from "./address-span.ts";
import type { Gazetteer } from "./gazetteer.ts";
import type { AddressKeep, MaskProfile } from "./mask-profile.ts";

const MASK = "*";
const BUILDING_LABELS: readonly AddressLabel[] = ["building", "roadno"];
const DIVISION_LABELS: readonly AddressLabel[] = ["prov", "city", "district", "town"];

export interface MaskedAddress extends AddressReading {
  /** The length of the input, one `*` for each hidden unit. */
  readonly masked: string;
}

/**
 * Masks one address field; offsets and lengths in UTF-16 units. Never throws: what cannot be read
 * is hidden (P2). `hidden` are the ranges that this profile hides.
 */
export function maskAddress(
  text: string,
  profile: MaskProfile,
  gazetteer: Gazetteer,
): MaskedAddress {
  const { spans } = readAddress(text, gazetteer);
  const { keep } = profile.address;
  const hidden: (readonly [number, number])[] = [];
  if (keep === "none") hidden.push([0, text.length]);
  else if (keep === "division") hidden.push(...outsideDivisions(text, spans));
  else {
    for (const [label, start, end] of spans) if (isHidden(label, keep)) hidden.push([start, end]);
  }
  return { masked: stars(text, hidden), spans, hidden };
}

function isHidden(label: AddressLabel, keep: AddressKeep): boolean {
  return ALWAYS_HIDDEN.has(label) || (keep === "road" && BUILDING_LABELS.includes(label));
}

/** Everything but the divisions at the head. */
function outsideDivisions(
  text: string,
  spans: AddressReading["spans"],
): readonly (readonly [number, number])[] {
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
  const folded = foldAddress(piece);
  let run = "";
  for (let i = 0; i < piece.length; i += 1) {
    run += classAt(folded, i) === UNIT.sign ? piece.charAt(i) : MASK;
  }
  return run;
}
