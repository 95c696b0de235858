/** Merge groups: which parcels go to the same recipient, and nothing else about anybody (P18). */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Actor } from "../../src/access/actor.ts";
import { foundHeadquarters } from "../../src/access/organisation.ts";
import { addDays } from "../../src/rules/calendar.ts";
import { MERGE_TOKENS_MAX, mergeLooks } from "../../src/rules/merge.ts";
import { QUOTA_LIMITS } from "../../src/rules/quota.ts";
import { placeHold } from "../../src/vault/hold.ts";
import { mergeGroups } from "../../src/vault/merge.ts";
import type { MergeGroups } from "../../src/vault/merge.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { failure } from "../access/fresh-desk.ts";
import { placedAt, signedIn } from "../support/actor.ts";
import { Clock } from "../support/clock.ts";
import { withHome } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { csvOf, inventOrder, inventOrders, sealCsv, sealOrders } from "../support/orders.ts";

/** Who seals in these tests (`sealCsv`). */
const TESTER = signedIn("tester");
const MERCHANT = { ...signedIn("tester"), role: "merchant" } as const;

/** The partition that was told: for each token the place of the first of its group, or a code. */
function partition({ results }: MergeGroups): (number | string)[] {
  const ids = results.map((one) => ("group" in one ? one.group : null));
  return results.map((one) => ("group" in one ? ids.indexOf(one.group) : one.code));
}

async function sealAs(vault: Vault, csv: string, actor: Actor): Promise<string[]> {
  const { rows } = await sealCsv(vault, csv, actor);
  return rows.map(({ token }) => token);
}

test("P18: waybills of one recipient share a group, however the address is spaced", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const one = inventOrder(1);
    const spaced = one.address.replace("玄武区", "玄武区 ");
    const orders = [
      one,
      { ...one, number: "M2", phone: `+86 ${one.phone}`, address: spaced },
      { ...one, number: "M3", name: "周朗月" },
      { ...one, number: "M4", phone: inventOrder(2).phone },
      { ...one, number: "M5", address: inventOrder(2).address },
      inventOrder(6),
    ];
    const tokens = await sealAs(vault, csvOf(orders), TESTER);
    const told = await mergeGroups(vault, { tokens, actor: TESTER });
    assert.deepEqual(partition(told), [0, 0, 2, 3, 4, 5]);
    assert.deepEqual([told.compared, told.groups], [6, 5]);
    const text = JSON.stringify(told);
    for (const hidden of [one.name, one.phone, one.address]) {
      assert.equal(text.includes(hidden), false);
    }
    const [entry] = await leaves(home, "merge");
    assert.equal(entry?.["count"], 6);
    assert.equal(entry["actor"], TESTER.pseudonym);
    assert.match(String(entry["root"]), /^[0-9a-f]{64}$/);
  });
});

test("P18: ids are random in every call, also in two at once; the groups stay", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const one = inventOrder(1);
    const tokens = await sealAs(vault, csvOf([one, { ...one, number: "M2" }]), TESTER);
    const asked = { tokens, actor: TESTER };
    const told = [await mergeGroups(vault, asked)];
    told.push(...(await Promise.all([mergeGroups(vault, asked), mergeGroups(vault, asked)])));
    for (const groups of told) assert.deepEqual(partition(groups), [0, 0]);
    const ids = told.flatMap(({ results }) =>
      results.map((result) => ("group" in result ? result.group : "")),
    );
    assert.equal(new Set(ids).size, 3);
    assert.equal((await leaves(home, "merge")).length, 3);
  });
});

test("P18: a guess that somebody seals beside a stranger's order is never compared", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const one = inventOrder(1);
    const [victim = ""] = await sealAs(vault, csvOf([one]), TESTER);
    const guesser = signedIn("好奇的人", "headquarters-operator");
    const guess = csvOf([{ ...one, number: "GUESS" }]);
    const [guessed = ""] = await sealAs(vault, guess, guesser);
    // The same person, sealed for another shop by the same hand.
    const other = csvOf([{ ...one, number: "SHOP2" }]).replace("青禾布艺", "北辰茶庄");
    const [elsewhere = ""] = await sealAs(vault, other, guesser);
    const tokens = [victim, guessed, elsewhere];
    assert.deepEqual(partition(await mergeGroups(vault, { tokens, actor: guesser })), [0, 1, 2]);
    // A merchant and a machine compare only what they sealed, and do not learn what there is.
    const stranger = { ...signedIn("别家"), role: "merchant" } as const;
    const machine = {
      ...stranger,
      kind: "machine",
      role: "erp-machine",
      scopes: ["seal"],
    } as const;
    for (const actor of [stranger, machine]) {
      const told = await mergeGroups(vault, { tokens, actor });
      assert.deepEqual(partition(told), ["TOKEN_UNKNOWN", "TOKEN_UNKNOWN", "TOKEN_UNKNOWN"]);
    }
    const own = await mergeGroups(vault, { tokens, actor: MERCHANT });
    assert.deepEqual(partition(own), [0, "TOKEN_UNKNOWN", "TOKEN_UNKNOWN"]);
  });
});

test("P18: somebody of a branch compares what it and those below it sealed", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const [here, there] = ["甲快递一号网点", "甲快递二号网点"] as const;
    const plan = { name: "甲快递总部", outlets: [here, there], actor: TESTER };
    await foundHeadquarters(vault, plan);
    const own = await placedAt(vault, signedIn("本店", "clerk"), here);
    const [token = ""] = await sealAs(vault, csvOf([inventOrder(1)]), own);
    const told = async (outlet: string) => {
      const actor = await placedAt(vault, signedIn(`经理 ${outlet}`, "branch-manager"), outlet);
      return partition(await mergeGroups(vault, { tokens: [token], actor }));
    };
    assert.deepEqual(await told(here), [0]);
    assert.deepEqual(await told(there), ["TOKEN_UNKNOWN"]);
    // Nobody becomes the whole tenant by having no place.
    const nowhere = { tokens: [token], actor: signedIn("无机构", "clerk") };
    assert.deepEqual(partition(await mergeGroups(vault, nowhere)), ["TOKEN_UNKNOWN"]);
  });
});

test("P18: a dead, a held and a foreign waybill are answered, and stop nothing", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    await using vault = await home.open({ now: clock.now });
    const foreign = await (async () => {
      await using other = await home.open({ tenant: "another", now: clock.now });
      return await sealAs(other, csvOf([inventOrder(1)]), TESTER);
    })();
    const [held = "", dying = ""] = await sealAs(vault, csvOf(inventOrders(2)), TESTER);
    const until = addDays(clock.today, 200);
    const hold = {
      token: held,
      reason: "claim",
      authority: "客服部",
      document: null,
      until,
    } as const;
    await placeHold(vault, { ...hold, actor: TESTER });
    const tokens = [held, ...foreign, dying];
    const before = await mergeGroups(vault, { tokens, actor: TESTER });
    assert.deepEqual(partition(before), [0, "TOKEN_UNKNOWN", 2]);
    clock.set(addDays(clock.today, 130));
    const [young = ""] = await sealAs(vault, csvOf([inventOrder(9)]), TESTER);
    // A hold keeps a waybill for its reason; nobody merges parcels of half a year ago.
    const after = await mergeGroups(vault, { tokens: [held, dying, young], actor: TESTER });
    assert.deepEqual(partition(after), ["DATA_DEAD", "DATA_DEAD", 2]);
  });
});

test("P18: comparing is counted before it is done, and a refusal tells nothing", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    await using vault = await home.open({ now: clock.now });
    const { rows } = await sealOrders(vault, inventOrders(450));
    const tokens = rows.map(({ token }) => token);
    const minute = QUOTA_LIMITS.find(({ scope, span }) => scope === "person" && span === "minute");
    const calls = Math.floor((minute?.limit ?? 0) / mergeLooks(tokens.length));
    assert.equal(calls, 4);
    // Each call leaves out another, so that none is a repetition.
    const part = (index: number): string[] => tokens.toSpliced(index, 1);
    for (let index = 0; index < calls; index += 1) {
      await mergeGroups(vault, { tokens: part(index), actor: TESTER });
    }
    const more = mergeGroups(vault, { tokens: part(calls), actor: TESTER });
    await assert.rejects(more, failure("QUOTA_SPENT"));
    // What was asked before costs nothing, in whatever order it is asked.
    const again = await mergeGroups(vault, { tokens: part(0).toReversed(), actor: TESTER });
    assert.equal(again.compared, tokens.length - 1);
    const told = await leaves(home, "merge");
    assert.deepEqual(told.map((leaf) => leaf["failure"]).filter(Boolean), ["QUOTA_SPENT"]);
  });
});

test("P18: who may not, and what is no list of tokens, is refused and costs nothing", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const [token = ""] = await sealAs(vault, csvOf([inventOrder(1)]), TESTER);
    for (const role of ["courier", "support", "owner", "auditor"] as const) {
      const asked = mergeGroups(vault, { tokens: [token], actor: signedIn("tester", role) });
      await assert.rejects(asked, failure("ACCESS_DENIED"));
    }
    const many = Array.from({ length: MERGE_TOKENS_MAX + 1 }, () => token);
    for (const tokens of [[], many]) {
      await assert.rejects(mergeGroups(vault, { tokens, actor: TESTER }), failure("MERGE_COUNT"));
    }
    await assert.rejects(mergeGroups(vault, { tokens: ["md1"], actor: TESTER }));
    const twice = await mergeGroups(vault, { tokens: [token, token], actor: TESTER });
    assert.equal(twice.results.length, 1);
  });
});
