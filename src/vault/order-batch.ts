/** Orders as they are sealed: in batches, with the refusals that stand between them in the file. */
import type { Order, RowResult } from "../orders/order.ts";
import type { FailureCode } from "../rules/failure.ts";

export interface Rejection {
  readonly line: number;
  readonly field: string;
  readonly code: FailureCode;
}

export interface OrderBatch {
  readonly orders: readonly Order[];
  readonly rejected: readonly Rejection[];
  /** The last line of the file that the batch answers for. */
  readonly lastLine: number;
}

const BATCH_ROWS = 4000;

/** Gathers chunks of rows into batches of about 4,000 rows; what `refusalOf` refuses is none. */
export async function* batchesOf(
  rows: AsyncIterable<readonly RowResult[]>,
  refusalOf: (order: Order) => Rejection | null,
): AsyncGenerator<OrderBatch> {
  let orders: Order[] = [];
  let rejected: Rejection[] = [];
  let lastLine = 0;
  for await (const chunk of rows) {
    for (const row of chunk) {
      const { line } = row.ok ? row.order : row;
      const refusal = row.ok ? refusalOf(row.order) : { line, field: row.field, code: row.code };
      if (refusal !== null) rejected.push(refusal);
      else if (row.ok) orders.push(row.order);
      lastLine = Math.max(lastLine, line);
    }
    if (orders.length + rejected.length < BATCH_ROWS) continue;
    yield { orders, rejected, lastLine };
    orders = [];
    rejected = [];
  }
  if (orders.length + rejected.length > 0) yield { orders, rejected, lastLine };
}
