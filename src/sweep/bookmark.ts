/**
 * The bookmark of a run (`midan_sweep`, beside the swept table): how far the keys are done and what
 * was masked so far. It moves in the transaction of each chunk, so after a crash it never says more
 * than what was done. It holds keys and counts, never a personal value.
 */
import type { Connection } from "../store/query.ts";
import { execute, query } from "../store/query.ts";
import { text, wholeNumber } from "../store/row.ts";
import type { RowKey } from "./chunk.ts";
import type { Layout } from "./survey.ts";
import { quoted } from "./target.ts";

export interface Bookmark {
  readonly pass: number;
  /** The last key that was seen in this pass; null at its beginning. */
  readonly after: RowKey | null;
  readonly maskedRows: number;
  /** Masked values for each personal column, in the order of the layout. */
  readonly masked: readonly number[];
}

function tableOf(layout: Layout): string {
  return `${quoted(layout.schema)}.midan_sweep`;
}

/** Names the same sweep again after a crash, without the day: that moves with the calendar. */
export function sweepName(layout: Layout, profile: string): string {
  const columns = layout.columns.map(({ kind, name }) => `${kind}=${quoted(name)}`);
  return [layout.relation, ...columns, profile, layout.before?.name ?? "all"].join(" ");
}

/** Makes the table of bookmarks if it is not there. */
export async function makeBookmarks(connection: Connection, layout: Layout): Promise<void> {
  await execute(connection, {
    text:
      `create table if not exists ${tableOf(layout)} (sweep text primary key, pass int not null, ` +
      `after_key text[], masked_rows bigint not null, masked bigint[] not null, ` +
      `moved_at timestamptz not null default now())`,
  });
}

/** The bookmark that a run which did not end has left; null when there is none. */
export async function findBookmark(
  connection: Connection,
  layout: Layout,
  name: string,
): Promise<Bookmark | null> {
  const [row] = await query(connection, {
    text:
      `select pass, masked_rows, masked::text[] as masked, after_key from ${tableOf(layout)} ` +
      `where sweep = $1`,
    values: [name],
  });
  if (row === undefined) return null;
  return {
    pass: wholeNumber(row, "pass"),
    after: row["after_key"] === null ? null : texts(row["after_key"]),
    maskedRows: wholeNumber(row, "masked_rows"),
    masked: texts(row["masked"]).map((count) => wholeNumber({ count }, "count")),
  };
}

function texts(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  return list.map((item) => text({ item }, "item"));
}

/** Moves the bookmark in the caller's transaction. */
export async function moveBookmark(
  connection: Connection,
  layout: Layout,
  moved: Bookmark & { readonly name: string },
): Promise<void> {
  await execute(connection, {
    text:
      `insert into ${tableOf(layout)} (sweep, pass, after_key, masked_rows, masked) ` +
      `values ($1, $2, $3, $4, $5) on conflict (sweep) do update set pass = excluded.pass, ` +
      `after_key = excluded.after_key, masked_rows = excluded.masked_rows, ` +
      `masked = excluded.masked, moved_at = now()`,
    values: [moved.name, moved.pass, moved.after, moved.maskedRows, moved.masked],
  });
}

/** Takes the bookmark away once the run is over and told. */
export async function dropBookmark(
  connection: Connection,
  layout: Layout,
  name: string,
): Promise<void> {
  await execute(connection, {
    text: `delete from ${tableOf(layout)} where sweep = $1`,
    values: [name],
  });
}
