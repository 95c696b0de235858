/** An installation with a log for each tenant, from its commands and over HTTP. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { LogFolder } from "../../src/log/log-folder.ts";
import { logRoutes } from "../../src/http/static-log.ts";
import { listen } from "../../src/http/server.ts";
import { withHome } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { csvOf, inventOrders } from "../support/orders.ts";
import { documents, midan } from "../support/process.ts";
import { signInAt } from "../support/actor.ts";

type Document = Readonly<Record<string, unknown>>;

async function answer(home: Home, code: number, ...words: readonly string[]): Promise<Document> {
  const { directory, environment } = home;
  const input = words[0] === "seal" ? csvOf(inventOrders(2)) : "";
  const ended = await midan([...words, "--json"], { directory, environment, input });
  assert.equal(ended.code, code, `${words.join(" ")}: ${ended.stdout}${ended.stderr}`);
  return documents(`${ended.stdout}${ended.stderr}`).at(-1) ?? {};
}

/** The same installation as another tenant's processes see it, with settings that may differ. */
const as = (home: Home, more: Readonly<Record<string, string>>): Home => ({
  ...home,
  environment: { ...home.environment, ...more },
});

async function tenantId(home: Home, name: string): Promise<string> {
  const [row] = await home.rows("select id from tenant where name = $1", [name]);
  return String(row?.["id"]);
}

/** The tenants of all leaves in the entries of a log that has no full tile. */
function tenantsIn(folder: string): Set<string> {
  const partial = join(folder, "tile/entries/000.p");
  const widest = readdirSync(partial).toSorted((a, b) => Number(b) - Number(a))[0] ?? "";
  const text = readFileSync(join(partial, widest), "latin1");
  return new Set([...text.matchAll(/"tenant":"([^"]+)"/g)].map(([, tenant = ""]) => tenant));
}

test("P13: each tenant has log, key, receipts and bundles of its own", async () => {
  await withHome(async (bare) => {
    const home = as(bare, { MIDAN_LOG: "tenant", MIDAN_LOG_ORIGIN: "log.example/midan" });
    const gm = as(home, { MIDAN_TENANT: "gm", MIDAN_SUITE: "gm" });
    await answer(home, 0, "seal", "-", "--out", "out");
    await answer(gm, 0, "seal", "-", "--out", "gm-out");
    await signInAt(home, "客服甲");
    const rows = readFileSync(join(home.directory, "out/result.csv"), "utf8").split("\r\n");
    const token = rows[1]?.split(",")[0] ?? "";
    const why = ["--fields", "phone", "--purpose", "contact", "--reason", "核对"];
    await answer(home, 0, "reveal", token, ...why, "--receipt", "receipt.txt");

    const ids = [await tenantId(home, "default"), await tenantId(home, "gm")];
    assert.equal(existsSync(join(home.directory, "midan-log/checkpoint")), false);
    const keys: string[] = [];
    for (const [at, id] of ids.entries()) {
      const own = at === 0 ? home : gm;
      const told = await answer(own, 0, "log", "key");
      assert.equal(told["sm2Key"] !== undefined, own === gm);
      keys.push(String(told["key"]));
      const sm2 = own === gm ? ["--key", String(told["sm2Key"])] : [];
      const words = ["verify-log", `midan-log/${id}`, "--key", String(told["key"]), ...sm2];
      const good = await answer(own, 0, ...words);
      assert.equal(good["signatures"], own === gm ? 2 : 1);
      assert.ok(Number(good["entries"]) >= 1);
      const { origin } = good["checkpoint"] as { origin: string };
      assert.equal(origin, `log.example/midan/${id}`);
      assert.deepEqual(tenantsIn(join(home.directory, "midan-log", id)), new Set([id]));
      assert.equal((await answer(own, 0, "log", "check"))["differs"], null);
      await answer(own, 0, "bundle", "--from", "2020-01-01", "--to", "2999-01-01", "--out", id);
      const bundled = await answer(
        own,
        0,
        "bundle",
        "verify",
        id,
        ...words.slice(2),
        "--log",
        words[1] ?? "",
      );
      assert.ok(Number(bundled["leaves"]) >= 1);
      assert.equal(bundled["withheld"], 0, "no other tenant's leaf stands between");
    }
    assert.equal((await answer(home, 0, "receipt", "check", "receipt.txt"))["state"], "included");
    const foreign = ["--log", `midan-log/${ids[1] ?? ""}`];
    await answer(home, 3, "receipt", "check", "receipt.txt", ...foreign);
    await answer(home, 0, "statement", "proof", token, "--seal", "--out", "proof.txt");
    await answer(home, 0, "statement", "verify", "proof.txt", "--key", keys[0] ?? "");
    await answer(home, 3, "statement", "verify", "proof.txt", "--key", keys[1] ?? "");

    const folder = new LogFolder(join(home.directory, "midan-log"));
    const server = await listen({ host: "127.0.0.1", port: 0 }, [(app) => logRoutes(app, folder)]);
    try {
      for (const [at, id] of ids.entries()) {
        const place = `${server.address}/log/${id}`;
        const good = await answer(home, 0, "verify-log", place, "--key", keys[at] ?? "");
        assert.equal(good["isGood"], true);
      }
      for (const path of ["/checkpoint", "/log/x/checkpoint", `/log/${ids[0] ?? ""}/../checkpoint`])
        assert.equal((await fetch(server.address + path)).status, 404, path);
    } finally {
      await server.close();
    }
    const refused = await answer(as(home, { MIDAN_LOG: "shared" }), 2, "status");
    assert.match(JSON.stringify(refused), /LOG_SHARING/);
    await answer(bare, 0, "status");
  });
});

test("P13: an installation whose log is shared is not split later", async () => {
  await withHome(async (home) => {
    await answer(home, 0, "status");
    const refused = await answer(as(home, { MIDAN_LOG: "tenant" }), 2, "status");
    assert.match(JSON.stringify(refused), /LOG_SHARING/);
  });
});
