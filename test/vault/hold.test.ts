/** Holds against a real database and key store (P7, P8). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { runJobs } from "../../src/jobs/run.ts";
import { addDays, parseDay } from "../../src/rules/calendar.ts";
import type { Day } from "../../src/rules/calendar.ts";
import { isFailure } from "../../src/rules/failure.ts";
import type { FailureCode } from "../../src/rules/failure.ts";
import { erase } from "../../src/vault/erase.ts";
import { holds, placeHold, releaseHold } from "../../src/vault/hold.ts";
import { findRecord } from "../../src/vault/record.ts";
import { reveal } from "../../src/vault/reveal.ts";
import { search } from "../../src/vault/search.ts";
import { settleHolds } from "../../src/vault/settle-holds.ts";
import { shred } from "../../src/vault/shred.ts";
import { shownWaybill } from "../../src/vault/show.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { Clock } from "../support/clock.ts";
import { withHome } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { inventOrder, inventOrders, sealOne, sealOrders } from "../support/orders.ts";
import { signedIn } from "../support/actor.ts";
import { warrantOver } from "../support/warrant.ts";
import { withVault } from "../support/vault.ts";

const TERM_DAYS = 120;

const fails =
  (code: FailureCode) =>
  (error: unknown): boolean =>
    isFailure(error, code);

function asked(token: string, until: Day, reason = "claim") {
  const authority = "理赔一组";
  return { token, reason, authority, document: "理赔 2026-7", until, actor: signedIn("desk") };
}

async function opened(vault: Vault, token: string, purpose: string): Promise<number> {
  const request = { token, fields: "name", purpose, actor: signedIn("a"), reason: "核查" };
  return (await reveal(vault, request)).values.length;
}

async function shredToday(vault: Vault, clock: Clock): Promise<void> {
  await shred(vault, { on: clock.today, dryRun: false, sharePercentMax: null });
}

test("P8: what is held outlives its day, opens for its reason, and dies on release", async () => {
  await withVault(async (vault, clock, home) => {
    const held = await sealOne(vault, 1);
    const other = await sealOne(vault, 2);
    const death = addDays(clock.today, TERM_DAYS);
    clock.set(addDays(death, -30));
    const { hold } = await placeHold(vault, asked(held, addDays(death, 60)));
    clock.set(addDays(death, 14));
    await shredToday(vault, clock);
    const [told] = await leaves(home, "compartment-destroyed");
    assert.deepEqual([told?.["count"], told?.["left"]], [1, 1]);
    assert.equal((await home.rows("select 1 from party")).length, 0);
    assert.equal(await opened(vault, held, "claim"), 1);
    await warrantOver(vault, [held], signedIn("a"));
    assert.equal(await opened(vault, held, "law-enforcement"), 1);
    await assert.rejects(opened(vault, held, "deliver"), fails("ACCESS_CLOSED"));
    await assert.rejects(opened(vault, other, "claim"), fails("DATA_DEAD"));
    const shown = await shownWaybill(vault, held);
    assert.deepEqual([shown.life, shown.holds.length], ["held", 1]);
    assert.ok(shown.view !== null);
    const ended = await releaseHold(vault, { id: hold.id, actor: signedIn("desk") });
    assert.notEqual(ended.erased, null);
    await assert.rejects(opened(vault, held, "claim"), fails("DATA_DEAD"));
    assert.equal((await home.rows("select 1 from held_party")).length, 0);
    assert.deepEqual(await vault.keys.held(), []);
    const [erased] = await leaves(home, "waybill-erased");
    assert.equal(erased?.["mode"], "hold-ended");
    await assert.rejects(
      releaseHold(vault, { id: hold.id, actor: signedIn("a") }),
      fails("HOLD_ENDED"),
    );
  });
});

test("P8: an expired hold counts no more by the calendar, and the jobs let it go", async () => {
  await withVault(async (vault, clock, home) => {
    const token = await sealOne(vault, 1);
    const death = addDays(clock.today, TERM_DAYS);
    clock.set(addDays(death, -1));
    await placeHold(vault, asked(token, addDays(death, 3)));
    clock.set(addDays(death, 3), "23:59:59");
    await shredToday(vault, clock);
    assert.equal(await opened(vault, token, "claim"), 1);
    assert.equal(await settleHolds(vault, { expire: true }), 0);
    clock.set(addDays(death, 4), "00:00:00");
    await assert.rejects(opened(vault, token, "claim"), fails("DATA_DEAD"));
    assert.equal((await vault.keys.held()).length, 1);
    await shredToday(vault, clock);
    assert.deepEqual(await vault.keys.held(), []);
    const [ended] = await leaves(home, "hold-ended");
    assert.deepEqual([ended?.["actor"], ended?.["mode"]], ["system", "expired"]);
    assert.deepEqual(await holds(vault, { ended: false, actor: signedIn("desk") }), []);
    assert.equal((await holds(vault, { ended: true, actor: signedIn("desk") })).length, 1);
  });
});

test("P8: a hold that ends before the day changes nothing about it", async () => {
  await withVault(async (vault, clock, home) => {
    const token = await sealOne(vault, 1);
    const { hold } = await placeHold(vault, asked(token, addDays(clock.today, 10)));
    const ended = await releaseHold(vault, { id: hold.id, actor: signedIn("a") });
    assert.equal(ended.erased, null);
    assert.equal(await opened(vault, token, "deliver"), 1);
    assert.equal((await home.rows("select 1 from held_party")).length, 0);
    clock.set(addDays(clock.today, TERM_DAYS));
    await shredToday(vault, clock);
    await assert.rejects(opened(vault, token, "claim"), fails("DATA_DEAD"));
  });
});

test("P8: of two holds the last one counts", async () => {
  await withVault(async (vault, clock) => {
    const token = await sealOne(vault, 1);
    const death = addDays(clock.today, TERM_DAYS);
    const first = await placeHold(vault, asked(token, addDays(death, 5)));
    await placeHold(vault, asked(token, addDays(death, 9), "investigation"));
    clock.set(death);
    await shredToday(vault, clock);
    assert.equal(
      (await releaseHold(vault, { id: first.hold.id, actor: signedIn("a") })).erased,
      null,
    );
    await assert.rejects(opened(vault, token, "claim"), fails("ACCESS_CLOSED"));
    assert.equal(await opened(vault, token, "inspection"), 1);
    clock.set(addDays(death, 10));
    assert.equal(await settleHolds(vault, { expire: true }), 1);
    await assert.rejects(opened(vault, token, "inspection"), fails("DATA_DEAD"));
  });
});

test("P8: a hold opens what access had closed, for its reason only", async () => {
  await withVault(async (vault, clock, home) => {
    const token = await sealOne(vault, 1);
    await home.change(
      "update shell set parcel_state = 'void', state_on = $1, access_closes_on = $1",
      [clock.today],
    );
    await assert.rejects(opened(vault, token, "claim"), fails("ACCESS_CLOSED"));
    assert.equal((await shownWaybill(vault, token)).view, null);
    await placeHold(vault, asked(token, addDays(clock.today, 5)));
    assert.equal(await opened(vault, token, "claim"), 1);
    await assert.rejects(opened(vault, token, "return"), fails("ACCESS_CLOSED"));
    const phone = inventOrder(1).phone;
    assert.deepEqual((await search(vault, { phone, actor: signedIn("a") })).hits, []);
  });
});

test("P8: held data cannot be erased, and dead data cannot be held", async () => {
  await withVault(async (vault, clock, home) => {
    const held = await sealOne(vault, 1);
    const gone = await sealOne(vault, 2);
    await placeHold(vault, asked(held, addDays(clock.today, 5)));
    const reason = "本人请求";
    await assert.rejects(
      erase(vault, { token: held, reason, actor: signedIn("a") }),
      fails("KEY_HELD"),
    );
    assert.equal((await leaves(home, "erase-intent")).length, 0);
    await erase(vault, { token: gone, reason, actor: signedIn("a") });
    const until = addDays(clock.today, 5);
    await assert.rejects(placeHold(vault, asked(gone, until)), fails("DATA_DEAD"));
    clock.set(addDays(clock.today, TERM_DAYS));
    await shredToday(vault, clock);
    const late = await sealOne(vault, 3);
    await assert.rejects(
      placeHold(vault, { ...asked(late, until), until: "2099-01-01" }),
      fails("HOLD_UNTIL"),
    );
  });
});

test("P8: a hold has reason, document and end, and no word of it names a person", async () => {
  await withVault(async (vault, clock) => {
    const token = await sealOne(vault, 1);
    const until = addDays(clock.today, 5);
    const place = async (change: object): Promise<unknown> =>
      placeHold(vault, { ...asked(token, until, "court-order"), ...change });
    await assert.rejects(place({ reason: "because" }), fails("HOLD_REASON_UNKNOWN"));
    await assert.rejects(place({ reason: "recovered" }), fails("HOLD_REASON_UNKNOWN"));
    await assert.rejects(place({ document: null }), fails("HOLD_DOCUMENT"));
    await assert.rejects(place({ until: "" }), fails("HOLD_UNTIL"));
    await assert.rejects(place({ authority: "" }), fails("TEXT_LENGTH"));
    await assert.rejects(place({ authority: inventOrder(1).phone }), fails("TEXT_PERSONAL"));
    await assert.rejects(
      releaseHold(vault, { id: "not-an-id", actor: signedIn("a") }),
      fails("HOLD_UNKNOWN"),
    );
    assert.deepEqual(await holds(vault, { ended: true, actor: signedIn("desk") }), []);
  });
});

test("P8: shells die in their week by the jobs, a held waybill's when its hold ends", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    await using vault = await home.open({ now: clock.now });
    const { rows } = await sealOrders(vault, inventOrders(3));
    const [token = "", other = ""] = rows.map((row) => row.token);
    const [shell] = await home.rows("select shell_week::text as week from shell limit 1");
    const week = parseDay(String(shell?.["week"])) ?? assert.fail();
    const trusted = { ...vault, clockTrusted: true };
    const shells = async (): Promise<number> => (await home.rows("select 1 from shell")).length;
    const until = addDays(week, 20);
    await placeHold(vault, asked(token, until, "court-order"));
    clock.set(addDays(week, 6));
    await runJobs(trusted);
    assert.equal(await shells(), 3, "the last day of the week is not over");
    clock.set(addDays(week, 7));
    await runJobs(trusted);
    assert.equal(await shells(), 1);
    assert.equal((await findRecord(vault, token)).token, token);
    await assert.rejects(findRecord(vault, other), fails("TOKEN_UNKNOWN"));
    assert.equal((await vault.keys.held()).length, 1);
    clock.set(addDays(until, 1));
    await runJobs(trusted);
    await runJobs(trusted);
    assert.deepEqual(await home.rows("select 1 from shell"), []);
  });
});
