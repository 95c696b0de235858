/** The test's own arithmetic: nothing here is taken from the rooms that it checks. */

const Z_95 = 1.959963984540054;

export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** Wilson score interval for x of n at 95 %. */
export function wilsonBounds(x: number, n: number): Bounds {
  const share = x / n;
  const square = Z_95 ** 2;
  const centre = (share + square / (2 * n)) / (1 + square / n);
  const spread = Math.sqrt((share * (1 - share)) / n + square / (4 * n * n));
  const half = (Z_95 / (1 + square / n)) * spread;
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/** P(X ≤ k) of n draws with rate p, term by term in logarithms. */
function chanceOfAtMost(k: number, n: number, p: number): number {
  if (p <= 0) return 1;
  if (p >= 1) return k >= n ? 1 : 0;
  let term = n * Math.log1p(-p);
  let sum = Math.exp(term);
  for (let at = 1; at <= k; at += 1) {
    term += Math.log((n - at + 1) / at) + Math.log(p) - Math.log1p(-p);
    sum += Math.exp(term);
  }
  return Math.min(1, sum);
}

function bisect(isBelow: (p: number) => boolean): number {
  let [low, high] = [0, 1];
  for (let round = 0; round < 80; round += 1) {
    const middle = (low + high) / 2;
    if (isBelow(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Clopper-Pearson interval at 95 %, from the binomial tails themselves. */
export function exactBounds(x: number, n: number): Bounds {
  const low = x === 0 ? 0 : bisect((p) => 1 - chanceOfAtMost(x - 1, n, p) < 0.025);
  const high = x === n ? 1 : bisect((p) => chanceOfAtMost(x, n, p) > 0.025);
  return { low, high };
}

export function isNear(one: number, other: number): boolean {
  return Math.abs(one - other) < 1e-6;
}

const BEIJING_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

/** The day in Beijing on which an instant falls. */
export function beijingDay(instant: Date): string {
  return new Date(instant.getTime() + BEIJING_MS).toISOString().slice(0, 10);
}

export function daysApart(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / DAY_MS;
}

/** The day so many days before another. */
export function daysBefore(day: string, days: number): string {
  return new Date(Date.parse(day) - days * DAY_MS).toISOString().slice(0, 10);
}
