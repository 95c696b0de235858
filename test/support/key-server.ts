/** A second PostgreSQL for the keys (P6: never in the cluster of the data), one for a test file. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { openEmbedded } from "../../src/store/embedded.ts";
import { connected, openDatabase } from "../../src/store/pool.ts";
import type { Database, DatabaseAddress } from "../../src/store/pool.ts";
import { execute } from "../../src/store/query.ts";

interface KeyServer {
  readonly maintenance: Database;
  readonly addressOf: (name: string) => DatabaseAddress;
  readonly stop: () => Promise<void>;
}

let server: Promise<KeyServer> | null = null;
let serial = 0;

async function start(): Promise<KeyServer> {
  const directory = await mkdtemp(join(tmpdir(), "midan-test-keys-"));
  const { address, close } = await openEmbedded({ dataDir: directory });
  const maintenance = openDatabase(address, { connectionsMax: 2 });
  return {
    maintenance,
    addressOf: (name) => ({ ...address, name }),
    async stop() {
      await maintenance.close();
      await close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

after(async () => {
  const running = server;
  server = null;
  if (running !== null) await (await running).stop();
});

/** Runs `work` with an empty database for keys, dropped afterwards. */
export async function withKeyDatabase<T>(
  work: (address: DatabaseAddress) => Promise<T>,
): Promise<T> {
  server ??= start();
  const { maintenance, addressOf } = await server;
  serial += 1;
  const name = `midan_keys_${process.pid}_${serial}`;
  const run = async (text: string): Promise<unknown> =>
    connected(maintenance, async (connection) => execute(connection, { text }));
  await run(`create database ${name} template template0`);
  try {
    return await work(addressOf(name));
  } finally {
    await run(`drop database if exists ${name} with (force)`);
  }
}
