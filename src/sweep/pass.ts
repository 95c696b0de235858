/**
 * Passes over a table. Each chunk is one short transaction that locks only rows it is going to
 * change and passes over those that somebody else holds; later passes come back for these and for
 * what was written meanwhile, until one finds nothing readable.
 */
import { Failure } from "../rules/failure.ts";
import type { Database } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import type { Bookmark } from "./bookmark.ts";
import { moveBookmark } from "./bookmark.ts";
import type { StoredRow } from "./chunk.ts";
import { lockRows, readChunk, writeRows } from "./chunk.ts";
import { writing } from "./outside.ts";
import type { Layout } from "./survey.ts";
import type { Pace, Tally } from "./tally.ts";
import { Counting, openColumns, rest } from "./tally.ts";
import type { Veil } from "./veil.ts";
import { veilValue } from "./veil.ts";

/** The first two passes come at once; then others get time to let go of their rows. */
const PASSES_MAX = 6;
const PASS_REST_MS = 500;

export interface Work {
  readonly database: Database;
  readonly layout: Layout;
  readonly veil: Veil;
  readonly pace: Pace;
  readonly name: string;
}

interface Change {
  readonly row: StoredRow;
  /** For each personal column whether its value was readable, and so was masked. */
  readonly open: readonly boolean[];
}

/** The row with its readable values masked; null when there is none. */
function veiled(row: StoredRow, { layout, veil }: Work): Change | null {
  const open = openColumns(row, layout, veil);
  if (!open.includes(true)) return null;
  const values = layout.columns.map(({ kind }, at) => {
    const value = row.values[at] ?? null;
    return value === null || open[at] !== true ? value : veilValue(kind, value, veil);
  });
  return { row: { key: row.key, values }, open };
}

/** Masks those of `rows` that can be had now; they are read again under their locks. */
async function maskRows(
  connection: Connection,
  work: Work,
  rows: readonly StoredRow[],
): Promise<readonly Change[]> {
  if (rows.length === 0) return [];
  const locked = await lockRows(connection, work.layout, rows);
  const changes = locked.flatMap((row) => veiled(row, work) ?? []);
  if (changes.length === 0) return [];
  const written = await writeRows(
    connection,
    work.layout,
    changes.map(({ row }) => row),
  );
  // A rule, a trigger or a policy that swallowed a write would leave plaintext and a false count.
  if (written !== changes.length) throw new Failure("SWEEP_OBSTACLE", { obstacles: "write" });
  return changes;
}

function advance(
  from: Bookmark,
  changes: readonly Change[],
  last: StoredRow | undefined,
): Bookmark {
  return {
    pass: from.pass,
    after: last?.key ?? from.after,
    maskedRows: from.maskedRows + changes.length,
    masked: from.masked.map(
      (count, at) => count + changes.filter(({ open }) => open[at] === true).length,
    ),
  };
}

interface ChunkDone {
  readonly seen: readonly { readonly row: StoredRow; readonly open: readonly boolean[] }[];
  readonly bookmark: Bookmark;
}

async function sweepChunk(work: Work, from: Bookmark): Promise<ChunkDone> {
  const { database, layout, veil, pace, name } = work;
  return writing(database, async (connection) => {
    const place = { after: from.after, count: pace.chunkRows };
    const rows = await readChunk(connection, layout, place);
    const seen = rows.map((row) => ({ row, open: openColumns(row, layout, veil) }));
    const wanted = seen.filter(({ open }) => open.includes(true)).map(({ row }) => row);
    const changes = await maskRows(connection, work, wanted);
    const bookmark = advance(from, changes, rows.at(-1));
    await moveBookmark(connection, layout, { ...bookmark, name });
    return { seen, bookmark };
  });
}

export interface PassDone {
  readonly bookmark: Bookmark;
  /** What the pass found, before it masked anything; only whole passes count the whole table. */
  readonly found: Tally;
  /** Transactions, one for each chunk. */
  readonly chunks: number;
}

async function sweepPass(work: Work, from: Bookmark): Promise<PassDone> {
  const counting = new Counting(work.layout);
  let bookmark = from;
  for (let chunks = 1; ; chunks += 1) {
    const chunk = await sweepChunk(work, bookmark);
    bookmark = chunk.bookmark;
    for (const { row, open } of chunk.seen) counting.add(row, open);
    work.pace.onRows?.(counting.tally.rows);
    if (chunk.seen.length < work.pace.chunkRows) return { bookmark, found: counting.tally, chunks };
    await rest(work.pace.pauseMs);
  }
}

/** Passes until one that began at the first row has found nothing readable, or the last is over. */
export async function sweepPasses(
  work: Work,
  begin: Bookmark,
): Promise<PassDone & { passes: number }> {
  let bookmark = begin;
  let chunks = 0;
  for (let passes = 1; ; passes += 1) {
    const isWhole = bookmark.after === null;
    const done = await sweepPass(work, bookmark);
    chunks += done.chunks;
    if (isWhole && (done.found.readableRows === 0 || passes >= PASSES_MAX)) {
      return { ...done, chunks, passes };
    }
    bookmark = { ...done.bookmark, pass: done.bookmark.pass + 1, after: null };
    if (passes > 1) await rest((work.pace.passRestMs ?? PASS_REST_MS) * passes);
  }
}
