/**
 * A fresh, migrated database for each test, cloned from a template in some tens of milliseconds. On
 * the PostgreSQL that MIDAN_TEST_DATABASE_URL names (any database of an account that may create
 * databases), else on one embedded server for the whole run, which is gone afterwards.
 */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";

import { openEmbedded } from "../../src/store/embedded.ts";
import { migrate } from "../../src/store/migrate.ts";
import { connected, openDatabase } from "../../src/store/pool.ts";
import type { Database, DatabaseAddress } from "../../src/store/pool.ts";
import { execute, query } from "../../src/store/query.ts";

interface TestServer {
  /** The database from which others are created and dropped. */
  readonly maintenance: Database;
  readonly template: string;
  readonly addressOf: (name: string) => DatabaseAddress;
  readonly stop: () => Promise<void>;
}

type Places = Pick<TestServer, "addressOf" | "stop"> & { readonly maintenance: DatabaseAddress };

let server: Promise<TestServer> | null = null;
let serial = 0;

function external(url: string): Places {
  return {
    maintenance: { url },
    addressOf(name) {
      const other = new URL(url);
      other.pathname = `/${name}`;
      return { url: other.href };
    },
    stop: async () => undefined,
  };
}

async function embedded(): Promise<Places> {
  const directory = await mkdtemp(join(tmpdir(), "midan-test-"));
  const { address, close } = await openEmbedded({ dataDir: directory });
  return {
    maintenance: address,
    addressOf: (name) => ({ ...address, name }),
    async stop() {
      await close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function createDatabase(maintenance: Database, name: string, from: string): Promise<void> {
  await connected(maintenance, async (connection) =>
    execute(connection, { text: `create database ${name} template ${from}` }),
  );
}

async function dropDatabase(maintenance: Database, name: string): Promise<void> {
  await connected(maintenance, async (connection) =>
    execute(connection, { text: `drop database if exists ${name} with (force)` }),
  );
}

async function start(): Promise<TestServer> {
  const url = process.env["MIDAN_TEST_DATABASE_URL"];
  const places = url === undefined ? await embedded() : external(url);
  const maintenance = openDatabase(places.maintenance, { connectionsMax: 2 });
  const template = `midan_test_${process.pid}_template`;
  await dropDatabase(maintenance, template);
  await createDatabase(maintenance, template, "template0");
  const database = openDatabase(places.addressOf(template));
  await migrate(database);
  await database.close();
  return {
    maintenance,
    template,
    addressOf: places.addressOf,
    async stop() {
      await dropDatabase(maintenance, template);
      await maintenance.close();
      await places.stop();
    },
  };
}

/** Stops the server of this process, where one was started. */
export async function stopDatabase(): Promise<void> {
  const running = server;
  server = null;
  if (running !== null) await (await running).stop();
}

after(stopDatabase);

/**
 * Runs `work` with a database of its own, dropped afterwards. `address` is for those who open it
 * themselves, such as a process under test.
 */
export async function withDatabase<T>(
  work: (database: Database, address: DatabaseAddress) => Promise<T>,
): Promise<T> {
  server ??= start();
  const { maintenance, template, addressOf } = await server;
  serial += 1;
  const name = `midan_test_${process.pid}_${serial}`;
  await createDatabase(maintenance, name, template);
  const address = addressOf(name);
  const database = openDatabase(address);
  try {
    return await work(database, address);
  } finally {
    await database.close();
    await dropDatabase(maintenance, name);
  }
}

/** A database as it was once, to be put back over what became of it. */
export interface DatabaseCopy {
  /** Keeps what it holds now; whoever is connected is cut off for a moment. */
  readonly keep: () => Promise<void>;
  /** Puts that in its place; whoever is connected is cut off. */
  readonly putBack: () => Promise<void>;
}

async function cutOff(maintenance: Database, name: string): Promise<void> {
  const text = "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1";
  await connected(maintenance, async (connection) => execute(connection, { text, values: [name] }));
}

/** Runs `work` with a copy of a database that `withDatabase` gave, dropped afterwards. */
export async function withDatabaseCopy<T>(
  database: Database,
  work: (copy: DatabaseCopy) => Promise<T>,
): Promise<T> {
  if (server === null) throw new Error("there is no database to copy");
  const { maintenance } = await server;
  const [row] = await connected(database, async (connection) =>
    query(connection, { text: "select current_database() as name" }),
  );
  const name = String(row?.["name"]);
  const copy = `${name}_copy`;
  const replace = async (to: string, from: string): Promise<void> => {
    await cutOff(maintenance, from);
    await dropDatabase(maintenance, to);
    await createDatabase(maintenance, to, from);
  };
  try {
    return await work({
      keep: async () => replace(copy, name),
      putBack: async () => replace(name, copy),
    });
  } finally {
    await dropDatabase(maintenance, copy);
  }
}
