/** Simulation: what a role could have seen, and which reveals a change would have denied. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Actor } from "../../src/access/actor.ts";
import { foundHeadquarters } from "../../src/access/organisation.ts";
import { changeSetting } from "../../src/access/setting-change.ts";
import { recordTraining } from "../../src/access/training.ts";
import { addDays, dayOf } from "../../src/rules/calendar.ts";
import type { Role } from "../../src/rules/role.ts";
import { reveal } from "../../src/vault/reveal.ts";
import { couldHaveSeen, wouldHaveDenied, yesterday } from "../../src/vault/simulate.ts";
import type { ReplayAsked } from "../../src/vault/simulate.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { accountActor, signedIn } from "../support/actor.ts";
import { Clock } from "../support/clock.ts";
import { withHome } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { inventOrders, sealOrders } from "../support/orders.ts";
import { failure } from "../access/fresh-desk.ts";

const HEAD = "癸快递总部";
const [EAST, WEST] = ["癸快递东网点", "癸快递西网点"];
const officer = signedIn("个人信息保护负责人");

interface World {
  readonly home: Home;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly tokens: readonly string[];
  readonly look: (actor: Actor, index: number, purpose?: string) => Promise<string>;
}

async function withWorld(work: (world: World) => Promise<void>): Promise<void> {
  await withHome(async (home) => {
    const clock = new Clock();
    await using vault = await home.open({ now: clock.now });
    const outlets = [EAST, WEST].map(String);
    await foundHeadquarters(vault, { name: HEAD, outlets, actor: officer });
    const { rows } = await sealOrders(vault, inventOrders(4));
    const tokens = rows.map(({ token }) => token);
    const look: World["look"] = async (actor, index, purpose = "contact") => {
      const request = { token: tokens[index] ?? "", purpose, fields: "recipient.name", actor };
      return (await reveal(vault, { ...request, reason: "客户来电" })).entry;
    };
    await work({ home, vault, clock, tokens, look });
  });
}

const SAID = { by: null, mode: "set", reason: "收紧", actor: officer } as const;

test("P10: what a role could have seen that day follows the versions of that day", async () => {
  await withWorld(async ({ vault, clock, home }) => {
    const on = dayOf(vault.now(), vault.timeZone);
    clock.wait(3_600);
    const narrow = { ...SAID, name: "purposes-courier", value: "deliver" };
    await changeSetting(vault, { ...narrow, organisation: String(EAST) });
    clock.wait(3_600);
    const fewer = { ...SAID, name: "quota-person-day", value: "30", organisation: HEAD };
    await changeSetting(vault, fewer);
    clock.wait(24 * 3_600);
    await changeSetting(vault, { ...fewer, value: "10" });
    const ask = async (role: Role, organisation: string, day = on) =>
      couldHaveSeen(vault, { role, organisation, on: day, actor: officer });
    const { glimpses } = await ask("courier", String(EAST));
    const told = glimpses.map(({ purposes, looks }) => [
      purposes.map(({ purpose }) => purpose).join(","),
      looks.day,
    ]);
    const all = "deliver,contact,return,view-name,instant-delivery";
    assert.deepEqual(told, [
      [all, 400],
      ["deliver", 400],
      ["deliver", 30],
    ]);
    assert.equal((await ask("courier", String(WEST))).glimpses.length, 2);
    const [deliver] = glimpses[0]?.purposes ?? [];
    assert.deepEqual(deliver?.needs, ["route", "device"]);
    assert.equal(deliver?.isAfterHandOver, false);
    assert.equal(deliver?.hours.includes(3), false, "nobody delivers at night");
    const later = await ask("courier", String(WEST), addDays(on, 1));
    assert.deepEqual(
      later.glimpses.map(({ looks }) => looks.day),
      [30, 10],
    );
    assert.deepEqual((await ask("owner", HEAD)).glimpses.at(-1)?.purposes, []);
    const asked = (await leaves(home, "log-queried")).map((leaf) => leaf["fields"]);
    assert.deepEqual(asked[0], ["question.simulate"]);
    const clerk = signedIn("业务员", "clerk");
    const denied = couldHaveSeen(vault, { role: "clerk", organisation: null, on, actor: clerk });
    await assert.rejects(denied, failure("ACCESS_DENIED"));
    const wrong = couldHaveSeen(vault, { role: "god", organisation: null, on, actor: officer });
    await assert.rejects(wrong, failure("USAGE"));
  });
});

test("P10: a change is tried on yesterday's reveals: entries and counts, no values", async () => {
  await withWorld(async ({ vault, clock, look }) => {
    const trained = await accountActor(vault, "客服一号", "support");
    const other = await accountActor(vault, "客服二号", "support");
    const passedOn = dayOf(vault.now(), vault.timeZone);
    const course = { trainee: "客服一号", course: "waybill-privacy", passedOn, actor: officer };
    await recordTraining(vault, course);
    const entries: string[] = [];
    for (const index of [0, 1, 2]) {
      entries.push(await look(trained, index));
      clock.wait(60);
    }
    entries.push(await look(trained, 0), await look(other, 3), await look(other, 0, "claim"));
    await assert.rejects(look(other, 1, "deliver"), failure("ACCESS_DENIED"));
    await vault.log.keeper.turn();
    const before = yesterday(vault);
    clock.wait(24 * 3_600);
    const replay = async (name: string, value: string, over: Partial<ReplayAsked> = {}) => {
      const asked = { name, value, mode: "set", organisation: HEAD, on: yesterday(vault) };
      return wouldHaveDenied(vault, { ...asked, actor: officer, ...over });
    };
    const [first, second, third, again, byOther, claim] = entries;
    assert.ok(first !== undefined && second !== undefined && again !== undefined);
    const codes = async (name: string, value: string): Promise<unknown[]> =>
      (await replay(name, value)).denied.map(({ entry, code }) => [entry, code]);
    assert.deepEqual(await codes("training-required", "yes"), [
      [byOther, "TRAINING_INVALID"],
      [claim, "TRAINING_INVALID"],
    ]);
    assert.deepEqual(await codes("purposes-support", "contact"), [[claim, "PURPOSE_NOT_ALLOWED"]]);
    // The third waybill passes two; the first one again within the hour costs nothing.
    assert.deepEqual(await codes("quota-person-day", "2"), [
      [third, "QUOTA_SPENT"],
      [claim, "QUOTA_SPENT"],
    ]);
    const none = await replay("label-sizes", "76x130");
    assert.deepEqual([none.looked, none.denied, none.isAboutReveals], [6, [], false]);
    assert.equal((await replay("quota-tenant-day", "0")).denied.length, 6);
    assert.equal((await replay("quota-tenant-day", "0", { on: before })).looked, 0);
    const elsewhere = await replay("training-required", "yes", { organisation: String(EAST) });
    assert.deepEqual([elsewhere.looked, elsewhere.denied], [6, []], "nobody of that outlet looked");
    assert.doesNotMatch(JSON.stringify(await replay("quota-tenant-day", "0")), /林|154\d{8}/);
    await assert.rejects(replay("colour", "x"), failure("SETTING_UNKNOWN"));
    await assert.rejects(replay("quota-tenant-day", "x"), failure("SETTING_VALUE_UNKNOWN"));
  });
});
