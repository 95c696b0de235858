/**
 * Migrations: plain SQL files sql/000001_*.sql …, forward only. A file that was applied is never
 * edited (its SHA-256 is kept and compared), and a database that knows more files than this program
 * is refused, because an older program would write rows that the newer rules do not allow.
 */

import { readdir, readFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { Failure } from "../rules/failure.ts";
import { transaction } from "./pool.ts";
import type { Database } from "./pool.ts";
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { bytes, text, wholeNumber } from "./row.ts";

/** sql/ of this program. */
export const MIGRATIONS_DIRECTORY = fileURLToPath(new URL("../../sql/", import.meta.url));

const FILE_NAME = /^(\d{6})_[a-z0-9-]+\.sql$/;
/** What all migrations add up to; nobody applies it. */
const SCHEMA_DUMP = "schema.sql";
const MIGRATE_LOCK = 6_711_001;
const SERVER_VERSION_MIN = 150_000;

interface Migration {
  readonly id: number;
  readonly name: string;
  readonly sql: string;
  readonly sha256: Buffer;
}

interface Applied {
  readonly id: number;
  readonly name: string;
  readonly sha256: Uint8Array;
}

async function readMigrations(directory: string): Promise<Migration[]> {
  const files = (await readdir(directory)).filter((name) => name.endsWith(".sql"));
  const names = files.filter((name) => name !== SCHEMA_DUMP).sort();
  const odd = names.find((name) => !FILE_NAME.test(name));
  if (odd !== undefined) throw new RangeError(`${odd} is no name of a migration`);
  const migrations: Migration[] = [];
  for (const name of names) {
    const sql = await readFile(join(directory, name), "utf8");
    const id = Number(name.slice(0, 6));
    const sha256 = createHash("sha256").update(sql).digest();
    migrations.push({ id, name, sql, sha256 });
  }
  return migrations;
}

async function readApplied(connection: Connection): Promise<Applied[]> {
  await execute(connection, {
    text: `
      create table if not exists schema_migration (
        id integer not null constraint schema_migration_pkey primary key,
        name text not null,
        sha256 bytea not null,
        applied_at timestamp with time zone not null default now()
      )`,
  });
  const rows = await query(connection, {
    text: "select id, name, sha256 from schema_migration order by id",
  });
  return rows.map((row) => ({
    id: wholeNumber(row, "id"),
    name: text(row, "name"),
    sha256: bytes(row, "sha256"),
  }));
}

function checkApplied(known: readonly Migration[], applied: readonly Applied[]): void {
  for (const { id, sha256 } of applied) {
    const migration = known.find((candidate) => candidate.id === id);
    if (migration === undefined) throw new Failure("DATABASE_AHEAD", { migration: id });
    if (!migration.sha256.equals(sha256)) throw new Failure("MIGRATION_CHANGED", { migration: id });
  }
}

async function checkServer(connection: Connection): Promise<void> {
  const rows = await query(connection, {
    text: "select current_setting('server_version_num')::integer as version",
  });
  const version = wholeNumber(rows[0] ?? {}, "version");
  if (version < SERVER_VERSION_MIN) throw new Failure("DATABASE_TOO_OLD", { version });
}

async function apply(connection: Connection, migration: Migration): Promise<void> {
  const { id, name, sql, sha256 } = migration;
  // The row first: were the lock ever missing, a second migrator would fail here, before the
  // schema.
  await execute(connection, {
    text: "insert into schema_migration (id, name, sha256) values ($1, $2, $3)",
    values: [id, name, sha256],
  });
  await execute(connection, { text: sql });
}

export interface MigrateOptions {
  /** `sql/` of this program when left out. */
  readonly directory?: string;
  /** Told once, when another process is at it and this one begins to wait. */
  readonly waiting?: () => void;
}

/**
 * Lets one process in at a time. Whoever comes meanwhile waits as long as the other takes, which is
 * as long as its migrations do; when that one dies its connection ends, and its lock with it.
 */
async function awaitTurn(connection: Connection, waiting: () => void): Promise<void> {
  const attempt = { text: `select pg_try_advisory_xact_lock(${MIGRATE_LOCK}) as got` };
  const [row] = await query(connection, attempt);
  if (row?.["got"] === true) return;
  waiting();
  await execute(connection, { text: "set local lock_timeout = 0" });
  await execute(connection, { text: `select pg_advisory_xact_lock(${MIGRATE_LOCK})` });
  // A table that somebody reads without end must not be waited for like that.
  await execute(connection, { text: "set local lock_timeout to default" });
}

/**
 * Brings the schema up to the files of `directory`, all or nothing, and returns the names of those
 * applied now (none when it was up to date). Safe from several processes at once: the others wait.
 * Throws DATABASE_AHEAD, MIGRATION_CHANGED or DATABASE_TOO_OLD (PostgreSQL before 15).
 */
export async function migrate(
  database: Database,
  { directory = MIGRATIONS_DIRECTORY, waiting = () => undefined }: MigrateOptions = {},
): Promise<string[]> {
  const known = await readMigrations(directory);
  return transaction(database, async (connection) => {
    // A large table takes its time; cut short, every start would fail at the same statement.
    await execute(connection, { text: "set local statement_timeout = 0" });
    await checkServer(connection);
    await awaitTurn(connection, waiting);
    const applied = await readApplied(connection);
    checkApplied(known, applied);
    const news = known.filter(({ id }) => applied.every((row) => row.id !== id));
    for (const migration of news) await apply(connection, migration);
    return news.map(({ name }) => name);
  });
}
