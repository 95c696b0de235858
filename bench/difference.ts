/**
 * Whether two things take different times, from samples of both: medians with a bootstrap interval
 * of their difference, and Welch's t over what is left without the slowest tenth (dudect: Reparaz,
 * Balasch, Verbauwhede, DATE 2017, sections 2 and 3). Pure.
 */
import { median } from "./machine.ts";

/** Above this dudect says that two distributions differ. */
export const T_LEAKS = 4.5;
const KEPT_SHARE = 0.9;
const RESAMPLES = 2_000;
/** One in a hundred intervals leaves out the truth by chance. */
const TAIL = 0.005;
/** Quantile of the normal distribution for being wrong once in a hundred. */
const Z = 2.326;

export interface Difference {
  /** Samples of each side. */
  readonly n: number;
  readonly medianMs: number;
  readonly otherMedianMs: number;
  /** Of the other median less the first, and the 99 % bootstrap interval of it. */
  readonly differenceMs: number;
  readonly lowMs: number;
  readonly highMs: number;
  /** Welch's t of the same direction. */
  readonly t: number;
  /**
   * Requests of each kind after which whoever compares means is wrong once in a hundred, by the
   * difference that was seen; by the largest that the interval allows where it holds none.
   */
  readonly requests: number;
}

function cropped(samples: readonly number[]): number[] {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted.slice(0, Math.ceil(sorted.length * KEPT_SHARE));
}

function meanAndVariance(samples: readonly number[]): readonly [number, number] {
  const mean = samples.reduce((sum, one) => sum + one, 0) / samples.length;
  const squares = samples.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  return [mean, squares / (samples.length - 1)];
}

function resampled(samples: readonly number[], below: (bound: number) => number): number {
  return median(samples.map(() => samples[below(samples.length)] ?? Number.NaN));
}

/** Compares two lists of times in ms. RangeError for fewer than two samples of either. */
export function differenceOf(
  first: readonly number[],
  other: readonly number[],
  below: (bound: number) => number,
): Difference {
  if (first.length < 2 || other.length < 2) throw new RangeError("too few samples to compare");
  const resamples = Array.from(
    { length: RESAMPLES },
    () => resampled(other, below) - resampled(first, below),
  ).toSorted((a, b) => a - b);
  const at = (share: number): number => resamples[Math.round(share * (RESAMPLES - 1))] ?? 0;
  const [lowMs, highMs] = [at(TAIL), at(1 - TAIL)];
  const [kept, otherKept] = [cropped(first), cropped(other)];
  const [mean, variance] = meanAndVariance(kept);
  const [otherMean, otherVariance] = meanAndVariance(otherKept);
  const error = Math.sqrt(variance / kept.length + otherVariance / otherKept.length);
  const [medianMs, otherMedianMs] = [median(first), median(other)];
  const differenceMs = otherMedianMs - medianMs;
  const isSeen = lowMs > 0 || highMs < 0;
  const effectMs = isSeen ? Math.abs(differenceMs) : Math.max(-lowMs, highMs);
  return {
    n: Math.min(first.length, other.length),
    medianMs,
    otherMedianMs,
    differenceMs,
    lowMs,
    highMs,
    t: (otherMean - mean) / error,
    requests: Math.ceil((4 * Z ** 2 * (variance + otherVariance)) / effectMs ** 2),
  };
}
