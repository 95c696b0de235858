/** Whose office an authority is: the one tenant whose staff act in its name. */

import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { text } from "./row.ts";

/** Makes the tenant the office of an authority that has none yet. */
export async function insertOffice(
  connection: Connection,
  office: { readonly authority: string; readonly tenantId: string },
): Promise<void> {
  await execute(connection, {
    text: "insert into authority_office (authority, tenant_id) values ($1::uuid, $2::uuid)",
    values: [office.authority, office.tenantId],
  });
}

/** Ids of the authorities whose office the tenant is; none for a carrier. */
export async function authoritiesOf(connection: Connection, tenantId: string): Promise<string[]> {
  const rows = await query(connection, {
    text: "select authority from authority_office where tenant_id = $1::uuid order by authority",
    values: [tenantId],
  });
  return rows.map((row) => text(row, "authority"));
}

/** Makes others wait who found something for the tenant, until the caller's transaction ends. */
export async function lockTenant(connection: Connection, tenantId: string): Promise<void> {
  await query(connection, {
    text: "select id from tenant where id = $1::uuid for no key update",
    values: [tenantId],
  });
}
