/**
 * How guessing is slowed. Each failed sign-in is counted under several heads; each head lets some
 * failures pass and then asks for growing patience. No head ever locks: the longest wait is a
 * minute, and who signed in from the same browser or machine before has a head of his own, which
 * nobody else can fill.
 */

interface BrakeRow {
  /** Failures that cost nothing. */
  readonly free: number;
  readonly waitMsMax: number;
  /**
   * `refuse`: too early an attempt is not looked at. `hold`: every attempt is, but its answer
   * waits, so that an attacker with many addresses is slowed and nobody is turned away.
   */
  readonly how: "refuse" | "hold";
}

export const BRAKES = {
  /** One account from a browser that signed in to it before. */
  known: { free: 5, waitMsMax: 60_000, how: "refuse" },
  /** One account from one address. */
  pair: { free: 3, waitMsMax: 60_000, how: "refuse" },
  /** All accounts from one address: spraying. */
  source: { free: 10, waitMsMax: 60_000, how: "refuse" },
  /** One account from all addresses. */
  account: { free: 10, waitMsMax: 4_000, how: "hold" },
  /** All accounts from all addresses. */
  tenant: { free: 200, waitMsMax: 2_000, how: "hold" },
} as const satisfies Record<string, BrakeRow>;

export type BrakeHead = keyof typeof BRAKES;

/** Half of what was counted is forgotten in this time. */
const HALF_LIFE_MS = 15 * 60_000;
const FIRST_WAIT_MS = 1_000;

export interface BrakeCount {
  /** Failures, those of long ago by what is left of them. */
  readonly failures: number;
  readonly at: Date;
}

/** What is left at `now` of what was counted. A clock that went back forgets nothing. */
export function failuresAt(count: BrakeCount, now: Date): number {
  const elapsedMs = Math.max(0, now.getTime() - count.at.getTime());
  return count.failures * 2 ** (-elapsedMs / HALF_LIFE_MS);
}

function patienceMs(head: BrakeHead, failures: number): number {
  const { free, waitMsMax } = BRAKES[head];
  // Whole failures: seconds that went by between them must not let one more through.
  const counted = Math.round(failures);
  if (counted < free) return 0;
  return Math.min(waitMsMax, FIRST_WAIT_MS * 2 ** (counted - free));
}

/** How long an attempt under `head` has still to wait at `now`, or its answer is held back. */
export function brakeMs(head: BrakeHead, count: BrakeCount, now: Date): number {
  const patience = patienceMs(head, failuresAt(count, now));
  if (BRAKES[head].how === "hold") return patience;
  const sinceMs = Math.max(0, now.getTime() - count.at.getTime());
  return Math.max(0, Math.ceil(patience - sinceMs));
}
