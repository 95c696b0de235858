/**
 * Work that only one process of all may do at a time, on one connection from beginning to end: an
 * advisory lock of the session, and as many transactions as the work needs. It ends with the
 * connection, so a process that dies leaves no lock behind.
 */
import { connected, withinTransaction } from "./pool.ts";
import type { Database } from "./pool.ts";
import { query } from "./query.ts";
import type { Connection } from "./query.ts";
import type { WaybillPlace } from "./hold.ts";

/** Runs one transaction on the connection that holds the lock. */
export type Within = <T>(work: (connection: Connection) => Promise<T>) => Promise<T>;

/* One key space of 64 bits with the room's other locks, so waybills are the negative ones. */
const RUNNER_LOCK = 6_711_003n;
const SLOT_BITS = 17n;

function keyOf({ compartment, slot }: WaybillPlace): string {
  return String(-((BigInt(compartment) << SLOT_BITS) + BigInt(slot)) - 1n);
}

async function unlock(connection: Connection, key: string): Promise<void> {
  // When the connection is gone so is its lock, and the first error is the one that matters.
  await query(connection, { text: "select pg_advisory_unlock($1)", values: [key] }).catch(
    () => undefined,
  );
}

/**
 * Holds, releases, corrections and erasures of one waybill queue here. Waits up to the pool's lock
 * timeout, then DATABASE_FAILED with `sqlstate` 55P03: try again.
 */
export async function withWaybill<T>(
  database: Database,
  place: WaybillPlace,
  work: (within: Within) => Promise<T>,
): Promise<T> {
  const key = keyOf(place);
  return connected(database, async (connection) => {
    await query(connection, { text: "select pg_advisory_lock($1)", values: [key] });
    return letting(connection, key, async () =>
      work(async (step) => withinTransaction(connection, step)),
    );
  });
}

/** As `withWaybill`, but null at once when somebody else is at that waybill. */
export async function withFreeWaybill<T>(
  database: Database,
  place: WaybillPlace,
  work: (within: Within) => Promise<T>,
): Promise<T | null> {
  return ifFree(database, keyOf(place), async (connection) =>
    work(async (step) => withinTransaction(connection, step)),
  );
}

async function letting<T>(connection: Connection, key: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await unlock(connection, key);
  }
}

async function ifFree<T>(
  database: Database,
  key: string,
  work: (connection: Connection) => Promise<T>,
): Promise<T | null> {
  return connected(database, async (connection) => {
    const text = "select pg_try_advisory_lock($1) as got";
    const [row] = await query(connection, { text, values: [key] });
    if (row?.["got"] !== true) return null;
    return letting(connection, key, async () => work(connection));
  });
}

/** Runs `work` unless another process is at it already; null then. */
export async function asOnlyRunner<T>(
  database: Database,
  work: () => Promise<T>,
): Promise<T | null> {
  return ifFree(database, String(RUNNER_LOCK), async () => work());
}
