/** An inspector's bundle as it is made and taken away: real log, two tenants, a browser. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { writeEntry } from "../../src/access/entry.ts";
import { transaction } from "../../src/store/pool.ts";
import { withHome } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { documents, midan } from "../support/process.ts";
import { chromiumPath, openBrowser } from "../verifier/browser.ts";

type Document = Readonly<Record<string, unknown>>;

const PERIOD = ["--from", "2020-01-01", "--to", "2999-01-01"] as const;

async function answer(home: Home, code: number, ...words: readonly string[]): Promise<Document> {
  const { directory, environment } = home;
  const ended = await midan([...words, "--json"], { directory, environment, input: "" });
  assert.equal(ended.code, code, `${words.join(" ")}: ${ended.stdout}${ended.stderr}`);
  return documents(ended.stdout).at(-1) ?? {};
}

/** Entries of a tenant, as its verbs would write them. */
async function write(home: Home, tenant: string, count: number): Promise<void> {
  await using vault = await home.open({ tenant });
  await transaction(vault.database, async (connection) => {
    for (let at = 0; at < count; at += 1)
      await writeEntry(vault, connection, { type: "search", actor: "system", count: at });
  });
}

async function decide(home: Home, organisation: string): Promise<void> {
  const why = ["--reason", "统一方案", "--by", "北辰总部"];
  await answer(home, 0, "policy", "set", "mask-profile", "strict", "--for", organisation, ...why);
}

async function founded(home: Home): Promise<void> {
  const names = ["北辰总部", "江畔网点", "山脚网点"];
  await answer(home, 0, "org", "add", ...names, "--kind", "headquarters");
  await decide(home, "江畔网点");
}

test("BUN-1: a bundle of a real log is verified from a folder and from a file", async () => {
  await withHome(async (home) => {
    await founded(home);
    await write(home, "default", 300);
    await write(home, "other", 40);
    const made = await answer(home, 0, "bundle", ...PERIOD, "--out", "b");
    const held = ["--key", String((await answer(home, 0, "log", "key"))["key"])];
    const good = await answer(home, 0, "bundle", "verify", "b", ...held, "--log", "midan-log");
    assert.deepEqual([good["isGood"], good["isKeyGiven"]], [true, true]);
    assert.deepEqual(
      [good["leaves"], good["earlier"], good["inLog"]],
      [made["leaves"], made["earlier"], made["leaves"]],
    );
    assert.ok(Number(good["leaves"]) > 300 && Number(good["withheld"]) >= 40);
    assert.ok(Number(good["settings"]) >= 1 && Number(good["proofs"]) >= 2);
    const [told] = await leaves(home, "bundle-made");
    assert.equal(told?.["id"], made["entry"]);
    await answer(home, 0, "bundle", ...PERIOD, "--out", "b.zip");
    const archived = await answer(home, 0, "bundle", "verify", "b.zip", ...held);
    assert.equal(Number(archived["leaves"]), Number(good["leaves"]) + 1);
    const before = ["--from", "2020-01-01", "--to", "2020-02-01"];
    await answer(home, 0, "bundle", ...before, "--out", "empty");
    assert.equal((await answer(home, 0, "bundle", "verify", "empty"))["leaves"], 0);
  });
});

test("BUN-2: an outlet's bundle holds its own entries and the settings above it", async () => {
  await withHome(async (home) => {
    await founded(home);
    await write(home, "default", 20);
    for (const organisation of ["北辰总部", "山脚网点"]) await decide(home, organisation);
    await answer(home, 0, "bundle", ...PERIOD, "--org", "江畔网点", "--out", "b");
    const good = await answer(home, 0, "bundle", "verify", "b", "--log", "midan-log");
    // Its own setting is of the period; the one above it is there because it counts below.
    assert.deepEqual([good["leaves"], good["earlier"]], [1, 1]);
    const policies = readFileSync(join(home.directory, "b/policies.json"), "utf8");
    assert.ok(policies.includes("北辰总部") && !policies.includes("山脚网点"));
    await answer(home, 3, "bundle", ...PERIOD, "--org", "没有的网点", "--out", "c");
    assert.ok(!readdirSync(home.directory).includes("c"));
  });
});

test("BUN-2: a folder with a link or a changed byte in it is refused by the command", async () => {
  await withHome(async (home) => {
    await write(home, "default", 5);
    await answer(home, 0, "bundle", ...PERIOD, "--out", "b");
    const place = (name: string): string => join(home.directory, "b", name);
    symlinkSync("/etc/hostname", place("notes"));
    const linked = await answer(home, 3, "bundle", "verify", "b");
    assert.deepEqual(linked["refused"], { reason: "BUNDLE_NAME", where: {} });
  });
  await withHome(async (home) => {
    await write(home, "default", 5);
    await answer(home, 0, "bundle", ...PERIOD, "--out", "b");
    const place = join(home.directory, "b/summary.en.csv");
    writeFileSync(place, readFileSync(place, "utf8").replace("search,5", "search,4"));
    const { directory, environment } = home;
    const words = ["bundle", "verify", "b", "--lang", "zh"];
    const { code, stdout } = await midan(words, { directory, environment });
    assert.equal(code, 3);
    assert.match(stdout, /验证不通过:BUNDLE_FILE 文件与清单不符[^]*summary\.en\.csv/u);
  });
});

test("BUN-1: a tenant of the suite gm has its bundle signed with SM2 as well", async () => {
  await withHome(async (home) => {
    {
      await using vault = await home.open({ suite: "gm" });
      await transaction(vault.database, async (connection) =>
        writeEntry(vault, connection, { type: "search", actor: "system", count: 1 }),
      );
    }
    await answer(home, 0, "bundle", ...PERIOD, "--out", "b");
    const { key, sm2Key } = await answer(home, 0, "log", "key");
    const both = ["--key", `${String(key)} ${String(sm2Key)}`];
    const good = await answer(home, 0, "bundle", "verify", "b", ...both);
    assert.deepEqual([good["isGood"], good["signatures"]], [true, 4]);
    const place = join(home.directory, "b/manifest");
    const lines = readFileSync(place, "utf8").split("\n");
    writeFileSync(place, [...lines.slice(0, -2), ""].join("\n"));
    const refused = await answer(home, 3, "bundle", "verify", "b", ...both);
    assert.equal((refused["refused"] as Document)["reason"], "SIGNATURE_MISSING");
  });
});

test("BUN-6: a row that is not what was logged is never handed out", async () => {
  await withHome(async (home) => {
    await write(home, "default", 5);
    // Taken in before somebody rewrites it.
    await answer(home, 0, "bundle", ...PERIOD, "--out", "b");
    await home.change("alter table audit_leaf disable trigger all");
    await home.change(
      `update audit_leaf set body =
         convert_to(replace(convert_from(body, 'UTF8'), '"count":3', '"count":7'), 'UTF8')`,
    );
    const { directory, environment } = home;
    const { code, stderr } = await midan(["bundle", ...PERIOD, "--out", "c"], {
      directory,
      environment,
    });
    assert.equal(code, 3);
    assert.match(stderr, /LOG_FILES_BROKEN/);
    assert.ok(!readdirSync(home.directory).includes("c"));
    assert.equal((await leaves(home, "bundle-made")).length, 1);
  });
});

test("BUN-1: the page in a bundle verifies it offline, as a folder and as a file", async (t) => {
  const program = chromiumPath();
  if (program === null) return t.skip("no Chromium on this machine");
  await withHome(async (home) => {
    await founded(home);
    await write(home, "default", 300);
    await answer(home, 0, "bundle", ...PERIOD, "--out", "b");
    await answer(home, 0, "bundle", ...PERIOD, "--out", "b.zip");
    const place = (name: string): string => join(home.directory, name);
    const browser = await openBrowser(program);
    const page = pathToFileURL(place("b/verify-log.html")).href;
    const verdict = async (field: string, file: string): Promise<string> => {
      await browser.open(page);
      await browser.chooseFiles(field, [place(file)]);
      while (
        Number(await browser.evaluate(`document.querySelector("${field}").files.length`)) === 0
      );
      await browser.evaluate(`byId("run").click()`);
      for (;;) {
        if ((await browser.evaluate(`byId("verdict").className`)) === "") continue;
        return String(
          await browser.evaluate(`byId("verdict").textContent + byId("facts").innerText`),
        );
      }
    };
    try {
      assert.match(await verdict("#folder", "b"), /Verified[^]*Entries of the period\s+30\d/u);
      assert.match(await verdict("#bundle", "b.zip"), /Verified[^]*Figures recounted\s+\d+/u);
      writeFileSync(place("b/README.txt"), "changed");
      assert.match(await verdict("#folder", "b"), /Refused: BUNDLE_FILE/u);
      const cut = readFileSync(place("b.zip")).subarray(1);
      writeFileSync(place("b.zip"), cut);
      assert.match(await verdict("#bundle", "b.zip"), /Refused: BUNDLE_ARCHIVE/u);
    } finally {
      await browser.close();
    }
  });
  return undefined;
});
