/** Readiness tells database, key store and log apart: each is broken here for real. */
import assert from "node:assert/strict";
import { rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { parseConfig } from "../../src/config.ts";
import type { ApiServing } from "../../src/http/api.ts";
import { healthRoutes } from "../../src/http/health.ts";
import { listen } from "../../src/http/server.ts";
import { openVault } from "../../src/main.ts";
import { openEmbedded } from "../../src/store/embedded.ts";
import { postmasterPid } from "../../src/store/postmaster.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { urlOf, withHome } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { sealOne } from "../support/orders.ts";

const WELL = { ready: true, stopping: false, database: "ok", keys: "ok", log: "ok" };
const PATIENCE_MS = 20_000;

type Ask = () => Promise<object>;

async function withReady(
  vault: Vault,
  work: (ready: Ask, becomes: (wanted: object) => Promise<void>) => Promise<void>,
): Promise<void> {
  const server = await listen({ host: "127.0.0.1", port: 0 }, [
    // Of what the API is served with, health looks at the vault alone.
    (app) => healthRoutes(app, { vault } as ApiServing),
  ]);
  const ready: Ask = async () => {
    const answer = await fetch(`${server.address}/health/ready`);
    const told = (await answer.json()) as { readonly ready: boolean };
    assert.equal(answer.status, told.ready ? 200 : 503);
    return told;
  };
  const becomes = async (wanted: object): Promise<void> => {
    const end = performance.now() + PATIENCE_MS;
    while (performance.now() < end) {
      if (JSON.stringify(await ready()) === JSON.stringify(wanted)) return;
      await wait(50);
    }
    assert.deepEqual(await ready(), wanted);
  };
  try {
    await work(ready, becomes);
  } finally {
    await server.close();
  }
}

interface OwnServer {
  readonly url: string;
  readonly kill: () => Promise<void>;
  readonly again: () => Promise<AsyncDisposable>;
}

/** A PostgreSQL of its own in the installation's folder, which can be killed. */
async function ownServer(home: Home, name: string): Promise<OwnServer> {
  const dataDir = path.join(home.directory, name);
  const running = await openEmbedded({ dataDir });
  return {
    url: urlOf(running.address),
    kill: async () => {
      process.kill((await postmasterPid(path.join(dataDir, "pg"))) ?? assert.fail(), "SIGKILL");
      await running.close();
    },
    again: async () => {
      const server = await openEmbedded({ dataDir });
      return { [Symbol.asyncDispose]: async () => server.close() };
    },
  };
}

test("a killed database makes the database fail and nothing else, until it is back", async () => {
  await withHome(async (home) => {
    const server = await ownServer(home, "own-database");
    const environment = { ...home.environment, MIDAN_DATABASE_URL: server.url };
    await using vault = await openVault(parseConfig(environment, home.directory));
    await withReady(vault, async (ready, becomes) => {
      assert.deepEqual(await ready(), WELL);
      await server.kill();
      // The log's own rows lie in that database too, so that it notices in its turn.
      await becomes({ ...WELL, ready: false, database: "failed", log: "failed" });
      await using _again = await server.again();
      await becomes(WELL);
    });
  });
});

test("a key store whose folder is gone makes the keys fail, until it is back", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const { keysDir } = home.config();
    await withReady(vault, async (ready, becomes) => {
      assert.deepEqual(await ready(), WELL);
      await rename(keysDir, `${keysDir}-away`);
      await becomes({ ...WELL, ready: false, keys: "failed" });
      await rename(`${keysDir}-away`, keysDir);
      await becomes(WELL);
    });
  });
});

test("a log that cannot write makes the log fail and nothing else, until it can", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const { logDir } = home.config();
    await withReady(vault, async (ready, becomes) => {
      await sealOne(vault, 1);
      await vault.log.keeper.turn();
      assert.deepEqual(await ready(), WELL);
      await rename(logDir, `${logDir}-away`);
      await writeFile(logDir, "");
      await sealOne(vault, 2);
      await becomes({ ...WELL, ready: false, log: "failed" });
      assert.notDeepEqual(await ready(), WELL);
      await rename(logDir, `${logDir}-file`);
      await rename(`${logDir}-away`, logDir);
      await becomes(WELL);
    });
  });
});
