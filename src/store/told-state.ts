/** What was told last of things that the log tells of only when they change. */
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { text } from "./row.ts";

export interface ToldState {
  readonly tenantId: string;
  readonly name: "clock" | "configuration" | "policy-set";
}

/** What was told last, or null; nobody else changes it until the caller's transaction ends. */
export async function lockToldState(
  connection: Connection,
  { tenantId, name }: ToldState,
): Promise<string | null> {
  // A row that is not there cannot be locked, and two servers may open at once.
  await execute(connection, {
    text: "select pg_advisory_xact_lock(hashtextextended($1 || $2, 1296647214))",
    values: [tenantId, name],
  });
  const rows = await query(connection, {
    text: "select value from told_state where tenant_id = $1 and name = $2",
    values: [tenantId, name],
  });
  return rows[0] === undefined ? null : text(rows[0], "value");
}

/** Remembers what is told in the caller's transaction. */
export async function setToldState(
  connection: Connection,
  { tenantId, name }: ToldState,
  value: string,
): Promise<void> {
  await execute(connection, {
    text: `
      insert into told_state (tenant_id, name, value) values ($1, $2, $3)
      on conflict (tenant_id, name) do update set value = excluded.value`,
    values: [tenantId, name, value],
  });
}
