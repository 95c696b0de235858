/**
 * The database of the key store goes away under a running vault, by a kill and without a word:
 * nothing is sealed or revealed meanwhile, and the same vault goes on once it is back.
 */
import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { parseConfig } from "../../src/config.ts";
import { openVault } from "../../src/main.ts";
import { Failure, isFailure } from "../../src/rules/failure.ts";
import { openEmbedded } from "../../src/store/embedded.ts";
import { postmasterPid } from "../../src/store/postmaster.ts";
import { reveal } from "../../src/vault/reveal.ts";
import { signedIn } from "../support/actor.ts";
import { urlOf, withHome } from "../support/home.ts";
import { inventOrders, sealOrders } from "../support/orders.ts";

const ASKED = { fields: "phone", purpose: "contact", actor: signedIn("a"), reason: null } as const;

function isAway(error: unknown): boolean {
  assert.ok(error instanceof Failure);
  // To be tried again, and nobody is told that anything is dead.
  assert.deepEqual([error.code, error.row.status], ["KEYSTORE_UNREACHABLE", 503]);
  return isFailure(error);
}

test("P7: with the key store's database away seal and reveal fail, then go on", async () => {
  await withHome(async (home) => {
    const dataDir = path.join(home.directory, "keys-database");
    const running = await openEmbedded({ dataDir });
    const environment = { ...home.environment, MIDAN_KEYS_URL: urlOf(running.address) };
    await using vault = await openVault(parseConfig(environment, home.directory));
    const { rows } = await sealOrders(vault, inventOrders(3));
    const [token = ""] = rows.map((row) => row.token);
    assert.equal((await reveal(vault, { ...ASKED, token })).values.length, 1);
    const count = async (table: "party" | "shell"): Promise<number> =>
      (await home.rows(`select 1 from ${table}`)).length;
    const before = [await count("party"), await count("shell")];
    process.kill((await postmasterPid(path.join(dataDir, "pg"))) ?? assert.fail(), "SIGKILL");
    await running.close();
    await assert.rejects(sealOrders(vault, inventOrders(3, 100)), isAway);
    await assert.rejects(reveal(vault, { ...ASKED, token }), isAway);
    assert.deepEqual([await count("party"), await count("shell")], before);
    await using again = await openEmbedded({ dataDir }).then((server) => ({
      address: server.address,
      [Symbol.asyncDispose]: async () => server.close(),
    }));
    assert.equal(urlOf(again.address), environment.MIDAN_KEYS_URL);
    assert.equal((await reveal(vault, { ...ASKED, token })).values.length, 1);
    assert.equal((await sealOrders(vault, inventOrders(3, 100))).rows.length, 3);
  });
});
