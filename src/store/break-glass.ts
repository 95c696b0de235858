/** Break-glass (应急查看): who opened what in an emergency, and what was said of it afterwards. */
import type { Finding } from "../rules/break-glass.ts";
import { FINDING_NAMES } from "../rules/break-glass.ts";
import type { Day } from "../rules/calendar.ts";
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { bytesOrNull, day, instant, instantOrNull, text, wholeNumber, word } from "./row.ts";
import type { Row } from "./row.ts";

export interface BreakGlassRow {
  readonly id: string;
  readonly tenantId: string;
  readonly openedAt: Date;
  readonly untilAt: Date;
  readonly compartment: number;
  readonly shellWeek: Day;
  readonly slot: number;
  /** Pseudonym. */
  readonly actor: string;
  readonly reason: string;
  /** How often a reveal was let through by it. */
  readonly looks: number;
  readonly finding: Finding | null;
}

export interface NewBreakGlass extends Omit<BreakGlassRow, "finding" | "looks"> {
  readonly dayOfDeath: Day;
  /** Keyed digest of the waybill, 16 bytes. */
  readonly subject: Uint8Array;
  readonly evidenceSha256: Uint8Array;
  /** Sealed under the waybill's key. */
  readonly evidence: Uint8Array;
}

const COLUMNS =
  "id, tenant_id, opened_at, until_at, acknowledged_at, compartment, shell_week, slot, actor," +
  " looks, reason, finding";

function rowOf(row: Row): BreakGlassRow {
  return {
    id: text(row, "id"),
    tenantId: text(row, "tenant_id"),
    openedAt: instant(row, "opened_at"),
    untilAt: instant(row, "until_at"),
    compartment: wholeNumber(row, "compartment"),
    shellWeek: day(row, "shell_week"),
    slot: wholeNumber(row, "slot"),
    actor: text(row, "actor"),
    reason: text(row, "reason"),
    looks: wholeNumber(row, "looks"),
    finding:
      instantOrNull(row, "acknowledged_at") === null ? null : word(row, "finding", FINDING_NAMES),
  };
}

export async function insertBreakGlass(connection: Connection, row: NewBreakGlass): Promise<void> {
  await execute(connection, {
    text: `
      insert into break_glass (id, tenant_id, opened_at, until_at, compartment, shell_week,
        day_of_death, slot, actor, reason, subject, evidence_sha256, evidence)
      values ($1::uuid, $2::uuid, $3, $4, $5::bigint, $6::date, $7::date, $8::integer, $9, $10,
        $11::bytea, $12::bytea, $13::bytea)`,
    values: [
      row.id,
      row.tenantId,
      row.openedAt,
      row.untilAt,
      row.compartment,
      row.shellWeek,
      row.dayOfDeath,
      row.slot,
      row.actor,
      row.reason,
      Buffer.from(row.subject),
      Buffer.from(row.evidenceSha256),
      Buffer.from(row.evidence),
    ],
  });
}

/** Counts a look by what `actor` opened of `subject` and still counts at `at`: its id, or null. */
export async function useBreakGlass(
  connection: Connection,
  asked: {
    readonly tenantId: string;
    readonly actor: string;
    readonly subject: Uint8Array;
    readonly at: Date;
  },
): Promise<string | null> {
  const rows = await query(connection, {
    text: `
      update break_glass set looks = looks + 1 where id = (
        select id from break_glass
        where tenant_id = $1::uuid and actor = $2 and subject = $3::bytea
          and opened_at <= $4 and until_at > $4
        order by until_at desc, id limit 1)
      returning id`,
    values: [asked.tenantId, asked.actor, Buffer.from(asked.subject), asked.at],
  });
  return rows[0] === undefined ? null : text(rows[0], "id");
}

/** One of a tenant, locked until the transaction ends; or null. */
export async function lockBreakGlass(
  connection: Connection,
  tenantId: string,
  id: string,
): Promise<BreakGlassRow | null> {
  const rows = await query(connection, {
    text: `
      select ${COLUMNS} from break_glass where tenant_id = $1::uuid and id = $2::uuid for update`,
    values: [tenantId, id],
  });
  return rows[0] === undefined ? null : rowOf(rows[0]);
}

/** The sealed evidence, or null once its waybill died. */
export async function evidenceOf(connection: Connection, id: string): Promise<Uint8Array | null> {
  const rows = await query(connection, {
    text: "select evidence from break_glass where id = $1::uuid",
    values: [id],
  });
  return rows[0] === undefined ? null : bytesOrNull(rows[0], "evidence");
}

/** Says what was found; what was unjustified ends at once. */
export async function acknowledgeBreakGlass(
  connection: Connection,
  id: string,
  said: { readonly at: Date; readonly by: string; readonly finding: Finding },
): Promise<void> {
  await execute(connection, {
    text: `
      update break_glass set acknowledged_at = $2, acknowledged_by = $3, finding = $4,
        until_at = case $4 when 'unjustified' then least(until_at, $2) else until_at end
      where id = $1::uuid and acknowledged_at is null`,
    values: [id, said.at, said.by, said.finding],
  });
}

/** The newest of a tenant, at most `limit`; those that wait, or all. */
export async function listBreakGlass(
  connection: Connection,
  within: { readonly tenantId: string; readonly all: boolean },
  limit: number,
): Promise<BreakGlassRow[]> {
  const rows = await query(connection, {
    text: `
      select ${COLUMNS} from break_glass
      where tenant_id = $1::uuid and ($2::boolean or acknowledged_at is null)
      order by opened_at desc, id limit $3::integer`,
    values: [within.tenantId, within.all, limit],
  });
  return rows.map(rowOf);
}

/**
 * How many of a tenant were judged by `at` (acknowledged, or opened before `before` and not), and
 * how many of these were unjustified or left lying.
 */
export async function breakGlassTally(
  connection: Connection,
  tenantId: string,
  before: Date,
): Promise<{ readonly count: number; readonly of: number }> {
  const rows = await query(connection, {
    text: `
      select count(*) as judged, count(*) filter (where finding is distinct from 'justified') as bad
      from break_glass
      where tenant_id = $1::uuid and (acknowledged_at is not null or opened_at < $2)`,
    values: [tenantId, before],
  });
  const [row = {}] = rows;
  return { count: wholeNumber(row, "bad"), of: wholeNumber(row, "judged") };
}

/** Takes away copies of evidence whose key died before `today`; how many. */
export async function dropDeadEvidence(connection: Connection, today: Day): Promise<number> {
  return execute(connection, {
    text: `
      update break_glass set evidence = null
      where evidence is not null and day_of_death <= $1::date`,
    values: [today],
  });
}
