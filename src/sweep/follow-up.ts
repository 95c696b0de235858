/**
 * What follows a sweep: fresh samples for the planner, and VACUUM where it was asked for. A vacuum
 * leaves every row version that some snapshot could still see, and says nothing of it; so older
 * snapshots are waited for, those that stay are told, and the ANALYZE that ends it counts what was
 * left. PostgreSQL documentation: Routine Vacuuming.
 */
import type { Connection } from "../store/query.ts";
import { execute, SQLSTATE, sqlStateOf } from "../store/query.ts";
import type { Database } from "../store/pool.ts";
import { awaitOlder, horizonNow } from "./old-snapshot.ts";
import { lent } from "./outside.ts";
import type { Layout } from "./survey.ts";

/** How to follow a sweep up: ANALYZE alone, or VACUUM, or VACUUM FULL, which locks the table. */
export type Vacuum = "none" | "plain" | "full";

const FOLLOW_UPS = {
  none: "analyze",
  plain: "vacuum (analyze)",
  full: "vacuum (full, analyze)",
} as const satisfies Record<Vacuum, string>;

/** How long older snapshots are waited for; an ANALYZE of the server itself mostly takes less. */
export const OLDER_SESSIONS_WAIT_MS = 10_000;

/** What became of ANALYZE and the vacuum that was asked for. */
export interface FollowedUp {
  /** False when others kept the table locked; it can be done by hand later. */
  readonly isDone: boolean;
  /** Who could still see replaced rows when the vacuum began; 0 without a vacuum. */
  readonly olderSnapshots: number;
}

interface Asked {
  readonly vacuum: Vacuum;
  readonly waitMs: number;
}

async function vacuumed(connection: Connection, relation: string, asked: Asked): Promise<number> {
  const { vacuum, waitMs } = asked;
  const horizon = await horizonNow(connection);
  const older = vacuum === "none" ? 0 : await awaitOlder(connection, horizon, waitMs);
  await execute(connection, { text: "set statement_timeout = 0" });
  await execute(connection, { text: `${FOLLOW_UPS[vacuum]} ${relation}` });
  await execute(connection, { text: "reset statement_timeout" });
  return older;
}

/**
 * Takes old samples out of the planner's statistics, and old row versions out of the table unless
 * `vacuum` is none. `plain` lets the table be used meanwhile but leaves bytes in free space until
 * they are written over; `full` writes table and indexes anew and keeps everybody out until then.
 * Older snapshots are waited for up to `waitMs`; the vacuum is run in any case, and
 * `olderSnapshots` above 0 says that it could not take every old version away.
 */
export async function followUp(
  database: Database,
  layout: Layout,
  asked: Asked,
): Promise<FollowedUp> {
  try {
    const olderSnapshots = await lent(database, async (connection) =>
      vacuumed(connection, layout.relation, asked),
    );
    return { isDone: true, olderSnapshots };
  } catch (error) {
    if (sqlStateOf(error) === SQLSTATE.lockNotAvailable) {
      return { isDone: false, olderSnapshots: 0 };
    }
    throw error;
  }
}
