/**
 * The embedded PostgreSQL: no other service is needed. One server per data directory, shared by all
 * midan processes that use the directory; the last one out stops it.
 *
 * Each process holds a shared advisory lock on a connection of its own for as long as it uses the
 * server. The one that leaves tries for the exclusive lock: it gets it only when it is alone, and
 * whoever arrives meanwhile waits for the lock, loses the connection in the shutdown, and starts
 * anew.
 */

import type { ChildProcess } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { Client } from "pg";

import { Failure, isFailure } from "../rules/failure.ts";
import { assertSupported, serverPrograms } from "./binaries.ts";
import { openCluster } from "./cluster.ts";
import type { DatabaseAddress } from "./pool.ts";
import {
  hasEnded,
  logEnd,
  postmasterPid,
  reasonIn,
  silentReason,
  startPostmaster,
  stopPostmaster,
} from "./postmaster.ts";
import type { ServerPlace } from "./postmaster.ts";
import { databaseFailure, query, SQLSTATE, sqlStateOf } from "./query.ts";
import { wholeNumber } from "./row.ts";
import { SERVER_DATABASE, SERVER_PORT, SERVER_USER } from "./server-settings.ts";

export interface EmbeddedOptions {
  /** midan-data/ or the like: made when it does not exist. Holds `pg/` and `log/`. */
  readonly dataDir: string;
  readonly startTimeoutMs?: number;
  readonly stopTimeoutMs?: number;
}

export interface EmbeddedServer {
  readonly address: DatabaseAddress;
  /** Lets go of the server; stops it when nobody else uses it. Close the pool first. */
  readonly close: () => Promise<void>;
}

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 10_000;
const POLL_MS = 25;
const LEAVING_TIMEOUT_MS = 1_000;
const PRESENCE_LOCK = 6_711_000;
/* The path of a Unix socket is limited to 107 bytes and a terminator (unix(7), sun_path). */
const SOCKET_PATH_BYTES_MAX = 107;
const SOCKET_NAME = `.s.PGSQL.${SERVER_PORT}`;

/** A way to the socket that is short enough, whatever the length of the directory's path. */
function socketDirectory(directory: string): { path: string; release: () => void } {
  if (Buffer.byteLength(join(directory, SOCKET_NAME)) <= SOCKET_PATH_BYTES_MAX) {
    return { path: directory, release: () => undefined };
  }
  const handle = openSync(directory, constants.O_RDONLY | constants.O_DIRECTORY);
  const release = (): void => closeSync(handle);
  return { path: `/proc/${process.pid}/fd/${handle}`, release };
}

/* Connects to the maintenance database and says that we are here; null while the server cannot. */
async function announce(host: string): Promise<Client | null> {
  const client = new Client({
    host,
    port: SERVER_PORT,
    user: SERVER_USER,
    database: "postgres",
    application_name: "midan presence",
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    // The one who holds the exclusive lock decides within a second or two.
    lock_timeout: CONNECT_TIMEOUT_MS,
  });
  // The connection may be cut at any time by a crash of the server; whoever queries will notice.
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query(`select pg_advisory_lock_shared(${PRESENCE_LOCK})`);
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    if (isFailure(databaseFailure(error), "DATABASE_UNAVAILABLE")) return null;
    throw databaseFailure(error);
  }
}

async function failedStart(
  place: ServerPlace,
  logFrom: number,
  child: ChildProcess | null,
): Promise<Failure> {
  const logged = await reasonIn(place.logFile, logFrom);
  const reason = logged === "" ? await silentReason(place.directory, child) : logged;
  return new Failure("EMBEDDED_FAILED", { reason });
}

/*
 * Until somebody's server answers: ours, or that of a process which was faster. A server that is
 * just stopping (the last one out) is waited for and then replaced.
 */
async function arrive(place: ServerPlace, host: string, timeoutMs: number): Promise<Client> {
  const deadline = Date.now() + timeoutMs;
  const logFrom = await logEnd(place.logFile);
  let failedStarts = 0;
  let child: ChildProcess | null = null;
  while (Date.now() < deadline) {
    const presence = await announce(host);
    if (presence !== null) return presence;
    const ended = child !== null && hasEnded(child);
    if (ended) failedStarts += 1;
    // One exit may be due to a faster process or to backends of a killed server; three are not.
    if (failedStarts >= 3) throw await failedStart(place, logFrom, child);
    if (child === null || ended) {
      const alive = await postmasterPid(place.directory);
      child = alive === null ? await startPostmaster(place) : null;
    }
    await sleep(POLL_MS * (1 + failedStarts * 10));
  }
  throw await failedStart(place, logFrom, child);
}

/* Another process created it at the same moment. */
const CREATED_MEANWHILE: ReadonlySet<string | null> = new Set([
  SQLSTATE.duplicateDatabase,
  SQLSTATE.uniqueViolation,
]);

async function createDatabase(presence: Client): Promise<void> {
  const found = await presence.query("select 1 from pg_database where datname = $1", [
    SERVER_DATABASE,
  ]);
  if ((found.rowCount ?? 0) > 0) return;
  try {
    await presence.query(`create database ${SERVER_DATABASE}`);
  } catch (error) {
    const failure = databaseFailure(error);
    if (!CREATED_MEANWHILE.has(sqlStateOf(failure))) throw failure;
  }
}

/*
 * Our own pool's connections may take a moment to go; others' are theirs, and keep the server up.
 */
async function isAlone(presence: Client): Promise<boolean> {
  const locked = await presence.query<{ free: boolean }>(
    `select pg_advisory_unlock_shared(${PRESENCE_LOCK}),
            pg_try_advisory_lock(${PRESENCE_LOCK}) as free`,
  );
  if (locked.rows[0]?.free !== true) return false;
  const deadline = Date.now() + LEAVING_TIMEOUT_MS;
  for (;;) {
    const rows = await query(presence, {
      text: `
        select count(*) as others from pg_stat_activity
        where backend_type = 'client backend' and pid <> pg_backend_pid()
          and application_name <> 'midan presence'`,
    });
    if (wholeNumber(rows[0] ?? {}, "others") === 0) return true;
    if (Date.now() > deadline) return false;
    await sleep(POLL_MS);
  }
}

async function leave(presence: Client, directory: string, timeoutMs: number): Promise<void> {
  // A presence that was cut means that the server went down already; there is nothing to stop.
  const alone = await isAlone(presence).catch(() => false);
  // A server that takes longer goes on stopping by itself, and the next to come waits for it.
  if (alone) await stopPostmaster(directory, timeoutMs);
  await presence.end().catch(() => undefined);
}

/**
 * Finds or starts the server of `dataDir` and creates the database `midan` in it (empty: `migrate`
 * comes next). Works as root and as any user. A server that was killed recovers by itself; one
 * whose parent was killed is found and used. Throws EMBEDDED_UNSUPPORTED, EMBEDDED_OWNER,
 * EMBEDDED_NO_USER, EMBEDDED_VERSION, or EMBEDDED_FAILED with the reason that stands in the log, or
 * else with what can be seen from outside.
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  assertSupported();
  const dataDir = resolve(options.dataDir);
  const cluster = await openCluster(dataDir, serverPrograms);
  await mkdir(join(dataDir, "log"), { recursive: true, mode: 0o700 });
  const place = { ...cluster, logFile: join(dataDir, "log", "postgres.log") };
  const socket = socketDirectory(place.directory);
  const presence = await arrive(place, socket.path, options.startTimeoutMs ?? START_TIMEOUT_MS);
  await createDatabase(presence);
  const host = socket.path;
  return {
    address: { host, port: SERVER_PORT, user: SERVER_USER, name: SERVER_DATABASE },
    close: async () => {
      await leave(presence, place.directory, options.stopTimeoutMs ?? STOP_TIMEOUT_MS);
      socket.release();
    },
  };
}
