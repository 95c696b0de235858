/** `midan serve --check`: settings of file and environment, by name and never by value. */
import assert from "node:assert/strict";
import { chmod, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { withDirectory } from "../support/home.ts";
import { midan } from "../support/process.ts";

test("P9: settings are named by where they are given, and what is wrong all at once", async () => {
  await withDirectory(async (directory) => {
    const file = path.join(directory, "midan.toml");
    const check = async (text: string, environment: Readonly<Record<string, string>> = {}) => {
      await writeFile(file, text);
      await chmod(file, 0o600);
      const settings = { MIDAN_CONFIG_FILE: file, MIDAN_LANG: "en", ...environment };
      return midan(["serve", "--check", "--json"], { environment: settings, directory });
    };
    const well = await check(`home = "secret-place"\ntenant = "hidden"\n`, {
      MIDAN_TENANT: "shown",
    });
    assert.equal(well.code, 0, well.stderr);
    assert.deepEqual(JSON.parse(well.stdout), {
      environment: ["MIDAN_CONFIG_FILE", "MIDAN_LANG", "MIDAN_TENANT"],
      file: ["MIDAN_HOME"],
      unknown: [],
    });
    const misspelt = await check("", { MIDAN_TENNANT: "secret" });
    assert.equal(misspelt.code, 2);
    assert.match(misspelt.stdout, /"unknown":\["MIDAN_TENNANT"\]/);
    const wrong = await check(`suite = "secret"\nlog = "secret"\n`);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /"setting":"MIDAN_LOG, MIDAN_SUITE"/);
    assert.equal((well.stdout + misspelt.stdout + wrong.stderr).includes("secret"), false);
  });
});
