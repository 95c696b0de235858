/**
 * How long what lives, as arithmetic on days (P8). Two clocks run for every waybill: the persons'
 * clock (parties, view, index) and the shell's. Both are fixed when the waybill is sealed.
 */
import { addDays, mondayOf } from "./calendar.ts";
import type { Day } from "./calendar.ts";

export interface RetentionTerm {
  readonly defaultDays: number;
  readonly floorDays: number;
  readonly ceilingDays: number;
  readonly source: {
    readonly instrument: string;
    readonly version: string;
    readonly article: string;
  };
}

export const RETENTION = {
  /** Clear personal information of sender and recipient: the shortest time the purpose needs. */
  persons: {
    defaultDays: 120,
    floorDays: 2,
    ceilingDays: 365,
    source: { instrument: "个人信息保护法", version: "2021-11-01", article: "19, 47" },
  },
  /** The electronic waybill file without persons. The older service standard asks for two years. */
  shell: {
    defaultDays: 730,
    floorDays: 365,
    ceilingDays: 1095,
    source: { instrument: "GB/T 27917 快递服务", version: "2012", article: "电子运单档案" },
  },
} as const satisfies Record<string, RetentionTerm>;

/**
 * How long an order number stays known after its persons died, so that it is never sealed again.
 */
export const INTAKE_DAYS_AFTER_DEATH = 245;

export interface Lifetime {
  readonly dayOfDeath: Day;
  /** Monday of the week in which the day of death lies; party rows are partitioned by it. */
  readonly deathWeek: Day;
  /** Monday of the week in which the shell goes. */
  readonly shellWeek: Day;
  /** The last day on which the same order number is recognised. */
  readonly intakeExpiresOn: Day;
}

function bounded(days: number, term: RetentionTerm): number {
  return Math.min(Math.max(days, term.floorDays), term.ceilingDays);
}

/**
 * Both clocks of a waybill sealed on `sealedOn`. Terms outside floor and ceiling are brought
 * inside.
 */
export function lifetimeOf(sealedOn: Day, personsDays: number, shellDays: number): Lifetime {
  const dayOfDeath = addDays(sealedOn, bounded(personsDays, RETENTION.persons));
  return {
    dayOfDeath,
    deathWeek: mondayOf(dayOfDeath),
    shellWeek: mondayOf(addDays(sealedOn, bounded(shellDays, RETENTION.shell))),
    intakeExpiresOn: addDays(dayOfDeath, INTAKE_DAYS_AFTER_DEATH),
  };
}

export type LifeState = "live" | "closing" | "due";

/**
 * Where a compartment stands on `today` by the calendar alone. It closes for the 24 hours before
 * its day of death (no new seals, holds still accepted, reversible) and is due from that day on
 * (P7).
 */
export function lifeStateOn(today: Day, dayOfDeath: Day): LifeState {
  if (today >= dayOfDeath) return "due";
  return today >= addDays(dayOfDeath, -1) ? "closing" : "live";
}
