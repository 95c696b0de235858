/** A change of policy on one server counts on every other one within five seconds. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { fileURLToPath } from "node:url";
import { foundHeadquarters } from "../../src/access/organisation.ts";
import { requireQuota } from "../../src/access/quota.ts";
import { changeSetting } from "../../src/access/setting-change.ts";
import { openFonts } from "../../src/main.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { printLabels } from "../../src/vault/print.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { signedIn } from "../support/actor.ts";
import { withHome } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { sealOne } from "../support/orders.ts";

const MIDAN = fileURLToPath(new URL("../../bin/midan.js", import.meta.url));
const HEAD = "辛快递总部";
const WITHIN_MS = 5_000;
const actor = signedIn("总部管理员");
const fonts = openFonts();
const run = promisify(execFile);

/** Runs `midan` as a process of its own on the same database. */
async function midan(home: Home, ...words: string[]): Promise<string> {
  const env = { ...process.env, ...home.environment };
  return (await run(process.execPath, [MIDAN, ...words], { env })).stdout;
}

async function printed(vault: Vault, token: string): Promise<string> {
  const [made] = await printLabels(vault, {
    tokens: [token],
    actor,
    fonts,
    reprintReason: "damaged",
  });
  return made?.label.profile ?? "";
}

async function mayLook(vault: Vault, token: string): Promise<boolean> {
  try {
    await requireQuota(vault, { actor, use: "contact", subject: { token } });
    return true;
  } catch (error) {
    assert.ok(isFailure(error, "QUOTA_SPENT"), String(error));
    return false;
  }
}

/** How long it takes until `isSo`, asked over and over; at most the five seconds. */
async function waited(isSo: () => Promise<boolean>): Promise<number> {
  const began = performance.now();
  while (!(await isSo())) {
    assert.ok(performance.now() - began < WITHIN_MS, "the change did not arrive");
  }
  return performance.now() - began;
}

test("P10: a change counts on other servers within five seconds", async () => {
  await withHome(async (home) => {
    await using first = await home.open();
    await using second = await home.open();
    await foundHeadquarters(first, { name: HEAD, outlets: [], actor });
    const token = await sealOne(second);
    const said = { organisation: HEAD, by: null, mode: "locked", reason: "收紧", actor };
    assert.equal(await printed(second, token), "gb41833");
    await changeSetting(first, { ...said, name: "mask-profile", value: "strict" });
    assert.ok((await waited(async () => (await printed(second, token)) === "strict")) < WITHIN_MS);
    assert.equal(await mayLook(second, "a"), true);
    await changeSetting(first, { ...said, name: "quota-tenant-day", value: "0" });
    assert.ok((await waited(async () => !(await mayLook(second, "b")))) < WITHIN_MS);
  });
});

test("P10: a change made by one process counts in another that runs already", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    await foundHeadquarters(vault, { name: HEAD, outlets: [], actor });
    const token = await sealOne(vault);
    assert.equal(await printed(vault, token), "gb41833");
    const why = ["--for", HEAD, "--reason", "收紧"];
    await midan(home, "policy", "lock", "mask-profile", "full", ...why);
    assert.ok((await waited(async () => (await printed(vault, token)) === "full")) < WITHIN_MS);
    const said = { organisation: HEAD, by: null, mode: "locked", reason: "收紧", actor };
    await changeSetting(vault, { ...said, name: "label-sizes", value: "100x150" });
    const shown = await midan(
      home,
      "policy",
      "explain",
      HEAD,
      "--setting",
      "label-sizes",
      "--json",
    );
    assert.equal((JSON.parse(shown) as { value: string }).value, "100x150");
  });
});
