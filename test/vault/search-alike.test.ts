/** What a search does for what the asker shall not learn of: the same as for what is nowhere. */
// First, since it watches what those after it call.
import { watchKeys, workOf } from "../support/work.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { foundHeadquarters } from "../../src/access/organisation.ts";
import { searchCustody } from "../../src/vault/custody-search.ts";
import { recordState } from "../../src/vault/parcel-state.ts";
import { search } from "../../src/vault/search.ts";
import { openRequest } from "../../src/vault/subject-request.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { signedIn } from "../support/actor.ts";
import { Clock } from "../support/clock.ts";
import { withHome } from "../support/home.ts";
import { inventOrder, sealOne } from "../support/orders.ts";

const PHONES = 9;
/** Tags of a small week have 8 bits, so that a number may by chance meet the one that is there. */
const CHANCES_MAX = 2;

let askers = 0;

/** Somebody new each time, so that no quota is spent. */
function asker() {
  askers += 1;
  return signedIn(`asker-${askers}`, "privacy-officer");
}

async function searchWork(vault: Vault, index: number): Promise<string> {
  const { phone } = inventOrder(index);
  const actor = asker();
  const work = await workOf(async () => {
    assert.equal((await search(vault, { phone, actor })).hits.length, 0);
  });
  return work.join("\n");
}

test("P18: a phone of another tenant costs the same search as one that nobody has", async () => {
  await withHome(async (home) => {
    await using theirs = await home.open();
    await using own = await home.open({ tenant: "another" });
    for (let index = 0; index < PHONES; index += 1) await sealOne(theirs, index);
    await sealOne(own, 500);
    watchKeys(own.keys);
    await searchWork(own, 900);
    const works: string[] = [];
    for (let index = 0; index < PHONES; index += 1)
      works.push(await searchWork(own, index), await searchWork(own, 600 + index));
    const groups = [...Map.groupBy(works, (work) => work).values()];
    const usual = groups.toSorted((one, other) => other.length - one.length)[0] ?? [];
    const [first = ""] = usual;
    assert.ok(first.includes("party"), first);
    assert.ok(usual.length >= 2 * PHONES - CHANCES_MAX, `${usual.length} of ${works.length}`);
  });
});

const [HERE, THERE] = ["甲快递一号网点", "甲快递二号网点"] as const;

test("P18: four digits of a parcel at another branch cost the same as of one nowhere", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    await using vault = await home.open({ now: clock.now });
    const plan = { name: "甲快递总部", outlets: [HERE, THERE], actor: signedIn("总部") };
    await foundHeadquarters(vault, plan);
    for (const [index, branch] of [HERE, HERE, THERE, THERE].entries()) {
      const arrived = { token: await sealOne(vault, index), state: "arrived", on: clock.today };
      await recordState(vault, { ...arrived, organisation: branch, actor: plan.actor });
    }
    const workFor = async (index: number, hits: number): Promise<readonly string[]> => {
      const wanted = { phoneTail: inventOrder(index).phone.slice(-4) };
      const asked = { branch: HERE, day: clock.today, wanted, actor: asker() };
      return workOf(async () => {
        assert.equal((await searchCustody(vault, asked)).hits.length, hits);
      });
    };
    await workFor(900, 0);
    const nowhere = await workFor(901, 0);
    assert.ok(nowhere.length >= 5, nowhere.join("\n"));
    for (const index of [2, 3]) assert.deepEqual(await workFor(index, 0), nowhere);
    // A parcel of the branch's own is no secret, and is opened to be compared as all of them are.
    assert.deepEqual(await workFor(0, 1), nowhere);
  });
});

test("P18: a phone of a parcel at another branch costs what nobody's costs", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    await using vault = await home.open({ now: clock.now });
    watchKeys(vault.keys);
    const plan = { name: "甲快递总部", outlets: [HERE, THERE], actor: signedIn("总部") };
    const { organisations } = await foundHeadquarters(vault, plan);
    const [headquarters, here] = organisations.map(({ id }) => id);
    if (headquarters === undefined || here === undefined) throw new Error("nothing was founded");
    const below = { organisationId: here, organisationPath: [headquarters, here] };
    const officer = () => ({ ...asker(), ...below });
    const arrive = async (token: string, organisation: string) => {
      const arrived = { token, state: "arrived", on: clock.today, organisation };
      return recordState(vault, { ...arrived, actor: plan.actor });
    };
    // One of no branch yet, one of another; nothing of the officer's own that a tag might meet.
    await sealOne(vault, 0);
    await arrive(await sealOne(vault, 1), THERE);
    const sender = { send: async () => Promise.resolve() };
    const asking = { kind: "access", token: null, party: "recipient" };
    const verbs = [
      async (phone: string) => search(vault, { phone, actor: officer() }),
      async (phone: string) => openRequest(vault, { ...asking, phone, actor: officer() }, sender),
    ];
    const workFor = async (verb: (typeof verbs)[number], index: number) =>
      workOf(async () => verb(inventOrder(index).phone));
    for (const verb of verbs) {
      await workFor(verb, 900);
      const nobodys = await workFor(verb, 901);
      assert.ok(nobodys.length >= 5, nobodys.join("\n"));
      for (const index of [0, 1]) assert.deepEqual(await workFor(verb, index), nobodys);
    }
    await arrive(await sealOne(vault, 2), HERE);
    for (const verb of verbs)
      assert.ok((await workFor(verb, 2)).includes("compartment opened"), "its own is opened");
    const { hits } = await search(vault, { phone: inventOrder(2).phone, actor: officer() });
    assert.equal(hits.length, 1);
  });
});
