/**
 * How many parcels a spot check must look at. No rule prescribes a number (快递暂行条例 2025-06-01,
 * art. 47, asks for random inspection only), so it follows from what is to be said afterwards.
 */
import { incompleteBeta } from "./beta.ts";
import { COUNT_MAX, DEFAULT_CONFIDENCE, Z } from "./interval.ts";
import type { Confidence } from "./interval.ts";

/** What floating point adds to a whole number before it is rounded up. */
const ROUNDING = 1e-9;

function checkShare(name: string, share: number): void {
  if (!(share > 0 && share < 1)) throw new RangeError(`${name} lies between 0 and 1`);
}

function roundUp(value: number): number {
  return Math.ceil(value - ROUNDING);
}

/**
 * Labels for an estimate within ± `margin` (0..1) when about `expected` (0..1, 0.5 if nothing is
 * known) comply: n₀ = z²p(1−p)/e². Throws RangeError outside these ranges.
 */
export function sizeForMargin(
  margin: number,
  expected = 0.5,
  confidence: Confidence = DEFAULT_CONFIDENCE,
): number {
  checkShare("a margin", margin);
  checkShare("an expected share", expected);
  return roundUp((Z[confidence] ** 2 * expected * (1 - expected)) / (margin * margin));
}

/**
 * The same precision from a population of only `population` parcels: n₀/(1 + (n₀−1)/N), rounded up.
 */
export function sizeInPopulation(size: number, population: number): number {
  if (!Number.isSafeInteger(size) || !Number.isSafeInteger(population)) {
    throw new RangeError("sizes and populations are whole");
  }
  if (size < 1 || population < 1) throw new RangeError("sizes and populations begin at 1");
  return roundUp(size / (1 + (size - 1) / population));
}

/** P(X ≤ failures) in `size` draws when each fails with `rate`: a tail of the binomial law. */
function chanceOfAtMost(failures: number, size: number, rate: number): number {
  return 1 - incompleteBeta(rate, failures + 1, size - failures);
}

/**
 * The smallest n with which "at least `level` comply" is shown (one-sided) although `failures`
 * parcels of the n were found wrong: P(X ≤ c | n, 1 − level) ≤ 1 − confidence. Throws RangeError
 * when level is not between 0 and 1 or no n up to ten million will do.
 */
export function sizeToShow(
  level: number,
  failures: number,
  confidence: Confidence = DEFAULT_CONFIDENCE,
): number {
  checkShare("a level", level);
  if (!Number.isSafeInteger(failures) || failures < 0) throw new RangeError("failures are counted");
  const enough = (size: number): boolean =>
    chanceOfAtMost(failures, size, 1 - level) <= 1 - confidence;
  let low = failures;
  let high = failures + 1;
  while (!enough(high)) {
    low = high;
    high *= 2;
    if (high > COUNT_MAX) throw new RangeError("no sample of ten million can show this level");
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * Parcels that must be seen to meet at least one violation, with the given confidence, when a share
 * `rate` (0..1) violates: n = ln(1 − confidence)/ln(1 − rate).
 */
export function sizeToDetect(rate: number, confidence: Confidence = DEFAULT_CONFIDENCE): number {
  checkShare("a rate", rate);
  return roundUp(Math.log(1 - confidence) / Math.log1p(-rate));
}
