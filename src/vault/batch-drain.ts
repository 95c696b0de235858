/** Two batches at a time: one is sealed while the one before it is written. */
import type { OrderBatch } from "./order-batch.ts";

/** When a batch may claim, when it may commit, and whom to tell that it has claimed. */
export interface Turn {
  readonly claimedBefore: Promise<unknown>;
  readonly committedBefore: Promise<unknown>;
  readonly claimed: () => void;
}

const BATCHES_AT_ONCE = 2;

/** Starts every batch, at most two at once, until all are done. Throws what the first one threw. */
export async function drained(
  batches: AsyncIterable<OrderBatch>,
  start: (batch: OrderBatch) => Promise<void>,
): Promise<void> {
  const running: Promise<void>[] = [];
  try {
    for await (const batch of batches) {
      const started = start(batch);
      // It is awaited below; until then its failure must not count as unhandled.
      started.catch(() => undefined);
      running.push(started);
      if (running.length >= BATCHES_AT_ONCE) await running.shift();
    }
    await Promise.all(running);
  } finally {
    // A batch that outlived the run would hold its connection, and the pool could never close.
    await Promise.allSettled(running);
  }
}
