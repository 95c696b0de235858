/** Quotas against a real database: never passed, cheap to repeat, and no weight on shipping. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { clearQuota, quotaOverview, requireQuota } from "../../src/access/quota.ts";
import { approveRaise, askQuotaRaise } from "../../src/access/quota-raise.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { QUOTA_LIMITS } from "../../src/rules/quota.ts";
import type { QuotaScope, QuotaSpan } from "../../src/rules/quota.ts";
import { reveal } from "../../src/vault/reveal.ts";
import { search } from "../../src/vault/search.ts";
import { openFonts } from "../../src/main.ts";
import { printLabels } from "../../src/vault/print.ts";
import { recordState } from "../../src/vault/parcel-state.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { Clock } from "../support/clock.ts";
import { signedIn } from "../support/actor.ts";
import { withHome } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { inventOrder, inventOrders, sealOne, sealOrders } from "../support/orders.ts";
import { failure } from "./fresh-desk.ts";

const OFFICER = signedIn("隐私负责人甲");
const SUPPORT = signedIn("客服甲", "support");

function limit(scope: QuotaScope, span: QuotaSpan): number {
  const row = QUOTA_LIMITS.find((each) => each.scope === scope && each.span === span);
  assert.ok(row !== undefined);
  return row.limit;
}

async function look(vault: Vault, token: string, actor = OFFICER): Promise<void> {
  await requireQuota(vault, { actor, use: "contact", subject: { token } });
}

/** How many of `tokens`, asked for one minute apart from `Clock`'s now, were let through. */
async function passes(vault: Vault, tokens: readonly string[]): Promise<number> {
  let passed = 0;
  for (const token of tokens) {
    try {
      await look(vault, token);
      passed += 1;
    } catch (error) {
      assert.ok(isFailure(error, "QUOTA_SPENT"), String(error));
    }
  }
  return passed;
}

function names(count: number, prefix = "t"): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`);
}

async function spentOf(home: Home, scope: QuotaScope, span: QuotaSpan): Promise<number> {
  const [row] = await home.rows(
    "select coalesce(sum(spent), 0)::integer as n from quota_count where scope = $1 and span = $2",
    [scope, span],
  );
  return Number(row?.["n"]);
}

test("P10: two servers and 64 reveals at once never pass a limit", async () => {
  await withHome(async (home) => {
    const { now } = new Clock();
    await using first = await home.open({ now });
    await using second = await home.open({ now });
    const { rows } = await sealOrders(first, inventOrders(64));
    assert.equal(rows.length, 64);
    const asked = { fields: "phone", purpose: "contact", actor: OFFICER, reason: null };
    const outcomes = await Promise.allSettled(
      rows.map(async ({ token }, index) =>
        reveal(index % 2 === 0 ? first : second, { ...asked, token }),
      ),
    );
    const opened = outcomes.filter(({ status }) => status === "fulfilled").length;
    assert.equal(opened, limit("person", "minute"));
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") assert.ok(isFailure(outcome.reason, "QUOTA_SPENT"));
    }
    assert.equal((await leaves(home, "reveal")).length, opened);
    assert.equal((await leaves(home, "reveal-denied")).length, 64 - opened);
    assert.equal(await spentOf(home, "person", "minute"), opened);
    assert.equal(await spentOf(home, "tenant", "day"), opened);
  });
});

test("P10: what is refused spends nothing at any other limit either", async () => {
  await withHome(async (home) => {
    await using vault = await home.open({ now: new Clock().now });
    const allowed = limit("person", "minute");
    assert.equal(await passes(vault, names(allowed + 30)), allowed);
    for (const scope of ["person", "purpose", "subjects", "tenant"] as const) {
      assert.equal(await spentOf(home, scope, "day"), allowed, scope);
    }
    assert.equal((await home.rows("select from quota_seen")).length, allowed);
  });
});

test("P10: the same waybill by the same person within an hour counts once", async () => {
  await withHome(async (home) => {
    const clock = new Clock("2026-03-02T04:00:00Z");
    await using vault = await home.open({ now: clock.now });
    for (let time = 0; time < 50; time += 1) await look(vault, "one");
    assert.equal(await spentOf(home, "person", "day"), 1);
    await look(vault, "one", signedIn("another", "clerk"));
    assert.equal(await spentOf(home, "person", "day"), 2);
    clock.set(clock.today, "13:00:00");
    await look(vault, "one");
    assert.equal(await spentOf(home, "person", "day"), 3);
    // Its day's second hour is another look, and no other waybill.
    assert.equal(await spentOf(home, "subjects", "day"), 2);
  });
});

test("P10: a guess that is denied costs what a look costs", async () => {
  await withHome(async (home) => {
    await using vault = await home.open({ now: new Clock().now });
    const asked = { fields: "phone", purpose: "contact", actor: OFFICER, reason: null };
    for (let guess = 0; guess < limit("person", "minute"); guess += 1) {
      await assert.rejects(reveal(vault, { ...asked, token: `md1guess${guess}` }), (error) => {
        return isFailure(error) && error.code !== "QUOTA_SPENT";
      });
    }
    const token = await sealOne(vault);
    await assert.rejects(reveal(vault, { ...asked, token }), failure("QUOTA_SPENT"));
  });
});

test("P12: with every quota spent, sealing, printing and states go on, uncounted", async () => {
  await withHome(async (home) => {
    await using vault = await home.open({ now: new Clock().now });
    const token = await sealOne(vault, 1);
    await home.change(`
      insert into quota_count (tenant_id, starts_at, ends_at, spent, scope, key, span)
      select id, '2026-03-01T16:00Z', '2026-03-02T16:00Z', 1000000, 'tenant', 'tenant', 'day'
      from tenant`);
    await assert.rejects(look(vault, token), failure("QUOTA_SPENT"));
    const before = await home.rows("select * from quota_count");
    assert.equal((await sealOrders(vault, inventOrders(30, 50))).rows.length, 30);
    const printed = await printLabels(vault, {
      tokens: [token],
      actor: OFFICER,
      fonts: openFonts(),
    });
    assert.equal(printed.length, 1);
    const common = { organisation: null, actor: OFFICER };
    await recordState(vault, { ...common, token, state: "delivered", on: new Clock().today });
    assert.deepEqual(await home.rows("select * from quota_count"), before);
  });
});

test("P10: a raise counts once somebody else approved it, for its hours, no longer", async () => {
  await withHome(async (home) => {
    const clock = new Clock("2026-03-02T04:00:00Z");
    await using vault = await home.open({ now: clock.now });
    const allowed = limit("person", "minute");
    assert.equal(await passes(vault, names(allowed + 5)), allowed);
    const [asker, approver] = [signedIn("主管", "headquarters-operator"), signedIn("合规")];
    const asked = { key: OFFICER.pseudonym, span: "minute", extra: 7, hours: 1, reason: "大促" };
    const raise = await askQuotaRaise(vault, { ...asked, scope: "person", actor: asker });
    const key = `${OFFICER.pseudonym}/contact`;
    const other = await askQuotaRaise(vault, { ...asked, key, scope: "purpose", actor: asker });
    assert.equal(await passes(vault, names(3, "a")), 0);
    // Whose quota it is may not approve, whatever else that account may do.
    const beneficiary = { ...OFFICER, role: "privacy-officer" } as const;
    for (const self of [asker, beneficiary]) {
      const own = approveRaise(vault, { id: raise.id, actor: self });
      await assert.rejects(own, failure("QUOTA_RAISE_SELF"));
    }
    const clerk = approveRaise(vault, { id: raise.id, actor: signedIn("同事", "clerk") });
    await assert.rejects(clerk, failure("ACCESS_DENIED"));
    await approveRaise(vault, { id: raise.id, actor: approver });
    await approveRaise(vault, { id: other.id, actor: approver });
    const again = approveRaise(vault, { id: raise.id, actor: approver });
    await assert.rejects(again, failure("QUOTA_RAISE_APPROVED"));
    assert.equal(await passes(vault, names(20, "b")), 7);
    const [leaf] = await leaves(home, "quota-raised");
    assert.equal(leaf?.["actor"], asker.pseudonym);
    assert.deepEqual(leaf["approvedBy"], [approver.pseudonym]);
    assert.equal(leaf["account"], OFFICER.pseudonym);
    clock.set(clock.today, "13:00:00");
    assert.equal(await passes(vault, names(allowed + 30, "c")), allowed);
  });
});

test("P10: 250 distinct waybills of one person in a day are an alarm, told once", async () => {
  await withHome(async (home) => {
    const clock = new Clock("2026-03-02T01:00:00Z");
    await using vault = await home.open({ now: clock.now });
    let asked = 0;
    for (let minute = 0; asked < 260; minute += 1) {
      const hour = 9 + Math.floor(minute / 60) + (minute >= 10 ? 8 : 0);
      clock.set(
        clock.today,
        `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}:00`,
      );
      const wanted = Math.min(20, 260 - asked);
      assert.equal(await passes(vault, names(wanted, `m${minute}-`)), wanted);
      asked += wanted;
      const told = (await leaves(home, "quota-alarm")).length;
      assert.equal(told, asked >= 250 ? 1 : 0, `after ${asked}`);
    }
    const [alarm] = await leaves(home, "quota-alarm");
    assert.equal(alarm?.["account"], OFFICER.pseudonym);
    assert.equal(alarm["count"], 250);
    const overview = await quotaOverview(vault, signedIn("甲"));
    assert.equal(overview.alarms.length, 1);
    assert.ok(overview.counters.some(({ scope, spent }) => scope === "subjects" && spent === 260));
  });
});

test("P10: 2,500 distinct waybills in a day are the second alarm, after raises", async () => {
  await withHome(async (home) => {
    const clock = new Clock("2026-03-02T04:00:00Z");
    await using vault = await home.open({ now: clock.now });
    await look(vault, "first");
    await home.change(`
      update quota_count set spent = 2498
      where scope in ('person', 'subjects', 'purpose') and span = 'day'`);
    const [asker, approver] = [signedIn("主管", "headquarters-operator"), signedIn("合规")];
    const asked = { span: "day", extra: 5_000, hours: 1, reason: "大促", actor: asker };
    for (const scope of ["person", "purpose"] as const) {
      const key = scope === "person" ? OFFICER.pseudonym : `${OFFICER.pseudonym}/contact`;
      const raise = await askQuotaRaise(vault, { ...asked, key, scope });
      await approveRaise(vault, { id: raise.id, actor: approver });
    }
    assert.equal(await passes(vault, ["a"]), 1);
    assert.deepEqual(await leaves(home, "quota-alarm"), []);
    assert.equal(await passes(vault, ["b", "c"]), 2);
    const told = await leaves(home, "quota-alarm");
    assert.deepEqual(
      told.map(({ account, count }) => [account, count]),
      [[OFFICER.pseudonym, 2_500]],
    );
  });
});

test("P10: an alarm whose server died before telling it is told by the next job", async () => {
  await withHome(async (home) => {
    await using vault = await home.open({ now: new Clock().now });
    await home.change(`
      insert into quota_alarm (tenant_id, reached_at, on_day, step, actor)
      select id, '2026-03-02T03:00Z', '2026-03-02', 250, 'st-0123456789abcdef' from tenant`);
    await clearQuota(vault);
    await clearQuota(vault);
    assert.equal((await leaves(home, "quota-alarm")).length, 1);
  });
});

test("P18: other phones spend, the same one again does not, and no digits stay", async () => {
  await withHome(async (home) => {
    await using vault = await home.open({ now: new Clock().now });
    await sealOrders(vault, inventOrders(3));
    const allowed = limit("person", "minute");
    for (let time = 0; time < 3; time += 1) {
      await search(vault, { phone: inventOrder(1).phone, actor: SUPPORT });
    }
    for (let index = 2; index <= allowed; index += 1) {
      await search(vault, { phone: inventOrder(index).phone, actor: SUPPORT });
    }
    const next = search(vault, { phone: inventOrder(900).phone, actor: SUPPORT });
    await assert.rejects(next, failure("QUOTA_SPENT"));
    const kept = JSON.stringify(await home.rows("select * from quota_seen, quota_count"));
    assert.ok(kept.length > 100 && !kept.includes(inventOrder(1).phone.slice(-4)));
  });
});

test("P10: what is over is cleared, and clearing gives nobody a second quota", async () => {
  await withHome(async (home) => {
    const clock = new Clock("2026-03-02T04:00:00Z");
    await using vault = await home.open({ now: clock.now });
    await look(vault, "one");
    await clearQuota(vault);
    assert.equal(await spentOf(home, "person", "day"), 1);
    clock.set(clock.today, "12:00:30");
    assert.equal(await passes(vault, names(30)), limit("person", "minute") - 1);
    const fourth = new Date("2026-03-06T04:00:00Z");
    clock.set("2026-03-06" as typeof clock.today);
    assert.ok(clock.now() >= fourth);
    assert.ok((await clearQuota(vault)) > 0);
    assert.equal((await home.rows("select from quota_count")).length, 0);
    assert.equal((await home.rows("select from quota_seen")).length, 0);
  });
});
