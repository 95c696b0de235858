/** What one batch of orders comes to, before it is committed. */
import type { Connection } from "../store/query.ts";
import type { OrderBatch, Rejection } from "./order-batch.ts";
import type { SealedRow } from "./sealed-row.ts";

/** Both in the order of the file. */
export interface BatchOutcome {
  readonly rows: readonly SealedRow[];
  readonly rejected: readonly Rejection[];
}

/** Work in the transaction of a batch; what it throws takes the whole batch back. */
export type WithBatch = (connection: Connection, outcome: BatchOutcome) => Promise<void>;

/** With what of the batch was refused before it came to the database. */
export function inOrder(batch: OrderBatch, { rows, rejected }: BatchOutcome): BatchOutcome {
  const byLine = <T extends { readonly line: number }>(all: readonly T[]): T[] =>
    all.toSorted((a, b) => a.line - b.line);
  return { rows: byLine(rows), rejected: byLine([...batch.rejected, ...rejected]) };
}
