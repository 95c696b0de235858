import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { parseConfig } from "../../src/config.ts";
import { openVault } from "../../src/main.ts";
import { readOrders } from "../../src/orders/read.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { seal } from "../../src/vault/seal.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { softToken } from "../keystore/soft-token.ts";
import { TOKEN, transitServer } from "../keystore/transit-server.ts";
import { signedIn } from "../support/actor.ts";

const SAMPLE = new URL("../../samples/orders-en.csv", import.meta.url).pathname;

async function freshHome(context: TestContext): Promise<string> {
  const home = await mkdtemp(path.join(tmpdir(), "midan-root-"));
  context.after(async () => rm(home, { recursive: true, force: true }));
  return home;
}

async function sealSample(vault: Vault): Promise<number> {
  const sink = { committed: async () => Promise.resolve() };
  const rows = readOrders({ kind: "file", path: SAMPLE });
  return (await seal(vault, rows, { sink, actor: signedIn("test") })).sealed;
}

type Away = () => void | Promise<void>;
interface Kept {
  readonly environment: Readonly<Record<string, string>>;
  readonly away: Away;
  readonly back: Away;
}

/** How the root key is kept, and how to take it away and bring it back. */
const KEPT: Readonly<Record<string, (context: TestContext, home: string) => Promise<Kept>>> = {
  pkcs11: async (context) => {
    const token = softToken(context);
    const environment = { MIDAN_PKCS11_MODULE: token.module, MIDAN_PKCS11_PIN_FILE: token.pinFile };
    return Promise.resolve({ environment, away: token.remove, back: token.putBack });
  },
  transit: async (context, home) => {
    const { url, stop, start } = await transitServer(context);
    const tokenFile = path.join(home, "token");
    await writeFile(tokenFile, TOKEN, { mode: 0o600 });
    const environment = { MIDAN_TRANSIT_URL: url, MIDAN_TRANSIT_TOKEN_FILE: tokenFile };
    return { environment, away: stop, back: start };
  },
};

for (const [kind, keep] of Object.entries(KEPT)) {
  test(`ROOT-6: with ${kind} away nothing is sealed, and all is as before once back`, async (t) => {
    const home = await freshHome(t);
    const { environment, away, back } = await keep(t, home);
    const tenant = randomBytes(4).toString("hex");
    const names = { MIDAN_HOME: home, MIDAN_ROOT_KEY: kind, MIDAN_TENANT: tenant };
    const config = parseConfig({ ...names, ...environment }, home);
    {
      await using vault = await openVault(config);
      assert.equal(await sealSample(vault), 20);
    }
    assert.equal(existsSync(config.rootKeyFile), false);
    await away();
    const isAway = (error: unknown): boolean => isFailure(error, "KEYSTORE_ROOT_UNAVAILABLE");
    await assert.rejects(openVault(config), isAway);
    await back();
    await using vault = await openVault(config);
    // The keyed hashes of intake come out as before, so nothing is sealed twice.
    assert.equal(await sealSample(vault), 0);
  });
}
