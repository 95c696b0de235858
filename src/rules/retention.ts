/**
 * How long what lives, as data with its source and as arithmetic on days (P8). Two clocks run for
 * every waybill: the persons' clock (parties, view, index) and the shell's. Both are fixed when the
 * waybill is sealed; access to the persons may close earlier (access-close.ts).
 */
import { addDays, mondayOf } from "./calendar.ts";
import type { Day } from "./calendar.ts";

/** A law that says so, or a term of our own that a law leaves open and that binds nobody. */
export type RetentionForce = "law" | "standard" | "house";

export interface RetentionTerm {
  readonly zh: string;
  readonly en: string;
  readonly defaultDays: number;
  /** Nobody may set less, or more, whoever decides. */
  readonly floorDays: number;
  readonly ceilingDays: number;
  readonly source: {
    readonly instrument: string;
    readonly version: string;
    readonly article: string;
  };
  /** What the source is for our default; the principle behind every house term is PIPL 19. */
  readonly force: RetentionForce;
}

const PIPL = { instrument: "个人信息保护法", version: "2021-11-01" } as const;

/**
 * Every class of data with its term in days. Persons and shell count from the day of sealing,
 * access from the day of the state that it is named for, audit from the day of the entry.
 */
export const RETENTION = {
  persons: {
    zh: "收寄件人(姓名、电话、地址、脱敏视图、索引)",
    en: "persons: parties, masked view, index",
    defaultDays: 120,
    floorDays: 2,
    ceilingDays: 365,
    source: { ...PIPL, article: "19, 47" },
    force: "house",
  },
  "access-delivered": {
    zh: "签收后继续可查看",
    en: "access after delivery",
    defaultDays: 90,
    floorDays: 0,
    ceilingDays: 180,
    source: { ...PIPL, article: "19, 47" },
    force: "house",
  },
  "access-returned": {
    zh: "退回后继续可查看",
    en: "access after return to the sender",
    defaultDays: 30,
    floorDays: 0,
    ceilingDays: 180,
    source: { ...PIPL, article: "19, 47" },
    force: "house",
  },
  "access-closed": {
    zh: "投诉或理赔结案后继续可查看",
    en: "access after a complaint or claim was closed",
    defaultDays: 7,
    floorDays: 0,
    ceilingDays: 180,
    source: { instrument: "快递暂行条例", version: "2025-06-01", article: "29" },
    force: "house",
  },
  "access-void": {
    zh: "作废后继续可查看",
    en: "access after the waybill was voided",
    defaultDays: 0,
    floorDays: 0,
    ceilingDays: 30,
    source: { ...PIPL, article: "47(1)" },
    force: "house",
  },
  /** No instrument names a term (docs/decisions/0009-real-name-term.md). */
  "real-name": {
    zh: "实名收寄记录(证件种类、号码)",
    en: "real-name records: kind and number of a document",
    defaultDays: 365,
    floorDays: 30,
    ceilingDays: 730,
    source: { ...PIPL, article: "19, 47" },
    force: "house",
  },
  /** The electronic waybill file without persons. The older service standard asks for two years. */
  shell: {
    zh: "运单骨架(单号、状态、时间)",
    en: "shell: number, states, clocks",
    defaultDays: 730,
    floorDays: 730,
    ceilingDays: 1095,
    source: { instrument: "GB/T 27917 快递服务", version: "2012", article: "电子运单档案" },
    force: "standard",
  },
  /** Records of providing and entrusting personal information: three years at least. */
  audit: {
    zh: "留痕(日志条目)",
    en: "audit entries",
    defaultDays: 1095,
    floorDays: 1095,
    ceilingDays: 3650,
    source: { instrument: "网络数据安全管理条例", version: "2025-01-01", article: "12" },
    force: "law",
  },
} as const satisfies Record<string, RetentionTerm>;

export type RetentionClass = keyof typeof RETENTION;

// The keys of the table are the names of its rows.
export const RETENTION_CLASSES = Object.keys(RETENTION) as readonly RetentionClass[];

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
