/** Routes: a courier opens the parcels of the day's own route, a clerk those of the own branch. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { playedActor } from "../../src/access/actor.ts";
import type { Actor } from "../../src/access/actor.ts";
import { addDays, dayOf } from "../../src/rules/calendar.ts";
import type { Role } from "../../src/rules/role.ts";
import { assign } from "../../src/vault/assign.ts";
import { recordState } from "../../src/vault/parcel-state.ts";
import { reveal } from "../../src/vault/reveal.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { failure, leafBodies, OUTLETS, withDesk } from "../access/fresh-desk.ts";
import { sealOneOrder } from "../access/one-order.ts";
import { placedAt } from "../support/actor.ts";

const [FIRST, SECOND] = OUTLETS;

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
    await assign(vault, { token, branch: FIRST, to, on, actor: clerk });
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
    await assign(vault, { ...common, branch: FIRST, actor: first });
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
