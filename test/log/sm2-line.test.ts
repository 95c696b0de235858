/** The line that a log signs with SM2 too, while a tenant seals with the suite `gm`. */
import assert from "node:assert/strict";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { verifierKeyText } from "../../src/audit/note.ts";
import { logKeys } from "../../src/log/upkeep.ts";
import { logSource } from "../../src/outside/log-source.ts";
import { nodePlatform } from "../../src/outside/node-platform.ts";
import { transaction } from "../../src/store/pool.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { writeEntry } from "../../src/access/entry.ts";
import { verify } from "../../src/verifier/verify.ts";
import type { Answer } from "../../src/verifier/verify.ts";
import { withHome } from "../support/home.ts";

async function written(vault: Vault): Promise<void> {
  await transaction(vault.database, async (connection) =>
    writeEntry(vault, connection, { type: "shred-run", actor: "system", count: 0 }),
  );
  await vault.log.keeper.turn();
}

async function asked(
  folder: string,
  key: string | null,
  since: Uint8Array | null = null,
): Promise<Answer> {
  return verify(
    nodePlatform(() => new Date()),
    {
      source: logSource(folder),
      key,
      policy: null,
      since: since === null ? [] : [{ file: "kept", bytes: since }],
      range: null,
      areLeaves: true,
    },
  );
}

test("P13: a log of a gm tenant signs two lines, and a forged one is found", async () => {
  await withHome(async (home) => {
    const folder = join(home.directory, "midan-log");
    const file = join(folder, "checkpoint");
    await using first = await home.open();
    await written(first);
    const early = await readFile(file);
    assert.equal((await logKeys(first)).length, 1);
    await using vault = await home.open({ tenant: "gm", suite: "gm" });
    await written(vault);
    const keys = await logKeys(vault);
    assert.equal(keys.length, 2);
    const both = keys.join("\n");
    const good = await asked(folder, both, early);
    assert.deepEqual([good.isGood, good.signatures], [true, 3], JSON.stringify(good.refused));
    assert.equal((await asked(folder, keys[0] ?? "")).signatures, 1);
    assert.equal((await asked(folder, null)).signatures, 2, "both keys lie beside the log");

    const note = await readFile(file, "utf8");
    const lines = note.split("\n");
    const at = lines.findLastIndex((line) => line.startsWith("\u2014"));
    const [dash = "", name = "", base64 = ""] = (lines[at] ?? "").split(" ");
    const bytes = Buffer.from(base64, "base64");
    for (const place of [4, 35, 36, 67]) {
      const changed = Buffer.from(bytes);
      changed[place] = (changed[place] ?? 0) ^ 1;
      const forged = lines.with(at, `${dash} ${name} ${changed.toString("base64")}`).join("\n");
      await writeFile(file, forged);
      const { refused } = await asked(folder, both);
      assert.deepEqual(refused, {
        reason: "SIGNATURE_WRONG",
        where: { file: "checkpoint", detail: "SM2" },
      });
      assert.equal((await asked(folder, keys[0] ?? "")).isGood, true, "nobody asked about it");
    }
    await writeFile(file, lines.toSpliced(at, 1).join("\n"));
    assert.equal((await asked(folder, both)).refused?.reason, "SIGNATURE_MISSING");
    await writeFile(file, note);
    await rm(join(folder, "log-sm2.vkey"));
    assert.equal((await asked(folder, null)).signatures, 1);
  });
});

test("P13: keys of two logs, or an SM2 key alone, are no key of a log", async () => {
  await withHome(async (home) => {
    const folder = join(home.directory, "midan-log");
    await using vault = await home.open({ tenant: "gm", suite: "gm" });
    await written(vault);
    const [own = "", sm2 = ""] = await logKeys(vault);
    const signers = await vault.log.signers();
    const [, second] = signers;
    assert.ok(second !== undefined);
    const other = verifierKeyText({ ...second, name: "other.example/log" });
    for (const key of [sm2, `${sm2}\n${own}`, `${own}\n${other}`, `${own}\n${own}`, ""])
      assert.equal((await asked(folder, key)).refused?.reason, "KEY_MALFORMED", key);
  });
});
