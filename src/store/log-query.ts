/** Questions to the log: whose entries, by what purpose, in which hour. Indexed and paged. */

import { query } from "./query.ts";
import type { Connection } from "./query.ts";
import { bytes, text, wholeNumber } from "./row.ts";

export interface LogFilter {
  readonly tenant: string;
  /** Types of leaves; at least one. */
  readonly types: readonly string[];
  readonly actor: string | null;
  readonly purpose: string | null;
  /** From this instant on, and before the other one, by the leaves' own clocks. */
  readonly from: Date;
  readonly to: Date;
}

export interface FoundEntry {
  readonly index: number;
  readonly body: Uint8Array;
}

/** By what entries are counted, and the expression that says it. */
const GROUPS = {
  purpose: "coalesce(purpose, '')",
  actor: "actor",
  type: "type",
  hour: "to_char(at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:00\"Z\"')",
} as const;

type LogGroup = keyof typeof GROUPS;

const WHERE = `
  tenant = $1::uuid and type = any($2::text[]) and ($3::text is null or actor = $3)
  and ($4::text is null or purpose = $4) and at >= $5 and at < $6`;

function valuesOf(filter: LogFilter): unknown[] {
  const { tenant, types, actor, purpose, from, to } = filter;
  return [tenant, types, actor, purpose, from, to];
}

/** The index of the leaf at that position, or null while it waits for one. */
export async function indexOfLeaf(
  connection: Connection,
  position: number,
): Promise<number | null> {
  const [row] = await query(connection, {
    text: "select log_index from log_entry where position = $1::bigint",
    values: [position],
  });
  return row === undefined ? null : wholeNumber(row, "log_index");
}

/** The newest entries that fit and have an index below `before`, newest first. */
export async function findEntries(
  connection: Connection,
  filter: LogFilter,
  page: { readonly before: number; readonly limit: number },
): Promise<FoundEntry[]> {
  const rows = await query(connection, {
    text: `
      select log_index, body from log_entry join audit_leaf using (position)
      where log_index < $7::bigint and ${WHERE.replaceAll(/\btype\b/g, "log_entry.type")}
      order by log_index desc limit $8::integer`,
    values: [...valuesOf(filter), page.before, page.limit],
  });
  return rows.map((row) => ({ index: wholeNumber(row, "log_index"), body: bytes(row, "body") }));
}

/** How many entries fit, for each value of `by`, most first; at most `limit` values. */
export async function countEntries(
  connection: Connection,
  filter: LogFilter,
  { by, limit }: { readonly by: LogGroup; readonly limit: number },
): Promise<{ readonly value: string; readonly leaves: number }[]> {
  const rows = await query(connection, {
    text: `
      select ${GROUPS[by]} as value, count(*) as leaves from log_entry where ${WHERE}
      group by 1 order by 2 desc, 1 limit $7::integer`,
    values: [...valuesOf(filter), limit],
  });
  return rows.map((row) => ({ value: text(row, "value"), leaves: wholeNumber(row, "leaves") }));
}
