/** Law enforcement: a document number, two officers, what they named, and nothing else (P10). */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  clearWarrantLists,
  confirmWarrant,
  fileWarrant,
  listWarrants,
} from "../../src/access/warrant.ts";
import type { Actor } from "../../src/access/actor.ts";
import { addDays } from "../../src/rules/calendar.ts";
import { reveal } from "../../src/vault/reveal.ts";
import type { Revealed } from "../../src/vault/reveal.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { signedIn } from "../support/actor.ts";
import { Clock } from "../support/clock.ts";
import { withHome } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { warrantList } from "../../src/vault/warrant-list.ts";
import { inventOrder, sealOne } from "../support/orders.ts";
import { failure } from "./fresh-desk.ts";

const FIRST = signedIn("人员甲", "security-officer");
const SECOND = signedIn("人员乙", "privacy-officer");
const THIRD = signedIn("人员丙", "security-officer");
const PAPER = { authority: "某市公安局", document: "调证字 2026-17", days: 7 };

async function open(vault: Vault, token: string, actor: Actor): Promise<Revealed> {
  const asked = { fields: "name,phone", purpose: "law-enforcement", reason: "依函调取" };
  return reveal(vault, { ...asked, token, actor });
}

test("P10: a warrant takes two officers, opens to these two, and runs out", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    await using vault = await home.open({ now: clock.now });
    const [named, other] = [await sealOne(vault, 1), await sealOne(vault, 2)];
    const needed = failure("WARRANT_NEEDED");
    await assert.rejects(open(vault, named, FIRST), needed);
    const filed = await fileWarrant(vault, { ...PAPER, about: [named], actor: FIRST });
    await assert.rejects(open(vault, named, FIRST), needed, "filed is not confirmed");
    const self = confirmWarrant(vault, { id: filed.id, actor: FIRST });
    await assert.rejects(self, failure("WARRANT_SAME_OFFICER"));
    const owner = confirmWarrant(vault, { id: filed.id, actor: signedIn("老板", "owner") });
    await assert.rejects(owner, failure("ACCESS_DENIED"));
    await confirmWarrant(vault, { id: filed.id, actor: SECOND });
    const again = confirmWarrant(vault, { id: filed.id, actor: THIRD });
    await assert.rejects(again, failure("WARRANT_CONFIRMED"));
    for (const officer of [FIRST, SECOND]) {
      assert.equal((await open(vault, named, officer)).values.length, 2);
    }
    await assert.rejects(open(vault, named, THIRD), needed, "neither of the two");
    await assert.rejects(open(vault, other, FIRST), needed, "not named");
    clock.set(addDays(clock.today, 7), "11:59:59");
    await open(vault, named, FIRST);
    clock.set(clock.today, "12:00:00");
    await assert.rejects(open(vault, named, FIRST), needed, "has run out");
    assert.equal((await listWarrants(vault, FIRST)).length, 0);
    const over = warrantList(vault, { id: filed.id, actor: SECOND });
    await assert.rejects(over, failure("WARRANT_UNKNOWN"), "nobody's to read any more");
    const late = await fileWarrant(vault, { ...PAPER, about: [named], actor: FIRST });
    assert.deepEqual([await clearWarrantLists(vault), await clearWarrantLists(vault)], [1, 0]);
    assert.equal((await listWarrants(vault, FIRST)).length, 1);
    clock.wait(7 * 86_400 + 1);
    assert.equal((await listWarrants(vault, FIRST)).length, 0, "it waits no longer");
    const lapsed = warrantList(vault, { id: late.id, actor: SECOND });
    await assert.rejects(lapsed, failure("WARRANT_UNKNOWN"));
    assert.equal(await clearWarrantLists(vault), 1);
    assert.equal((await home.rows("select from warrant where list is not null")).length, 0);
    const told = await leaves(home, "warrant");
    assert.deepEqual(
      told.map(({ actor, mode, asked, count }) => ({ actor, mode, asked, count })),
      [
        { actor: FIRST.pseudonym, mode: "filed", asked: undefined, count: 1 },
        { actor: SECOND.pseudonym, mode: "confirmed", asked: FIRST.pseudonym, count: 1 },
        { actor: FIRST.pseudonym, mode: "filed", asked: undefined, count: 1 },
      ],
    );
    const opened = await leaves(home, "reveal");
    assert.deepEqual(
      opened.map(({ request, approvedBy }) => ({ request, approvedBy })),
      [SECOND, FIRST, SECOND].map(({ pseudonym }) => ({
        request: filed.id,
        approvedBy: [pseudonym],
      })),
    );
    assert.equal((await leaves(home, "reveal-denied")).length, 5);
    assert.ok(!JSON.stringify(told).includes("2026-17"), "the log names the document by a digest");
  });
});

test("P10: a warrant of one tenant is nothing in another, and its bounds hold", async () => {
  await withHome(async (home) => {
    const { now } = new Clock();
    await using vault = await home.open({ now });
    await using foreign = await home.open({ now, tenant: "another" });
    const token = await sealOne(vault);
    const filed = await fileWarrant(foreign, { ...PAPER, about: [token], actor: FIRST });
    const here = confirmWarrant(vault, { id: filed.id, actor: SECOND });
    await assert.rejects(here, failure("WARRANT_UNKNOWN"));
    await confirmWarrant(foreign, { id: filed.id, actor: SECOND });
    await assert.rejects(open(vault, token, FIRST), failure("WARRANT_NEEDED"));
    await assert.rejects(open(foreign, token, FIRST), failure("TOKEN_UNKNOWN"));
    const file = async (change: object): Promise<unknown> =>
      fileWarrant(vault, { ...PAPER, about: [token], actor: FIRST, ...change });
    await assert.rejects(file({ about: [] }), failure("WARRANT_BOUNDS"));
    await assert.rejects(file({ about: Array(201).fill(token) }), failure("WARRANT_BOUNDS"));
    await assert.rejects(file({ days: 31 }), failure("WARRANT_BOUNDS"));
    await assert.rejects(file({ document: " " }), failure("TEXT_LENGTH"));
    await assert.rejects(file({ authority: "找19900000001" }), failure("TEXT_PERSONAL"));
    await assert.rejects(file({ actor: signedIn("甲", "clerk") }), failure("ACCESS_DENIED"));
    assert.equal((await home.rows("select from warrant")).length, 1);
  });
});

test("P10: the second officer sees the list that he confirms, masked, by an entry", async () => {
  await withHome(async (home) => {
    await using vault = await home.open({ now: new Clock().now });
    const token = await sealOne(vault, 1);
    const about = [token, crypto.randomUUID()];
    const { id } = await fileWarrant(vault, { ...PAPER, about, actor: FIRST });
    const { named } = await warrantList(vault, { id, actor: SECOND });
    assert.deepEqual(
      named.map((one) => [one.about, one.failure, one.document]),
      [
        [token, null, null],
        [about[1], "REAL_NAME_UNKNOWN", null],
      ],
    );
    assert.equal(named[0]?.waybill?.token, token);
    const { phone, name } = inventOrder(1);
    assert.ok(!JSON.stringify(named).includes(phone) && !JSON.stringify(named).includes(name));
    const clerk = warrantList(vault, { id, actor: signedIn("业务员", "clerk") });
    await assert.rejects(clerk, failure("ACCESS_DENIED"));
    await using foreign = await home.open({ now: new Clock().now, tenant: "another" });
    await assert.rejects(warrantList(foreign, { id, actor: SECOND }), failure("WARRANT_UNKNOWN"));
    const told = (await leaves(home, "warrant")).map(({ mode, count, actor }) => [
      mode,
      count,
      actor,
    ]);
    assert.deepEqual(told, [
      ["filed", 2, FIRST.pseudonym],
      ["listed", 2, SECOND.pseudonym],
    ]);
    const kept = JSON.stringify(
      await home.rows("select encode(list, 'escape') as list from warrant"),
    );
    assert.ok(!kept.includes(token), "the list is sealed where it lies");
    await home.change("update warrant set list = null");
    await assert.rejects(warrantList(vault, { id, actor: SECOND }), failure("WARRANT_LISTLESS"));
  });
});
