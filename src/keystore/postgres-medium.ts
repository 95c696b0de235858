/**
 * A key store in a PostgreSQL database of its own, for several servers (MIDAN_KEYS_URL). The lock
 * is a transaction: what was written inside it stays or goes as one. Deleted rows live on in free
 * pages, in the WAL and in its archive; they are wrapped under a generation key, which lies in
 * files outside this database and is destroyed by rotation (docs/formats/key-store.md, "In
 * PostgreSQL").
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { DatabaseError, Pool } from "pg";
import type { PoolClient } from "pg";
import { Failure } from "../rules/failure.ts";
import type { Glance, KeyMedium, Place, Shelf } from "./key-medium.ts";
import type { ProcessMark } from "./process-mark.ts";

const CONNECTIONS_MAX = 4;
const CONNECT_TIMEOUT_MS = 5000;
const STATEMENT_TIMEOUT_MS = 30_000;
const LOCK_TIMEOUT_MS = 15_000;
/** One number for all key stores: each has a database of its own. */
const LOCK_NUMBER = 6_711_002;
/** A server that was not seen for so long is taken for dead, and its compartments for free. */
const SERVER_LIVES_SECONDS = 60;
const HEARTBEAT_MS = 15_000;
const LOCK_NOT_AVAILABLE = "55P03";
const VERSION = 1;

const TABLES = `
  create schema if not exists midan_keys;
  create table if not exists midan_keys.item (
    shelf text not null,
    name text not null,
    body bytea not null,
    constraint item_pkey primary key (shelf, name)
  );
  create table if not exists midan_keys.ledger (
    at bigint not null constraint ledger_pkey primary key,
    lines bytea not null
  );
  create table if not exists midan_keys.server (
    id uuid not null constraint server_pkey primary key,
    seen_at timestamp with time zone not null
  );
  create table if not exists midan_keys.version (
    number integer not null constraint version_pkey primary key
  );
  insert into midan_keys.version (number)
    select ${VERSION} where not exists (select from midan_keys.version)`;

/** The last lines end where the ledger does; a sum over all of them would be read at each look. */
const LEDGER_BYTES = `coalesce((select at + octet_length(lines) from midan_keys.ledger
  order by at desc limit 1), 0)`;

/** The first row is the ledger's, which is asked for also without a place. */
const GLANCE = `select case when wanted.nth = 1 then ${LEDGER_BYTES} end as bytes, item.body
  from unnest($1::text[], $2::text[]) with ordinality as wanted (shelf, name, nth)
  left join midan_keys.item on item.shelf = wanted.shelf and item.name = wanted.name
  order by wanted.nth`;

const SERIAL = { shelf: "", name: "serial" } as const;

interface Row {
  readonly name: string;
  readonly body: Buffer;
}

/**
 * The code of a PostgreSQL error, or null for any other, such as a connection that broke. By the
 * class and not by the look of the code: EPIPE has five letters too.
 */
function sqlStateOf(error: unknown): string | null {
  return error instanceof DatabaseError ? (error.code ?? null) : null;
}

/** Classes of states in which the server is there but cannot serve now. */
const UNREACHABLE_CLASS = /^(?:08|53|57)/u;

/** Without the cause: the driver's errors may name the address, and with it a password. */
function failureOf(error: unknown): unknown {
  if (error instanceof Failure) return error;
  // A wrong call of ours, not a port of the driver's that is none.
  if (error instanceof RangeError && !("code" in error)) return error;
  const sqlstate = sqlStateOf(error);
  if (sqlstate === LOCK_NOT_AVAILABLE) return new Failure("KEYSTORE_BUSY");
  if (sqlstate === null || UNREACHABLE_CLASS.test(sqlstate)) {
    return new Failure("KEYSTORE_UNREACHABLE");
  }
  return new Failure("KEYSTORE_FAILED", { reason: sqlstate });
}

export interface PostgresMediumOptions {
  readonly url: string;
  /** A UUID that no other instance ever had: names this one as a holder of compartments. */
  readonly serverId: string;
}

export class PostgresMedium implements KeyMedium {
  readonly undoesFailures = true;
  readonly #pool: Pool;
  readonly #mark: ProcessMark;
  /** The connection of the lock that the running work holds. */
  readonly #locked = new AsyncLocalStorage<PoolClient>();
  #heartbeat: NodeJS.Timeout | null = null;

  constructor({ url, serverId }: PostgresMediumOptions) {
    this.#pool = new Pool({
      connectionString: url,
      max: CONNECTIONS_MAX,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      lock_timeout: LOCK_TIMEOUT_MS,
      application_name: "midan-keys",
      // An idle connection keeps no process alive.
      allowExitOnIdle: true,
      options: "-c synchronous_commit=on",
    });
    // Without a listener the loss of an idle connection would end the process.
    this.#pool.on("error", () => undefined);
    this.#mark = { pid: process.pid, started: serverId };
  }

  async #query<T extends object>(text: string, values: readonly unknown[] = []): Promise<T[]> {
    const connection = this.#locked.getStore() ?? this.#pool;
    try {
      // The statements are constants of this file, and so is the shape of what they return.
      return (await connection.query<T>(text, [...values])).rows;
    } catch (error) {
      throw failureOf(error);
    }
  }

  async prepare(): Promise<void> {
    await this.locked(async () => {
      const connection = this.#locked.getStore();
      await connection?.query(TABLES).catch((error: unknown) => {
        throw failureOf(error);
      });
      const [found] = await this.#query<{ number: number }>(
        "select max(number) as number from midan_keys.version",
      );
      if (found?.number !== VERSION) throw new Failure("DATABASE_AHEAD");
    });
    await this.#beat();
    this.#heartbeat ??= setInterval(() => {
      // A beat that fails is made good by the next one; until then others may take us for dead.
      void this.#beat().catch(() => undefined);
    }, HEARTBEAT_MS).unref();
  }

  async #beat(): Promise<void> {
    await this.#query(
      `insert into midan_keys.server (id, seen_at) values ($1, clock_timestamp())
        on conflict (id) do update set seen_at = excluded.seen_at`,
      [this.#mark.started],
    );
  }

  async locked<T>(work: () => Promise<T>): Promise<T> {
    // Work inside the lock may use what takes the lock itself.
    if (this.#locked.getStore() !== undefined) return work();
    const client = await this.#connect();
    const ignore = (): void => undefined;
    client.on("error", ignore);
    let isBroken = true;
    try {
      const result = await this.#transaction(client, work);
      isBroken = false;
      return result;
    } catch (error) {
      isBroken = !(error instanceof Failure) || error.row.status === 503;
      throw failureOf(error);
    } finally {
      client.removeListener("error", ignore);
      client.release(isBroken);
    }
  }

  async #connect(): Promise<PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      throw failureOf(error);
    }
  }

  async #transaction<T>(client: PoolClient, work: () => Promise<T>): Promise<T> {
    await client.query("begin");
    try {
      await client.query("select pg_advisory_xact_lock($1)", [LOCK_NUMBER]);
      const result = await this.#locked.run(client, work);
      await client.query("commit");
      return result;
    } catch (error) {
      // The rollback may fail when the connection is gone; the first error is the one that matters.
      await client.query("rollback").catch(() => undefined);
      throw error;
    }
  }

  async finishWrites(): Promise<void> {
    // Servers that are gone for a day are not named any more by anything that matters.
    await this.#query(
      "delete from midan_keys.server where seen_at < clock_timestamp() - interval '1 day'",
    );
  }

  async isEmpty(): Promise<boolean> {
    const [found] = await this.#query<{ used: boolean }>(
      `select exists (select from midan_keys.item)
        or exists (select from midan_keys.ledger) as used`,
    );
    return found?.used === false;
  }

  async names(shelf: Shelf): Promise<string[]> {
    const rows = await this.#query<{ name: string }>(
      `select name from midan_keys.item where shelf = $1 order by name collate "C"`,
      [shelf],
    );
    return rows.map((row) => row.name);
  }

  async #item(shelf: string, name: string): Promise<Buffer | null> {
    const [found] = await this.#query<Row>(
      "select name, body from midan_keys.item where shelf = $1 and name = $2",
      [shelf, name],
    );
    return found?.body ?? null;
  }

  async #put(shelf: string, name: string, bytes: Uint8Array): Promise<void> {
    await this.#query(
      `insert into midan_keys.item (shelf, name, body) values ($1, $2, $3)
        on conflict (shelf, name) do update set body = excluded.body`,
      [shelf, name, Buffer.from(bytes)],
    );
  }

  async read(shelf: Shelf, name: string): Promise<Buffer | null> {
    return this.#item(shelf, name);
  }

  async glance(places: readonly Place[]): Promise<Glance> {
    const rows = await this.#query<{ bytes: string; body: Buffer | null }>(GLANCE, [
      ["", ...places.map(({ shelf }) => shelf)],
      ["", ...places.map(({ name }) => name)],
    ]);
    const [ledger, ...found] = rows;
    return {
      ledgerBytes: Number(ledger?.bytes ?? 0),
      found: found.map(({ body }) => body),
    };
  }

  async readAll(shelf: Shelf): Promise<ReadonlyMap<string, Buffer>> {
    const rows = await this.#query<Row>(
      `select name, body from midan_keys.item where shelf = $1 order by name collate "C"`,
      [shelf],
    );
    return new Map(rows.map((row) => [row.name, row.body]));
  }

  async write(shelf: Shelf, name: string, bytes: Uint8Array): Promise<void> {
    await this.#put(shelf, name, bytes);
  }

  async replace(shelf: Shelf, name: string, bytes: Uint8Array): Promise<void> {
    // Nothing can be overwritten in place here; the old row waits for rotation like a deleted one.
    await this.#put(shelf, name, bytes);
  }

  async destroy(shelf: Shelf, name: string): Promise<boolean> {
    const rows = await this.#query(
      "delete from midan_keys.item where shelf = $1 and name = $2 returning name",
      [shelf, name],
    );
    return rows.length > 0;
  }

  async readSerial(): Promise<Buffer | null> {
    return this.#item(SERIAL.shelf, SERIAL.name);
  }

  async writeSerial(bytes: Uint8Array): Promise<void> {
    await this.#put(SERIAL.shelf, SERIAL.name, bytes);
  }

  async ledgerBytes(): Promise<number> {
    const [found] = await this.#query<{ bytes: string }>(`select ${LEDGER_BYTES} as bytes`);
    return Number(found?.bytes ?? 0);
  }

  async readLedger(from: number, to: number): Promise<Buffer> {
    const rows = await this.#query<{ lines: Buffer }>(
      "select lines from midan_keys.ledger where at >= $1 and at < $2 order by at",
      [from, to],
    );
    return Buffer.concat(rows.map((row) => row.lines));
  }

  async appendLedger(bytes: Uint8Array): Promise<void> {
    await this.#query("insert into midan_keys.ledger (at, lines) values ($1, $2)", [
      await this.ledgerBytes(),
      Buffer.from(bytes),
    ]);
  }

  async cutLedger(bytes: number): Promise<void> {
    await this.#query("delete from midan_keys.ledger where at >= $1", [bytes]);
  }

  /** The number of the cluster that this database shares WAL and base backups with. */
  async cluster(): Promise<string> {
    const [found] = await this.#query<{ cluster: string }>(
      "select system_identifier::text as cluster from pg_control_system()",
    );
    return found?.cluster ?? "";
  }

  mark(): ProcessMark {
    return this.#mark;
  }

  async living(): Promise<(mark: ProcessMark) => boolean> {
    const rows = await this.#query<{ id: string }>(
      `select id from midan_keys.server
        where seen_at > clock_timestamp() - make_interval(secs => $1)`,
      [SERVER_LIVES_SECONDS],
    );
    const ids = new Set(rows.map((row) => row.id));
    return (mark) => ids.has(mark.started);
  }

  async sizeBytes(): Promise<number> {
    const [found] = await this.#query<{ bytes: string }>(
      `select pg_total_relation_size('midan_keys.item')
        + pg_total_relation_size('midan_keys.ledger') as bytes`,
    );
    return Number(found?.bytes ?? 0);
  }

  /** Says that this server is gone, so that its compartments are free at once. Again is nothing. */
  async close(): Promise<void> {
    if (this.#pool.ending) return;
    if (this.#heartbeat !== null) clearInterval(this.#heartbeat);
    const gone = this.#query("delete from midan_keys.server where id = $1", [this.#mark.started]);
    await gone.catch(() => undefined);
    await this.#pool.end();
  }
}
