/** Counts of a table under a profile, column by column. It counts; it never samples a value. */
import { setTimeout as sleep } from "node:timers/promises";

import { Failure } from "../rules/failure.ts";
import type { Database } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import { query } from "../store/query.ts";
import { wholeNumber } from "../store/row.ts";
import type { RowKey, StoredRow } from "./chunk.ts";
import { readChunk } from "./chunk.ts";
import { reading } from "./outside.ts";
import type { Layout, Obstacle } from "./survey.ts";
import { surveyLayout } from "./survey.ts";
import type { PersonalColumn, SweepTarget } from "./target.ts";
import { quoted } from "./target.ts";
import type { Veil } from "./veil.ts";
import { isVeiled } from "./veil.ts";

export interface ColumnTally extends PersonalColumn {
  /** Values that are neither NULL nor blank. */
  readonly filled: number;
  /** Values that show more than the profile does. */
  readonly readable: number;
}

export interface Tally {
  /** Rows that were looked at: all, or those before the day. */
  readonly rows: number;
  /** Rows with at least one readable value. */
  readonly readableRows: number;
  readonly columns: readonly ColumnTally[];
}

export interface SweepPlan extends Tally {
  readonly table: string;
  readonly profile: string;
  /** Rows of the whole table without a date, which no age can choose; 0 without a date column. */
  readonly undatedRows: number;
  readonly obstacles: readonly Obstacle[];
}

export interface Pace {
  /** Rows of one chunk, and so of one transaction. */
  readonly chunkRows: number;
  /** Rest between two chunks, for the sake of the other system. */
  readonly pauseMs: number;
  /** What later passes wait for others to let go of rows, times the number of the pass. */
  readonly passRestMs?: number;
  /** Hears after each chunk how many rows have been looked at in this pass. */
  readonly onRows?: (rows: number) => void;
}

export const DEFAULT_PACE: Pace = { chunkRows: 1_000, pauseMs: 0 };
export const CHUNK_ROWS_MAX = 10_000;
export const PAUSE_MS_MAX = 60_000;

/** Fails with USAGE when a figure is outside its bounds. */
export function checkPace({ chunkRows, pauseMs }: Pace): void {
  const isWhole = Number.isInteger(chunkRows) && Number.isInteger(pauseMs);
  if (!isWhole || chunkRows < 1 || chunkRows > CHUNK_ROWS_MAX) {
    throw new Failure("USAGE", { option: "--chunk-rows" });
  }
  if (pauseMs < 0 || pauseMs > PAUSE_MS_MAX) throw new Failure("USAGE", { option: "--pause-ms" });
}

/** For each personal column of the row whether its value is readable. */
export function openColumns(row: StoredRow, layout: Layout, veil: Veil): readonly boolean[] {
  return layout.columns.map(({ kind }, at) => !isVeiled(kind, row.values[at] ?? "", veil));
}

/** A tally that rows are added to while they go by. */
export class Counting {
  #rows = 0;
  #readableRows = 0;
  readonly #layout: Layout;
  readonly #filled: number[];
  readonly #readable: number[];

  constructor(layout: Layout) {
    this.#layout = layout;
    this.#filled = layout.columns.map(() => 0);
    this.#readable = layout.columns.map(() => 0);
  }

  /** Counts one row, of which `open` says what is readable. */
  add(row: StoredRow, open: readonly boolean[]): void {
    for (const [at, value] of row.values.entries()) {
      if (value !== null && value.trim() !== "") this.#filled[at] = (this.#filled[at] ?? 0) + 1;
      if (open[at] === true) this.#readable[at] = (this.#readable[at] ?? 0) + 1;
    }
    this.#rows += 1;
    if (open.includes(true)) this.#readableRows += 1;
  }

  get tally(): Tally {
    return {
      rows: this.#rows,
      readableRows: this.#readableRows,
      columns: this.#layout.columns.map((column, at) => ({
        ...column,
        filled: this.#filled[at] ?? 0,
        readable: this.#readable[at] ?? 0,
      })),
    };
  }
}

/** Waits `pauseMs`, not at all for 0. */
export async function rest(pauseMs: number): Promise<void> {
  if (pauseMs > 0) await sleep(pauseMs);
}

async function countUndated(connection: Connection, layout: Layout): Promise<number> {
  if (layout.before === null) return 0;
  const column = quoted(layout.before.name);
  const [row] = await query(connection, {
    text: `select count(*) as n from ${layout.relation} as t where t.${column} is null`,
  });
  return row === undefined ? 0 : wholeNumber(row, "n");
}

/** Counts all rows of the target as they are, chunk by chunk and in no common snapshot. */
export async function countRows(
  database: Database,
  { layout, veil, pace }: { layout: Layout; veil: Veil; pace: Pace },
): Promise<Tally> {
  const counting = new Counting(layout);
  let after: RowKey | null = null;
  for (;;) {
    const from: RowKey | null = after;
    const chunk: readonly StoredRow[] = await reading(database, async (connection) =>
      readChunk(connection, layout, { after: from, count: pace.chunkRows }),
    );
    for (const row of chunk) counting.add(row, openColumns(row, layout, veil));
    pace.onRows?.(counting.tally.rows);
    const last = chunk.at(-1);
    if (last === undefined || chunk.length < pace.chunkRows) return counting.tally;
    after = last.key;
    await rest(pace.pauseMs);
  }
}

/**
 * Counts what a sweep would change and names what stands against it; changes nothing. The same
 * count after a run is its verification. Rows that come while it counts may or may not be in it.
 * Throws the failures of `surveyLayout` and `reading`, and USAGE for a pace out of bounds.
 */
export async function planSweep(
  database: Database,
  target: SweepTarget,
  { veil, pace = DEFAULT_PACE }: { readonly veil: Veil; readonly pace?: Pace },
): Promise<SweepPlan> {
  checkPace(pace);
  const { layout, obstacles, undatedRows } = await reading(database, async (connection) => {
    const found = await surveyLayout(connection, target);
    return { ...found, undatedRows: await countUndated(connection, found.layout) };
  });
  const tally = await countRows(database, { layout, veil, pace });
  const table = `${target.schema}.${target.table}`;
  return { table, profile: veil.profile.name, undatedRows, obstacles, ...tally };
}
