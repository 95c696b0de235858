/**
 * Who may still see row versions that a sweep has replaced. PostgreSQL keeps a dead version,
 * through VACUUM FULL too, while a snapshot could need it: an open transaction, a prepared one, a
 * replication slot or a standby that gives feedback. PostgreSQL documentation: Routine Vacuuming,
 * VACUUM, pg_stat_activity (`backend_xid`, `backend_xmin`).
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Connection } from "../store/query.ts";
import { query } from "../store/query.ts";
import { text, wholeNumber } from "../store/row.ts";

/** The first transaction id that nothing before this moment was given, as text (xid8). */
export async function horizonNow(connection: Connection): Promise<string> {
  const [row = {}] = await query(connection, {
    text: "select pg_snapshot_xmax(pg_current_snapshot())::text as horizon",
  });
  return text(row, "horizon");
}

/*
 * A snapshot counts in its own database, or when it belongs to no database (a standby). A running
 * transaction counts wherever it is, since snapshots that begin later reach back to it, the one
 * that VACUUM FULL itself takes among them.
 */
const OLDER_THAN = `
  with horizon as (
    select age($1::xid8::xid) as age,
      (select oid from pg_database where datname = current_database()) as here)
  select (
    (select count(*) from pg_stat_activity, horizon
      where pid <> pg_backend_pid() and (age(backend_xid) > horizon.age
        or (age(backend_xmin) > horizon.age and coalesce(datid = here, true))))
    + (select count(*) from pg_prepared_xacts, horizon where age(transaction) > horizon.age)
    + (select count(*) from pg_replication_slots, horizon where age(xmin) > horizon.age)
  )::int as older`;

/** Sessions, prepared transactions and slots that still see what was replaced before `horizon`. */
async function olderThan(connection: Connection, horizon: string): Promise<number> {
  const [row = {}] = await query(connection, { text: OLDER_THAN, values: [horizon] });
  return wholeNumber(row, "older");
}

const FIRST_LOOK_MS = 20;
const NEXT_LOOK_MS_MAX = 500;

/**
 * Waits until nobody sees what was replaced before `horizon`, `waitMs` at most, and returns how
 * many still do. Once it is 0 it stays 0: whatever begins later sees nothing older.
 */
export async function awaitOlder(
  connection: Connection,
  horizon: string,
  waitMs: number,
): Promise<number> {
  let waitedMs = 0;
  for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(2 * pauseMs, NEXT_LOOK_MS_MAX)) {
    const older = await olderThan(connection, horizon);
    if (older === 0 || waitedMs >= waitMs) return older;
    await sleep(pauseMs);
    waitedMs += pauseMs;
  }
}
