/** Searching among the parcels that a branch has: useful at its counter, no oracle (P18). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { foundHeadquarters } from "../../src/access/organisation.ts";
import type { Actor } from "../../src/access/actor.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { QUOTA_LIMITS, quotaWeight } from "../../src/rules/quota.ts";
import { searchCustody } from "../../src/vault/custody-search.ts";
import type { CustodySearch } from "../../src/vault/custody-search.ts";
import { recordState } from "../../src/vault/parcel-state.ts";
import type { Found } from "../../src/vault/search.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { signedIn } from "../support/actor.ts";
import { Clock } from "../support/clock.ts";
import { withHome } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { csvOf, inventOrder, inventOrders, sealCsv, sealOrders } from "../support/orders.ts";
import { failure } from "../access/fresh-desk.ts";

const [HERE, THERE] = ["甲快递一号网点", "甲快递二号网点"] as const;
const OFFICER = signedIn("隐私负责人");

interface Branches {
  readonly vault: Vault;
  readonly clock: Clock;
  readonly home: Home;
  readonly here: string;
  readonly there: string;
}

async function withBranches(work: (branches: Branches) => Promise<void>): Promise<void> {
  await withHome(async (home) => {
    const clock = new Clock();
    await using vault = await home.open({ now: clock.now });
    const plan = { name: "甲快递总部", outlets: [HERE, THERE], actor: signedIn("总部") };
    const { organisations } = await foundHeadquarters(vault, plan);
    const idOf = (name: string): string =>
      organisations.find((organisation) => organisation.name === name)?.id ?? "";
    await work({ vault, clock, home, here: idOf(HERE), there: idOf(THERE) });
  });
}

async function state(
  { vault, clock }: Branches,
  what: { readonly token: string; readonly state: string; readonly branch: string | null },
): Promise<void> {
  const { token, state: name, branch: organisation } = what;
  await recordState(vault, { token, state: name, on: clock.today, organisation, actor: OFFICER });
}

async function find(
  { vault, clock }: Branches,
  wanted: CustodySearch["wanted"],
  { branch = HERE, actor = OFFICER }: { readonly branch?: string; readonly actor?: Actor } = {},
): Promise<Found> {
  return searchCustody(vault, { branch, day: clock.today, wanted, actor });
}

function tailOf(index: number): string {
  return inventOrder(index).phone.slice(-4);
}

test("P18: four digits find what this branch has today, masked, nothing of another", async () => {
  await withBranches(async (branches) => {
    const { rows } = await sealOrders(branches.vault, inventOrders(6));
    for (const [index, { token }] of rows.entries()) {
      if (index === 5) continue;
      await state(branches, { token, state: "arrived", branch: index < 3 ? HERE : THERE });
    }
    const found = await find(branches, { phoneTail: tailOf(1) });
    assert.deepEqual(
      found.hits.map(({ token }) => token),
      [rows[1]?.token],
    );
    const text = JSON.stringify(found);
    const { name, phone, address } = inventOrder(1);
    for (const hidden of [name, phone, address]) assert.equal(text.includes(hidden), false);
    // Number 4 lies at the other branch, number 5 nowhere yet.
    for (const elsewhere of [4, 5]) {
      assert.equal((await find(branches, { phoneTail: tailOf(elsewhere) })).hits.length, 0);
    }
    const there = await find(branches, { phoneTail: tailOf(4) }, { branch: THERE });
    assert.equal(there.hits.length, 1);
    const told = await leaves(branches.home, "search");
    assert.equal(told.length, 4);
    assert.equal(told[0]?.["organisation"], branches.here);
    assert.equal(JSON.stringify(told).includes(tailOf(1)), false);
  });
});

test("P18: a parcel is found where it lies, day by day, nowhere once it is delivered", async () => {
  await withBranches(async (branches) => {
    const [row] = (await sealOrders(branches.vault, [inventOrder(1)])).rows;
    const token = row?.token ?? "";
    const phoneTail = tailOf(1);
    const counts = async (day: string): Promise<number[]> => {
      const found = [];
      for (const branch of [HERE, THERE]) {
        // Each day by somebody else: more than five of these in a minute are beyond a quota.
        const asked = { branch, day, wanted: { phoneTail }, actor: signedIn(day) };
        found.push((await searchCustody(branches.vault, asked)).hits.length);
      }
      return found;
    };
    const first = branches.clock.today;
    await state(branches, { token, state: "arrived", branch: HERE });
    await state(branches, { token, state: "arrived", branch: HERE });
    branches.clock.set("2026-03-04" as typeof first);
    await state(branches, { token, state: "arrived", branch: THERE });
    branches.clock.set("2026-03-06" as typeof first);
    await state(branches, { token, state: "delivered", branch: THERE });
    branches.clock.set("2026-03-08" as typeof first);
    assert.deepEqual(await counts(first), [1, 0]);
    assert.deepEqual(await counts("2026-03-05"), [0, 1]);
    assert.deepEqual(await counts("2026-03-08"), [0, 0]);
    for (const day of ["2026-03-09", "2026-01-01", "yesterday"]) {
      await assert.rejects(counts(day), failure("CUSTODY_DAY"));
    }
  });
});

test("P18: the same recipient is found by a parcel of this branch, by no other's", async () => {
  await withBranches(async (branches) => {
    const one = inventOrder(1);
    const orders = [one, { ...one, number: "VT77" }, { ...inventOrder(2), phone: one.phone }];
    orders[2] = { ...inventOrder(2), name: "周朗月", phone: one.phone };
    const { rows } = await sealCsv(branches.vault, csvOf([...orders, inventOrder(9)]));
    const [a = "", b = "", other = "", far = ""] = rows.map(({ token }) => token);
    for (const token of [a, b, other]) {
      await state(branches, { token, state: "arrived", branch: HERE });
    }
    await state(branches, { token: far, state: "arrived", branch: THERE });
    const { hits } = await find(branches, { sameRecipient: a });
    assert.deepEqual(hits.map(({ token }) => token).toSorted(), [a, b].toSorted());
    const foreign = find(branches, { sameRecipient: far });
    await assert.rejects(foreign, failure("TOKEN_UNKNOWN"));
  });
});

test("P18: who belongs to a branch searches no other", async () => {
  await withBranches(async (branches) => {
    const path = { organisationId: branches.here, organisationPath: ["above", branches.here] };
    const own = { ...OFFICER, ...path };
    assert.equal((await find(branches, { phoneTail: "0000" }, { actor: own })).hits.length, 0);
    const foreign = find(branches, { phoneTail: "0000" }, { actor: own, branch: THERE });
    await assert.rejects(foreign, failure("ACCESS_DENIED"));
    for (const phoneTail of ["", "123", "12345", "12a4", "１２３４"]) {
      await assert.rejects(find(branches, { phoneTail }), failure("PHONE_INVALID"));
    }
  });
});

test("P18: a guesser with 10,000 tails learns nothing beyond its quota", async () => {
  await withBranches(async (branches) => {
    const { rows } = await sealOrders(branches.vault, inventOrders(60));
    for (const { token } of rows) await state(branches, { token, state: "arrived", branch: HERE });
    const guesser = signedIn("好奇的人", "support");
    const learnt = { asked: 0, refused: 0, hits: 0 };
    for (let tail = 0; tail < 10_000; tail += 1) {
      // Eight guesses a minute, all afternoon and evening.
      if (tail % 8 === 0) {
        const minute = 750 + Math.floor(tail / 8);
        if (minute >= 24 * 60) break;
        const [hours, minutes] = [Math.floor(minute / 60), minute % 60].map((part) =>
          String(part).padStart(2, "0"),
        );
        branches.clock.set(branches.clock.today, `${hours}:${minutes}:00`);
      }
      try {
        const phoneTail = String(tail).padStart(4, "0");
        learnt.hits += (await find(branches, { phoneTail }, { actor: guesser })).hits.length;
        learnt.asked += 1;
      } catch (error) {
        assert.ok(isFailure(error, "QUOTA_SPENT"), String(error));
        learnt.refused += 1;
        // Once the day is spent it stays so; the rest of the guesses tell nothing more.
        if (error.details["span"] === "day" && learnt.refused > 60) break;
      }
    }
    const days = QUOTA_LIMITS.filter(({ scope, span }) => scope === "purpose" && span === "day");
    const allowed = Math.floor((days[0]?.limit ?? 0) / quotaWeight("custody-search"));
    assert.equal(learnt.asked, allowed);
    assert.ok(learnt.refused > 60);
    assert.ok(learnt.hits <= 60 * (allowed / 10_000) * 5, `${learnt.hits} hits`);
    // A refusal reads the same whether the tail lies here or not.
    for (const phoneTail of [tailOf(3), "0001"]) {
      const refused = find(branches, { phoneTail }, { actor: guesser });
      await assert.rejects(refused, failure("QUOTA_SPENT"));
    }
  });
});
