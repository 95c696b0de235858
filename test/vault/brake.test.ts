/** The brakes on destruction, against a real database and key store (P7). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { addDays } from "../../src/rules/calendar.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { erase } from "../../src/vault/erase.ts";
import { requireNoBrake, shred } from "../../src/vault/shred.ts";
import type { ShredReport } from "../../src/vault/shred.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { signedIn } from "../support/actor.ts";
import type { Clock } from "../support/clock.ts";
import type { Home } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { inventOrders, sealOne, sealOrders } from "../support/orders.ts";
import { withVault } from "../support/vault.ts";

const TERM_DAYS = 120;
const DAYS = 6;

/** More shells at each compartment's place; sealing as many would only take longer. */
async function fatten(home: Home, count: number): Promise<void> {
  await home.change(`
    insert into shell select compartment, sealed_at, shell_week, day_of_death, n, division_code,
      bucket, tenant_id, token_random, merchant_key, carrier, waybill_number, state
    from shell, generate_series(1, ${count}) as n where n <> shell.slot`);
}

async function shredToday(vault: Vault, clock: Clock): Promise<ShredReport> {
  return shred(vault, { on: clock.today, dryRun: false, sharePercentMax: null });
}

function deaths({ compartments }: ShredReport): string[] {
  return compartments.map(({ dayOfDeath }) => dayOfDeath).toSorted();
}

test("P7: missed days are caught up in portions, and today dies on its day", async () => {
  await withVault(async (vault, clock, home) => {
    const first = addDays(clock.today, TERM_DAYS);
    for (let day = 0; day < DAYS; day += 1) {
      await sealOne(vault, day);
      clock.set(addDays(clock.today, 1));
    }
    await fatten(home, 500);
    const days = Array.from({ length: DAYS }, (_, day) => addDays(first, day));
    clock.set(addDays(first, DAYS - 1));
    // A quarter of six compartments is one; the two newest are not late.
    const report = await shredToday(vault, clock);
    assert.deepEqual(deaths(report), [days[0], days[4], days[5]]);
    assert.deepEqual([report.waiting.compartments, report.waiting.needsPerson], [3, false]);
    // The portion of the day has died: another run of that day takes no more.
    const again = await shredToday(vault, clock);
    assert.deepEqual([deaths(again), again.waiting.needsPerson], [[], false]);
    requireNoBrake(again);
    clock.set(addDays(clock.today, 1));
    // Of the three that are left each is more than a quarter: a person has to say so.
    const braked = await shredToday(vault, clock);
    assert.deepEqual([deaths(braked), braked.waiting.compartments], [[], 3]);
    assert.throws(
      () => requireNoBrake(braked),
      (error) => isFailure(error, "SHRED_BRAKE"),
    );
    const answered = { on: clock.today, dryRun: false, sharePercentMax: 100 };
    assert.deepEqual(deaths(await shred(vault, answered)), days.slice(1, 4));
  });
});

test("P7: a whole small installation that is late waits, and on its day it dies", async () => {
  await withVault(async (vault, clock, home) => {
    await sealOne(vault, 1);
    await fatten(home, 9_998);
    const death = addDays(clock.today, TERM_DAYS);
    clock.set(addDays(death, 30));
    const late = await shredToday(vault, clock);
    assert.deepEqual([late.compartments, late.waiting.needsPerson], [[], true]);
    assert.deepEqual(await vault.keys.tombstones(), []);
    clock.set(death);
    const { compartments, waiting } = await shredToday(vault, clock);
    assert.deepEqual([compartments.length, waiting.compartments], [1, 0]);
  });
});

test("P7: early erasures stop at their limit, and a person goes on with a reason", async () => {
  await withVault(async (opened, clock, home) => {
    const vault = { ...opened, brakes: { ...opened.brakes, erasuresPerHour: 2 } };
    const { rows } = await sealOrders(vault, inventOrders(5));
    const [first, second, third = "", fourth = ""] = rows.map(({ token }) => token);
    const asked = { reason: "误采集", actor: signedIn("officer") };
    for (const token of [first, second]) await erase(vault, { ...asked, token: token ?? "" });
    const brakes = (error: unknown): boolean => isFailure(error, "ERASE_BRAKE");
    await assert.rejects(erase(vault, { ...asked, token: third }), brakes);
    assert.equal((await vault.keys.leafTombstones()).length, 2);
    const nobody = { ...asked.actor, kind: "operator" } as const;
    const more = { ...asked, token: third, overLimit: true };
    await assert.rejects(erase(vault, { ...more, actor: nobody }), (error) =>
      isFailure(error, "SIGN_IN_NEEDED"),
    );
    await erase(vault, more);
    const told = await leaves(home, "erase-intent");
    assert.deepEqual(
      told.map((leaf) => leaf["mode"]),
      [undefined, undefined, "over-limit"],
    );
    clock.wait(3601);
    await erase(vault, { ...asked, token: fourth });
    assert.equal((await vault.keys.leafTombstones()).length, 4);
  });
});
