/** Telephone numbers in running addresses, where rooms and province names touch their digits. */

import { UNIT, classAt } from "./address-fold.ts";
import type { Range } from "./address-span.ts";
import { findPhones } from "./phone.ts";

const LONG_RUN = /[0-9]{7,}/g;
/** The number at the end of a run to which a room is glued: 501 and eleven digits. */
const GLUED_MOBILE = /1[3-9][0-9]{9}$/;
/** Stands for a numeral beside a number: neither digit nor sign, so that 四川 does not prolong it. */
const SHIELD = "某";

/** Every telephone number and every run of seven and more digits, in order, not overlapping. */
export function findPhoneRanges(folded: string): readonly Range[] {
  const shielded = shieldNumerals(folded);
  const ranges: Range[] = findPhones(shielded).map((match) => [match.start, match.end] as const);
  for (const run of shielded.matchAll(LONG_RUN)) {
    const isKnown = ranges.some(([start, end]) => start <= run.index && run.index < end);
    if (!isKnown) ranges.push(numberIn(run[0], run.index));
  }
  return ranges.sort((a, b) => a[0] - b[0]);
}

function numberIn(run: string, start: number): Range {
  const mobile = GLUED_MOBILE.exec(run);
  return [start + (mobile?.index ?? 0), start + run.length];
}

/** Chinese numerals right before and after a long run of digits belong to the words around it. */
function shieldNumerals(folded: string): string {
  let shielded = folded;
  for (const run of folded.matchAll(LONG_RUN)) {
    const end = run.index + run[0].length;
    shielded = shieldAt(shieldAt(shielded, run.index - 1), end);
  }
  return shielded;
}

function shieldAt(folded: string, at: number): string {
  if (at < 0 || classAt(folded, at) !== UNIT.numeral) return folded;
  return folded.slice(0, at) + SHIELD + folded.slice(at + 1);
}
