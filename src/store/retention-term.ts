/** Retention terms: versions that are only ever added; the newest one counts. */
import { RETENTION_CLASSES } from "../rules/retention.ts";
import type { RetentionClass } from "../rules/retention.ts";
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { instant, text, textOrNull, wholeNumber, word } from "./row.ts";
import type { Row } from "./row.ts";

export interface RetentionTermRow {
  readonly tenantId: string;
  /** Null for the tenant as a whole. */
  readonly organisationId: string | null;
  readonly class: RetentionClass;
  /** 1 for the first that was said of this organisation and class. */
  readonly version: number;
  readonly days: number;
  /** 1..500 characters without personal data. */
  readonly reason: string;
  /** Pseudonym of who set it. */
  readonly actor: string;
  readonly at: Date;
}

const COLUMNS = "tenant_id, organisation_id, at, version, days, class, reason, actor";

function termOf(row: Row): RetentionTermRow {
  return {
    tenantId: text(row, "tenant_id"),
    organisationId: textOrNull(row, "organisation_id"),
    class: word(row, "class", RETENTION_CLASSES),
    version: wholeNumber(row, "version"),
    days: wholeNumber(row, "days"),
    reason: text(row, "reason"),
    actor: text(row, "actor"),
    at: instant(row, "at"),
  };
}

/** Holds the tenant's terms until the transaction ends, so that two changes queue. */
export async function lockTerms(connection: Connection, tenantId: string): Promise<void> {
  await query(connection, {
    text: "select 1 from tenant where id = $1::uuid for no key update",
    values: [tenantId],
  });
}

/** Adds a version. DATABASE_FAILED with `sqlstate` 23505 when it exists: call `lockTerms` first. */
export async function insertTerm(connection: Connection, row: RetentionTermRow): Promise<void> {
  const { tenantId, organisationId, at, version, days, reason, actor } = row;
  await execute(connection, {
    text: `
      insert into retention_term (${COLUMNS})
      values ($1::uuid, $2::uuid, $3, $4, $5, $6, $7, $8)`,
    values: [tenantId, organisationId, at, version, days, row.class, reason, actor],
  });
}

/** The version of each organisation and class of a tenant that counted at the instant `at`. */
export async function termsAt(
  connection: Connection,
  tenantId: string,
  at: Date,
): Promise<RetentionTermRow[]> {
  const rows = await query(connection, {
    name: "retention_terms_at",
    text: `
      select distinct on (organisation_id, class) ${COLUMNS} from retention_term
      where tenant_id = $1::uuid and at <= $2
      order by organisation_id, class, version desc`,
    values: [tenantId, at],
  });
  return rows.map(termOf);
}

/** The newest version of one class of one organisation whatever the clock says, 0 for none. */
export async function lastTermVersion(
  connection: Connection,
  which: Pick<RetentionTermRow, "tenantId" | "organisationId" | "class">,
): Promise<number> {
  const rows = await query(connection, {
    text: `
      select coalesce(max(version), 0) as version from retention_term
      where tenant_id = $1::uuid and organisation_id is not distinct from $2::uuid
        and class = $3`,
    values: [which.tenantId, which.organisationId, which.class],
  });
  return wholeNumber(rows[0] ?? {}, "version");
}

/** Every number of days that was ever said of a class in a tenant, in order. */
export async function daysEverSaid(
  connection: Connection,
  tenantId: string,
  name: RetentionClass,
): Promise<number[]> {
  const rows = await query(connection, {
    text: `
      select distinct days from retention_term
      where tenant_id = $1::uuid and class = $2 order by days`,
    values: [tenantId, name],
  });
  return rows.map((row) => wholeNumber(row, "days"));
}
