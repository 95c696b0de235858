/** What a count of x in n says about the share behind it: intervals of confidence (P15). */
import { betaQuantile } from "./beta.ts";

/** Two-sided normal quantiles, by confidence. A confidence that is no row here is not offered. */
export const Z = {
  0.9: 1.6448536269514722,
  0.95: 1.959963984540054,
  0.99: 2.5758293035489004,
} as const;

export type Confidence = keyof typeof Z;

export const DEFAULT_CONFIDENCE: Confidence = 0.95;

/** Counts above this are no sample of ours, and the arithmetic is not vouched for beyond it. */
export const COUNT_MAX = 10_000_000;

/** A share and its bounds, each 0..1, lower never above upper. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Throws RangeError unless 0 ≤ x ≤ n, n ≥ 1, both whole: a caller that counts wrongly is broken.
 */
export function checkCount(x: number, n: number): void {
  const whole = Number.isSafeInteger(x) && Number.isSafeInteger(n);
  if (!whole || x < 0 || n < 1 || x > n || n > COUNT_MAX) {
    throw new RangeError("a count needs whole numbers, 0 ≤ x ≤ n, 1 ≤ n ≤ 10,000,000");
  }
}

/**
 * Wilson's score interval (Wilson 1927) for a share `p` (0..1) seen in `n` trials. `n` need not be
 * whole, so that effective sample sizes fit too.
 */
export function wilsonOf(
  p: number,
  n: number,
  confidence: Confidence = DEFAULT_CONFIDENCE,
): Interval {
  const z2 = Z[confidence] ** 2;
  const centre = (p + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Z[confidence] * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n))) / (1 + z2 / n);
  // At the ends the bound is the end itself; rounding must not put it a hair inside or outside.
  return {
    lower: p <= 0 ? 0 : Math.max(0, centre - half),
    upper: p >= 1 ? 1 : Math.min(1, centre + half),
  };
}

/** Wilson's interval for x of n. Throws RangeError on counts that cannot be (checkCount). */
export function wilson(
  x: number,
  n: number,
  confidence: Confidence = DEFAULT_CONFIDENCE,
): Interval {
  checkCount(x, n);
  return wilsonOf(x / n, n, confidence);
}

/**
 * The exact interval of Clopper and Pearson (1934): never covers less than it says, so it is the
 * one for findings used as evidence. Throws RangeError on counts that cannot be (checkCount).
 */
export function clopperPearson(
  x: number,
  n: number,
  confidence: Confidence = DEFAULT_CONFIDENCE,
): Interval {
  checkCount(x, n);
  const tail = (1 - confidence) / 2;
  return {
    lower: x === 0 ? 0 : betaQuantile(tail, x, n - x + 1),
    upper: x === n ? 1 : betaQuantile(1 - tail, x + 1, n - x),
  };
}
