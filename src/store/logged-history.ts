/**
 * What the log tells of the past that the tables have only as it is now: roles of accounts, and
 * where an organisation stood. Read from the leaves themselves, which nobody changes.
 */
import { parseRole } from "../rules/role.ts";
import type { Role } from "../rules/role.ts";
import { query } from "./query.ts";
import type { Connection } from "./query.ts";
import { instant, text, textOrNull } from "./row.ts";
import { told } from "./told-entry.ts";

export interface LoggedRole {
  /** Pseudonym of the account. */
  readonly account: string;
  /** Null where the entry names none that there is today. */
  readonly role: Role | null;
  readonly at: Date;
  /** Whether the account began with it. */
  readonly isFirst: boolean;
}

/** Every role that an account of the tenant was given, oldest first. */
export async function loggedRoles(connection: Connection, tenantId: string): Promise<LoggedRole[]> {
  const rows = await query(connection, {
    text: `
      select b ->> 'account' as account, b ->> 'role' as role, (b ->> 'at')::timestamptz as at,
             coalesce(b ->> 'mode', '') as mode
      from ${told("account-changed", "role-changed")}
      where b ->> 'tenant' = $1 and b ->> 'role' is not null and b ->> 'account' is not null
      order by position`,
    values: [tenantId],
  });
  return rows.map((row) => ({
    account: text(row, "account"),
    role: parseRole(text(row, "role")),
    at: instant(row, "at"),
    isFirst: text(row, "mode") === "created",
  }));
}

export interface LoggedMove {
  readonly organisation: string;
  /** What it stood under before; null in entries that do not say it yet. */
  readonly from: string | null;
  readonly at: Date;
}

/** Every move of an organisation of the tenant, oldest first. */
export async function loggedMoves(connection: Connection, tenantId: string): Promise<LoggedMove[]> {
  const rows = await query(connection, {
    text: `
      select b ->> 'organisation' as organisation, b ->> 'from' as came_from,
             (b ->> 'at')::timestamptz as at
      from ${told("organisation-moved")}
      where b ->> 'tenant' = $1
      order by position`,
    values: [tenantId],
  });
  return rows.map((row) => ({
    organisation: text(row, "organisation"),
    from: textOrNull(row, "came_from"),
    at: instant(row, "at"),
  }));
}
