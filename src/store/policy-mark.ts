/** The mark of a tenant's policies: another one after every change of what they are made of. */
import { query } from "./query.ts";
import type { Connection } from "./query.ts";
import { instant, text } from "./row.ts";

/** The mark that counts now; null for a tenant that is not there. */
export async function policyMark(connection: Connection, tenantId: string): Promise<string | null> {
  const [row] = await query(connection, {
    name: "policy_mark",
    text: "select mark from policy_mark where tenant_id = $1::uuid",
    values: [tenantId],
  });
  return row === undefined ? null : text(row, "mark");
}

/**
 * An instant from which on nothing more begins to count of what was said until now of a tenant's
 * settings and terms: what a clock that is ahead wrote begins later.
 */
export async function allSaidFrom(connection: Connection, tenantId: string): Promise<Date> {
  const [row = {}] = await query(connection, {
    text: `
      select coalesce(max(at), to_timestamp(0)) + interval '1 millisecond' as said_from from (
        select max(at) as at from retention_term where tenant_id = $1::uuid
        union all
        select max(at) from setting join organisation on organisation.id = organisation_id
          where tenant_id = $1::uuid) as said`,
    values: [tenantId],
  });
  return instant(row, "said_from");
}
