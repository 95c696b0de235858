/** Simulation: what a role could have seen, and which reveals a change would have denied. */
import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { test } from "node:test";
import type { Actor } from "../../src/access/actor.ts";
import { moveOrganisation } from "../../src/access/organisation-move.ts";
import { foundBelow, foundHeadquarters } from "../../src/access/organisation.ts";
import { changeSetting } from "../../src/access/setting-change.ts";
import { recordTraining } from "../../src/access/training.ts";
import { addDays, dayOf } from "../../src/rules/calendar.ts";
import { isFailure } from "../../src/rules/failure.ts";
import type { Role } from "../../src/rules/role.ts";
import type { OrganisationRow } from "../../src/store/organisation.ts";
import { RoleTimes, TreeTimes } from "../../src/vault/past-tenant.ts";
import { reveal } from "../../src/vault/reveal.ts";
import { couldHaveSeen, wouldHaveDenied, yesterday } from "../../src/vault/simulate.ts";
import type { ReplayAsked } from "../../src/vault/simulate.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { accountActor, placedAt, signedIn } from "../support/actor.ts";
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
    const early = ask("courier", HEAD, addDays(on, -1));
    await assert.rejects(early, failure("HISTORY_TOO_SHORT"), "nobody knows what ruled then");
    await assert.rejects(ask("courier", HEAD, addDays(on, 3)), failure("USAGE"), "a day to come");
    const asked = (await leaves(home, "log-queried")).map((leaf) => leaf["fields"]);
    assert.deepEqual(asked[0], ["question.simulate"]);
    const clerk = signedIn("业务员", "clerk");
    const denied = couldHaveSeen(vault, { role: "clerk", organisation: null, on, actor: clerk });
    await assert.rejects(denied, failure("ACCESS_DENIED"));
    const wrong = couldHaveSeen(vault, { role: "god", organisation: null, on, actor: officer });
    await assert.rejects(wrong, failure("USAGE"));
  });
});

test("P10: a simulation tells headquarters and the branch what a counter needs", async () => {
  await withWorld(async ({ home, vault, look, clock }) => {
    const on = dayOf(vault.now(), vault.timeZone);
    const atEast = signedIn("东网点负责人", "branch-manager");
    const manager = await placedAt(vault, atEast, String(EAST));
    const operator = signedIn("运营", "headquarters-operator");
    const needsAt = async (role: Role, organisation: string | null, actor = operator) => {
      const answer = await couldHaveSeen(vault, { role, organisation, on, actor });
      const [glimpse] = answer.glimpses;
      assert.ok(glimpse !== undefined);
      const needs = glimpse.purposes.map((one) => [one.purpose, one.needs] as const);
      return { ...answer, limits: glimpse.limits, needs: Object.fromEntries(needs) };
    };
    const clerk = await needsAt("clerk", String(EAST));
    const counter = { contact: ["custody"], return: ["custody"] };
    const moving = { "address-change": ["custody"], "view-name": ["custody"] };
    assert.deepEqual(clerk.needs, { ...counter, ...moving });
    const own = await needsAt("branch-manager", null, manager);
    assert.equal(own.organisation, EAST);
    const answering = { claim: ["custody", "reason"], "sender-disclosure": ["custody", "reason"] };
    assert.deepEqual(own.needs, { ...counter, ...moving, ...answering });
    assert.deepEqual((await needsAt("courier", String(EAST))).needs["contact"], [
      "route",
      "device",
    ]);
    assert.deepEqual((await needsAt("clerk", HEAD)).needs["contact"], [], "all is their own");
    const daily = clerk.limits.filter(({ span }) => span === "day");
    assert.deepEqual(
      daily.map(({ scope, limit }) => [scope, limit]),
      [
        ["person", 400],
        ["purpose", 300],
        ["subjects", 300],
        ["branch", 6_000],
        ["tenant", 150_000],
      ],
    );
    await assert.rejects(needsAt("clerk", String(WEST), manager), failure("ACCESS_DENIED"));
    await look(await accountActor(vault, "客服一号", "support"), 0);
    do await vault.log.keeper.turn();
    while ((await home.rows("select from log_queue limit 1")).length > 0);
    clock.wait(24 * 3_600);
    const change = { name: "quota-tenant-day", value: "0", mode: "set", on: yesterday(vault) };
    const whole = await wouldHaveDenied(vault, { ...change, organisation: HEAD, actor: operator });
    assert.deepEqual([whole.looked, whole.denied.map((one) => one.organisation)], [1, [HEAD]]);
    const ofEast = { ...change, organisation: String(EAST), actor: manager };
    assert.equal((await wouldHaveDenied(vault, ofEast)).looked, 0, "nobody of that branch looked");
    const elsewhere = { ...ofEast, organisation: HEAD };
    await assert.rejects(wouldHaveDenied(vault, elsewhere), failure("ACCESS_DENIED"));
  });
});

test("P10: a change is tried on yesterday's reveals: entries and counts, no values", async () => {
  await withWorld(async ({ home, vault, clock, look }) => {
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
    // Another turn may be going on, which has some of the entries.
    do await vault.log.keeper.turn();
    while ((await home.rows("select from log_queue limit 1")).length > 0);
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
    // Looks of the day before that: nobody knows what ruled then, and nothing is answered.
    const early = replay("quota-tenant-day", "0", { on: before });
    await assert.rejects(early, failure("HISTORY_TOO_SHORT"));
    const elsewhere = await replay("training-required", "yes", { organisation: String(EAST) });
    assert.deepEqual([elsewhere.looked, elsewhere.denied], [6, []], "nobody of that outlet looked");
    assert.doesNotMatch(JSON.stringify(await replay("quota-tenant-day", "0")), /林|154\d{8}/);
    const both = [replay("quota-tenant-day", "0"), replay("quota-tenant-day", "0")];
    const ended = await Promise.allSettled(both);
    const refused = ended.flatMap((one) => (one.status === "rejected" ? [one] : []));
    assert.equal(refused.length, 1, "one at a time in a server");
    assert.ok(isFailure(refused[0]?.reason, "SIMULATION_BUSY"));
    await assert.rejects(replay("colour", "x"), failure("SETTING_UNKNOWN"));
    await assert.rejects(replay("quota-tenant-day", "x"), failure("SETTING_VALUE_UNKNOWN"));
  });
});

async function otherSet(home: Home, from: Date): Promise<string> {
  const [row] = await home.rows("select body from policy_set");
  // It was written as schema and policies by name.
  const set = JSON.parse(String(row?.["body"])) as { policies: Record<string, string> };
  set.policies["closed"] = 'forbid (principal == Role::"courier", action, resource);';
  const body = JSON.stringify(set);
  const digest = hash("sha256", body, "hex");
  await home.change(
    "insert into policy_set (first_seen_at, digest, body) values ($1, decode($2, 'hex'), $3)",
    [from, digest, body],
  );
  await home.change(
    `insert into policy_set_term (tenant_id, from_at, digest)
     select id, $1, decode($2, 'hex') from tenant`,
    [from, digest],
  );
  return digest;
}

test("P10: the past is judged by the policies that ruled then, and says by which", async () => {
  await withWorld(async ({ home, vault, clock }) => {
    const on = dayOf(vault.now(), vault.timeZone);
    clock.wait(3_600);
    const closed = await otherSet(home, vault.now());
    clock.wait(24 * 3_600);
    const { glimpses } = await couldHaveSeen(vault, {
      role: "courier",
      organisation: HEAD,
      on,
      actor: officer,
    });
    const [first, second] = glimpses;
    assert.ok(first !== undefined && second !== undefined && glimpses.length === 2);
    assert.ok(first.purposes.length > 3);
    assert.deepEqual(second.purposes, [], "couriers were shut out by the set of that hour");
    assert.equal(second.policySet, closed);
    assert.match(first.policySet, /^[0-9a-f]{64}$/);
    assert.notEqual(first.policySet, closed);
    const change = { name: "quota-person-day", value: "1", mode: "set", organisation: HEAD, on };
    const { policySets } = await wouldHaveDenied(vault, { ...change, actor: officer });
    assert.deepEqual(policySets, [first.policySet, closed]);
  });
});

test("P10: a server that runs with other policies says so once, with an entry", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    {
      await using vault = await home.open({ now: clock.now });
      await foundHeadquarters(vault, { name: HEAD, outlets: [], actor: officer });
    }
    assert.deepEqual(await leaves(home, "policy-changed"), [], "what a tenant begins with");
    await home.change("update told_state set value = repeat('0', 64) where name = 'policy-set'");
    for (const seconds of [60, 120]) {
      clock.wait(seconds);
      await using _vault = await home.open({ now: clock.now });
    }
    const [told, ...others] = await leaves(home, "policy-changed");
    const [row] = await home.rows("select encode(digest, 'hex') as digest from policy_set");
    assert.deepEqual([told?.["digest"], others], [row?.["digest"], []]);
    const terms = await home.rows("select from_at from policy_set_term");
    assert.equal(terms.length, 2);
  });
});

test("P10: the past has the tree and roles of then, and no guess where they are lost", async () => {
  await withWorld(async ({ home, vault, clock }) => {
    const on = dayOf(vault.now(), vault.timeZone);
    const stands = { kind: "branch", parent: null, actor: officer } as const;
    const [strictBranch, open] = (
      await foundBelow(vault, { ...stands, names: ["癸快递甲分公司", "癸快递乙分公司"] })
    ).organisations.map(({ id }) => id);
    const under = { kind: "outlet", names: ["癸快递迁移网点"], actor: officer } as const;
    const { organisations } = await foundBelow(vault, { ...under, parent: open ?? "" });
    const moving = organisations[0]?.id ?? "";
    const fewer = { ...SAID, name: "quota-person-day", value: "30" };
    await changeSetting(vault, { ...fewer, organisation: strictBranch ?? "" });
    clock.wait(3_600);
    const move = {
      organisation: moving,
      under: strictBranch ?? "",
      reason: "移交",
      actor: officer,
    };
    const { entry } = await moveOrganisation(vault, move);
    clock.wait(24 * 3_600);
    const seen = async () =>
      couldHaveSeen(vault, { role: "clerk", organisation: moving, on, actor: officer });
    const looks = (await seen()).glimpses.map((glimpse) => glimpse.looks.day);
    assert.deepEqual(looks, [400, 30], "it stood elsewhere that morning");
    const before = { role: "clerk", organisation: moving, on: addDays(on, -1), actor: officer };
    await assert.rejects(couldHaveSeen(vault, before), failure("HISTORY_TOO_SHORT"));
    assert.match(entry, /^[0-9a-f]{32}$/);
    const tree = new TreeTimes(
      [{ ...(organisations[0] as OrganisationRow), parentId: strictBranch ?? "" }],
      [{ organisation: moving, from: null, at: new Date(8_000) }],
      "Asia/Shanghai",
    );
    assert.throws(() => tree.lineAt(moving, new Date(7_000)), failure("HISTORY_TOO_SHORT"));
    assert.equal((await leaves(home, "organisation-moved"))[0]?.["from"], open);
    const roles = new RoleTimes(
      [
        { account: "st-a", role: "clerk", at: new Date(1_000), isFirst: true },
        { account: "st-a", role: "support", at: new Date(2_000), isFirst: false },
      ],
      new Map([
        ["st-a", "support"],
        ["st-b", "courier"],
      ]),
    );
    const at = (account: string, ms: number) => roles.roleAt(account, new Date(ms));
    assert.deepEqual(
      [at("st-a", 999), at("st-a", 1_000), at("st-a", 2_000), at("st-b", 1), at("st-c", 1)],
      [null, "clerk", "support", "courier", null],
    );
  });
});
