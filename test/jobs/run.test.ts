/** The jobs against a real database and key store (P7, P8). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { JOBS } from "../../src/jobs/job.ts";
import { runJobs } from "../../src/jobs/run.ts";
import { openVault } from "../../src/main.ts";
import { addDays, dayOf } from "../../src/rules/calendar.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { asJobRunner } from "../../src/vault/job-record.ts";
import { placeHold } from "../../src/vault/hold.ts";
import { reveal } from "../../src/vault/reveal.ts";
import { search } from "../../src/vault/search.ts";
import { shred } from "../../src/vault/shred.ts";
import { status } from "../../src/vault/status.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { withHome } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { inventOrder, inventOrders, sealOne, sealOrders } from "../support/orders.ts";
import { documents, midan } from "../support/process.ts";
import { signedIn } from "../support/actor.ts";
import { withVault } from "../support/vault.ts";

const TERM_DAYS = 120;
const YEAR_MS = 365 * 86_400_000;
const ASKED = { fields: "phone", purpose: "contact", actor: signedIn("a"), reason: null } as const;

type Done = Readonly<Record<string, number | string>>;

/** What a pass did, by job: a number, or the failure's code. */
async function pass(vault: Vault): Promise<Done> {
  const outcomes = await runJobs(vault);
  assert.ok(outcomes !== null);
  assert.equal(outcomes.length, JOBS.length);
  return Object.fromEntries(outcomes.map(({ name, done, failure }) => [name, failure ?? done]));
}

test("P7: one pass catches up missed days and lets holds go, a second finds nothing", async () => {
  await withVault(async (vault, clock, home) => {
    const sealedOn = clock.today;
    const tokens: string[] = [];
    for (let day = 0; day < 4; day += 1) {
      clock.set(addDays(sealedOn, day));
      tokens.push(await sealOne(vault, day));
    }
    const [token = ""] = tokens;
    const until = addDays(sealedOn, TERM_DAYS + 2);
    const asked = { token, reason: "claim", authority: "理赔组", document: null, until };
    clock.set(addDays(sealedOn, TERM_DAYS - 1));
    await placeHold(vault, { ...asked, actor: signedIn("a") });
    clock.set(addDays(sealedOn, TERM_DAYS + 3));
    const first = await pass(vault);
    assert.deepEqual([first["shred"], first["expire-holds"], first["settle"]], [4, 1, 0]);
    const second = await pass(vault);
    assert.deepEqual([second["shred"], second["expire-holds"], second["provision"]], [0, 0, 0]);
    assert.equal((await leaves(home, "compartment-destroyed")).length, 4);
    assert.equal((await status(vault)).attention.length, 0);
    const ran = (await status(vault)).jobs;
    assert.deepEqual(
      ran.map(({ name }) => name),
      JOBS.map(({ name }) => name).toSorted(),
    );
  });
});

test("P7: keys are there seven days ahead, and the next seal takes them", async () => {
  await withVault(async (vault, clock) => {
    const { provision } = await pass(vault);
    assert.equal(provision, 8);
    const ahead = await vault.keys.list();
    assert.deepEqual(
      ahead.map(({ dayOfDeath }) => dayOfDeath),
      Array.from({ length: 8 }, (_, day) => addDays(clock.today, TERM_DAYS + day)),
    );
    await sealOrders(vault, inventOrders(5));
    clock.set(addDays(clock.today, 7));
    await sealOrders(vault, inventOrders(5, 5));
    assert.equal((await vault.keys.list()).length, 8);
  });
});

test("P7: of two runners one works, and the other says so", async () => {
  await withHome(async (home) => {
    await using vault = await home.open({});
    await using other = await home.open({});
    const seen = await asJobRunner(vault, async () => runJobs(other));
    assert.equal(seen, null);
    assert.notEqual(await runJobs(other), null);
  });
});

test("P7: what a brake stops is recorded, and the other jobs go on", async () => {
  await withVault(async (vault, clock, home) => {
    await sealOne(vault, 1);
    await home.change(`
      insert into shell select compartment, sealed_at, shell_week, day_of_death, n, division_code,
        bucket, tenant_id, token_random, merchant_key, carrier, waybill_number, state
      from shell, generate_series(1, 10001) as n where n <> shell.slot`);
    clock.set(addDays(clock.today, TERM_DAYS + 10));
    const done = await pass(vault);
    assert.deepEqual([done["shred"], done["provision"]], ["SHRED_BRAKE", 8]);
    const found = await status(vault);
    assert.ok(found.attention.includes("jobs-failed") && found.attention.includes("shred-due"));
    assert.deepEqual(await vault.keys.tombstones(), []);
  });
});

test("P7: with the clock a year ahead nothing dies, whatever is done meanwhile", async () => {
  await withHome(async (home) => {
    const config = home.config();
    await using vault = await openVault(config);
    const [token = "", held = ""] = (await sealOrders(vault, inventOrders(2))).rows.map(
      (row) => row.token,
    );
    const until = addDays(dayOf(vault.now()), 5);
    const asked = { token: held, reason: "claim", authority: "理赔组", document: null, until };
    await placeHold(vault, { ...asked, actor: signedIn("a") });
    const before = await vault.keys.list();
    const jumped: Vault = {
      ...vault,
      clockTrusted: false,
      now: () => new Date(Date.now() + YEAR_MS),
    };
    // Entries that are dated a year ahead must not make the clock look right.
    await search(jumped, { phone: inventOrder(0).phone, actor: signedIn("a") });
    await assert.rejects(reveal(jumped, { ...ASKED, token }), (e) => isFailure(e, "DATA_DEAD"));
    const sealed = sealOrders(jumped, inventOrders(3, 10));
    await assert.rejects(sealed, (e) => isFailure(e, "SEAL_CLOCK_AHEAD"));
    for (let round = 0; round < 3; round += 1) {
      const done = await pass(jumped);
      for (const name of ["expire-holds", "shred", "rotate"]) {
        assert.equal(done[name], "CLOCK_AHEAD", name);
      }
    }
    const request = { on: dayOf(jumped.now()), dryRun: false, sharePercentMax: 100 };
    await assert.rejects(shred(jumped, request), (e) => isFailure(e, "CLOCK_AHEAD"));
    assert.ok((await status(jumped)).attention.includes("clock"));
    assert.deepEqual(await vault.keys.tombstones(), []);
    assert.equal((await vault.keys.held()).length, 1);
    const living = new Set((await vault.keys.list()).map(({ serial }) => serial));
    assert.ok(before.every(({ serial }) => living.has(serial)));
    for (const one of [token, held]) {
      assert.equal((await reveal(vault, { ...ASKED, token: one })).values.length, 1);
    }
    // Back at the true time the clock fits its mark again, although newer entries lie ahead.
    await sealOrders(vault, inventOrders(1, 20));
    assert.equal((await pass(vault))["shred"], 0);
  });
});

test("P7: who answers for the clock moves its mark, and then what is due dies", async () => {
  await withHome(async (home) => {
    const config = home.config();
    {
      const back = (): Date => new Date(Date.now() - (TERM_DAYS + 1) * 86_400_000);
      await using vault = await openVault(config, { now: back });
      await sealOne(vault, 1);
    }
    await home.change("insert into clock_mark (marked_at) values (now() - interval '5 days')");
    const options = { directory: home.directory, environment: home.environment };
    const refused = await midan(["jobs", "run", "--once", "--json"], options);
    assert.equal(refused.code, 1);
    const [told] = documents(refused.stdout);
    assert.ok(JSON.stringify(told).includes("CLOCK_AHEAD"));
    const answered = await midan(["jobs", "run", "--once", "--allow-clock"], options);
    assert.deepEqual([answered.code, answered.stderr], [0, ""]);
    const after = await midan(["jobs", "run", "--once", "--json"], options);
    assert.equal(after.code, 0);
    assert.equal((await leaves(home, "compartment-destroyed")).length, 1);
  });
});
