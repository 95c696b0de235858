/** Terms and the closing of access, against a real database (P8). */
import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { foundHeadquarters } from "../../src/access/organisation.ts";
import { setTerm, showTerms } from "../../src/access/retention.ts";
import { readOrders } from "../../src/orders/read.ts";
import { addDays } from "../../src/rules/calendar.ts";
import { isFailure } from "../../src/rules/failure.ts";
import type { FailureCode } from "../../src/rules/failure.ts";
import { placeHold } from "../../src/vault/hold.ts";
import { openViews } from "../../src/vault/open-views.ts";
import { recordState } from "../../src/vault/parcel-state.ts";
import { retentionPlan } from "../../src/vault/retention-plan.ts";
import { reveal } from "../../src/vault/reveal.ts";
import { seal } from "../../src/vault/seal.ts";
import { search } from "../../src/vault/search.ts";
import { shownWaybill } from "../../src/vault/show.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { leaves } from "../support/leaves.ts";
import { csvOf, inventOrder, sealOne } from "../support/orders.ts";
import { signedIn } from "../support/actor.ts";
import { warrantOver } from "../support/warrant.ts";
import { withVault } from "../support/vault.ts";

const fails =
  (code: FailureCode) =>
  (error: unknown): boolean =>
    isFailure(error, code);

const TERM = { organisation: null, reason: "合规审计意见", actor: signedIn("officer") } as const;

async function setDays(vault: Vault, name: string, days: number): Promise<unknown> {
  return setTerm(vault, { ...TERM, class: name, days });
}

async function openedFor(vault: Vault, token: string, purpose: string): Promise<number> {
  const request = {
    token,
    fields: "phone",
    purpose,
    actor: signedIn("a"),
    reason: "单号 8 的核查",
  };
  return (await reveal(vault, request)).values.length;
}

/** Seals one order for a branch and gives its token. */
async function sealFor(vault: Vault, index: number, organisation: string): Promise<string> {
  const stream = Readable.from([Buffer.from(csvOf([inventOrder(index)]), "utf8")]);
  const tokens: string[] = [];
  await seal(vault, readOrders({ kind: "stdin", stream }), {
    actor: signedIn("tester"),
    organisation,
    sink: {
      committed: async (rows) => {
        tokens.push(...rows.map(({ token }) => token));
      },
    },
  });
  return tokens[0] ?? "";
}

test("P8: a tenant's term binds new seals only, and a branch's may only be tighter", async () => {
  await withVault(async (vault, clock) => {
    await foundHeadquarters(vault, { name: "青禾速运", outlets: ["东站"], actor: signedIn("a") });
    const before = await sealOne(vault, 1);
    await setDays(vault, "persons", 200);
    const loose = await sealOne(vault, 2);
    const east = { ...TERM, organisation: "东站", class: "persons" };
    await assert.rejects(setTerm(vault, { ...east, days: 201 }), fails("RETENTION_LOOSER"));
    await setTerm(vault, { ...east, days: 60 });
    const tight = await sealFor(vault, 3, "东站");
    const days = await Promise.all(
      [before, loose, tight].map(async (token) => (await shownWaybill(vault, token)).dayOfDeath),
    );
    assert.deepEqual(
      days,
      [120, 200, 60].map((term) => addDays(clock.today, term)),
    );
    await assert.rejects(setDays(vault, "persons", 1), fails("RETENTION_BOUNDS"));
    await assert.rejects(setDays(vault, "person", 9), fails("RETENTION_UNKNOWN"));
    const shown = await showTerms(vault, "东站");
    assert.equal(shown.find((term) => term.class === "persons")?.days, 60);
  });
});

test("P8: each change is an entry with its value, and terms cannot be rewritten", async () => {
  await withVault(async (vault, _clock, home) => {
    await setDays(vault, "persons", 90);
    await setDays(vault, "persons", 80);
    const told = await leaves(home, "retention-changed");
    assert.deepEqual(
      told.map((leaf) => [leaf["setting"], leaf["value"], leaf["version"]]),
      [
        ["persons", "90", 1],
        ["persons", "80", 2],
      ],
    );
    await assert.rejects(home.change("update retention_term set days = 1"));
    await assert.rejects(home.change("delete from retention_term"));
  });
});

test("P8: where terms change, one day of death may take two compartments", async () => {
  await withVault(async (vault, clock, home) => {
    const first = await sealOne(vault, 1);
    await setDays(vault, "persons", 100);
    clock.set(addDays(clock.today, 20));
    const second = await sealOne(vault, 2);
    clock.set(addDays(clock.today, 0), "13:00:00");
    const third = await sealOne(vault, 3);
    const rows = await home.rows(
      "select day_of_death, shell_week from compartment order by serial",
    );
    assert.equal(rows.length, 2);
    assert.deepEqual(rows[0]?.["day_of_death"], rows[1]?.["day_of_death"]);
    assert.notDeepEqual(rows[0]?.["shell_week"], rows[1]?.["shell_week"]);
    for (const token of [first, second, third]) {
      assert.equal(await openedFor(vault, token, "contact"), 1);
    }
  });
});

test("P8: after sign-off and claim window reveal, search, print and show are closed", async () => {
  await withVault(async (vault, clock, home) => {
    const order = inventOrder(1);
    const token = await sealOne(vault, 1);
    const other = await sealOne(vault, 2);
    const state = {
      token,
      state: "delivered",
      on: clock.today,
      organisation: null,
      actor: signedIn("a"),
    };
    const { accessClosesOn } = await recordState(vault, state);
    assert.equal(accessClosesOn, addDays(clock.today, 90));
    clock.set(addDays(clock.today, 89));
    assert.equal(await openedFor(vault, token, "contact"), 1);
    assert.equal(
      (await search(vault, { phone: order.phone, actor: signedIn("a") })).hits.length,
      1,
    );
    clock.set(addDays(clock.today, 1));
    for (const purpose of ["contact", "claim", "inspection"]) {
      await assert.rejects(openedFor(vault, token, purpose), fails("ACCESS_CLOSED"), purpose);
    }
    assert.equal((await leaves(home, "reveal-denied")).length, 3);
    assert.equal(
      (await search(vault, { phone: order.phone, actor: signedIn("a") })).hits.length,
      0,
    );
    const [view] = await openViews(vault, [token]);
    assert.deepEqual(view, { token, code: "ACCESS_CLOSED" });
    const shown = await shownWaybill(vault, token);
    assert.deepEqual([shown.view, shown.accessClosed, shown.life], [null, true, "live"]);
    await warrantOver(vault, [token], signedIn("a"));
    assert.equal(await openedFor(vault, token, "law-enforcement"), 1);
    assert.equal(await openedFor(vault, token, "subject-request"), 1);
    assert.equal(await openedFor(vault, other, "contact"), 1);
  });
});

test("P8: a tighter access term counts at once, a looser one for new seals only", async () => {
  await withVault(async (vault, clock) => {
    const token = await sealOne(vault, 1);
    clock.set(clock.today, "13:00:00");
    await setDays(vault, "access-delivered", 150);
    clock.set(addDays(clock.today, 1));
    const state = {
      token,
      state: "delivered",
      on: clock.today,
      organisation: null,
      actor: signedIn("a"),
    };
    const { accessClosesOn } = await recordState(vault, state);
    assert.equal(accessClosesOn, addDays(clock.today, 90));
    clock.set(addDays(clock.today, 10));
    assert.equal(await openedFor(vault, token, "contact"), 1);
    await setDays(vault, "access-delivered", 5);
    await assert.rejects(openedFor(vault, token, "contact"), fails("ACCESS_CLOSED"));
  });
});

test("P8: a state lies between seal and today, and what is undelivered stays open", async () => {
  await withVault(async (vault, clock) => {
    const token = await sealOne(vault, 1);
    const state = { token, state: "undelivered", organisation: null, actor: signedIn("a") };
    for (const days of [-1, 1]) {
      const on = addDays(clock.today, days);
      await assert.rejects(recordState(vault, { ...state, on }), fails("PARCEL_STATE_DAY"));
    }
    const on = clock.today;
    const lost = { ...state, on, state: "lost" };
    await assert.rejects(recordState(vault, lost), fails("PARCEL_STATE_UNKNOWN"));
    assert.equal((await recordState(vault, { ...state, on })).accessClosesOn, null);
    clock.set(addDays(clock.today, 119));
    assert.equal(await openedFor(vault, token, "contact"), 1);
  });
});

test("P8: the plan names the day of every death: persons, index, shells, intake", async () => {
  await withVault(async (vault, clock) => {
    const token = await sealOne(vault, 1);
    await sealOne(vault, 2);
    const on = clock.today;
    const state = { token, state: "returned", on, organisation: null, actor: signedIn("a") };
    await recordState(vault, state);
    const { dayOfDeath } = await shownWaybill(vault, token);
    const until = addDays(on, 40);
    const hold = { token, reason: "claim", authority: "理赔组", document: null, until };
    await placeHold(vault, { ...hold, actor: signedIn("a") });
    assert.deepEqual((await retentionPlan(vault, 29)).access, []);
    const plan = await retentionPlan(vault, 1100);
    assert.deepEqual(
      plan.persons.map(({ day, waybills }) => [day, waybills]),
      [[dayOfDeath, 1]],
    );
    assert.deepEqual(plan.access, [{ day: addDays(on, 30), waybills: 1 }]);
    assert.deepEqual(plan.holds, [{ day: until, waybills: 1 }]);
    assert.deepEqual([plan.indexWeeks.length, plan.shellWeeks.length], [1, 1]);
    assert.deepEqual(plan.intake, [{ day: addDays(on, 365), waybills: 2 }]);
    clock.set(addDays(dayOfDeath as typeof on, 3));
    assert.equal((await retentionPlan(vault, 0)).overdue.length, 1);
  });
});
