/** Which PostgreSQL answers. */
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
