/**
 * Rows on their way out of the database: every column is checked once here, so the tables' files
 * can hand on typed rows. A value of another shape means that the database is not ours:
 * ROW_UNREADABLE names the column, never the value.
 */

import { parseDay } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { Failure } from "../rules/failure.ts";

export type Row = Readonly<Record<string, unknown>>;

function unreadable(column: string): Failure {
  return new Failure("ROW_UNREADABLE", { column });
}

/** A whole number that a double holds exactly; `bigint` columns arrive as text. */
export function wholeNumber(row: Row, column: string): number {
  const value = row[column];
  const number = typeof value === "string" && value !== "" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isSafeInteger(number)) throw unreadable(column);
  return number;
}

export function wholeNumberOrNull(row: Row, column: string): number | null {
  return row[column] === null ? null : wholeNumber(row, column);
}

export function bytes(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw unreadable(column);
  return value;
}

export function bytesOrNull(row: Row, column: string): Uint8Array | null {
  return row[column] === null ? null : bytes(row, column);
}

export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== "string") throw unreadable(column);
  return value;
}

export function textOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : text(row, column);
}

export function day(row: Row, column: string): Day {
  const parsed = parseDay(text(row, column));
  if (parsed === null) throw unreadable(column);
  return parsed;
}

export function dayOrNull(row: Row, column: string): Day | null {
  return row[column] === null ? null : day(row, column);
}

export function instant(row: Row, column: string): Date {
  const value = row[column];
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) throw unreadable(column);
  return value;
}

export function instantOrNull(row: Row, column: string): Date | null {
  return row[column] === null ? null : instant(row, column);
}

/** One of `words`: a text column whose values are a closed union. */
export function word<W extends string>(row: Row, column: string, words: readonly W[]): W {
  const value = text(row, column);
  const found = words.find((candidate) => candidate === value);
  if (found === undefined) throw unreadable(column);
  return found;
}

export function wordOrNull<W extends string>(
  row: Row,
  column: string,
  words: readonly W[],
): W | null {
  return row[column] === null ? null : word(row, column, words);
}
