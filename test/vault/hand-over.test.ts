/** Hand-over: the next branch has the parcel, the earlier one opens nothing of it any more. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { playedActor } from "../../src/access/actor.ts";
import type { Actor } from "../../src/access/actor.ts";
import { listOrganisations } from "../../src/access/organisation.ts";
import { addDays, dayOf, parseDay } from "../../src/rules/calendar.ts";
import type { Role } from "../../src/rules/role.ts";
import { assign } from "../../src/vault/assign.ts";
import { handOver } from "../../src/vault/hand-over.ts";
import { placeHold } from "../../src/vault/hold.ts";
import { recordState } from "../../src/vault/parcel-state.ts";
import { reveal } from "../../src/vault/reveal.ts";
import { show } from "../../src/vault/show.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { failure, leafBodies, officeOf, OUTLETS, withDesk } from "../access/fresh-desk.ts";
import { sealOneOrder } from "../access/one-order.ts";
import { placedAt } from "../support/actor.ts";

const [FIRST, SECOND] = OUTLETS;
const DAY_MS = 86_400_000;

async function idOf(vault: Vault, outlet: string): Promise<string> {
  return (await listOrganisations(vault)).find(({ name }) => name === outlet)?.id ?? "";
}

async function staffOf(vault: Vault, outlet: string, role: Role): Promise<Actor> {
  const played = await playedActor(vault, { name: `${outlet}${role}`, role });
  return { ...(await placedAt(vault, played, outlet)), device: "p-1" };
}

/** A parcel on today's and tomorrow's route of the first branch, with a clerk of each branch. */
async function routed(vault: Vault) {
  const token = await sealOneOrder(vault);
  const on = dayOf(vault.now(), vault.timeZone);
  const first = await staffOf(vault, FIRST, "clerk");
  const second = await staffOf(vault, SECOND, "clerk");
  const privacy = await playedActor(vault, { name: "privacy", role: "privacy-officer" });
  for (const day of [on, addDays(on, 1)])
    await assign(vault, { token, branch: FIRST, to: null, on: day, actor: privacy });
  const asked = { token, fields: "phone", purpose: "contact", reason: null };
  const look = async (actor: Actor) => reveal(vault, { ...asked, actor });
  return { token, on, first, second, privacy, look };
}

async function handOvers(vault: Vault): Promise<Record<string, unknown>[]> {
  return (await leafBodies(vault.database)).filter(({ type }) => type === "hand-over");
}

test("P10: what was handed over opens to the next branch only", async (context) => {
  await withDesk(context, async (vault, clock) => {
    const { token, on, first, second, look } = await routed(vault);
    assert.equal((await look(first)).values.length, 1);
    const taken = handOver(vault, { token, to: SECOND, actor: second });
    await assert.rejects(taken, failure("ACCESS_DENIED"), "nobody takes it for themselves");
    const handed = await handOver(vault, { token, to: SECOND, actor: first });
    const [from, to] = [await idOf(vault, FIRST), await idOf(vault, SECOND)];
    assert.deepEqual([handed.from, handed.to, handed.on], [from, to, on]);
    await assert.rejects(look(first), failure("ACCESS_DENIED"));
    assert.equal((await look(second)).values.length, 1);
    const [leaf, ...others] = await handOvers(vault);
    assert.deepEqual([leaf?.["from"], leaf?.["organisation"], leaf?.["on"]], [from, to, on]);
    assert.equal(typeof leaf?.["subject"], "string");
    assert.equal(others.length, 0);

    clock.now = new Date(clock.now.getTime() + DAY_MS);
    await assert.rejects(look(first), failure("ACCESS_DENIED"), "tomorrow's route is gone too");
    const back = await handOver(vault, { token, to: FIRST, actor: second });
    assert.equal(back.from, to, "custody is known without a route of that day");
    assert.equal((await look(first)).values.length, 1);
  });
});

test("P10: who handed a parcel over plans it for no later day", async (context) => {
  await withDesk(context, async (vault) => {
    const { token, on, first, second } = await routed(vault);
    await handOver(vault, { token, to: SECOND, actor: first });
    const later = { token, to: null, on: addDays(on, 2) };
    const planned = assign(vault, { ...later, branch: FIRST, actor: first });
    await assert.rejects(planned, failure("ACCESS_DENIED"));
    const own = await assign(vault, { ...later, branch: SECOND, actor: second });
    assert.equal(own.branch, SECOND);
  });
});

test("a hand-over told twice is done once, and goes there and back", async (context) => {
  await withDesk(context, async (vault) => {
    const { token, first, second, look } = await routed(vault);
    await handOver(vault, { token, to: SECOND, actor: first });
    const again = await handOver(vault, { token, to: SECOND, actor: first });
    assert.equal(again.entry, null);
    assert.equal((await handOvers(vault)).length, 1);
    await handOver(vault, { token, to: FIRST, actor: second });
    assert.equal((await look(first)).values.length, 1);
    await assert.rejects(look(second), failure("ACCESS_DENIED"));
    await handOver(vault, { token, to: SECOND, actor: first });
    assert.equal((await handOvers(vault)).length, 3);
  });
});

test("of two hand-overs at once one moves the parcel", async (context) => {
  await withDesk(context, async (vault) => {
    const { token, first, on } = await routed(vault);
    const told = await Promise.allSettled([
      handOver(vault, { token, to: SECOND, actor: first }),
      handOver(vault, { token, to: SECOND, actor: first }),
      assign(vault, { token, branch: FIRST, to: null, on, actor: first }),
    ]);
    const [one, other, route] = told;
    assert.ok(one?.status === "fulfilled" && other?.status === "fulfilled");
    const entries = [one.value.entry, other.value.entry].filter((entry) => entry !== null);
    assert.equal(entries.length, 1);
    assert.equal((await handOvers(vault)).length, 1);
    // Before the hand-over it was theirs to assign, after it no more.
    const late = assign(vault, { token, branch: FIRST, to: null, on, actor: first });
    await assert.rejects(late, failure("ACCESS_DENIED"));
    assert.ok(route !== undefined);
  });
});

test("what is another's, ended or dead is handed to nobody", async (context) => {
  await withDesk(context, async (vault, clock) => {
    const { token, on, privacy, second, first } = await routed(vault);
    const give = async (desk: Vault, to: string) => handOver(desk, { token, to, actor: privacy });
    const office = await officeOf(vault);
    await assert.rejects(give(office, SECOND), failure("TOKEN_UNKNOWN"));
    await assert.rejects(give(vault, "无此网点"), failure("ORGANISATION_UNKNOWN"));
    const shown = await show(vault, { token, actor: privacy });
    const dayOfDeath = parseDay(shown.dayOfDeath);
    assert.ok(dayOfDeath !== null);
    const until = addDays(dayOfDeath, 20);
    const hold = { token, reason: "claim", authority: "客服部", document: null, until };
    await placeHold(vault, { ...hold, reason: "claim", actor: privacy });
    await give(vault, SECOND);
    // In the closing day before the day of death it goes on, and on the day itself no more.
    clock.now = new Date(`${addDays(dayOfDeath, -1)}T02:00:00Z`);
    await give(vault, FIRST);
    const common = { token, organisation: null, actor: privacy };
    await recordState(vault, { ...common, state: "void", on });
    await assert.rejects(give(vault, SECOND), failure("HAND_OVER_ENDED"));
    clock.now = new Date(`${dayOfDeath}T02:00:00Z`);
    await assert.rejects(give(vault, SECOND), failure("DATA_DEAD"), "a hold keeps, and moves none");
    for (const actor of [first, second])
      await assert.rejects(handOver(vault, { token, to: SECOND, actor }), failure("ACCESS_DENIED"));
    assert.equal((await handOvers(vault)).length, 2);
  });
});
