/** Routes: a courier opens the parcels of the day's own route, a clerk those of the own branch. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { playedActor } from "../../src/access/actor.ts";
import type { Actor } from "../../src/access/actor.ts";
import { addDays, dayOf } from "../../src/rules/calendar.ts";
import type { Role } from "../../src/rules/role.ts";
import { assign } from "../../src/vault/assign.ts";
import { connected } from "../../src/store/pool.ts";
import { query } from "../../src/store/query.ts";
import { handOver } from "../../src/vault/hand-over.ts";
import { recordState } from "../../src/vault/parcel-state.ts";
import { reveal } from "../../src/vault/reveal.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { failure, HEADQUARTERS, leafBodies, OUTLETS, withDesk } from "../access/fresh-desk.ts";
import { sealOneOrder } from "../access/one-order.ts";
import { placedAt, signedIn } from "../support/actor.ts";
import { csvOf, inventOrder, sealCsv } from "../support/orders.ts";

const [FIRST, SECOND] = OUTLETS;
const HQ = signedIn("总部派单", "headquarters-operator");
const LOOK = { fields: "phone", purpose: "contact", reason: null } as const;

/** Somebody of that role who belongs to one outlet, on a phone that is registered. */
async function staffOf(vault: Vault, outlet: string, role: Role): Promise<Actor> {
  const played = await playedActor(vault, { name: `${outlet}${role}`, role });
  return { ...(await placedAt(vault, played, outlet)), device: "phone-1" };
}

test("P10: a courier opens what is on the own route today, and nothing else", async (context) => {
  await withDesk(context, async (vault, clock) => {
    const token = await sealOneOrder(vault);
    const on = dayOf(vault.now(), vault.timeZone);
    const courier = await staffOf(vault, FIRST, "courier");
    const asked = { token, fields: "phone", purpose: "deliver", reason: null };
    const look = async (actor: Actor) => reveal(vault, { ...asked, actor });
    await assert.rejects(look(courier), failure("ACCESS_DENIED"), "nobody assigned it");

    const clerk = await staffOf(vault, FIRST, "clerk");
    const to = `${FIRST}courier`;
    await assign(vault, { token, branch: FIRST, to, on, actor: HQ });
    assert.equal((await look(courier)).values.length, 1);
    await assert.rejects(look({ ...courier, device: null }), failure("ACCESS_DENIED"), "no device");
    const colleague = await staffOf(vault, SECOND, "courier");
    await assert.rejects(look(colleague), failure("ACCESS_DENIED"), "another route");
    await assert.rejects(look(clerk), failure("ACCESS_DENIED"), "a clerk delivers nothing");

    const state = { token, state: "delivered", on, organisation: null, actor: courier };
    await recordState(vault, state);
    await assert.rejects(look(courier), failure("ACCESS_DENIED"), "handed over");
    clock.now = new Date(clock.now.getTime() + 86_400_000);
    const contact = { ...asked, purpose: "contact", actor: courier };
    await assert.rejects(reveal(vault, contact), failure("ACCESS_DENIED"), "yesterday's route");
    const refused = (await leafBodies(vault.database)).filter(
      ({ type }) => type === "reveal-denied",
    );
    const rules = refused.map(({ rule }) => rule);
    assert.deepEqual(rules, [
      "forbid-elsewhere",
      "no-permit",
      "forbid-elsewhere",
      "no-permit",
      "forbid-purpose",
      "forbid-elsewhere",
    ]);
  });
});

test("P10: a branch sees its own parcels, and cannot take another's", async (context) => {
  await withDesk(context, async (vault) => {
    const token = await sealOneOrder(vault);
    const on = dayOf(vault.now(), vault.timeZone);
    const first = await staffOf(vault, FIRST, "clerk");
    const second = await staffOf(vault, SECOND, "clerk");
    const common = { token, to: null, on };
    await assign(vault, { ...common, branch: FIRST, actor: HQ });
    const asked = { token, fields: "phone", purpose: "contact", reason: null };
    assert.equal((await reveal(vault, { ...asked, actor: first })).values.length, 1);
    await assert.rejects(reveal(vault, { ...asked, actor: second }), failure("ACCESS_DENIED"));
    const taken = { ...common, branch: SECOND, actor: second };
    await assert.rejects(assign(vault, taken), failure("ACCESS_DENIED"), "it is another's today");
    const given = { ...common, branch: SECOND, actor: first };
    await assert.rejects(assign(vault, given), failure("ACCESS_DENIED"), "nor given away");
    const far = { ...common, branch: FIRST, actor: first, on: addDays(on, 8) };
    await assert.rejects(assign(vault, far), failure("ASSIGNMENT_DAY"));
    const denied = (await leafBodies(vault.database)).filter(
      ({ type }) => type === "access-denied",
    );
    assert.equal(denied.length, 2);
    assert.deepEqual(denied[0]?.["rule"], "forbid-elsewhere");
  });
});

/** The waybill of an order that `actor` sealed. */
async function sealedBy(vault: Vault, actor: Actor, index: number): Promise<string> {
  const [row] = (await sealCsv(vault, csvOf([inventOrder(index)]), actor)).rows;
  return row?.token ?? assert.fail("not sealed");
}

test("P10: attack by taking a parcel that nobody has", async (context) => {
  await withDesk(context, async (vault) => {
    const on = dayOf(vault.now(), vault.timeZone);
    const denied = failure("ACCESS_DENIED");
    const [first, second] = [
      await staffOf(vault, FIRST, "clerk"),
      await staffOf(vault, SECOND, "clerk"),
    ];
    const ofHeadquarters = await sealedBy(vault, HQ, 1);
    const ofFirst = await sealedBy(vault, first, 2);
    for (const [token, actor] of [
      [ofHeadquarters, first],
      [ofHeadquarters, second],
      [ofFirst, second],
    ] as const) {
      const branch = actor === first ? FIRST : SECOND;
      const taking = assign(vault, { token, branch, to: null, on, actor });
      await assert.rejects(taking, denied, "nobody assigns it to themselves");
      await assert.rejects(handOver(vault, { token, to: branch, actor }), denied, "nor hands it");
      await assert.rejects(reveal(vault, { ...LOOK, token, actor }), denied, "and opens it");
    }
    // What another branch sealed is that branch's until it hands it over, also where it arrives.
    const arrived = { state: "arrived", on, organisation: null };
    const early = recordState(vault, { ...arrived, token: ofFirst, actor: second });
    await assert.rejects(early, denied);
    await handOver(vault, { token: ofFirst, to: SECOND, actor: first });
    assert.equal(
      (await reveal(vault, { ...LOOK, token: ofFirst, actor: second })).values.length,
      1,
    );

    const moved = { ...(await placedAt(vault, first, SECOND)), device: null };
    const along = await sealedBy(vault, first, 4);
    const takes = assign(vault, { token: along, branch: SECOND, to: null, on, actor: moved });
    await assert.rejects(takes, denied, "who sealed it works elsewhere now");

    // A branch gives a route to what it sealed, and takes in what arrives of headquarters'.
    const own = await sealedBy(vault, first, 3);
    await assign(vault, { token: own, branch: FIRST, to: null, on, actor: first });
    for (const state of ["delivered", "void"]) {
      const said = { token: ofHeadquarters, state, on, organisation: null, actor: second };
      await assert.rejects(recordState(vault, said), denied, "it has to arrive first");
    }
    await recordState(vault, { ...arrived, token: ofHeadquarters, actor: second });
    const late = recordState(vault, { ...arrived, token: ofHeadquarters, actor: first });
    await assert.rejects(late, denied, "it is another's now");
    const told = (await leafBodies(vault.database)).filter(({ type }) => type === "parcel-state");
    assert.deepEqual(
      told.map((leaf) => [leaf["actor"], leaf["organisationPath"]]),
      [[second.pseudonym, second.organisationPath]],
      "the entry says who took it in, and where",
    );
  });
});

test("P10: a counter opens what lies with it, without a route of that day", async (context) => {
  await withDesk(context, async (vault) => {
    const on = dayOf(vault.now(), vault.timeZone);
    const token = await sealOneOrder(vault);
    const arrived = { token, state: "arrived", on, organisation: SECOND, actor: HQ };
    await recordState(vault, arrived);
    const asked = { token, fields: "recipient.name", purpose: "view-name", reason: null };
    const look = async (outlet: string, role: Role) =>
      reveal(vault, { ...asked, actor: await staffOf(vault, outlet, role) });
    for (const role of ["clerk", "station", "branch-manager"] as const) {
      assert.equal((await look(SECOND, role)).values.length, 1, role);
      await assert.rejects(look(FIRST, role), failure("ACCESS_DENIED"), role);
    }
    await assert.rejects(look(SECOND, "courier"), failure("ACCESS_DENIED"), "a route counts");
  });
});

/** How many branches ever had something in custody. */
async function custodies(vault: Vault): Promise<number> {
  return connected(vault.database, async (connection) => {
    const rows = await query(connection, { text: "select organisation_id from custody" });
    return rows.length;
  });
}

test("P10: headquarters that says a parcel arrived has custody of none", async (context) => {
  await withDesk(context, async (vault) => {
    const on = dayOf(vault.now(), vault.timeZone);
    const token = await sealOneOrder(vault);
    const arrived = { token, state: "arrived", on, actor: HQ };
    await recordState(vault, { ...arrived, organisation: HEADQUARTERS });
    assert.equal(await custodies(vault), 0);
    await recordState(vault, { ...arrived, organisation: FIRST });
    assert.equal(await custodies(vault), 1, "a branch has");
  });
});

/** As on a day for which nobody was given a parcel. */
async function dropRoutes(vault: Vault): Promise<void> {
  await connected(vault.database, async (connection) =>
    query(connection, { text: "delete from assignment" }),
  );
}

test("P8, P10: attack by taking in what was delivered", async (context) => {
  await withDesk(context, async (vault, clock) => {
    const on = dayOf(vault.now(), vault.timeZone);
    const clerk = await staffOf(vault, FIRST, "clerk");
    const denied = failure("ACCESS_DENIED");
    let asked = 0;
    for (const [index, state] of ["delivered", "returned", "closed", "void"].entries()) {
      // Delivered from its route, it was in nobody's custody.
      const token = await sealedBy(vault, HQ, index + 20);
      await assign(vault, { token, branch: FIRST, to: null, on, actor: HQ });
      const said = { token, on, organisation: null };
      const ended = await recordState(vault, { ...said, state, actor: HQ });
      assert.notEqual(ended.accessClosesOn, null);
      await dropRoutes(vault);
      for (const outlet of OUTLETS) {
        const actor = await staffOf(vault, outlet, "clerk");
        const taking = recordState(vault, { ...said, state: "arrived", actor });
        await assert.rejects(taking, denied, state);
        asked += 1;
      }
    }
    assert.equal(asked, 8);
    assert.equal(await custodies(vault), 0);

    // Who has it may say that it was not delivered, and opens nothing for longer by that.
    const token = await sealedBy(vault, HQ, 30);
    await assign(vault, { token, branch: FIRST, to: null, on, actor: HQ });
    const said = { token, on, organisation: null, actor: clerk };
    const { accessClosesOn } = await recordState(vault, { ...said, state: "delivered" });
    const again = await recordState(vault, { ...said, state: "undelivered" });
    assert.equal(again.accessClosesOn, accessClosesOn);
    clock.now = new Date(clock.now.getTime() + 1000);
    const reopened = await recordState(vault, { ...said, state: "undelivered", actor: HQ });
    assert.equal(reopened.accessClosesOn, null, "headquarters takes it back");
  });
});

test("P10: the branch that had a parcel last gives it a route the next day", async (context) => {
  await withDesk(context, async (vault, clock) => {
    const [first, second] = [
      await staffOf(vault, FIRST, "clerk"),
      await staffOf(vault, SECOND, "clerk"),
    ];
    const token = await sealedBy(vault, second, 40);
    await handOver(vault, { token, to: FIRST, actor: second });
    const said = { token, organisation: null };
    const today = dayOf(vault.now(), vault.timeZone);
    await recordState(vault, { ...said, state: "delivered", on: today, actor: first });
    clock.now = new Date(clock.now.getTime() + 86_400_000);
    const on = dayOf(vault.now(), vault.timeZone);
    const denied = failure("ACCESS_DENIED");
    const arrived = { ...said, state: "arrived", on };
    await assert.rejects(recordState(vault, { ...arrived, actor: first }), denied, "it ended");

    // It was not delivered after all, as headquarters finds.
    await recordState(vault, { ...said, state: "undelivered", on, actor: HQ });
    const [courier, sealer] = [await staffOf(vault, FIRST, "courier"), second];
    for (const actor of [courier, sealer])
      await assert.rejects(recordState(vault, { ...arrived, actor }), denied, actor.role);
    const taking = assign(vault, { token, branch: SECOND, to: null, on, actor: sealer });
    await assert.rejects(taking, denied, "it sealed it, and another had it since");
    const tomorrow = { token, branch: FIRST, to: null, on: addDays(on, 1), actor: first };
    assert.equal((await assign(vault, tomorrow)).branch, FIRST);
    await recordState(vault, { ...arrived, actor: first });
  });
});
