/**
 * A chunk: the next rows of a table in the order of its primary key, and the values that are
 * written back. Keys travel as text and are cast to their own types, so any type of key will do.
 */
import type { Connection, Statement } from "../store/query.ts";
import { execute, query } from "../store/query.ts";
import { text } from "../store/row.ts";
import type { Row } from "../store/row.ts";
import type { Layout } from "./survey.ts";
import { quoted } from "./target.ts";
import { VALUE_CHARS_MAX } from "./veil.ts";

/** The primary key of one row, each column in PostgreSQL's text form. */
export type RowKey = readonly string[];

export interface StoredRow {
  readonly key: RowKey;
  /** One value for each personal column of the layout, in its order. */
  readonly values: readonly (string | null)[];
}

/** One character more than is ever read, so that a longer value can be told. */
const READ_CHARS = VALUE_CHARS_MAX + 1;

function selected({ key, columns }: Layout): string {
  return [
    ...key.map(({ name }, at) => `t.${quoted(name)}::text as k${at}`),
    ...columns.map(({ name }, at) => `left(t.${quoted(name)}, ${READ_CHARS}) as c${at}`),
  ].join(", ");
}

function storedRow(row: Row, { key, columns }: Layout): StoredRow {
  return {
    key: key.map((_, at) => text(row, `k${at}`)),
    values: columns.map((_, at) => (row[`c${at}`] === null ? null : text(row, `c${at}`))),
  };
}

/** `$n` cast to the type of the column it is compared with. */
function casted(type: string, place: number): string {
  return `($${place}::text)::${type}`;
}

function ageCondition({ before }: Layout, place: number): readonly string[] {
  if (before === null) return [];
  return [`t.${quoted(before.name)} < ${casted(before.type, place)}`];
}

/** The next `count` rows after `after` (null: from the beginning), not locked. */
export async function readChunk(
  connection: Connection,
  layout: Layout,
  { after, count }: { readonly after: RowKey | null; readonly count: number },
): Promise<readonly StoredRow[]> {
  const { relation, key, before } = layout;
  const names = key.map(({ name }) => `t.${quoted(name)}`);
  const places = key.map(({ type }, at) => casted(type, at + 1));
  const values = [...(after ?? [])];
  const wheres = after === null ? [] : [`(${names.join(", ")}) > (${places.join(", ")})`];
  if (before !== null) wheres.push(...ageCondition(layout, values.push(before.from)));
  const where = wheres.length === 0 ? "" : `where ${wheres.join(" and ")}`;
  const statement: Statement = {
    text:
      `select ${selected(layout)} from ${relation} as t ${where} ` +
      `order by ${names.join(", ")} limit ${count}`,
    values,
  };
  const rows = await query(connection, statement);
  return rows.map((row) => storedRow(row, layout));
}

/** Columns of parallel arrays as a row source named `v`: k0, k1 … and then c0, c1 … */
function rowSource(counts: { readonly keys: number; readonly values: number }): string {
  const names = [
    ...Array.from({ length: counts.keys }, (_, at) => `k${at}`),
    ...Array.from({ length: counts.values }, (_, at) => `c${at}`),
  ];
  const arrays = names.map((_, at) => `$${at + 1}::text[]`);
  return `unnest(${arrays.join(", ")}) as v(${names.join(", ")})`;
}

function sameKey({ key }: Layout): string {
  return key.map(({ name, type }, at) => `t.${quoted(name)} = v.k${at}::${type}`).join(" and ");
}

function keyArrays({ key }: Layout, rows: readonly { readonly key: RowKey }[]): string[][] {
  return key.map((_, at) => rows.map((row) => row.key[at] ?? ""));
}

/**
 * Locks the rows with these keys until the transaction ends and returns them as they now are. Rows
 * that somebody else holds, that were deleted or that no longer are old enough are passed over.
 */
export async function lockRows(
  connection: Connection,
  layout: Layout,
  rows: readonly StoredRow[],
): Promise<readonly StoredRow[]> {
  const values: unknown[] = keyArrays(layout, rows);
  const { before } = layout;
  const age = before === null ? [] : ageCondition(layout, values.push(before.from));
  const statement: Statement = {
    text:
      `select ${selected(layout)} from ${layout.relation} as t ` +
      `join ${rowSource({ keys: layout.key.length, values: 0 })} on ${sameKey(layout)} ` +
      `${age.length === 0 ? "" : `where ${age.join(" and ")}`} for update of t skip locked`,
    values,
  };
  const locked = await query(connection, statement);
  return locked.map((row) => storedRow(row, layout));
}

/** Writes all personal columns of rows that this transaction holds; returns how many it wrote. */
export async function writeRows(
  connection: Connection,
  layout: Layout,
  rows: readonly StoredRow[],
): Promise<number> {
  const { key, columns, relation } = layout;
  const sets = columns.map(({ name }, at) => `${quoted(name)} = v.c${at}`);
  const source = rowSource({ keys: key.length, values: columns.length });
  return execute(connection, {
    text: `update ${relation} as t set ${sets.join(", ")} from ${source} where ${sameKey(layout)}`,
    values: [
      ...keyArrays(layout, rows),
      ...columns.map((_, at) => rows.map((row) => row.values[at] ?? null)),
    ],
  });
}
