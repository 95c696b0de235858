/** A table's list of columns (`a, b, c`), as statements that join the table name it. */
import type { Row } from "./row.ts";

const SEPARATOR = ", ";

/** The columns as `alias` has them; `prefix` is for names that two of the tables have. */
export function columnsOf(alias: string, columns: string, prefix = ""): string {
  const named = columns
    .split(SEPARATOR)
    .map((column) => `${alias}.${column} as ${prefix}${column}`);
  return named.join(SEPARATOR);
}

/** The columns but for those that another table gives. */
export function columnsWithout(columns: string, others: ReadonlySet<string>): string {
  const rest = columns.split(SEPARATOR).filter((column) => !others.has(column));
  return rest.join(SEPARATOR);
}

/** The columns out of a row that has them under `columnsOf` with that prefix. */
export function withoutPrefix(row: Row, columns: string, prefix: string): Row {
  return Object.fromEntries(
    columns.split(SEPARATOR).map((column) => [column, row[prefix + column]]),
  );
}
