/**
 * Spending quota (查看限额) before anything is looked at, and showing what is left. A look that is
 * refused afterwards stays spent: guessing costs what looking costs.
 */
import { dayOf } from "../rules/calendar.ts";
import { Failure, isFailure } from "../rules/failure.ts";
import {
  counterKey,
  forecastOf,
  isCharged,
  QUOTA_ALARM_STEPS,
  QUOTA_LIMITS,
  QUOTA_REPEAT_HOURS,
  QUOTA_SCOPE_NAMES,
  quotaWeight,
  spansAt,
} from "../rules/quota.ts";
import type { QuotaForecast, QuotaLimit, QuotaScope, QuotaSpan, QuotaUse } from "../rules/quota.ts";
import type { QuotaSetting } from "../rules/setting.ts";
import { connected, transaction } from "../store/pool.ts";
import { sqlStateOf } from "../store/query.ts";
import type { Connection } from "../store/query.ts";
import {
  clearQuotas,
  newestAlarms,
  quotaCounts,
  QUOTA_SPENT_STATE,
  spendQuota,
  standingRaises,
  tellAlarms,
} from "../store/quota.ts";
import type {
  QuotaAlarmRow,
  QuotaCharge,
  QuotaCountRow,
  QuotaOutcome,
  QuotaRaiseRow,
  QuotaSpending,
} from "../store/quota.ts";
import { keyedDigest } from "./about.ts";
import type { Actor } from "./actor.ts";
import { authorise } from "./authorise.ts";
import type { Desk } from "./desk.ts";
import { SYSTEM_ACTOR, writeEntry } from "./entry.ts";
import { quotaOwners } from "./quota-owner.ts";
import { tellWebhooks } from "./webhook.ts";
import { mostOf, policyOver } from "./policy.ts";
import type { Policy } from "./policy.ts";

const SHOWN_MAX = 10_000;
const KEPT_MS = 48 * 3_600_000;

/** The limits that count under a policy: each row of the table is a setting. */
export function limitsOf(policy: Policy): readonly QuotaLimit[] {
  return QUOTA_LIMITS.map((row): QuotaLimit => {
    // There is a setting for each row of the table.
    const name = `quota-${row.scope}-${row.span}` as QuotaSetting;
    return { ...row, limit: mostOf(policy, name) };
  });
}

/** What a look is charged with in the spans that it lies in, in the order of the scopes. */
function chargesOf(
  limits: readonly QuotaLimit[],
  actor: Actor,
  asked: {
    readonly use: QuotaUse;
    readonly looks: number;
    readonly spans: ReturnType<typeof spansAt>;
  },
): QuotaCharge[] {
  const { use, looks, spans } = asked;
  const charges: QuotaCharge[] = [];
  const user = { actor: actor.pseudonym, organisation: actor.organisationId, use };
  for (const { scope, span, limit } of limits) {
    const key = counterKey(scope, user);
    if (key === null || !isCharged(use, scope)) continue;
    const weight = scope === "subjects" ? 1 : looks * quotaWeight(use);
    charges.push({ scope, key, span, weight, limit, ...spans[span] });
  }
  const rank = ({ scope }: QuotaCharge): number => QUOTA_SCOPE_NAMES.indexOf(scope);
  return charges.sort((a, b) => rank(a) - rank(b));
}

/** What a look is about: a waybill by its token, or a value that was asked for. */
export type QuotaSubject =
  | { readonly token: string }
  /** Counted by a digest that differs from day to day, so that no table of values grows. */
  | { readonly asked: string };

function messageOf(subject: QuotaSubject, day: string): string {
  return "token" in subject ? `token ${subject.token.trim()}` : `asked ${day} ${subject.asked}`;
}

/** What a refusal of the database says, or null when `error` is none. */
function refusalOf(error: unknown): Failure | null {
  if (sqlStateOf(error) !== QUOTA_SPENT_STATE || !isFailure(error)) return null;
  const [scope = "", span = ""] = String(error.details["constraint"]).split(".");
  return new Failure("QUOTA_SPENT", { scope, span });
}

/**
 * What `work` gives, or QUOTA_SPENT. A refusal is given back: thrown, it would cost the pool the
 * connection that it came over.
 */
export async function unlessSpent<T>(work: () => Promise<T>): Promise<T | Failure> {
  try {
    return await work();
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === null) throw error;
    return refusal;
  }
}

export interface AskedQuota {
  readonly actor: Actor;
  readonly use: QuotaUse;
  readonly subject: QuotaSubject;
  /** As how many looks it counts, where it is more than one. */
  readonly looks?: number;
}

/** What a look costs under each policy, all as of now. */
export async function spendingOf(
  desk: Pick<Desk, "keys" | "now" | "tenant" | "timeZone">,
  { actor, use, subject, looks = 1 }: AskedQuota,
): Promise<(policy: Policy) => QuotaSpending> {
  const at = desk.now();
  const on = dayOf(at, desk.timeZone);
  const spans = spansAt(at, desk.timeZone);
  const spending = {
    tenantId: desk.tenant.id,
    actor: actor.pseudonym,
    subject: await keyedDigest(desk, "midan.quota", messageOf(subject, on)),
    at,
    on,
    alarmSteps: QUOTA_ALARM_STEPS,
    repeatHours: QUOTA_REPEAT_HOURS,
  };
  return (policy) => ({
    ...spending,
    charges: chargesOf(limitsOf(policy), actor, { use, looks, spans }),
  });
}

/**
 * Spends what one look for `use` costs, before anything is opened. Within an hour the same person
 * pays for the same subject once. Fails with QUOTA_SPENT, which names scope and span of the limit
 * and spends nothing; the caller records the refusal. However many servers and callers there are,
 * no counter ever passes its limit.
 */
export async function requireQuota(desk: Desk, asked: AskedQuota): Promise<QuotaOutcome> {
  const under = await spendingOf(desk, asked);
  const place = { organisationId: asked.actor.organisationId, at: null };
  const outcome = await connected(desk.database, async (connection) => {
    const spending = under(await policyOver(desk, connection, place));
    return unlessSpent(async () => spendQuota(connection, spending));
  });
  if (outcome instanceof Failure) throw outcome;
  if (outcome === "alarm") await tellQuotaAlarms(desk);
  return outcome;
}

/** Writes the entry of every alarm that has none yet, also of one whose server died; how many. */
export async function tellQuotaAlarms(desk: Desk): Promise<number> {
  return transaction(desk.database, async (connection) => {
    const alarms = await tellAlarms(connection, desk.tenant.id, desk.now());
    for (const { actor: account, step, onDay: on } of alarms) {
      const draft = { type: "quota-alarm", actor: SYSTEM_ACTOR, account, count: step, on } as const;
      const entry = await writeEntry(desk, connection, draft);
      const data = { account, count: step, on, entry };
      await tellWebhooks(desk, connection, { event: "quota.alarm", data });
    }
    return alarms.length;
  });
}

/** Clears counters and digests that nothing looks at any more, and tells untold alarms. */
export async function clearQuota(desk: Desk): Promise<number> {
  await tellQuotaAlarms(desk);
  const before = new Date(desk.now().getTime() - KEPT_MS);
  return transaction(desk.database, async (connection) => clearQuotas(connection, before));
}

export interface ShownQuota extends QuotaCountRow {
  /** The limit with what raises add to it now. */
  readonly limit: number;
  readonly forecast: QuotaForecast;
}

function raisedBy(raises: readonly QuotaRaiseRow[], row: QuotaCountRow, at: Date): number {
  const scope = row.scope === "subjects" ? "person" : row.scope;
  return raises
    .filter(({ approved }) => approved !== null && approved.at <= at && approved.until > at)
    .filter((raise) => raise.scope === scope && raise.key === row.key && raise.span === row.span)
    .reduce((sum, { extra }) => sum + extra, 0);
}

function limitOf(limits: readonly QuotaLimit[], scope: QuotaScope, span: QuotaSpan): number | null {
  return limits.find((row) => row.scope === scope && row.span === span)?.limit ?? null;
}

export interface QuotaOverview {
  readonly at: Date;
  /** Counters of the spans that run now. */
  readonly counters: readonly ShownQuota[];
  /** Raises that wait for approval or count now. */
  readonly raises: readonly QuotaRaiseRow[];
  readonly alarms: readonly QuotaAlarmRow[];
}

/** The limits where a counter's branch or person stands, each branch's read once. */
function limitsAt(desk: Desk, connection: Connection) {
  const known = new Map<string | null, readonly QuotaLimit[]>();
  return async (organisationId: string | null): Promise<readonly QuotaLimit[]> => {
    const found = known.get(organisationId);
    if (found !== undefined) return found;
    const limits = limitsOf(await policyOver(desk, connection, { organisationId, at: null }));
    known.set(organisationId, limits);
    return limits;
  };
}

/**
 * What is spent of each quota now, where it leads to, raises and alarms: the tenant's, or of
 * somebody of a branch what that branch and its staff spend. The limits are those that count where
 * the branch or the person stands. Throws ACCESS_DENIED.
 */
export async function quotaOverview(desk: Desk, actor: Actor): Promise<QuotaOverview> {
  await authorise(desk, { actor, verb: "read-quota" }, { place: "own" });
  const at = desk.now();
  const within = { tenantId: desk.tenant.id, at };
  const owners = await quotaOwners(desk, actor);
  return connected(desk.database, async (connection) => {
    const raises = await standingRaises(connection, within, SHOWN_MAX);
    const counters: ShownQuota[] = [];
    const limits = limitsAt(desk, connection);
    for (const row of await quotaCounts(connection, within, SHOWN_MAX)) {
      if (!owners.isOwn(row)) continue;
      const base = limitOf(await limits(owners.placeOf(row)), row.scope, row.span);
      if (base === null) continue;
      const limit = base + raisedBy(raises, row, at);
      counters.push({ ...row, limit, forecast: forecastOf({ ...row, limit }, row, at) });
    }
    const alarms = await newestAlarms(connection, desk.tenant.id, 100);
    const isOwnAlarm = ({ actor: key }: QuotaAlarmRow) => owners.isOwn({ scope: "person", key });
    const own = { raises: raises.filter(owners.isOwn), alarms: alarms.filter(isOwnAlarm) };
    return { at, counters, ...own };
  });
}
