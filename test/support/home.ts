/** An installation for one test: a database of its own, and folders that are gone afterwards. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parseConfig } from "../../src/config.ts";
import type { Config } from "../../src/config.ts";
import { openVault } from "../../src/main.ts";
import type { Database, DatabaseAddress } from "../../src/store/pool.ts";
import { connected } from "../../src/store/pool.ts";
import { execute, query } from "../../src/store/query.ts";
import type { Row } from "../../src/store/row.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { withDatabase } from "./database.ts";
import { withKeyDatabase } from "./key-server.ts";

export interface OpenOptions {
  readonly tenant?: string;
  readonly suite?: "intl" | "gm";
  readonly log?: "shared" | "tenant";
  readonly now?: () => Date;
}

export interface Home {
  /** Holds midan-keys and midan-root; the database is elsewhere. */
  readonly directory: string;
  /** The environment under which a process uses this installation. */
  readonly environment: Readonly<Record<string, string>>;
  readonly database: Database;
  readonly config: (options?: OpenOptions) => Config;
  readonly open: (options?: OpenOptions) => Promise<Vault>;
  readonly rows: (text: string, values?: readonly unknown[]) => Promise<Row[]>;
  /** Runs a statement that changes something; the number of rows it touched. */
  readonly change: (text: string, values?: readonly unknown[]) => Promise<number>;
}

export function urlOf(address: DatabaseAddress): string {
  if ("url" in address) return address.url;
  const { host, port, user, name } = address;
  return `postgres://${user}@localhost:${port}/${name}?host=${encodeURIComponent(host)}`;
}

function homeOf(
  directory: string,
  database: Database,
  { address, keys }: { readonly address: DatabaseAddress; readonly keys: DatabaseAddress | null },
): Home {
  const environment = {
    MIDAN_HOME: directory,
    MIDAN_DATABASE_URL: urlOf(address),
    MIDAN_LANG: "en",
    ...(keys === null ? {} : { MIDAN_KEYS_URL: urlOf(keys) }),
  };
  const config = ({ tenant = "default", suite, log }: OpenOptions = {}): Config =>
    parseConfig(
      {
        ...environment,
        MIDAN_TENANT: tenant,
        ...(suite === undefined ? {} : { MIDAN_SUITE: suite }),
        ...(log === undefined ? {} : { MIDAN_LOG: log }),
      },
      directory,
    );
  return {
    directory,
    environment,
    database,
    config,
    open: async (options = {}) =>
      openVault(config(options), options.now === undefined ? {} : { now: options.now }),
    rows: async (text, values = []) =>
      connected(database, async (connection) => query(connection, { text, values })),
    change: async (text, values = []) =>
      connected(database, async (connection) => execute(connection, { text, values })),
  };
}

/** Runs `work` in a temporary directory that is removed afterwards. */
export async function withDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), "midan-home-"));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Runs `work` with an installation of its own, removed afterwards. */
export async function withHome<T>(work: (home: Home) => Promise<T>): Promise<T> {
  return withDirectory(async (directory) =>
    withDatabase(async (database, address) =>
      work(homeOf(directory, database, { address, keys: null })),
    ),
  );
}

/** As `withHome`, with the key store in a second PostgreSQL, as several servers have it. */
export async function withServers<T>(work: (home: Home) => Promise<T>): Promise<T> {
  return withKeyDatabase(async (keys) =>
    withDirectory(async (directory) =>
      withDatabase(async (database, address) =>
        work(homeOf(directory, database, { address, keys })),
      ),
    ),
  );
}
