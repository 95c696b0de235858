/** Quotas: what was spent, raises, and alarms. What is spent is decided in one statement. */
import type { Day } from "../rules/calendar.ts";
import { QUOTA_SCOPE_NAMES, QUOTA_SPAN_NAMES } from "../rules/quota.ts";
import type { QuotaScope, QuotaSpan } from "../rules/quota.ts";
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { day, instant, instantOrNull, text, textOrNull, wholeNumber, word } from "./row.ts";
import type { Row } from "./row.ts";
import { byteaArray, int4Array } from "./wire.ts";

/** One limit that a look is held against, and the counter that it stands for. */
export interface QuotaCharge {
  readonly scope: QuotaScope;
  /** Pseudonym, pseudonym and purpose, id of an organisation, or `tenant`; 1..100 characters. */
  readonly key: string;
  readonly span: QuotaSpan;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly weight: number;
  readonly limit: number;
}

export interface QuotaSpending {
  readonly tenantId: string;
  readonly actor: string;
  /** Keyed digest of what is looked at, 16 bytes. */
  readonly subject: Uint8Array;
  readonly at: Date;
  readonly on: Day;
  /** A person's own first and the tenant's last, which keeps callers from waiting in a circle. */
  readonly charges: readonly QuotaCharge[];
  readonly alarmSteps: readonly number[];
  /** Within these hours the same subject is not counted again. */
  readonly repeatHours: number;
}

/** The state under which `quota_spend` refuses; the constraint is `scope.span`. */
export const QUOTA_SPENT_STATE = "MD003";

/** The state under which `looks_spend` says that they cannot all be spent. */
export const QUOTA_SPENT_TOGETHER_STATE = "MD004";

const OUTCOMES = ["repeated", "counted", "alarm"] as const;
export type QuotaOutcome = (typeof OUTCOMES)[number];

/** The charges column by column, in the order that both statements have them. */
function chargeColumns(charges: readonly QuotaCharge[]): readonly unknown[] {
  return [
    charges.map(({ scope }) => scope),
    charges.map(({ key }) => key),
    charges.map(({ span }) => span),
    charges.map(({ startsAt }) => startsAt),
    charges.map(({ endsAt }) => endsAt),
    int4Array(charges.map(({ weight }) => weight)),
    int4Array(charges.map(({ limit }) => limit)),
  ];
}

/** A spending as the parameters of `quota_spend`, without the tenant. */
export function quotaValues(spending: QuotaSpending): readonly unknown[] {
  const { actor, subject, at, on, charges, alarmSteps, repeatHours } = spending;
  const columns = chargeColumns(charges);
  return [actor, Buffer.from(subject), at, on, ...columns, alarmSteps, repeatHours];
}

/** Spendings of one tenant as the parameters of `looks_spend`, without tenant and marks. */
export function quotasValues(spendings: readonly QuotaSpending[]): readonly unknown[] {
  const charges = spendings.flatMap((spending, at) =>
    spending.charges.map((charge) => ({ ...charge, look: at + 1 })),
  );
  const [{ alarmSteps, repeatHours } = { alarmSteps: [], repeatHours: 0 }] = spendings;
  return [
    spendings.map(({ actor }) => actor),
    byteaArray(spendings.map(({ subject }) => subject)),
    spendings.map(({ at }) => at),
    spendings.map(({ on }) => on),
    int4Array(charges.map(({ look }) => look)),
    ...chargeColumns(charges),
    QUOTA_SCOPE_NAMES,
    alarmSteps,
    repeatHours,
  ];
}

/** What `quota_spend` answered. */
export function quotaOutcome(answer: number): QuotaOutcome {
  return OUTCOMES[answer] ?? "counted";
}

/**
 * Spends all charges or none. A DATABASE_FAILED with `QUOTA_SPENT_STATE` says that one limit would
 * have been passed; `alarm` that this look reached a step and `untoldAlarms` has it.
 */
export async function spendQuota(
  connection: Connection,
  spending: QuotaSpending,
): Promise<QuotaOutcome> {
  const rows = await query(connection, {
    name: "quota_spend",
    text: `
      select quota_spend($1::uuid, $2, $3::bytea, $4::timestamptz, $5::date, $6::text[],
        $7::text[], $8::text[], $9::timestamptz[], $10::timestamptz[], $11::integer[],
        $12::integer[], $13::integer[], $14::integer) as outcome`,
    values: [spending.tenantId, ...quotaValues(spending)],
  });
  return quotaOutcome(wholeNumber(rows[0] ?? {}, "outcome"));
}

export interface QuotaCountRow {
  readonly scope: QuotaScope;
  readonly key: string;
  readonly span: QuotaSpan;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly spent: number;
}

/** The counters of a tenant whose span holds `at`, the widest scope first, at most `limit`. */
export async function quotaCounts(
  connection: Connection,
  within: { readonly tenantId: string; readonly at: Date },
  limit: number,
): Promise<QuotaCountRow[]> {
  const rows = await query(connection, {
    text: `
      select scope, key, span, starts_at, ends_at, spent from quota_count
      where tenant_id = $1::uuid and starts_at <= $2 and ends_at > $2
      order by scope desc, key, ends_at limit $3::integer`,
    values: [within.tenantId, within.at, limit],
  });
  return rows.map((row) => ({
    scope: word(row, "scope", QUOTA_SCOPE_NAMES),
    key: text(row, "key"),
    span: word(row, "span", QUOTA_SPAN_NAMES),
    startsAt: instant(row, "starts_at"),
    endsAt: instant(row, "ends_at"),
    spent: wholeNumber(row, "spent"),
  }));
}

/** Clears what no limit and no repeat looks at any more; how many rows went. */
export async function clearQuotas(connection: Connection, before: Date): Promise<number> {
  const counts = await execute(connection, {
    text: "delete from quota_count where ends_at < $1",
    values: [before],
  });
  const seen = await execute(connection, {
    text: "delete from quota_seen where counted_at < $1",
    values: [before],
  });
  return counts + seen;
}

export interface NewQuotaRaise {
  readonly id: string;
  readonly tenantId: string;
  readonly askedAt: Date;
  /** `subjects` has no raise of its own: that of `person` counts for it too. */
  readonly scope: Exclude<QuotaScope, "subjects">;
  readonly key: string;
  readonly span: QuotaSpan;
  readonly extra: number;
  readonly hours: number;
  /** Pseudonym. */
  readonly askedBy: string;
  readonly reason: string;
}

export interface QuotaRaiseRow extends NewQuotaRaise {
  readonly approved: {
    readonly at: Date;
    readonly until: Date;
    readonly by: string;
  } | null;
}

const RAISE_COLUMNS =
  "id, tenant_id, asked_at, approved_at, until_at, extra, hours, scope, key, span, asked_by," +
  " approved_by, reason";
const RAISED_SCOPES = ["person", "purpose", "branch", "tenant"] as const;

function approvalOf(row: Row): QuotaRaiseRow["approved"] {
  const [at, until] = [instantOrNull(row, "approved_at"), instantOrNull(row, "until_at")];
  const by = textOrNull(row, "approved_by");
  return at === null || until === null || by === null ? null : { at, until, by };
}

function raiseOf(row: Row): QuotaRaiseRow {
  return {
    id: text(row, "id"),
    tenantId: text(row, "tenant_id"),
    askedAt: instant(row, "asked_at"),
    scope: word(row, "scope", RAISED_SCOPES),
    key: text(row, "key"),
    span: word(row, "span", QUOTA_SPAN_NAMES),
    extra: wholeNumber(row, "extra"),
    hours: wholeNumber(row, "hours"),
    askedBy: text(row, "asked_by"),
    reason: text(row, "reason"),
    approved: approvalOf(row),
  };
}

export async function insertQuotaRaise(
  connection: Connection,
  raise: NewQuotaRaise,
): Promise<void> {
  const { id, tenantId, askedAt, extra, hours, scope, key, span, askedBy, reason } = raise;
  await execute(connection, {
    text: `
      insert into quota_raise
        (id, tenant_id, asked_at, extra, hours, scope, key, span, asked_by, reason)
      values ($1::uuid, $2::uuid, $3, $4, $5, $6, $7, $8, $9, $10)`,
    values: [id, tenantId, askedAt, extra, hours, scope, key, span, askedBy, reason],
  });
}

/** The raise of that id in a tenant, locked until the transaction ends; or null. */
export async function lockQuotaRaise(
  connection: Connection,
  tenantId: string,
  id: string,
): Promise<QuotaRaiseRow | null> {
  const rows = await query(connection, {
    text: `
      select ${RAISE_COLUMNS} from quota_raise
      where tenant_id = $1::uuid and id = $2::uuid for update`,
    values: [tenantId, id],
  });
  return rows[0] === undefined ? null : raiseOf(rows[0]);
}

export async function approveQuotaRaise(
  connection: Connection,
  id: string,
  approved: { readonly at: Date; readonly until: Date; readonly by: string },
): Promise<void> {
  await execute(connection, {
    text: `
      update quota_raise set approved_at = $2, until_at = $3, approved_by = $4
      where id = $1::uuid and approved_at is null`,
    values: [id, approved.at, approved.until, approved.by],
  });
}

/** Raises that wait or still count at `at`, oldest first, at most `limit`. */
export async function standingRaises(
  connection: Connection,
  within: { readonly tenantId: string; readonly at: Date },
  limit: number,
): Promise<QuotaRaiseRow[]> {
  const rows = await query(connection, {
    text: `
      select ${RAISE_COLUMNS} from quota_raise
      where tenant_id = $1::uuid and (approved_at is null or until_at > $2)
      order by asked_at, id limit $3::integer`,
    values: [within.tenantId, within.at, limit],
  });
  return rows.map(raiseOf);
}

export interface QuotaAlarmRow {
  /** Pseudonym of who opened so many. */
  readonly actor: string;
  readonly onDay: Day;
  readonly step: number;
  readonly reachedAt: Date;
}

const ALARM_COLUMNS = "actor, on_day, step, reached_at";

function alarmOf(row: Row): QuotaAlarmRow {
  return {
    actor: text(row, "actor"),
    onDay: day(row, "on_day"),
    step: wholeNumber(row, "step"),
    reachedAt: instant(row, "reached_at"),
  };
}

/** Alarms without an entry yet, marked as told at `at`; the caller writes their entries with it. */
export async function tellAlarms(
  connection: Connection,
  tenantId: string,
  at: Date,
): Promise<QuotaAlarmRow[]> {
  const rows = await query(connection, {
    text: `
      update quota_alarm set told_at = $2 where tenant_id = $1::uuid and told_at is null
      returning ${ALARM_COLUMNS}`,
    values: [tenantId, at],
  });
  return rows.map(alarmOf);
}

/** The newest alarms of a tenant, at most `limit`. */
export async function newestAlarms(
  connection: Connection,
  tenantId: string,
  limit: number,
): Promise<QuotaAlarmRow[]> {
  const rows = await query(connection, {
    text: `
      select ${ALARM_COLUMNS} from quota_alarm where tenant_id = $1::uuid
      order by reached_at desc, actor, step limit $2::integer`,
    values: [tenantId, limit],
  });
  return rows.map(alarmOf);
}
