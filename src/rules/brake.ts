/**
 * Brakes on destruction (P7): neither a wrong clock nor a hasty hand destroys everything at once.
 * What falls due on its own day dies without being asked: that day was fixed at sealing, nothing
 * opens from it on, and the clock was held against its mark. What is late is what a clock that
 * jumped brings forth, so it dies in portions, oldest first, one portion a day.
 */
import { addDays } from "./calendar.ts";
import type { Day } from "./calendar.ts";

/** What an installation sets; each within its bounds. */
export interface Brakes {
  /** Per cent of a tenant's living keys that may die late in one day. */
  readonly sharePercent: number;
  /** Waybills of a tenant that may be erased early within an hour, and within 24. */
  readonly erasuresPerHour: number;
  readonly erasuresPerDay: number;
}

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly unset: number;
}

export const BRAKE_BOUNDS: Readonly<Record<keyof Brakes, Bounds>> = {
  sharePercent: { min: 1, max: 50, unset: 25 },
  erasuresPerHour: { min: 1, max: 10_000, unset: 100 },
  erasuresPerDay: { min: 1, max: 100_000, unset: 500 },
};

export const BRAKES_UNSET: Brakes = {
  sharePercent: BRAKE_BOUNDS.sharePercent.unset,
  erasuresPerHour: BRAKE_BOUNDS.erasuresPerHour.unset,
  erasuresPerDay: BRAKE_BOUNDS.erasuresPerDay.unset,
};

/**
 * What a death weighs, by both stores: an older or emptied database must not make it light. Keys
 * are the slots that the key store promised away, in lanes of 256.
 */
export interface Weight {
  readonly waybills: number;
  readonly keys: number;
}

/** So little dies without being asked: a hundred waybills, the keys of one full compartment. */
const FLOOR: Weight = { waybills: 100, keys: 512 * 256 };

/** A run may come after midnight, or miss one day; what is older than that is late. */
const TIMELY_DAYS = 1;

/** Whether what should have died on `dayOfDeath` is late on `today`. */
export function isLate(dayOfDeath: Day, today: Day): boolean {
  return addDays(dayOfDeath, TIMELY_DAYS) < today;
}

function isWithin(dying: Weight, living: Weight, sharePercent: number): boolean {
  const measures = ["waybills", "keys"] as const;
  return measures.every(
    (one) => dying[one] <= Math.max(FLOOR[one], (living[one] * sharePercent) / 100),
  );
}

/** The sum of weights. */
export function weightOf(parts: readonly Weight[]): Weight {
  return parts.reduce<Weight>(
    (sum, { waybills, keys }) => ({ waybills: sum.waybills + waybills, keys: sum.keys + keys }),
    { waybills: 0, keys: 0 },
  );
}

/**
 * Those of `late`, the oldest first, that may die now: as many as stay within `sharePercent` (1 to
 * 100) of `living`, by waybills and by keys, `late` itself included in `living`. None is passed
 * over: what waits longest dies first. Empty when the oldest alone is more.
 */
export function portionOf<T extends Weight>(
  late: readonly T[],
  living: Weight,
  sharePercent: number,
): T[] {
  const portion: T[] = [];
  let dying = weightOf([]);
  for (const one of late) {
    dying = weightOf([dying, one]);
    if (!isWithin(dying, living, sharePercent)) break;
    portion.push(one);
  }
  return portion;
}

const CLOCK_SLACK_MS = 48 * 60 * 60 * 1000;
const HOUR_MS = 60 * 60 * 1000;

/**
 * How the clock stands to the newest entry of the log: more than 48 hours ahead (nobody was here
 * for that long, or the clock jumped) or behind it (it was set back). Null when it is neither.
 */
export function clockFault(now: Date, newestEntry: Date): "ahead" | "behind" | null {
  const difference = now.getTime() - newestEntry.getTime();
  if (difference > CLOCK_SLACK_MS) return "ahead";
  return difference < -CLOCK_SLACK_MS ? "behind" : null;
}

/**
 * How far past its mark a clock may stand for sealing. A shop that was shut over the holidays has
 * to ship on its first day, whoever is there to answer for the clock; and what is sealed by a clock
 * so far ahead still dies within the ceiling of its term.
 */
const SEAL_SLACK_MS = 30 * 24 * HOUR_MS;

/** Whether a clock at `now` is too far past its `mark` to count a day of death from. */
export function isTooFarToSeal(now: Date, mark: Date): boolean {
  return now.getTime() - mark.getTime() > SEAL_SLACK_MS;
}

/** Which limit one more early erasure at `now` would pass, or null. `erased` in any order. */
export function erasureBrake(
  erased: readonly Date[],
  now: Date,
  { erasuresPerHour, erasuresPerDay }: Brakes,
): "hour" | "day" | null {
  const within = (hours: number): number =>
    erased.filter((at) => now.getTime() - at.getTime() < hours * HOUR_MS).length;
  if (within(1) >= erasuresPerHour) return "hour";
  return within(24) >= erasuresPerDay ? "day" : null;
}
