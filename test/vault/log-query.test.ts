/** Questions to the log: answered by index, in pages, and themselves entries. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { playedActor, staffPseudonym } from "../../src/access/actor.ts";
import { askLog } from "../../src/vault/log-query.ts";
import type { LogAsked } from "../../src/vault/log-query.ts";
import { reveal } from "../../src/vault/reveal.ts";
import { withHome } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { inventOrders, sealOrders } from "../support/orders.ts";
import { signedIn } from "../support/actor.ts";

const ASKED: LogAsked = {
  question: "looks",
  actor: signedIn("审计员甲"),
  about: null,
  purpose: null,
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
      const actor = await playedActor(vault, { name, role: "clerk" });
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
