/**
 * The door to another system's database. Its errors are reduced as our own are, to a SQLSTATE and
 * names of schema objects, but they say that the other database is meant (P9, P16).
 */
import { isFailure, Failure } from "../rules/failure.ts";
import type { Database } from "../store/pool.ts";
import { connected, openDatabase, transaction } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import { execute } from "../store/query.ts";

const CONNECTIONS_MAX = 3;
/** We wait this long for a table that somebody alters; rows that are locked are passed over. */
const LOCK_TIMEOUT_MS = 5_000;
const CONFLICT_ATTEMPTS = 3;

/** Opens the database at `url`; a password is better kept in the account's own .pgpass file. */
export function openOutside(url: string): Database {
  return openDatabase({ url }, { connectionsMax: CONNECTIONS_MAX, lockTimeoutMs: LOCK_TIMEOUT_MS });
}

function outsideFailure(error: unknown): unknown {
  if (isFailure(error, "DATABASE_UNAVAILABLE")) {
    return new Failure("SWEEP_UNREACHABLE", error.details);
  }
  return isFailure(error, "DATABASE_FAILED") ? new Failure("SWEEP_REFUSED", error.details) : error;
}

async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw outsideFailure(error);
  }
}

/** Keys travel as text and come back, so their text form must not depend on the server's taste. */
const SAME_TEXT = {
  text:
    "select set_config('DateStyle', 'ISO, YMD', true), " +
    "set_config('IntervalStyle', 'iso_8601', true), set_config('extra_float_digits', '1', true)",
} as const;

/**
 * Runs `work` in a transaction; begins again after a deadlock. Throws SWEEP_UNREACHABLE (try again
 * later) or SWEEP_REFUSED (`sqlstate` says why; the chunk was not committed).
 */
export async function writing<T>(
  database: Database,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  return told(async () =>
    transaction(
      database,
      async (connection) => {
        await execute(connection, SAME_TEXT);
        return work(connection);
      },
      { attempts: CONFLICT_ATTEMPTS },
    ),
  );
}

/** As `writing`, in a transaction that cannot change anything, whatever the code does. */
export async function reading<T>(
  database: Database,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  return writing(database, async (connection) => {
    await execute(connection, { text: "set transaction read only" });
    return work(connection);
  });
}

/** Lends one connection outside any transaction, as VACUUM and session locks need. */
export async function lent<T>(
  database: Database,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  return told(async () => connected(database, work));
}
