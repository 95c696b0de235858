import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { parseConfig } from "../../src/config.ts";
import type { Config } from "../../src/config.ts";
import { openVault } from "../../src/main.ts";
import { dayOf } from "../../src/rules/calendar.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { shred } from "../../src/vault/shred.ts";
import { readOrders } from "../../src/orders/read.ts";
import { seal } from "../../src/vault/seal.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { signedIn } from "../support/actor.ts";

const SAMPLE = new URL("../../samples/orders-en.csv", import.meta.url).pathname;
const DAYS_BACK = 121;

async function withHome(work: (config: Config) => Promise<void>): Promise<void> {
  const home = await mkdtemp(path.join(tmpdir(), "midan-check-"));
  try {
    await work(
      parseConfig({ MIDAN_HOME: home, MIDAN_TENANT: randomBytes(4).toString("hex") }, home),
    );
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function sealSample(vault: Vault): Promise<number> {
  const sink = { committed: async () => Promise.resolve() };
  const rows = readOrders({ kind: "file", path: SAMPLE });
  return (await seal(vault, rows, { sink, actor: signedIn("test") })).sealed;
}

const differs = (error: unknown): boolean => isFailure(error, "KEYSTORE_DIFFERS");

test("P6: an empty key store beside a database with living waybills is refused", async () => {
  await withHome(async (config) => {
    {
      await using vault = await openVault(config);
      assert.equal(await sealSample(vault), 20);
    }
    await rm(config.keysDir, { recursive: true });
    await assert.rejects(openVault(config), differs);
  });
});

test("P6: an older key store that would bring back the dead is refused", async () => {
  await withHome(async (config) => {
    const back = (): Date => new Date(Date.now() - DAYS_BACK * 86_400_000);
    {
      await using vault = await openVault(config, { now: back });
      assert.equal(await sealSample(vault), 20);
    }
    const older = `${config.keysDir}-older`;
    await cp(config.keysDir, older, { recursive: true });
    {
      await using vault = await openVault(config, { clockTrusted: true });
      const on = dayOf(vault.now(), vault.timeZone);
      const report = await shred(vault, { on, dryRun: false, sharePercentMax: null });
      assert.equal(report.waybills, 20);
    }
    await rm(config.keysDir, { recursive: true });
    await cp(older, config.keysDir, { recursive: true });
    await assert.rejects(openVault(config), differs);
  });
});
