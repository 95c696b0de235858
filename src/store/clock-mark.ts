/** The newest moment at which the clock was consistent with itself. */
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { instant } from "./row.ts";

/** The mark, or null before the first. */
export async function clockMark(connection: Connection): Promise<Date | null> {
  const rows = await query(connection, {
    name: "clock_mark",
    text: "select marked_at from clock_mark",
  });
  return rows[0] === undefined ? null : instant(rows[0], "marked_at");
}

/** Moves the mark to `at`, never back. */
export async function moveClockMark(connection: Connection, at: Date): Promise<void> {
  await execute(connection, {
    text: `
      insert into clock_mark (marked_at) values ($1)
      on conflict (only_row) do update
        set marked_at = greatest(clock_mark.marked_at, excluded.marked_at)`,
    values: [at],
  });
}

/** Moves the mark to `at`, back too: somebody answers for the clock. */
export async function setClockMark(connection: Connection, at: Date): Promise<void> {
  await execute(connection, {
    text: `
      insert into clock_mark (marked_at) values ($1)
      on conflict (only_row) do update set marked_at = excluded.marked_at`,
    values: [at],
  });
}
