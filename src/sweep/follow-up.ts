/**
 * What follows a sweep: fresh samples for the planner, and VACUUM where it was asked for. A vacuum
 * leaves every row version that some session of the database could still see, and says nothing of
 * it; so older sessions are waited for, and the ANALYZE that ends it counts what was left.
 * PostgreSQL documentation: Routine Vacuuming, and pg_stat_activity (backend_xmin).
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Connection, Statement } from "../store/query.ts";
import { execute, query, SQLSTATE, sqlStateOf } from "../store/query.ts";
import type { Database } from "../store/pool.ts";
import { text, wholeNumber } from "../store/row.ts";
import { lent } from "./outside.ts";
import type { Layout } from "./survey.ts";

/** How to follow a sweep up: ANALYZE alone, or VACUUM, or VACUUM FULL, which locks the table. */
export type Vacuum = "none" | "plain" | "full";

const FOLLOW_UPS = {
  none: "analyze",
  plain: "vacuum (analyze)",
  full: "vacuum (full, analyze)",
} as const satisfies Record<Vacuum, string>;

const POLL_MS = 100;
/** How long older sessions are waited for; an ANALYZE of the server itself mostly takes less. */
export const OLDER_SESSIONS_WAIT_MS = 10_000;

const NEXT_TRANSACTION: Statement = {
  text: "select pg_snapshot_xmax(pg_current_snapshot())::xid::text as next",
};

/** Sessions and prepared transactions of this database that began before transaction `$1`. */
const OLDER = `
  select (select count(*) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()
        and greatest(age(backend_xid), age(backend_xmin)) > age($1::text::xid))
    + (select count(*) from pg_prepared_xacts
      where database = current_database() and age(transaction) > age($1::text::xid)) as older`;

async function awaitOlderSessions(connection: Connection, waitMs: number): Promise<void> {
  const [row = {}] = await query(connection, NEXT_TRANSACTION);
  const values = [text(row, "next")];
  for (let waitedMs = 0; waitedMs < waitMs; waitedMs += POLL_MS) {
    const [state = {}] = await query(connection, { text: OLDER, values });
    if (wholeNumber(state, "older") === 0) return;
    await sleep(POLL_MS);
  }
}

/**
 * Takes old samples out of the planner's statistics, and old row versions out of the table unless
 * `vacuum` is none. `plain` lets the table be used meanwhile but leaves bytes in free space until
 * they are written over; `full` writes table and indexes anew and keeps everybody out until then.
 * Sessions that began earlier are waited for up to `waitMs`; what one of them held back even so is
 * counted as `deadRows` by `remainsOf`. False when others kept the table locked; it can be done by
 * hand later.
 */
export async function followUp(
  database: Database,
  layout: Layout,
  { vacuum, waitMs }: { readonly vacuum: Vacuum; readonly waitMs: number },
): Promise<boolean> {
  try {
    await lent(database, async (connection) => {
      if (vacuum !== "none") await awaitOlderSessions(connection, waitMs);
      await execute(connection, { text: "set statement_timeout = 0" });
      await execute(connection, { text: `${FOLLOW_UPS[vacuum]} ${layout.relation}` });
      await execute(connection, { text: "reset statement_timeout" });
    });
    return true;
  } catch (error) {
    if (sqlStateOf(error) === SQLSTATE.lockNotAvailable) return false;
    throw error;
  }
}
