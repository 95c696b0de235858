/** The log tells of a clock that jumped and of settings that changed: once each, when they do. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseConfig } from "../../src/config.ts";
import { openVault } from "../../src/main.ts";
import { connected } from "../../src/store/pool.ts";
import { setClockMark } from "../../src/store/clock-mark.ts";
import { answerForClock, witnessClock } from "../../src/vault/clock.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { withHome } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { sealOne } from "../support/orders.ts";

const HOUR_MS = 3_600_000;
const HOUR_SECONDS = 3600;

function shifted(vault: Vault, hours: number): Vault {
  const now = (): Date => new Date(vault.now().getTime() + hours * HOUR_MS);
  return { ...vault, clockTrusted: false, now };
}

async function toldOfClock(home: Home): Promise<(readonly [unknown, number])[]> {
  return (await leaves(home, "clock-jumped")).map((leaf) => {
    const hours = Math.round(Number(leaf["offSeconds"]) / HOUR_SECONDS);
    return [leaf["mode"], hours === 0 ? 0 : hours] as const;
  });
}

test("P13: a clock that jumps is an entry, once, and so is its return", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    assert.equal(await witnessClock(shifted(vault, 0)), true);
    assert.equal(await witnessClock(shifted(vault, 1)), true);
    assert.deepEqual(await toldOfClock(home), []);
    for (let pass = 0; pass < 3; pass += 1)
      assert.equal(await witnessClock(shifted(vault, -99)), false);
    assert.deepEqual(await toldOfClock(home), [["behind", -100]]);
    assert.equal(await witnessClock(shifted(vault, 100)), false);
    assert.equal(await witnessClock(shifted(vault, 2)), true);
    await answerForClock(shifted(vault, 200));
    await answerForClock(shifted(vault, 200));
    assert.equal(await witnessClock(shifted(vault, 201)), true);
    assert.deepEqual(await toldOfClock(home), [
      ["behind", -100],
      ["ahead", 99],
      ["steady", 1],
      ["answered", 198],
    ]);
  });
});

test("P13: an installation that is opened with a clock that jumped tells of it", async () => {
  await withHome(async (home) => {
    {
      await using vault = await home.open();
      await sealOne(vault, 1);
      const past = new Date(Date.now() - 100 * HOUR_MS);
      await connected(vault.database, async (connection) => setClockMark(connection, past));
    }
    for (let opening = 0; opening < 2; opening += 1) {
      await using vault = await home.open();
      assert.equal(vault.clockTrusted, false);
    }
    assert.deepEqual(await toldOfClock(home), [["ahead", 100]]);
  });
});

test("P13: a setting that changed is named at the next opening, and never its value", async () => {
  await withHome(async (home) => {
    const opened = async (more: Readonly<Record<string, string>>): Promise<void> => {
      const config = parseConfig({ ...home.environment, ...more }, home.directory);
      await using vault = await openVault(config);
      if ((await leaves(home, "seal-batch")).length === 0) await sealOne(vault, 1);
    };
    const named = async (): Promise<unknown[]> =>
      (await leaves(home, "configuration-changed")).map((leaf) => leaf["fields"]);
    await opened({});
    await opened({});
    assert.deepEqual(await named(), [], "what a tenant begins with is no change");
    const secret = "outbox-of-nobody";
    await opened({ MIDAN_OUTBOX_DIR: secret, MIDAN_CODE_COMMAND: "/bin/true" });
    await opened({ MIDAN_OUTBOX_DIR: secret, MIDAN_CODE_COMMAND: "/bin/true" });
    await opened({ MIDAN_LANG: "zh" });
    const both = ["MIDAN_CODE_COMMAND", "MIDAN_OUTBOX_DIR"];
    assert.deepEqual(await named(), [both, both]);
    const told = JSON.stringify(await leaves(home));
    const kept = JSON.stringify(await home.rows("select value from told_state"));
    assert.ok(!`${told}${kept}`.includes(secret));
    const digests = (await leaves(home, "configuration-changed")).map((leaf) => leaf["digest"]);
    assert.equal(new Set(digests).size, 2);
    await home.change("delete from told_state");
    await opened({});
    assert.equal((await named()).length, 3, "forgetting what was told is told");
  });
});

test("P13: while the log takes no entries an installation opens, and tells later", async () => {
  await withHome(async (home) => {
    {
      await using vault = await home.open();
      await sealOne(vault, 1);
    }
    await home.change(`
      insert into log_queue (position, queued_at)
      select position, now() - interval '2 minutes' from audit_leaf`);
    const config = parseConfig({ ...home.environment, MIDAN_CODE_COMMAND: "x" }, home.directory);
    await (await openVault(config))[Symbol.asyncDispose]();
    assert.equal((await leaves(home, "configuration-changed")).length, 0);
    await home.change("delete from log_queue");
    await (await openVault(config))[Symbol.asyncDispose]();
    assert.equal((await leaves(home, "configuration-changed")).length, 1);
  });
});
