/** Names and telephone numbers that people wrote into the address field. */

import {
  nameAfter,
  nameAtStart,
  nameBefore,
  unknownAfter,
  unknownBefore,
} from "./address-beside.ts";
import { findCuedNames } from "./address-cue.ts";
import { UNIT, classAt } from "./address-fold.ts";
import { findPhoneRanges } from "./address-phone.ts";
import { CONFIDENCE, type AddressSpan, type Evidence, type Range } from "./address-span.ts";
import { readChain } from "./gazetteer-chain.ts";
import type { Gazetteer } from "./gazetteer.ts";

const PHONE_DIGITS_MIN = 7;

/** Spans labelled person and phone, in order, not overlapping. */
export function findPersons(folded: string, gazetteer: Gazetteer): readonly AddressSpan[] {
  const cued = findCuedNames(folded, gazetteer).map((range) => person(range, "word"));
  const phones = findNumbers(folded);
  if (phones.length === 0) return cued;
  const beside = besidePhones(folded, phones, gazetteer);
  const found = merge(beside, cued);
  return found.some(([label]) => label === "person")
    ? found
    : merge(found, lastResort(folded, phones, gazetteer));
}

function person([start, end]: Range, evidence: Evidence): AddressSpan {
  return ["person", start, end, CONFIDENCE[evidence]];
}

/** Both lists in order; what overlaps a span of the first is left out of the second. */
function merge(sure: readonly AddressSpan[], more: readonly AddressSpan[]): readonly AddressSpan[] {
  const extra = more.filter((span) =>
    sure.every((each) => span[2] <= each[1] || each[2] <= span[1]),
  );
  return [...sure, ...extra].sort((a, b) => a[1] - b[1]);
}

function besidePhones(
  folded: string,
  phones: readonly Range[],
  gazetteer: Gazetteer,
): readonly AddressSpan[] {
  const spans: AddressSpan[] = [];
  let from = 0;
  for (const [start, end] of phones) {
    const name = nameBefore(folded, addressStart(folded, { from, to: start }, gazetteer), start);
    if (name !== null) spans.push(person(name, "place"));
    spans.push(["phone", start, end, CONFIDENCE.table]);
    from = end;
    const after = nameAfter(folded, end, gazetteer);
    if (after !== null) {
      spans.push(person(after, "place"));
      from = after[1];
    }
  }
  return spans;
}

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Where the divisions at the head of a stretch end: a name is not looked for in them. */
function addressStart(folded: string, { from, to }: Stretch, gazetteer: Gazetteer): number {
  return Math.min(to, Math.max(from, readChain(folded, from, gazetteer).end));
}

/** No number has a name beside it: the line may begin with it, or glue it to a place. */
function lastResort(
  folded: string,
  phones: readonly Range[],
  gazetteer: Gazetteer,
): readonly AddressSpan[] {
  const [first, last] = [phones[0], phones[phones.length - 1]];
  if (first === undefined || last === undefined) return [];
  const from = addressStart(folded, { from: 0, to: first[0] }, gazetteer);
  const name =
    nameAtStart(folded, gazetteer) ??
    unknownBefore(folded, from, first[0]) ??
    unknownAfter(folded, last[1], gazetteer);
  return name === null ? [] : [person(name, "guess")];
}

/** Telephone numbers of a field, and any run of digits that is too long for a room. */
function findNumbers(folded: string): readonly Range[] {
  return mayHoldNumber(folded) ? findPhoneRanges(folded) : [];
}

/** Enough digits or numerals with nothing but signs between them. */
function mayHoldNumber(folded: string): boolean {
  let digits = 0;
  for (let at = 0; at < folded.length; at += 1) {
    const unit = classAt(folded, at);
    if (unit === UNIT.digit || unit === UNIT.numeral) digits += 1;
    else if (unit !== UNIT.sign) digits = 0;
    if (digits >= PHONE_DIGITS_MIN) return true;
  }
  return false;
}
