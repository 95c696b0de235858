/** Makes a log's database what an older backup of it would be. */
import { connected } from "../../src/store/pool.ts";
import { execute } from "../../src/store/query.ts";
import type { FreshLog } from "./fresh-log.ts";

/** Runs statements that nobody but a test runs. */
export async function sql(
  log: Pick<FreshLog, "database">,
  ...texts: readonly string[]
): Promise<void> {
  await connected(log.database, async (connection) => {
    for (const text of texts) await execute(connection, { text });
  });
}

/** Makes the database what an older backup would be: later leaves and indices are not there. */
export async function restoreOlder(
  log: Pick<FreshLog, "database">,
  size: number,
  head: string,
): Promise<void> {
  await sql(
    log,
    "alter table log_entry disable trigger all",
    "alter table audit_leaf disable trigger all",
    `delete from audit_leaf where position in
       (select position from log_entry where log_index >= ${size})`,
    `delete from log_entry where log_index >= ${size}`,
    "alter table log_entry enable always trigger log_entry_append_only",
    "alter table audit_leaf enable always trigger audit_leaf_append_only",
    "delete from log_head",
    `insert into log_head select * from json_populate_record(null::log_head, '${head}')`,
  );
}

/** The head of the log as a row, for `restoreOlder`. */
export async function headOf(log: Pick<FreshLog, "database">): Promise<string> {
  return connected(log.database, async (connection) => {
    const { rows } = await connection.query<{ head: unknown }>(
      "select row_to_json(log_head) as head from log_head",
    );
    return JSON.stringify(rows[0]?.head).replaceAll("'", "''");
  });
}
