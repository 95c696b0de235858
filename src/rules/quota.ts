/**
 * How much may be looked at (查看限额): rows of limits over spans of time, what each purpose weighs,
 * and at how many records somebody is told. Shipping has no row: to seal, to print and to record a
 * state never spends anything and never waits for anybody's quota (P12). To hand waybills to a
 * supplier spends of a counter of its own, and of nobody's looks; so does an export of masks.
 */
import { dayOf, startOfDay } from "./calendar.ts";
import { PURPOSES } from "./purposes.ts";
import type { Purpose } from "./purposes.ts";

interface SpanRow {
  readonly zh: string;
  readonly en: string;
  readonly seconds: number;
}

/**
 * Spans begin with the tenant's day and follow each other without overlap, so that at their border
 * twice the limit of a minute may pass within one minute, never more than longer spans allow.
 */
export const QUOTA_SPANS = {
  minute: { zh: "每分钟", en: "minute", seconds: 60 },
  shift: { zh: "每班", en: "shift", seconds: 8 * 3600 },
  day: { zh: "每天", en: "day", seconds: 24 * 3600 },
} as const satisfies Record<string, SpanRow>;

export type QuotaSpan = keyof typeof QUOTA_SPANS;
// The keys of the table are the names of its rows.
export const QUOTA_SPAN_NAMES = Object.keys(QUOTA_SPANS) as readonly QuotaSpan[];

/**
 * Whose quota it is. `subjects` counts each waybill once a day, whatever it is opened for; it is
 * the person's own as well and is raised with `person`.
 */
export const QUOTA_SCOPES = {
  person: { zh: "本人", en: "person" },
  purpose: { zh: "本人本用途", en: "person for one purpose" },
  subjects: { zh: "本人不同运单数", en: "distinct waybills of a person" },
  branch: { zh: "网点", en: "branch" },
  tenant: { zh: "全公司", en: "tenant" },
} as const satisfies Record<string, { readonly zh: string; readonly en: string }>;

export type QuotaScope = keyof typeof QUOTA_SCOPES;
// The keys of the table are the names of its rows.
export const QUOTA_SCOPE_NAMES = Object.keys(QUOTA_SCOPES) as readonly QuotaScope[];

/**
 * What spends: a reveal for a purpose, a search by full phone or in a branch's custody, comparing
 * recipients, handing waybills to a supplier, taking masked ones away, and to break the glass; the
 * last three open nothing.
 */
export type QuotaUse =
  | Purpose
  | "search"
  | "custody-search"
  | "merge"
  | "drop-ship"
  | "export"
  | "break-glass";

export interface QuotaLimit {
  readonly scope: QuotaScope;
  readonly span: QuotaSpan;
  /** How much weight may be spent within one span. */
  readonly limit: number;
}

/**
 * The limits where nobody set others. A courier brings 100 to 200 parcels a day; the figures leave
 * room for twice that and none for a list of customers.
 */
export const QUOTA_LIMITS = [
  { scope: "person", span: "minute", limit: 20 },
  { scope: "person", span: "shift", limit: 250 },
  { scope: "person", span: "day", limit: 400 },
  { scope: "purpose", span: "minute", limit: 20 },
  { scope: "purpose", span: "day", limit: 300 },
  { scope: "subjects", span: "day", limit: 300 },
  { scope: "branch", span: "minute", limit: 200 },
  { scope: "branch", span: "shift", limit: 3_000 },
  { scope: "branch", span: "day", limit: 6_000 },
  { scope: "tenant", span: "minute", limit: 3_000 },
  { scope: "tenant", span: "shift", limit: 60_000 },
  { scope: "tenant", span: "day", limit: 150_000 },
] as const satisfies readonly QuotaLimit[];

/**
 * What weighs that is no purpose. A search by four digits is a guess, and to break the glass opens
 * what nobody permitted.
 */
const WEIGHTS: Readonly<Record<Exclude<QuotaUse, Purpose>, number>> = {
  search: 1,
  "custody-search": 4,
  merge: 1,
  "drop-ship": 1,
  export: 1,
  "break-glass": 4,
};

function isPurpose(use: QuotaUse): use is Purpose {
  return Object.hasOwn(PURPOSES, use);
}

/** What one look for `use` weighs, at least 1. */
export function quotaWeight(use: QuotaUse): number {
  return isPurpose(use) ? PURPOSES[use].quotaWeight : WEIGHTS[use];
}

/** What opens nothing to anybody: it spends, but it is no record that somebody has seen. */
const OPENS_NOTHING: ReadonlySet<QuotaUse> = new Set([
  "search",
  "custody-search",
  "merge",
  "break-glass",
]);

/**
 * Shipping starves no look, and no look starves it (P12); what takes masks away opens nobody. Each
 * has a counter of its own.
 */
const OWN_COUNTER: ReadonlySet<QuotaUse> = new Set(["drop-ship", "export"]);

/** Whether `use` spends of the counters of that scope. */
export function isCharged(use: QuotaUse, scope: QuotaScope): boolean {
  if (OWN_COUNTER.has(use)) return scope === "purpose";
  return scope !== "subjects" || !OPENS_NOTHING.has(use);
}

/** The key of the one counter that the tenant as a whole has. */
export const TENANT_KEY = "tenant";

export interface QuotaUser {
  /** Pseudonym. */
  readonly actor: string;
  /** Id of the own organisation; null for the whole tenant. */
  readonly organisation: string | null;
  readonly use: QuotaUse;
}

/** Whose counter of that scope it is; null for somebody of the whole tenant, who has no branch. */
export function counterKey(scope: QuotaScope, user: QuotaUser): string | null {
  switch (scope) {
    case "person":
    case "subjects":
      return user.actor;
    case "purpose":
      return `${user.actor}/${user.use}`;
    case "branch":
      return user.organisation;
    case "tenant":
      return TENANT_KEY;
  }
}

/** The pseudonym in the key of a counter of somebody of the staff: `st-…` or `st-…/purpose`. */
export function personOf(key: string): string {
  return key.split("/")[0] ?? "";
}

/**
 * Distinct waybills opened by one person in one day at which somebody is told. Interpretation of
 * criminal law article 253-1 (法释〔2017〕10号) article 5: 500 items of transaction information and
 * 5,000 of other personal information are "serious circumstances", and half of these where they
 * were obtained in one's own duty or service.
 */
export const QUOTA_ALARM_STEPS = [250, 2_500] as const;

/** A waybill that the same person opens again within this time is not counted again. */
export const QUOTA_REPEAT_HOURS = 1;

export const QUOTA_RAISE_HOURS_MAX = 72;
export const QUOTA_RAISE_EXTRA_MAX = 1_000_000;

export interface SpanTimes {
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/**
 * The spans that `at` lies in: each from its beginning up to, and without, its end. All at once,
 * because finding out when a day began is what costs.
 */
export function spansAt(at: Date, timeZone: string): Readonly<Record<QuotaSpan, SpanTimes>> {
  const sinceMidnightMs = at.getTime() - startOfDay(dayOf(at, timeZone), timeZone).getTime();
  const timesOf = (span: QuotaSpan): SpanTimes => {
    const lengthMs = QUOTA_SPANS[span].seconds * 1000;
    const startsAt = at.getTime() - (sinceMidnightMs % lengthMs);
    return { startsAt: new Date(startsAt), endsAt: new Date(startsAt + lengthMs) };
  };
  return { minute: timesOf("minute"), shift: timesOf("shift"), day: timesOf("day") };
}

export interface QuotaForecast {
  /** What will be spent at the end of the span if it goes on as until now. */
  readonly atEnd: number;
  /** When the limit is reached at that pace; null when it is not within the span. */
  readonly reachedAt: Date | null;
}

/**
 * Goes on in a straight line from the beginning of the span to `at`. A minute at least is taken to
 * have passed, so that the first look of a day does not forecast thousands.
 */
export function forecastOf(
  used: { readonly spent: number; readonly limit: number },
  times: SpanTimes,
  at: Date,
): QuotaForecast {
  const { spent, limit } = used;
  const [begin, end] = [times.startsAt.getTime(), times.endsAt.getTime()];
  const elapsedMs = Math.min(end - begin, Math.max(at.getTime() - begin, 60_000));
  const atEnd = Math.round((spent * (end - begin)) / elapsedMs);
  if (spent >= limit) return { atEnd, reachedAt: at };
  if (atEnd <= limit) return { atEnd, reachedAt: null };
  const reached = begin + (limit * elapsedMs) / spent;
  return { atEnd, reachedAt: new Date(Math.max(at.getTime(), Math.round(reached))) };
}
