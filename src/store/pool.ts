/**
 * Connections to the one database and transactions over them. The address comes from the caller
 * (the embedded server or a URL); this room does not read the environment.
 */

import { setTimeout as sleep } from "node:timers/promises";

import { Pool, TypeOverrides } from "pg";
import type { PoolConfig } from "pg";

import { Failure } from "../rules/failure.ts";
import { traced } from "../trace/span.ts";
import { databaseFailure, databaseSpan, sqlStateOf, SQLSTATE } from "./query.ts";
import type { Connection } from "./query.ts";

/** Where the database is: a `postgres://` URL, or what `openEmbedded` returned. */
export type DatabaseAddress =
  | { readonly url: string }
  | { readonly host: string; readonly port: number; readonly user: string; readonly name: string };

export interface PoolOptions {
  readonly connectionsMax?: number;
  readonly statementTimeoutMs?: number;
  readonly lockTimeoutMs?: number;
  readonly connectTimeoutMs?: number;
}

export interface Database {
  readonly pool: Pool;
  /** Closes every connection; waits for those in use. */
  close(): Promise<void>;
}

export interface TransactionOptions {
  /**
   * How often to begin again when PostgreSQL gave up on a conflict (serialization failure,
   * deadlock, lock timeout). Above 1 only when `work` may run twice: it must not have used up keys
   * or slots.
   */
  readonly attempts?: number;
}

const CONNECTIONS_MAX = 8;
const STATEMENT_TIMEOUT_MS = 120_000;
const LOCK_TIMEOUT_MS = 15_000;
const CONNECT_TIMEOUT_MS = 10_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 120_000;
const ATTEMPTS_MAX = 10;
const RETRY_FIRST_MS = 20;

const RETRYABLE: ReadonlySet<string> = new Set([
  SQLSTATE.serializationFailure,
  SQLSTATE.deadlockDetected,
  SQLSTATE.lockNotAvailable,
]);

/* A `date` column is a day on a calendar; the driver would turn it into a local midnight. */
const DATE_OID = 1082;

const customTypes = new TypeOverrides();
customTypes.setTypeParser(DATE_OID, (value: string) => value);

function poolConfigOf(address: DatabaseAddress): PoolConfig {
  if ("url" in address) return { connectionString: address.url };
  const { host, port, user, name } = address;
  return { host, port, user, database: name };
}

/**
 * Opens a pool; the first connection is made when it is first needed. The server keeps our
 * durability whatever its own default is: `synchronous_commit` is switched on per session (P11).
 */
export function openDatabase(address: DatabaseAddress, options: PoolOptions = {}): Database {
  const pool = new Pool({
    ...poolConfigOf(address),
    max: options.connectionsMax ?? CONNECTIONS_MAX,
    statement_timeout: options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS,
    lock_timeout: options.lockTimeoutMs ?? LOCK_TIMEOUT_MS,
    connectionTimeoutMillis: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    application_name: "midan",
    // Compiling a plan over many partitions costs a hundred times what running it does.
    options: "-c synchronous_commit=on -c jit=off",
    types: customTypes,
  });
  // Without a listener the loss of an idle connection would end the process.
  pool.on("error", () => undefined);
  return { pool, close: async () => pool.end() };
}

/** Lends one connection to `work`, outside any transaction. Throws as `databaseFailure` says. */
export async function connected<T>(
  database: Database,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  try {
    const client = await database.pool.connect();
    // A connection that breaks while lent tells its query; this listener only keeps Node alive.
    const ignore = (): void => undefined;
    client.on("error", ignore);
    let broken = true;
    try {
      const result = await work(client);
      broken = false;
      return result;
    } finally {
      client.removeListener("error", ignore);
      client.release(broken);
    }
  } catch (error) {
    throw databaseFailure(error);
  }
}

/**
 * Runs `work` in one transaction (read committed) and commits; rolls back when it throws, and
 * throws that on. DATABASE_UNAVAILABLE with `commit: "unknown"` means that the connection broke
 * during the commit: the caller must read what became of it before doing it again.
 */
export async function transaction<T>(
  database: Database,
  work: (connection: Connection) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  const attempts = Math.min(options.attempts ?? 1, ATTEMPTS_MAX);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await connected(database, async (connection) => withinTransaction(connection, work));
    } catch (error) {
      const state = sqlStateOf(error);
      if (attempt >= attempts || state === null || !RETRYABLE.has(state)) throw error;
      await sleep(RETRY_FIRST_MS * 2 ** attempt * (0.5 + Math.random() / 2));
    }
  }
}

/** One transaction on a connection that the caller holds; as `transaction`, once. */
export async function withinTransaction<T>(
  connection: Connection,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  await connection.query("begin");
  let result: T;
  try {
    result = await work(connection);
  } catch (error) {
    // The rollback may fail when the connection is gone; the first error is the one that matters.
    await connection.query("rollback").catch(() => undefined);
    throw databaseFailure(error);
  }
  await traced(
    () => databaseSpan("commit"),
    async () => commit(connection),
  );
  return result;
}

async function commit(connection: Connection): Promise<void> {
  try {
    const { command } = await connection.query("commit");
    // PostgreSQL answers ROLLBACK to the COMMIT of a transaction that had failed and been ignored.
    if (command !== "COMMIT") throw new Failure("DATABASE_FAILED", { sqlstate: "25P02" });
  } catch (error) {
    const failure = databaseFailure(error);
    if (failure instanceof Failure && failure.code === "DATABASE_UNAVAILABLE") {
      throw new Failure("DATABASE_UNAVAILABLE", { ...failure.details, commit: "unknown" });
    }
    throw failure;
  }
}
