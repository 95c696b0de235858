/** P6: a restore revives nothing; the drill and the backup that it rests on. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { runDrill } from "../../src/drill/drill.ts";
import { openVault, openWorld } from "../../src/main.ts";
import { parseConfig } from "../../src/config.ts";
import { isFailure } from "../../src/rules/failure.ts";
import type { FailureCode } from "../../src/rules/failure.ts";
import { countLeaves } from "../../src/store/audit-leaf.ts";
import { connected } from "../../src/store/pool.ts";
import { backup, restore } from "../../src/vault/backup.ts";
import { reveal } from "../../src/vault/reveal.ts";
import { withDirectory } from "../support/home.ts";
import { inventOrders, sealOrders } from "../support/orders.ts";
import { signedIn } from "../support/actor.ts";

const fails =
  (code: FailureCode) =>
  (error: unknown): boolean =>
    isFailure(error, code);

const ASKED = { fields: "phone", purpose: "contact", actor: signedIn("a"), reason: null } as const;

test("P6: the restore drill passes, and every check looked at something", async (context) => {
  await withDirectory(async (home) => {
    const { passed, checks } = await runDrill({
      home,
      open: openWorld,
      orders: 8,
      startsAt: new Date("2026-03-02T04:00:00Z"),
    });
    for (const { what, expected, found } of checks) {
      context.diagnostic(`${what}: ${found} of ${expected}`);
      assert.ok(expected > 0, what);
      assert.equal(found, expected, what);
    }
    assert.ok(passed);
  });
});

test("P6: a backup is made while the database is written to, and comes back whole", async () => {
  await withDirectory(async (home) => {
    const config = parseConfig({ MIDAN_HOME: home }, home);
    const folder = join(home, "backup");
    const before: string[] = [];
    const meanwhile: string[] = [];
    {
      await using vault = await openVault(config);
      before.push(...(await sealOrders(vault, inventOrders(300))).rows.map((row) => row.token));
      const writing = sealOrders(vault, inventOrders(12_000, 1000));
      const made = await backup(vault, { places: config, folder, actor: signedIn("a") });
      assert.ok(made.files > 500 && made.bytes > 20_000_000);
      meanwhile.push(...(await writing).rows.map((row) => row.token));
      await assert.rejects(
        backup(vault, { places: config, folder, actor: signedIn("a") }),
        fails("BACKUP_TARGET"),
      );
    }
    await assert.rejects(restore(config, folder), fails("BACKUP_TARGET"));
    await rename(join(config.dataDir, "pg"), join(home, "aside"));
    await restore(config, folder);
    await (await openVault(config))[Symbol.asyncDispose]();
    await using vault = await openVault(config);
    const counts = await connected(vault.database, countLeaves);
    assert.equal(counts.get("database-restored"), 1, "told at the first opening alone");
    for (const token of before.slice(0, 20)) {
      assert.equal((await reveal(vault, { ...ASKED, token })).values.length, 1);
    }
    const again = await sealOrders(vault, inventOrders(12_000, 1000));
    assert.equal(again.rows.length, meanwhile.length);
    assert.deepEqual(again.rejected, []);
  });
});

test("P6: no file of a backup holds key material, and a changed file is refused", async () => {
  await withDirectory(async (home) => {
    const config = parseConfig({ MIDAN_HOME: home }, home);
    const folder = join(home, "backup");
    {
      await using vault = await openVault(config);
      await sealOrders(vault, inventOrders(50));
      await backup(vault, { places: config, folder, actor: signedIn("a") });
      for (const inside of [join(config.dataDir, "b"), join(config.keysDir, "b")]) {
        const made = { places: config, folder: inside, actor: signedIn("a") };
        await assert.rejects(backup(vault, made), fails("PLACES_OVERLAP"));
      }
      const external = { ...config, databaseUrl: "postgres://x" };
      const made = { places: external, folder: join(home, "c"), actor: signedIn("a") };
      await assert.rejects(backup(vault, made), fails("BACKUP_EXTERNAL"));
    }
    const names = (await readdir(folder, { recursive: true })).map(String);
    assert.ok(!names.some((name) => /midan-keys|root\.key|postmaster\.pid/.test(name)));
    await rm(join(config.dataDir, "pg"), { recursive: true });
    const file = join(folder, "pg", "PG_VERSION");
    const bytes = await readFile(file);
    await writeFile(file, Buffer.concat([bytes, Buffer.from("x")]));
    await assert.rejects(restore(config, folder), fails("BACKUP_BROKEN"));
    await writeFile(file, bytes);
    assert.equal((await restore(config, folder)).files, await checkedFiles(folder));
  });
});

async function checkedFiles(folder: string): Promise<number> {
  const manifest = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8")) as {
    files: { path: string; digest: string }[];
  };
  for (const { path, digest } of manifest.files.slice(0, 50)) {
    const bytes = await readFile(join(folder, "pg", path));
    assert.equal(createHash("sha256").update(bytes).digest("hex"), digest, path);
  }
  return manifest.files.length;
}
