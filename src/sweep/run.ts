/** A sweep as a whole: refuse or begin, pass over the table, tell the log, say what remains. */
import { Failure } from "../rules/failure.ts";
import type { Database } from "../store/pool.ts";
import { query } from "../store/query.ts";
import { wholeNumber } from "../store/row.ts";
import type { Bookmark } from "./bookmark.ts";
import { dropBookmark, findBookmark, makeBookmarks, sweepName } from "./bookmark.ts";
import { lent, reading, writing } from "./outside.ts";
import type { Work } from "./pass.ts";
import { sweepPasses } from "./pass.ts";
import { followUp, OLDER_SESSIONS_WAIT_MS } from "./follow-up.ts";
import type { Vacuum } from "./follow-up.ts";
import type { Remains } from "./remains.ts";
import { logBytesSince, logPlace, remainsOf } from "./remains.ts";
import type { Layout, ObstacleKind } from "./survey.ts";
import { standing, surveyLayout } from "./survey.ts";
import type { Pace } from "./tally.ts";
import { checkPace, countRows, DEFAULT_PACE } from "./tally.ts";
import type { PersonalColumn, SweepTarget } from "./target.ts";
import type { Veil } from "./veil.ts";

export interface SweptColumn extends PersonalColumn {
  /** Values that were readable and are masked now, by this run and by those it went on from. */
  readonly masked: number;
  /** Values that are still readable: their rows were held by others in every pass. */
  readonly left: number;
}

/** What one run did, as its audit entry tells it: names of the schema and counts only. */
export interface SweepDone {
  readonly table: string;
  readonly profile: string;
  readonly rule: string;
  /** Rows that the last pass looked at. */
  readonly rows: number;
  readonly maskedRows: number;
  readonly leftRows: number;
  readonly columns: readonly SweptColumn[];
  readonly passes: number;
  /** Transactions of this run, one for each chunk of each pass. */
  readonly chunks: number;
  /** True when it went on where a run that did not end had stopped. */
  readonly resumed: boolean;
}

export interface SweepReport extends SweepDone {
  /** Id of the audit entry. */
  readonly entry: string;
  /** Bytes that the whole server wrote to its log meanwhile, for others too. */
  readonly walWrittenBytes: number;
  readonly vacuum: Vacuum;
  /** False when ANALYZE or the vacuum that was asked for could not lock the table. */
  readonly followedUp: boolean;
  /** Who could still see old row versions when the vacuum began; above 0, some are still there. */
  readonly olderSnapshots: number;
  readonly remains: Remains;
}

export interface SweepOptions {
  readonly veil: Veil;
  readonly pace?: Pace;
  readonly accepted?: ReadonlySet<ObstacleKind>;
  readonly vacuum?: Vacuum;
  /** How long a vacuum waits for sessions that began before it, in milliseconds. */
  readonly olderSessionsWaitMs?: number;
  /** Writes the one audit entry of this run and returns its id; called when the rows are done. */
  readonly record: (done: SweepDone) => Promise<string>;
}

async function layoutOf(
  database: Database,
  target: SweepTarget,
  accepted: ReadonlySet<ObstacleKind>,
): Promise<Layout> {
  const { layout, obstacles } = await reading(database, async (connection) =>
    surveyLayout(connection, target),
  );
  const standingOnes = standing(obstacles, accepted);
  if (standingOnes.length === 0) return layout;
  const named = standingOnes.map(({ kind, name }) => `${kind}:${name}`).join(",");
  throw new Failure("SWEEP_OBSTACLE", { obstacles: named });
}

/** Runs `work` while this session alone may sweep the table; the lock dies with the session. */
async function alone<T>(database: Database, name: string, work: () => Promise<T>): Promise<T> {
  return lent(database, async (connection) => {
    const key = `midan sweep ${name}`;
    const [row = {}] = await query(connection, {
      text: "select pg_try_advisory_lock(hashtextextended($1, 0))::int as got",
      values: [key],
    });
    if (wholeNumber(row, "got") === 0) throw new Failure("SWEEP_RUNNING");
    try {
      return await work();
    } finally {
      await query(connection, {
        text: "select pg_advisory_unlock(hashtextextended($1, 0))",
        values: [key],
      });
    }
  });
}

async function openBookmark(work: Work): Promise<{ bookmark: Bookmark; resumed: boolean }> {
  const found = await writing(work.database, async (connection) => {
    await makeBookmarks(connection, work.layout);
    return findBookmark(connection, work.layout, work.name);
  });
  const masked = work.layout.columns.map(() => 0);
  const fresh: Bookmark = { pass: 1, after: null, maskedRows: 0, masked };
  return { bookmark: found ?? fresh, resumed: found !== null };
}

async function sweepAndTell(
  work: Work,
  target: SweepTarget,
  record: SweepOptions["record"],
): Promise<SweepDone & { readonly entry: string }> {
  const { bookmark: begin, resumed } = await openBookmark(work);
  const { bookmark, found, passes, chunks } = await sweepPasses(work, begin);
  const left = found.readableRows === 0 ? found : await countRows(work.database, work);
  const { name: profile, ruleVersion: rule } = work.veil.profile;
  const done: SweepDone = {
    table: `${target.schema}.${target.table}`,
    profile,
    rule,
    rows: left.rows,
    maskedRows: bookmark.maskedRows,
    leftRows: left.readableRows,
    columns: left.columns.map(({ kind, name, readable }, at) => {
      return { kind, name, masked: bookmark.masked[at] ?? 0, left: readable };
    }),
    passes,
    chunks,
    resumed,
  };
  const entry = await record(done);
  await writing(work.database, async (connection) =>
    dropBookmark(connection, work.layout, work.name),
  );
  return { ...done, entry };
}

/**
 * Masks in place what is readable in the target's columns, and resolves when the audit entry is
 * written. `leftRows` above 0 means that others held rows all the time: run it again. After a crash
 * the same call goes on where the last committed chunk ended. Throws SWEEP_OBSTACLE before anything
 * is changed, SWEEP_RUNNING, and the failures of `surveyLayout` and `writing`; chunks that were
 * committed stay masked.
 */
export async function runSweep(
  database: Database,
  target: SweepTarget,
  options: SweepOptions,
): Promise<SweepReport> {
  const { veil, pace = DEFAULT_PACE, accepted = new Set(), vacuum = "none" } = options;
  const { olderSessionsWaitMs: waitMs = OLDER_SESSIONS_WAIT_MS } = options;
  checkPace(pace);
  const layout = await layoutOf(database, target, accepted);
  const name = sweepName(layout, veil.profile.ruleVersion);
  return alone(database, layout.relation, async () => {
    const place = await logPlace(database);
    const done = await sweepAndTell({ database, layout, veil, pace, name }, target, options.record);
    const asked = { vacuum, waitMs };
    const { isDone: followedUp, olderSnapshots } = await followUp(database, layout, asked);
    const walWrittenBytes = await logBytesSince(database, place);
    const remains = await remainsOf(database, layout);
    return { ...done, walWrittenBytes, vacuum, followedUp, olderSnapshots, remains };
  });
}
