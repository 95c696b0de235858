/** Return and split: further waybills with the same persons, sealed anew, seen by nobody. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Actor } from "../../src/access/actor.ts";
import { foundBelow, foundHeadquarters } from "../../src/access/organisation.ts";
import { addDays, dayOf, parseDay } from "../../src/rules/calendar.ts";
import { erase } from "../../src/vault/erase.ts";
import { placeHold } from "../../src/vault/hold.ts";
import { recordState } from "../../src/vault/parcel-state.ts";
import { reveal } from "../../src/vault/reveal.ts";
import { sendBack } from "../../src/vault/send-back.ts";
import { show } from "../../src/vault/show.ts";
import { split } from "../../src/vault/split.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { failure, leafBodies } from "../access/fresh-desk.ts";
import { placedAt, signedIn } from "../support/actor.ts";
import { Clock } from "../support/clock.ts";
import { withHome } from "../support/home.ts";
import { csvOf, inventOrder, sealCsv, sealOne } from "../support/orders.ts";

const ACTOR = signedIn("仓库主管", "privacy-officer");
const COURIER = signedIn("快递员", "courier");
const OUTLET = "甲快递一号网点";
const PARTIES = ["name", "phone", "address"].flatMap((field) => [
  `recipient.${field}`,
  `sender.${field}`,
]);

/** What a privacy officer sees of both parties, field by field. */
async function opened(vault: Vault, token: string): Promise<Record<string, string>> {
  const asked = { token, fields: PARTIES.join(","), purpose: "subject-request", reason: "查询" };
  const { values } = await reveal(vault, { ...asked, actor: ACTOR });
  return Object.fromEntries(values);
}

async function links(vault: Vault): Promise<Record<string, unknown>[]> {
  return (await leafBodies(vault.database)).filter(({ type }) => type === "resealed");
}

test("P12: a return swaps the parties under a key and a day of death of its own", async () => {
  await withHome(async (home) => {
    const clock = new Clock("2026-03-02T02:00:00Z");
    await using vault = await home.open({ now: clock.now });
    const old = await sealOne(vault, 1);
    clock.wait(3 * 86_400);
    const back = await sendBack(vault, { token: old, actor: ACTOR });
    const order = inventOrder(1);
    const told = JSON.stringify(back);
    for (const value of [order.name, order.phone, order.address, "青禾仓库"])
      assert.equal(told.includes(value), false, value);
    const [before, after] = [await opened(vault, old), await opened(vault, back.token)];
    for (const field of ["name", "phone", "address"]) {
      assert.equal(after[`recipient.${field}`], before[`sender.${field}`]);
      assert.equal(after[`sender.${field}`], before[`recipient.${field}`]);
    }
    const was = await show(vault, { token: old, actor: ACTOR });
    const is = await show(vault, { token: back.token, actor: ACTOR });
    assert.equal(was.parcelState, "returned");
    assert.ok(is.dayOfDeath > was.dayOfDeath);
    const again = await sendBack(vault, { token: old, actor: ACTOR });
    assert.deepEqual([again.token, again.state, again.entry], [back.token, "repeated", back.entry]);
    const [link, ...others] = await links(vault);
    assert.equal(others.length, 0);
    assert.deepEqual([link?.["mode"], link?.["actor"]], ["return", ACTOR.pseudonym]);
    assert.notEqual(link?.["next"], link?.["subject"]);
    // Under the new one stands where it came from, and under the old one that it was sealed again.
    const { entry } = back;
    assert.deepEqual(is.origin, { how: "return", token: old, entry });
    assert.equal(was.origin, null);
    const looks = (await show(vault, { token: old, actor: ACTOR })).looks;
    assert.ok(looks?.some((look) => look.type === "resealed" && look.entry === entry));
  });
});

test("P10: where a parcel came from is shown to who may see both, and dies with it", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    await foundHeadquarters(vault, { name: "甲快递总部", outlets: [OUTLET], actor: ACTOR });
    const names = ["青禾布艺", "北辰茶庄"] as const;
    await foundBelow(vault, { kind: "merchant", parent: OUTLET, names, actor: ACTOR });
    const own = await placedAt(vault, signedIn("青禾账号", "merchant"), names[0]);
    const { rows } = await sealCsv(vault, csvOf([inventOrder(1)]), own);
    const token = rows[0]?.token ?? assert.fail();
    const [mine] = await split(vault, { token, parcels: 2, actor: own });
    const seen = async (actor: Actor, at = mine?.token ?? "") => show(vault, { token: at, actor });
    assert.equal((await seen(own)).origin?.token, token);
    const { token: again } = await sendBack(vault, { token: mine?.token ?? "", actor: own });
    assert.equal((await seen(own, again)).origin?.token, mine?.token);
    const stranger = await placedAt(vault, signedIn("北辰账号", "merchant"), names[1]);
    await assert.rejects(seen(stranger), failure("ACCESS_DENIED"));
    // What somebody else sealed out of it is nobody's but theirs, and the carrier's.
    await assert.rejects(
      split(vault, { token, parcels: 3, actor: stranger }),
      failure("ACCESS_DENIED"),
    );
    await erase(vault, { token: mine?.token ?? "", reason: "本人要求", actor: ACTOR });
    assert.equal((await seen(ACTOR)).origin, null);
    assert.equal((await seen(ACTOR, again)).origin?.how, "return");
  });
});

test("P7: of a split order one parcel is erased and the others live", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const first = await sealOne(vault, 2);
    const asked = { token: first, parcels: 3, actor: ACTOR };
    const [one, two] = await Promise.all([split(vault, asked), split(vault, asked)]);
    const tokens = one.map(({ token }) => token);
    assert.equal(new Set([first, ...tokens]).size, 3);
    assert.deepEqual(two.map(({ token }) => token).toSorted(), tokens.toSorted(), "at once");
    assert.equal((await links(vault)).length, 2);
    const more = await split(vault, { ...asked, parcels: 4 });
    assert.deepEqual(more.map(({ state }) => state).toSorted(), ["repeated", "repeated", "sealed"]);
    const want = await opened(vault, first);
    await erase(vault, { token: first, reason: "本人要求", actor: ACTOR });
    await assert.rejects(opened(vault, first), failure("DATA_DEAD"));
    for (const { token } of more) assert.deepEqual(await opened(vault, token), want);
    await assert.rejects(split(vault, asked), failure("DATA_DEAD"));
    for (const parcels of [0, 1, 51, 2.5])
      await assert.rejects(split(vault, { ...asked, parcels }), failure("SPLIT_PARCELS"));
  });
});

test("P8: what is another's, void or dead is not sealed again", async () => {
  await withHome(async (home) => {
    const clock = new Clock("2026-03-02T02:00:00Z");
    await using vault = await home.open({ now: clock.now });
    const [kept, ended] = [await sealOne(vault, 3), await sealOne(vault, 4)];
    const back = async (desk: Vault, token: string) => sendBack(desk, { token, actor: ACTOR });
    await assert.rejects(
      sendBack(vault, { token: kept, actor: COURIER }),
      failure("ACCESS_DENIED"),
    );
    {
      await using other = await home.open({ tenant: "另一家", now: clock.now });
      await assert.rejects(back(other, kept), failure("TOKEN_UNKNOWN"));
    }
    const on = dayOf(vault.now(), vault.timeZone);
    const isVoid = { token: ended, state: "void", on, organisation: null, actor: ACTOR };
    await recordState(vault, isVoid);
    await assert.rejects(back(vault, ended), failure("PARCEL_ENDED"));
    await assert.rejects(
      split(vault, { token: ended, parcels: 2, actor: ACTOR }),
      failure("PARCEL_ENDED"),
    );
    const dies = parseDay((await show(vault, { token: kept, actor: ACTOR })).dayOfDeath);
    assert.ok(dies !== null);
    const held = { token: kept, authority: "客服部", document: null, until: addDays(dies, 9) };
    await placeHold(vault, { ...held, reason: "claim", actor: ACTOR });
    clock.set(addDays(dies, -1));
    assert.equal((await back(vault, kept)).state, "sealed", "closing, and held");
    clock.set(dies);
    await assert.rejects(back(vault, kept), failure("ACCESS_CLOSED"));
    assert.equal((await links(vault)).length, 1);
  });
});
