/** Which PostgreSQL answers, and which cluster it serves. */
import { query } from "./query.ts";
import type { Connection } from "./query.ts";
import { text } from "./row.ts";

/** e.g. `PostgreSQL 18.4`. */
export async function serverVersion(connection: Connection): Promise<string> {
  const rows = await query(connection, {
    text: "select current_setting('server_version') as version",
  });
  return `PostgreSQL ${text(rows[0] ?? {}, "version").split(" ")[0] ?? ""}`;
}

/**
 * The number of the cluster: databases that share it share their WAL and their base backups
 * (PostgreSQL, pg_control_system).
 */
export async function clusterOf(connection: Connection): Promise<string> {
  const rows = await query(connection, {
    text: "select system_identifier::text as cluster from pg_control_system()",
  });
  return text(rows[0] ?? {}, "cluster");
}
