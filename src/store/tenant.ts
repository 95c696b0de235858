/**
 * Tenants: whose waybills they are, and with which suite, mask profile and clocks new ones are
 * sealed.
 */

import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { instant, text, wholeNumber } from "./row.ts";
import type { Row } from "./row.ts";

export interface NewTenant {
  /** UUID text. */
  readonly id: string;
  /** 1..200 characters, one of its kind. */
  readonly name: string;
  /** Number of the suite's row, 1..255. */
  readonly suite: number;
  readonly profile: string;
  readonly personsDays: number;
  readonly shellDays: number;
}

export interface TenantRow extends NewTenant {
  readonly createdAt: Date;
}

const COLUMNS = "id, name, suite, profile, persons_days, shell_days, created_at";

function tenantOf(row: Row): TenantRow {
  return {
    id: text(row, "id"),
    name: text(row, "name"),
    suite: wholeNumber(row, "suite"),
    profile: text(row, "profile"),
    personsDays: wholeNumber(row, "persons_days"),
    shellDays: wholeNumber(row, "shell_days"),
    createdAt: instant(row, "created_at"),
  };
}

/** Adds a tenant; false when one of that name or id exists, which is then left as it is. */
export async function insertTenant(connection: Connection, tenant: NewTenant): Promise<boolean> {
  const { id, name, suite, profile, personsDays, shellDays } = tenant;
  const count = await execute(connection, {
    text: `
      insert into tenant (id, name, suite, profile, persons_days, shell_days)
      values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
    values: [id, name, suite, profile, personsDays, shellDays],
  });
  return count === 1;
}

/** The tenant of that id, or null. */
export async function findTenant(connection: Connection, id: string): Promise<TenantRow | null> {
  const rows = await query(connection, {
    text: `select ${COLUMNS} from tenant where id = $1::uuid`,
    values: [id],
  });
  return rows[0] === undefined ? null : tenantOf(rows[0]);
}

/** The tenant of that name, or null. */
export async function findTenantByName(
  connection: Connection,
  name: string,
): Promise<TenantRow | null> {
  const rows = await query(connection, {
    text: `select ${COLUMNS} from tenant where name = $1`,
    values: [name],
  });
  return rows[0] === undefined ? null : tenantOf(rows[0]);
}

/** The ids of all tenants, oldest first. */
export async function listTenantIds(connection: Connection): Promise<string[]> {
  const rows = await query(connection, { text: "select id from tenant order by created_at, id" });
  return rows.map((row) => text(row, "id"));
}

/** True when a tenant, or that one (UUID text), seals with the suite of that number. */
export async function hasSuite(
  connection: Connection,
  suite: number,
  tenantId: string | null,
): Promise<boolean> {
  const [row] = await query(connection, {
    name: "tenant_has_suite",
    text: `
      select exists (select from tenant
                     where suite = $1::smallint and ($2::uuid is null or id = $2::uuid)) as found`,
    values: [suite, tenantId],
  });
  return row?.["found"] === true;
}
