/** Questions to the log: whose entries, by what purpose, from which branch, in which hour. */

import type { LogId } from "./log.ts";
import { query } from "./query.ts";
import type { Connection } from "./query.ts";
import type { Row } from "./row.ts";
import { bytes, text, wholeNumber } from "./row.ts";

export interface LogFilter {
  /** The log in which the tenant's entries are. */
  readonly log: LogId;
  readonly tenant: string;
  /** Types of leaves; at least one. */
  readonly types: readonly string[];
  readonly actor: string | null;
  readonly purpose: string | null;
  /** Ids of organisations of which one is wanted, or null for all. */
  readonly organisations: readonly string[] | null;
  /** From this instant on, and before the other one, by the leaves' own clocks. */
  readonly from: Date;
  readonly to: Date;
}

export interface LogPage {
  /** Only entries below this index. */
  readonly before: number;
  readonly limit: number;
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
  branch: "coalesce(organisation, '')",
  day: "to_char(at at time zone 'UTC', 'YYYY-MM-DD')",
  hour: "to_char(at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:00\"Z\"')",
} as const;

export type LogGroup = keyof typeof GROUPS;

/*
 * Only what was asked for stands in the statement: a condition that may be absent would keep the
 * planner from the index that it has.
 */
function conditions(filter: LogFilter): { readonly where: string; readonly values: unknown[] } {
  const { log, tenant, types, from, to, actor, purpose, organisations } = filter;
  const values: unknown[] = [tenant, types, from, to, log];
  const parts = [
    "tenant = $1::uuid and log_entry.type = any($2::text[]) and at >= $3 and at < $4",
    "log = $5::uuid",
  ];
  const add = (condition: string, value: unknown): void => {
    values.push(value);
    parts.push(condition.replace("?", `$${values.length}`));
  };
  if (actor !== null) add("actor = ?", actor);
  if (purpose !== null) add("purpose = ?", purpose);
  if (organisations !== null) add("organisation = any(?::text[])", organisations);
  return { where: parts.join(" and "), values };
}

function foundOf(row: Row): FoundEntry {
  return { index: wholeNumber(row, "log_index"), body: bytes(row, "body") };
}

/** The statement that finds the newest entries that fit and have an index below `before`. */
export function findStatement(
  filter: LogFilter,
  { before, limit }: LogPage,
): { readonly text: string; readonly values: unknown[] } {
  const { where, values } = conditions(filter);
  const next = values.length + 1;
  return {
    text: `
      select log_index, body from log_entry join audit_leaf using (position)
      where log_index < $${next}::bigint and ${where}
      order by log_index desc limit $${next + 1}::integer`,
    values: [...values, before, limit],
  };
}

/** The newest entries that fit and have an index below `before`, newest first. */
export async function findEntries(
  connection: Connection,
  filter: LogFilter,
  page: LogPage,
): Promise<FoundEntry[]> {
  return (await query(connection, findStatement(filter, page))).map(foundOf);
}

/** The newest entries about one waybill that have an index below `before`, newest first. */
export async function findAboutSubject(
  connection: Connection,
  subject: Uint8Array,
  page: LogPage,
): Promise<FoundEntry[]> {
  const rows = await query(connection, {
    text: `
      select log_index, body from audit_leaf join log_entry using (position)
      where subject = $1::bytea and log_index < $2::bigint
      order by log_index desc limit $3::integer`,
    values: [Buffer.from(subject), page.before, page.limit],
  });
  return rows.map(foundOf);
}

/** The statement that counts for each value of `by`. */
export function countStatement(
  filter: LogFilter,
  { by, limit }: { readonly by: LogGroup; readonly limit: number },
): { readonly text: string; readonly values: unknown[] } {
  const { where, values } = conditions(filter);
  return {
    text: `
      select ${GROUPS[by]} as value, count(*) as leaves from log_entry where ${where}
      group by 1 order by 2 desc, 1 limit $${values.length + 1}::integer`,
    values: [...values, limit],
  };
}

/** How many entries fit, for each value of `by`, most first; at most `limit` values. */
export async function countEntries(
  connection: Connection,
  filter: LogFilter,
  asked: { readonly by: LogGroup; readonly limit: number },
): Promise<{ readonly value: string; readonly leaves: number }[]> {
  const rows = await query(connection, countStatement(filter, asked));
  return rows.map((row) => ({ value: text(row, "value"), leaves: wholeNumber(row, "leaves") }));
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
