/** What authorities may be shown of carriers: rows that are granted, approved, revoked. */
import { AUTHORITY_SCOPE_NAMES } from "../rules/authority-scope.ts";
import type { AuthorityScope } from "../rules/authority-scope.ts";
import type { Day } from "../rules/calendar.ts";
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { day, instant, instantOrNull, text, word } from "./row.ts";
import type { Row } from "./row.ts";

/** The carrier's own people, or whoever runs the installation. */
export const SCOPE_SOURCES = ["tenant", "installation"] as const;

export interface NewAuthorityScope {
  readonly id: string;
  /** The carrier that is shown. */
  readonly tenantId: string;
  /** Id of the authority that may look. */
  readonly authority: string;
  readonly grantedAt: Date;
  readonly fromDay: Day;
  /** The last day on which it counts. */
  readonly untilDay: Day;
  /** Whether it counts only once another person approved it. */
  readonly needsApproval: boolean;
  readonly scope: AuthorityScope;
  readonly source: (typeof SCOPE_SOURCES)[number];
  /** Legal basis and number of the document, 1..200 characters each. */
  readonly basis: string;
  readonly document: string;
  /** Pseudonym. */
  readonly grantedBy: string;
}

export interface AuthorityScopeRow extends NewAuthorityScope {
  readonly authorityName: string;
  readonly tenantName: string;
  readonly approvedAt: Date | null;
  readonly revokedAt: Date | null;
}

const SELECT = `
  select authority_scope.id, authority_scope.tenant_id, authority, granted_at, approved_at,
         revoked_at, from_day, until_day, needs_approval, scope, source, basis, document,
         granted_by, organisation.name as authority_name, tenant.name as tenant_name
  from authority_scope
    join organisation on organisation.id = authority
    join tenant on tenant.id = authority_scope.tenant_id`;

function scopeOf(row: Row): AuthorityScopeRow {
  return {
    id: text(row, "id"),
    tenantId: text(row, "tenant_id"),
    authority: text(row, "authority"),
    grantedAt: instant(row, "granted_at"),
    approvedAt: instantOrNull(row, "approved_at"),
    revokedAt: instantOrNull(row, "revoked_at"),
    fromDay: day(row, "from_day"),
    untilDay: day(row, "until_day"),
    needsApproval: row["needs_approval"] === true,
    scope: word(row, "scope", AUTHORITY_SCOPE_NAMES),
    source: word(row, "source", SCOPE_SOURCES),
    basis: text(row, "basis"),
    document: text(row, "document"),
    grantedBy: text(row, "granted_by"),
    authorityName: text(row, "authority_name"),
    tenantName: text(row, "tenant_name"),
  };
}

export async function insertScope(connection: Connection, row: NewAuthorityScope): Promise<void> {
  const { id, tenantId, authority, grantedAt, fromDay, untilDay, needsApproval } = row;
  const { scope, source, basis, document, grantedBy } = row;
  await execute(connection, {
    text: `
      insert into authority_scope
        (id, tenant_id, authority, granted_at, from_day, until_day, needs_approval, scope, source,
         basis, document, granted_by)
      values ($1::uuid, $2::uuid, $3::uuid, $4, $5::date, $6::date, $7, $8, $9, $10, $11, $12)`,
    values: [
      id,
      tenantId,
      authority,
      grantedAt,
      fromDay,
      untilDay,
      needsApproval,
      scope,
      source,
      basis,
      document,
      grantedBy,
    ],
  });
}

/** The scope of that id, held until the transaction ends; or null. */
export async function lockScope(
  connection: Connection,
  id: string,
): Promise<AuthorityScopeRow | null> {
  const rows = await query(connection, {
    text: `${SELECT} where authority_scope.id = $1::uuid for update of authority_scope`,
    values: [id],
  });
  return rows[0] === undefined ? null : scopeOf(rows[0]);
}

/** Scopes of a carrier, or of some authorities (ids), oldest first, at most `limit`. */
export async function scopesOf(
  connection: Connection,
  whose: { readonly tenantId: string } | { readonly authorities: readonly string[] },
  limit: number,
): Promise<AuthorityScopeRow[]> {
  const isCarrier = "tenantId" in whose;
  const rows = await query(connection, {
    text: `
      ${SELECT}
      where authority_scope.tenant_id = $1::uuid or authority = any($2::uuid[])
      order by granted_at, authority_scope.id limit $3::integer`,
    values: [isCarrier ? whose.tenantId : null, isCarrier ? [] : whose.authorities, limit],
  });
  return rows.map(scopeOf);
}

/** Marks it as approved. The caller holds it and has seen that it waits. */
export async function approveScopeRow(
  connection: Connection,
  id: string,
  approved: { readonly at: Date; readonly by: string },
): Promise<void> {
  await execute(connection, {
    text: `
      update authority_scope set approved_at = $2, approved_by = $3
      where id = $1::uuid and approved_at is null`,
    values: [id, approved.at, approved.by],
  });
}

/** Ends it. The caller holds it and has seen that it was not revoked. */
export async function revokeScopeRow(
  connection: Connection,
  id: string,
  revoked: { readonly at: Date; readonly by: string },
): Promise<void> {
  await execute(connection, {
    text: `
      update authority_scope set revoked_at = $2, revoked_by = $3
      where id = $1::uuid and revoked_at is null`,
    values: [id, revoked.at, revoked.by],
  });
}
