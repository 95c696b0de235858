/** The last run of each job, for `status`. */
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { instant, text, textOrNull, wholeNumber } from "./row.ts";

export interface JobRunRow {
  readonly name: string;
  readonly beganAt: Date;
  readonly endedAt: Date;
  /** How much it did: days, holds, compartments. */
  readonly done: number;
  /** Code of the failure that ended it, or null. */
  readonly failure: string | null;
}

/** Keeps `run` as the last one of its job. */
export async function recordJobRun(connection: Connection, run: JobRunRow): Promise<void> {
  await execute(connection, {
    text: `
      insert into job_run (name, began_at, ended_at, done, failure)
      values ($1, $2, $3, $4, $5)
      on conflict (name) do update set began_at = excluded.began_at,
        ended_at = excluded.ended_at, done = excluded.done, failure = excluded.failure`,
    values: [run.name, run.beganAt, run.endedAt, run.done, run.failure],
  });
}

/** The last run of every job that ever ran, by name. */
export async function lastJobRuns(connection: Connection): Promise<JobRunRow[]> {
  const rows = await query(connection, {
    text: "select name, began_at, ended_at, done, failure from job_run order by name",
  });
  return rows.map((row) => ({
    name: text(row, "name"),
    beganAt: instant(row, "began_at"),
    endedAt: instant(row, "ended_at"),
    done: wholeNumber(row, "done"),
    failure: textOrNull(row, "failure"),
  }));
}
