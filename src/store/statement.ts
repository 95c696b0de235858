/** Print statements (合规声明): how each label was printed (P14). They live as long as the shell. */

import type { Day } from "../rules/calendar.ts";
import { copyRows } from "./copy.ts";
import type { CopyTarget } from "./copy.ts";
import { query } from "./query.ts";
import type { Connection } from "./query.ts";
import { bytes, day, instant, wholeNumber } from "./row.ts";
import type { Row } from "./row.ts";
import { int4Array } from "./wire.ts";

export interface StatementRow {
  readonly shellWeek: Day;
  readonly compartment: number;
  readonly slot: number;
  readonly bucket: number;
  /** 1 for the first print of a waybill, 1..32767. */
  readonly printNo: number;
  /** Id of the audit leaf that holds the root of the batch, 16 bytes. */
  readonly batchLeaf: Uint8Array;
  /** Place of the statement among the leaves of its batch's Merkle tree. */
  readonly batchIndex: number;
  /** Canonical JSON, 2..8192 bytes. */
  readonly body: Uint8Array;
  readonly printedAt: Date;
}

const FIXED_BYTES = 8 + 8 + 4 + 4 + 4 + 2 + 2 + 16;

const TARGET: CopyTarget<StatementRow> = {
  into:
    "print_statement (compartment, printed_at, shell_week, slot, batch_index, bucket, print_no," +
    " batch_leaf, body)",
  write(writer, row) {
    writer.startRow(9, FIXED_BYTES + row.body.length);
    writer.int8(row.compartment);
    writer.timestamp(row.printedAt);
    writer.date(row.shellWeek);
    writer.int4(row.slot);
    writer.int4(row.batchIndex);
    writer.int2(row.bucket);
    writer.int2(row.printNo);
    writer.bytes(row.batchLeaf);
    writer.bytes(row.body);
  },
};

function statementOf(row: Row): StatementRow {
  return {
    shellWeek: day(row, "shell_week"),
    compartment: wholeNumber(row, "compartment"),
    slot: wholeNumber(row, "slot"),
    bucket: wholeNumber(row, "bucket"),
    printNo: wholeNumber(row, "print_no"),
    batchLeaf: bytes(row, "batch_leaf"),
    batchIndex: wholeNumber(row, "batch_index"),
    body: bytes(row, "body"),
    printedAt: instant(row, "printed_at"),
  };
}

/**
 * Stores `rows` in the caller's transaction; their weeks must have partitions. DATABASE_FAILED with
 * `sqlstate` 23505 when a print number was used already: take the next one and sign again.
 */
export async function copyStatements(
  connection: Connection,
  rows: readonly StatementRow[],
): Promise<void> {
  await copyRows(connection, TARGET, rows);
}

/** The statements of one waybill, by print number. */
export async function statementsOf(
  connection: Connection,
  place: { readonly shellWeek: Day; readonly compartment: number; readonly slot: number },
): Promise<StatementRow[]> {
  const rows = await query(connection, {
    text: `
      select compartment, printed_at, shell_week, slot, batch_index, bucket, print_no,
             batch_leaf, body
      from print_statement
      where shell_week = $1::date and compartment = $2::bigint and slot = $3::integer
      order by print_no`,
    values: [place.shellWeek, place.compartment, place.slot],
  });
  return rows.map(statementOf);
}

/** All statements of one batch, in the order of its tree. Looks into every week. */
export async function statementsOfBatch(
  connection: Connection,
  batchLeaf: Uint8Array,
): Promise<StatementRow[]> {
  const rows = await query(connection, {
    text: `
      select compartment, printed_at, shell_week, slot, batch_index, bucket, print_no,
             batch_leaf, body
      from print_statement where batch_leaf = $1::bytea order by batch_index`,
    values: [Buffer.from(batchLeaf)],
  });
  return rows.map(statementOf);
}

/** The highest print number of each slot that was printed; the others are not in the map. */
export async function lastPrintNumbers(
  connection: Connection,
  within: { readonly shellWeek: Day; readonly compartment: number },
  slots: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const rows = await query(connection, {
    text: `
      select slot, max(print_no) as print_no from print_statement
      where shell_week = $1::date and compartment = $2::bigint and slot = any($3::integer[])
      group by slot`,
    values: [within.shellWeek, within.compartment, int4Array(slots)],
  });
  return new Map(
    rows.map((row) => [wholeNumber(row, "slot"), wholeNumber(row, "print_no")] as const),
  );
}
