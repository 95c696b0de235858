/** Questions to the log: answered by index, in pages, and themselves entries. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { foundHeadquarters } from "../../src/access/organisation.ts";
import { writeEntry } from "../../src/access/entry.ts";
import { playedActor, staffPseudonym } from "../../src/access/actor.ts";
import { dayOf } from "../../src/rules/calendar.ts";
import { assign } from "../../src/vault/assign.ts";
import { askAboutWaybill, askLog } from "../../src/vault/log-query.ts";
import type { LogAsked } from "../../src/vault/log-query.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { transaction } from "../../src/store/pool.ts";
import { reveal } from "../../src/vault/reveal.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { withHome } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { inventOrders, sealOne, sealOrders } from "../support/orders.ts";
import { signedIn } from "../support/actor.ts";

const ASKED: LogAsked = {
  question: "looks",
  actor: signedIn("审计员甲"),
  about: null,
  purpose: null,
  organisation: null,
  from: new Date(0),
  to: new Date("2999-01-01T00:00:00Z"),
  before: 1_000_000,
  limit: 2,
  by: null,
};

test("P13: the log answers who looked, in pages, and asking is an entry", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const { rows } = await sealOrders(vault, inventOrders(1));
    const token = rows[0]?.token ?? "";
    const look = async (name: string, purpose: string, reason = "核对"): Promise<unknown> => {
      const actor = await playedActor(vault, { name, role: "privacy-officer" });
      return reveal(vault, { token, fields: "phone", purpose, actor, reason });
    };
    await look("甲", "contact");
    await look("乙", "deliver");
    await look("甲", "deliver");
    await assert.rejects(look("甲", "law-enforcement", ""), { code: "REASON_MISSING" });
    // Null while the vault's own keeper is at it; what was committed by then is in with the next.
    while ((await vault.log.sequencer.integrate()) === null) await sleep(20);
    const first = await askLog(vault, ASKED);
    assert.deepEqual(
      first.entries.map(({ index }) => index),
      [4, 3],
    );
    const second = await askLog(vault, { ...ASKED, before: first.next ?? 0 });
    assert.deepEqual(
      second.entries.map(({ index }) => index),
      [2, 1],
    );
    const about = await askLog(vault, { ...ASKED, question: "reveals", about: "乙" });
    assert.deepEqual(
      about.entries.map(({ index }) => index),
      [2],
    );
    const counted = await askLog(vault, { ...ASKED, question: "reveals", by: "purpose" });
    assert.deepEqual(counted.counts, [
      { value: "deliver", leaves: 2 },
      { value: "contact", leaves: 1 },
    ]);
    const denied = await askLog(vault, {
      ...ASKED,
      question: "denied",
      purpose: "law-enforcement",
    });
    assert.equal(denied.entries.length, 1);
    const told = await leaves(home, "log-queried");
    assert.equal(told.length, 5);
    assert.deepEqual(told[2]?.["fields"], ["question.reveals", "about"]);
    assert.equal(told[2]?.["asked"], await staffPseudonym(vault, "乙"));
    assert.equal(told[2]?.["actor"], ASKED.actor.pseudonym);
  });
});

test("P13: what is no purpose is not asked for, and does not get into the log", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    for (const purpose of ["15413912345", "contact\u0000", "contact\ud800", "__proto__", ""])
      await assert.rejects(askLog(vault, { ...ASKED, purpose }), (error: unknown) =>
        isFailure(error, "PURPOSE_UNKNOWN"),
      );
    assert.equal((await leaves(home, "log-queried")).length, 0);
    await askLog(vault, { ...ASKED, purpose: "contact" });
    assert.equal((await leaves(home, "log-queried")).length, 1);
  });
});

async function taken(vault: Vault): Promise<void> {
  // Null while the vault's own keeper is at it; what was committed by then is in with the next.
  while ((await vault.log.sequencer.integrate()) === null) await sleep(20);
}

test("P13: who looked at one waybill is told in pages, and asking is told too", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const [token, other] = [await sealOne(vault, 1), await sealOne(vault, 2)];
    const why = { fields: "phone", purpose: "contact", reason: "核对" };
    for (const name of ["甲", "乙", "丙"])
      await reveal(vault, { ...why, token, actor: signedIn(name) });
    await reveal(vault, { ...why, token: other, actor: signedIn("丁") });
    await taken(vault);
    const asked = { token, actor: signedIn("审计员甲"), before: 1_000_000, limit: 2 };
    const first = await askAboutWaybill(vault, asked);
    const second = await askAboutWaybill(vault, { ...asked, before: first.next ?? 0 });
    const actors = [...first.entries, ...second.entries].map(({ leaf }) => leaf["actor"]);
    const wanted = ["丙", "乙", "甲"].map((name) => signedIn(name).pseudonym);
    assert.deepEqual([actors, second.next], [wanted, null]);
    await taken(vault);
    // Now the two questions stand among the entries about it.
    const third = await askAboutWaybill(vault, { ...asked, limit: 10 });
    const types = third.entries.map(({ leaf }) => leaf["type"]);
    assert.deepEqual(types.slice(0, 2), ["log-queried", "log-queried"]);
    await assert.rejects(askAboutWaybill(vault, { ...asked, limit: 1001 }), { code: "USAGE" });
    assert.equal((await leaves(home, "log-queried")).length, 3);
  });
});

test("P13: reveals are told by branch with what is below it, and exports listed", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const token = await sealOne(vault, 1);
    const plan = { name: "北辰总部", outlets: ["江畔网点", "山脚网点"], actor: signedIn("甲") };
    const { organisations } = await foundHeadquarters(vault, plan);
    const [head = "", outlet = "", other = ""] = organisations.map(({ id }) => id);
    const look = async (name: string, path: readonly string[]): Promise<unknown> => {
      const organisationId = path.at(-1) ?? null;
      const actor = { ...signedIn(name), organisationId, organisationPath: path };
      const why = { fields: "phone", purpose: "contact", reason: "核对" };
      return reveal(vault, { ...why, token, actor });
    };
    for (const [name, id] of [
      ["甲", outlet],
      ["乙", outlet],
      ["丙", other],
    ] as const) {
      // An office of a branch opens what is on the branch's route that day.
      const route = { branch: id, to: null, on: dayOf(vault.now(), vault.timeZone) };
      await assign(vault, { ...route, token, actor: signedIn("总部") });
      await look(name, [head, id]);
    }
    await look("丁", [head]);
    const { pseudonym } = signedIn("甲");
    await transaction(vault.database, async (connection) =>
      writeEntry(vault, connection, { type: "export", actor: pseudonym, count: 9 }),
    );
    await taken(vault);
    const reveals = { ...ASKED, question: "reveals", limit: 100 } as const;
    const countOf = async (organisation: string | null): Promise<number> =>
      (await askLog(vault, { ...reveals, organisation })).entries.length;
    assert.deepEqual(
      [await countOf("江畔网点"), await countOf("山脚网点"), await countOf("北辰总部")],
      [2, 1, 4],
    );
    const byBranch = await askLog(vault, { ...reveals, by: "branch" });
    assert.deepEqual(byBranch.counts[0], { value: outlet, leaves: 2 });
    assert.equal(byBranch.counts.length, 3);
    const byDay = await askLog(vault, { ...reveals, by: "day" });
    assert.equal(
      byDay.counts.reduce((sum, { leaves: count }) => sum + count, 0),
      4,
    );
    const about = await askLog(vault, { ...reveals, question: "exports", about: pseudonym });
    assert.equal(about.entries[0]?.leaf["count"], 9);
    await assert.rejects(countOf("没有的网点"), { code: "ORGANISATION_UNKNOWN" });
    const [, told] = await leaves(home, "log-queried");
    assert.deepEqual(told?.["fields"], ["question.reveals", "organisation"]);
  });
});
