import assert from "node:assert/strict";
import { test } from "node:test";
import { addDays, dayOf } from "../../src/rules/calendar.ts";
import { isFailure } from "../../src/rules/failure.ts";
import type { FailureCode } from "../../src/rules/failure.ts";
import { RETENTION } from "../../src/rules/retention.ts";
import { requireClockForSealing, requireClockForShredding } from "../../src/vault/clock.ts";
import { reveal } from "../../src/vault/reveal.ts";
import { search } from "../../src/vault/search.ts";
import { shownWaybill } from "../../src/vault/show.ts";
import { shred } from "../../src/vault/shred.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { withHome } from "../support/home.ts";
import { inventOrder, sealOne, sealOrders } from "../support/orders.ts";
import { signedIn } from "../support/actor.ts";

const DAY_MS = 86_400_000;
const CONTACT = { fields: "phone", purpose: "contact", actor: signedIn("test"), reason: null };

function later(vault: Vault, days: number, clockTrusted: boolean): Vault {
  return { ...vault, clockTrusted, now: () => new Date(vault.now().getTime() + days * DAY_MS) };
}

const fails =
  (code: FailureCode) =>
  (error: unknown): boolean =>
    isFailure(error, code);

test("P7: a clock that jumped ahead shreds nothing until somebody answers for it", async () => {
  await withHome(async (home) => {
    await using vault = await home.open({});
    const token = await sealOne(vault, 1);
    const jumped = later(vault, 200, false);
    const request = { on: dayOf(jumped.now()), dryRun: false, sharePercentMax: null };
    await assert.rejects(shred(jumped, request), fails("CLOCK_AHEAD"));
    assert.equal((await shownWaybill(vault, token)).life, "live");
    const report = await shred(later(vault, 200, true), request);
    assert.equal(report.waybills, 1);
  });
});

test("P7: a clock that was set back seals and shreds nothing", async () => {
  await withHome(async (home) => {
    await using vault = await home.open({});
    await sealOrders(vault, [inventOrder(1)]);
    const back = later(vault, -130, false);
    await assert.rejects(requireClockForSealing(back), fails("CLOCK_BEHIND"));
    await assert.rejects(requireClockForShredding(back), fails("CLOCK_BEHIND"));
  });
});

test("P8: a clock a year ahead seals nothing, so that nobody lives past the ceiling", async () => {
  await withHome(async (home) => {
    await using vault = await home.open({});
    await sealOne(vault, 1);
    const ahead = later(vault, 365, false);
    await assert.rejects(sealOne(ahead, 2), fails("SEAL_CLOCK_AHEAD"));
    await assert.rejects(
      requireClockForSealing(later(vault, 31, false)),
      fails("SEAL_CLOCK_AHEAD"),
    );
    const records = await vault.keys.list();
    const latest = addDays(dayOf(vault.now()), RETENTION.persons.ceilingDays);
    assert.ok(records.length > 0 && records.every(({ dayOfDeath }) => dayOfDeath <= latest));
    await sealOne(later(vault, 31, true), 2);
  });
});

test("P12: a shop that was shut for weeks ships, and its clock shreds nothing", async () => {
  await withHome(async (home) => {
    await using vault = await home.open({});
    await sealOne(vault, 1);
    for (const days of [7, 29]) {
      await sealOne(later(vault, days, false), days);
      const shredding = requireClockForShredding(later(vault, days, false));
      await assert.rejects(shredding, fails("CLOCK_AHEAD"), "to seal moves no mark that far");
    }
  });
});

test("P8: who seals keeps the mark of the clock going, day by day", async () => {
  await withHome(async (home) => {
    await using vault = await home.open({});
    for (let days = 0; days <= 5; days += 1) await sealOne(later(vault, days, false), days);
    await assert.rejects(sealOne(later(vault, 36, false), 9), fails("SEAL_CLOCK_AHEAD"));
  });
});

test("P8: from its day of death on nothing opens, also when nobody has shredded", async () => {
  await withHome(async (home) => {
    await using vault = await home.open({});
    const order = inventOrder(1);
    const token = await sealOne(vault, 1);
    const { dayOfDeath } = await shownWaybill(vault, token);
    const lastDay = later(vault, 119, true);
    assert.equal(addDays(dayOf(lastDay.now()), 1), dayOfDeath);
    assert.equal((await shownWaybill(lastDay, token)).life, "closing");
    assert.equal((await reveal(lastDay, { ...CONTACT, token })).values.length, 1);
    const dead = later(vault, 120, true);
    await assert.rejects(reveal(dead, { ...CONTACT, token }), fails("DATA_DEAD"));
    assert.equal((await shownWaybill(dead, token)).view, null);
    const found = await search(dead, { phone: order.phone, actor: signedIn("test") });
    assert.deepEqual(found.hits, []);
  });
});

test("P8: what died is refused when it comes again, and takes no place", async () => {
  await withHome(async (home) => {
    await using vault = await home.open({});
    const orders = [inventOrder(1), inventOrder(2)];
    await sealOrders(vault, orders);
    const dead = later(vault, 121, true);
    await shred(dead, { on: dayOf(dead.now()), dryRun: false, sharePercentMax: null });
    const again = await sealOrders(later(vault, 0, true), orders);
    assert.deepEqual(
      again.rejected.map(({ code }) => code),
      ["ORDER_EXPIRED", "ORDER_EXPIRED"],
    );
    assert.deepEqual(await vault.keys.list(), []);
  });
});
