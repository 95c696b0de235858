/** P10: an older backup, made and put back as the commands do it, brings back no looser rule. */
import assert from "node:assert/strict";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { moveOrganisation } from "../../src/access/organisation-move.ts";
import { foundBelow, foundHeadquarters } from "../../src/access/organisation.ts";
import { decideSetting } from "../../src/access/setting-change.ts";
import { explainSetting } from "../../src/access/setting.ts";
import { parseConfig } from "../../src/config.ts";
import { openVault } from "../../src/main.ts";
import { countLeaves } from "../../src/store/audit-leaf.ts";
import { connected } from "../../src/store/pool.ts";
import { backup, restore } from "../../src/vault/backup.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { placedAt, signedIn } from "../support/actor.ts";
import { withDirectory } from "../support/home.ts";
import { outcome } from "../support/outcome.ts";
import { changeByTwo } from "../support/setting.ts";

const HEAD = "辛快递总部";
const BRANCH = "辛快递网点";
const REGION = "辛快递紧区";
const HQ = signedIn("总部管理员", "headquarters-operator");
const SAID = { by: HEAD, mode: "set", reason: "试", actor: HQ } as const;

async function toldOf(vault: Vault, name: string): Promise<unknown[]> {
  const { value, mode, by } = await explainSetting(vault, { organisation: BRANCH, name });
  return [value, mode, by?.name];
}

/** The looser time, which the backup holds. */
async function before(vault: Vault): Promise<void> {
  await foundHeadquarters(vault, { name: HEAD, outlets: [BRANCH], actor: HQ });
  await foundBelow(vault, { kind: "region", parent: null, names: [REGION], actor: HQ });
  const loose = { ...SAID, organisation: HEAD, name: "mask-profile", value: "gb41833-tail4" };
  await changeByTwo(vault, loose);
  const wide = { ...SAID, organisation: BRANCH, name: "quota-person-day", value: "4000" };
  await changeByTwo(vault, wide);
}

/** What headquarters locks after the backup. */
async function locks(vault: Vault): Promise<void> {
  const lock = { ...SAID, mode: "locked" } as const;
  const strict = { ...lock, organisation: HEAD, name: "mask-profile", value: "strict" };
  await changeByTwo(vault, strict);
  const few = { ...lock, organisation: BRANCH, name: "quota-person-day", value: "50" };
  await changeByTwo(vault, few);
  await moveOrganisation(vault, { organisation: BRANCH, under: REGION, reason: "试", actor: HQ });
}

test("P10: attack by midan backup and midan restore of the time before a lock", async () => {
  await withDirectory(async (home) => {
    const config = parseConfig({ MIDAN_HOME: home }, home);
    const folder = join(home, "backup");
    {
      await using vault = await openVault(config);
      await before(vault);
      assert.deepEqual(await toldOf(vault, "quota-person-day"), ["4000", "set", HEAD]);
      await backup(vault, { places: config, folder, actor: signedIn("a") });
      await locks(vault);
      await vault.log.keeper.turn();
    }
    await rename(join(config.dataDir, "pg"), join(home, "aside"));
    await restore(config, folder);
    await using vault = await openVault(config);
    assert.deepEqual(await toldOf(vault, "mask-profile"), ["strict", "locked", HEAD]);
    assert.deepEqual(await toldOf(vault, "quota-person-day"), ["50", "locked", HEAD]);
    const person = signedIn("网点负责人", "branch-manager");
    const manager = await placedAt(vault, person, BRANCH);
    assert.equal(manager.organisationPath.length, 3, "it stands where it was moved to");
    for (const [name, value] of [
      ["mask-profile", "gb41833-tail4"],
      ["quota-person-day", "4000"],
    ] as const) {
      const own = { ...SAID, by: null, organisation: BRANCH, name, value, actor: manager };
      assert.equal(await outcome(decideSetting(vault, own)), "SETTING_LOCKED", name);
    }
    const counts = await connected(vault.database, countLeaves);
    assert.equal(counts.get("database-restored"), 2, "that it was put back, and what was applied");
  });
});
