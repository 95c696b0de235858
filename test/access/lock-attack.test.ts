/**
 * Every way in which a branch could loosen what is locked above it, or locked on itself by those
 * above: each is tried, none works.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { approveSetting } from "../../src/access/setting-approval.ts";
import { changeSetting, decideSetting } from "../../src/access/setting-change.ts";
import { explainSetting, rulingTag } from "../../src/access/setting.ts";
import { answerAuthorisation, fileRequest } from "../../src/access/authorisation-request.ts";
import type { Desk } from "../../src/access/desk.ts";
import { moveOrganisation } from "../../src/access/organisation-move.ts";
import { foundBelow, foundHeadquarters, listOrganisations } from "../../src/access/organisation.ts";
import { setTerm } from "../../src/access/retention.ts";
import { SETTING_NAMES, SETTINGS } from "../../src/rules/setting.ts";
import type { SettingName } from "../../src/rules/setting.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { signedIn } from "../support/actor.ts";
import { outcome } from "../support/outcome.ts";
import { changeByTwo } from "../support/setting.ts";
import { withHome } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { headOf, restoreOlder } from "../log/older-copy.ts";
import { ALL, codeOfTwo, ends, HQ, managerOf, officerAt, reason } from "./attack.ts";
import { HEADQUARTERS, OUTLETS, withDesk } from "./fresh-desk.ts";

const [FIRST, SECOND] = OUTLETS;

async function valueOver(desk: Desk, organisation: string, name: string): Promise<string> {
  return (await explainSetting(desk, { organisation, name })).value;
}

async function lock(desk: Desk, name: SettingName, value: string): Promise<void> {
  const said = { ...ALL, name, value, mode: "locked", organisation: HEADQUARTERS, actor: HQ };
  await changeByTwo(desk, said);
}

test("P10: attack directly, in any mode and anybody's name, of every setting", async (context) => {
  await withDesk(context, async (desk) => {
    const manager = await managerOf(desk, FIRST);
    const nowhere = signedIn("无机构负责人", "branch-manager");
    let tried = 0;
    for (const name of SETTING_NAMES) {
      await desk.log.keeper.turn();
      const [loosest, strictest] = ends(name);
      await lock(desk, name, strictest);
      const own = { ...ALL, name, value: loosest, organisation: FIRST, actor: manager };
      const whole = { ...own, by: HEADQUARTERS, organisation: HEADQUARTERS };
      for (const request of [
        own,
        { ...own, mode: "delegated" },
        { ...own, by: HEADQUARTERS, mode: "locked" },
        { ...whole, mode: "delegated" },
        { ...whole, actor: nowhere },
        { ...own, by: SECOND, mode: "locked" },
        { ...own, organisation: SECOND, by: SECOND },
      ]) {
        assert.match(await outcome(decideSetting(desk, request)), /^SETTING_(LOCKED|NOT_BELOW)$/);
        tried += 1;
      }
      assert.equal(await valueOver(desk, FIRST, name), strictest);
    }
    assert.equal(tried, SETTING_NAMES.length * 7);
    const term = { class: "persons", days: 100, reason, actor: manager };
    assert.equal(
      await outcome(setTerm(desk, { ...term, organisation: FIRST })),
      "RETENTION_LOOSER",
    );
    for (const organisation of [null, HEADQUARTERS, SECOND]) {
      assert.equal(await outcome(setTerm(desk, { ...term, organisation })), "ACCESS_DENIED");
    }
  });
});

test("P10: attack a lock that headquarters put on the branch itself", async (context) => {
  await withDesk(context, async (desk) => {
    const manager = await managerOf(desk, FIRST);
    const officer = await officerAt(desk, FIRST);
    let tried = 0;
    for (const name of SETTING_NAMES) {
      await desk.log.keeper.turn();
      const [loosest, strictest] = ends(name);
      const ofFirst = { ...ALL, name, organisation: FIRST };
      const said = { ...ofFirst, by: HEADQUARTERS, value: strictest, mode: "locked", actor: HQ };
      await changeByTwo(desk, said);
      const own = { ...ofFirst, value: loosest, actor: manager };
      for (const request of [
        own,
        { ...own, value: strictest },
        { ...own, mode: "delegated" },
        { ...own, mode: "delegated", value: strictest, bound: loosest },
        { ...own, mode: "locked" },
        { ...own, by: FIRST },
        { ...own, by: HEADQUARTERS },
        { ...own, afterVersion: 0 },
        { ...own, afterVersion: 1 },
      ]) {
        const code = await codeOfTwo(desk, request, officer);
        assert.match(code, /^SETTING_(LOCKED|NOT_BELOW)$/, JSON.stringify({ name, request }));
        tried += 1;
      }
      const { value, mode, by } = await explainSetting(desk, ofFirst);
      assert.deepEqual([value, mode, by?.name], [strictest, "locked", HEADQUARTERS], name);
    }
    assert.equal(tried, SETTING_NAMES.length * 9);
  });
});

test("P10: who stands in the branch is no second eyes for headquarters", async (context) => {
  await withDesk(context, async (desk) => {
    const manager = await managerOf(desk, FIRST);
    const officer = await officerAt(desk, FIRST);
    let waited = 0;
    for (const name of SETTING_NAMES) {
      await desk.log.keeper.turn();
      const [, strictest] = ends(name);
      const ofFirst = { ...ALL, name, value: strictest, organisation: FIRST };
      const said = { ...ofFirst, by: HEADQUARTERS, actor: HQ };
      await changeByTwo(desk, { ...said, mode: "locked" });
      if (!SETTINGS[name].needsFourEyes) continue;
      waited += 1;
      // To unlock is to loosen, also where the value stays.
      const decided = await decideSetting(desk, said);
      assert.ok("proposed" in decided, name);
      const { id } = decided.proposed.proposal;
      assert.equal(
        await outcome(approveSetting(desk, { id, actor: officer })),
        "SETTING_NOT_BELOW",
      );
      assert.equal((await explainSetting(desk, ofFirst)).mode, "locked", name);
      await approveSetting(desk, { id, actor: signedIn("总部复核人") });
      assert.equal((await explainSetting(desk, ofFirst)).mode, "set", name);
      // What headquarters set, the branch's own two people loosen as little as what it locked.
      const own = { ...said, by: null, value: ends(name)[0], actor: manager };
      const code = await codeOfTwo(desk, own, officer);
      assert.match(code, /^SETTING_(HEADQUARTERS_ONLY|LOOSER)$/, name);
    }
    assert.ok(waited > 0);
  });
});

test("P10: attack a lock on the branch by moving it, and by a race", async (context) => {
  await withDesk(context, async (desk) => {
    const ofFirst = { ...ALL, name: "label-sizes", organisation: FIRST };
    const value = "76x130";
    await foundBelow(desk, { kind: "region", parent: null, names: ["松区"], actor: HQ });
    const manager = await managerOf(desk, FIRST);
    const regional = await managerOf(desk, "松区");
    const looser = { ...ofFirst, value: "76x130,100x150" };
    const seen = { before: 0, after: 0 };
    for (let round = 0; round < 6; round += 1) {
      await changeSetting(desk, { ...looser, by: HEADQUARTERS, actor: HQ });
      const asked = async () =>
        outcome(changeSetting(desk, { ...ofFirst, value: "100x150", actor: manager }));
      const lockIt = { ...ofFirst, value, mode: "locked", by: HEADQUARTERS, actor: HQ };
      const locking = async () => changeSetting(desk, lockIt);
      const [code] =
        round % 2 === 0
          ? await Promise.all([asked(), locking()])
          : (await Promise.all([locking(), asked()])).toReversed();
      assert.ok(code === "done" || code === "SETTING_LOCKED", JSON.stringify(code));
      seen[code === "done" ? "before" : "after"] += 1;
      assert.equal(await valueOver(desk, FIRST, "label-sizes"), value);
    }
    assert.equal(seen.before + seen.after, 6);
    await moveOrganisation(desk, { organisation: FIRST, under: "松区", reason, actor: HQ });
    for (const request of [
      { ...looser, actor: manager },
      { ...looser, actor: regional },
      { ...looser, by: "松区", actor: regional },
    ]) {
      assert.equal(await outcome(decideSetting(desk, request)), "SETTING_LOCKED");
    }
    assert.equal(await valueOver(desk, FIRST, "label-sizes"), value);
    await changeSetting(desk, { ...looser, by: HEADQUARTERS, actor: HQ });
    assert.equal(await valueOver(desk, FIRST, "label-sizes"), looser.value);
  });
});

test("P10: attack a term that headquarters gave the branch itself", async (context) => {
  await withDesk(context, async (desk) => {
    const manager = await managerOf(desk, FIRST);
    const term = { class: "persons", organisation: FIRST, reason };
    await setTerm(desk, { ...term, days: 30, actor: HQ });
    const looser = setTerm(desk, { ...term, days: 31, actor: manager });
    assert.equal(await outcome(looser), "RETENTION_LOOSER");
    await setTerm(desk, { ...term, days: 20, actor: manager });
    await setTerm(desk, { ...term, days: 60, actor: HQ });
  });
});

test("P10: attack by a child, by a second headquarters, by a grant of before", async (context) => {
  await withDesk(context, async (desk, clock) => {
    const ask = { from: FIRST, setting: "mask-profile", wanted: "gb41833", reason, actor: HQ };
    const { request } = await fileRequest(desk, ask);
    const manager = await managerOf(desk, FIRST);
    const answer = { id: request.id, by: HEADQUARTERS, answer: "granted", reason };
    const own = answerAuthorisation(desk, { ...answer, actor: { ...manager, role: "owner" } });
    assert.equal(await outcome(own), "ACCESS_DENIED", "nobody grants himself");
    await answerAuthorisation(desk, { ...answer, actor: HQ });
    clock.now = new Date(clock.now.getTime() + 60_000);
    await lock(desk, "mask-profile", "strict");
    await foundBelow(desk, { kind: "outlet", parent: FIRST, names: ["甲快递下级"], actor: HQ });
    const child = { ...ALL, name: "mask-profile", value: "gb41833", actor: manager };
    for (const organisation of ["甲快递下级", FIRST]) {
      const code = await outcome(decideSetting(desk, { ...child, organisation }));
      assert.equal(code, "SETTING_LOCKED", organisation);
      assert.equal(await valueOver(desk, organisation, "mask-profile"), "strict");
    }
    const second = foundHeadquarters(desk, { name: "甲快递新总部", outlets: [], actor: HQ });
    assert.equal(await outcome(second), "ORGANISATION_EXISTS");
  });
});

test("P10: attack by moving under somebody looser while that one changes", async (context) => {
  await withDesk(context, async (desk) => {
    await foundBelow(desk, { kind: "region", parent: null, names: ["紧区", "松区"], actor: HQ });
    await foundBelow(desk, { kind: "outlet", parent: "紧区", names: ["移动网点"], actor: HQ });
    const say = async (organisation: string, value: string, mode: string): Promise<unknown> =>
      changeByTwo(desk, { ...ALL, name: "quota-person-day", value, mode, organisation, actor: HQ });
    await say("紧区", "100", "locked");
    const move = async (under: string) =>
      outcome(moveOrganisation(desk, { organisation: "移动网点", under, reason, actor: HQ }));
    const seen = { moved: 0, refused: 0 };
    let counted = Number.POSITIVE_INFINITY;
    for (const value of ["300", "50", "200", "60"]) {
      // What the other one says and the move meet: it moves only where one of the two that it can
      // have met is no looser than 100. What headquarters says afterwards is headquarters' own.
      const [, code] = await Promise.all([say("松区", value, "locked"), move("松区")]);
      if (code === "done") seen.moved += 1;
      else seen.refused += 1;
      assert.ok(code === "done" || code === "ORGANISATION_MOVE_LOOSER", code);
      const now = await valueOver(desk, "移动网点", "quota-person-day");
      if (seen.moved === 0) assert.equal(now, "100");
      else assert.ok(Math.min(counted, Number(value)) <= 100, JSON.stringify({ counted, value }));
      if (seen.moved > 0) break;
      counted = Number(value);
    }
    assert.deepEqual(seen.moved, 1);
    assert.ok(seen.refused > 0, JSON.stringify(seen));
  });
});

test("P10: attack by a race of two changes, in real transactions", async (context) => {
  await withDesk(context, async (desk) => {
    const manager = await managerOf(desk, FIRST);
    const seen = { before: 0, after: 0 };
    for (let round = 0; round < 12; round += 1) {
      const open = { ...ALL, name: "label-sizes", organisation: HEADQUARTERS, actor: HQ };
      await changeSetting(desk, { ...open, value: "76x130,100x150", mode: "set" });
      const branch = { ...open, organisation: FIRST, actor: manager };
      const looser = async () => outcome(changeSetting(desk, { ...branch, value: "100x150" }));
      const locking = async () => changeSetting(desk, { ...open, value: "76x130", mode: "locked" });
      const [code] =
        round % 2 === 0
          ? await Promise.all([looser(), locking()])
          : (await Promise.all([locking(), looser()])).toReversed();
      assert.ok(code === "done" || code === "SETTING_LOCKED", JSON.stringify(code));
      seen[code === "done" ? "before" : "after"] += 1;
      assert.equal(await valueOver(desk, FIRST, "label-sizes"), "76x130");
    }
    assert.equal(seen.before + seen.after, 12);
    const two = {
      ...ALL,
      name: "mask-profile",
      value: "gb41833-tail4",
      organisation: HEADQUARTERS,
    };
    const decided = await decideSetting(desk, { ...two, actor: HQ });
    assert.ok("proposed" in decided);
    const { id } = decided.proposed.proposal;
    const codes = await Promise.all(
      ["乙", "丙", "丁"].map(async (name) =>
        outcome(approveSetting(desk, { id, actor: signedIn(name) })),
      ),
    );
    assert.deepEqual(codes.toSorted(), [
      "SETTING_PROPOSAL_SETTLED",
      "SETTING_PROPOSAL_SETTLED",
      "done",
    ]);
  });
});

test("P10: attack by an old version, and by a clock that is behind or ahead", async (context) => {
  await withDesk(context, async (desk, clock) => {
    const asked = { organisation: HEADQUARTERS, name: "mask-profile" };
    const seen = rulingTag(await explainSetting(desk, asked));
    const loosen = { ...ALL, ...asked, value: "gb41833-tail4", actor: HQ };
    const decided = await decideSetting(desk, { ...loosen, seen });
    assert.ok("proposed" in decided);
    await lock(desk, "mask-profile", "strict");
    for (const stale of [{ seen }, { afterVersion: 0 }]) {
      assert.equal(await outcome(decideSetting(desk, { ...loosen, ...stale })), "SETTING_STALE");
    }
    const approval = { id: decided.proposed.proposal.id, actor: signedIn("复核人") };
    assert.equal(await outcome(approveSetting(desk, approval)), "SETTING_STALE");
    const atNoon = clock.now.getTime();
    for (const hours of [-48, 48]) {
      const server: Vault = { ...desk, now: () => new Date(atNoon + hours * 3_600_000) };
      assert.equal(await valueOver(server, FIRST, "mask-profile"), "strict", `${hours} h`);
      const manager = await managerOf(server, FIRST);
      const own = { ...loosen, organisation: FIRST, actor: manager };
      assert.equal(await outcome(decideSetting(server, own)), "SETTING_LOCKED");
    }
  });
});

test("P10: attack by putting back a database from before the lock", async () => {
  await withHome(async (home) => {
    let head = "";
    let size = 0;
    {
      await using vault = await home.open();
      await foundHeadquarters(vault, { name: HEADQUARTERS, outlets: OUTLETS, actor: HQ });
      await foundBelow(vault, { kind: "region", parent: null, names: ["紧区"], actor: HQ });
      await vault.log.keeper.turn();
      head = await headOf(home);
      size = (await leaves(home)).length;
      await lock(vault, "mask-profile", "full");
      await lock(vault, "quota-person-day", "5");
      await changeByTwo(vault, {
        ...ALL,
        organisation: FIRST,
        by: HEADQUARTERS,
        actor: HQ,
        name: "label-sizes",
        value: "76x130",
      });
      await setTerm(vault, { class: "persons", days: 20, organisation: null, reason, actor: HQ });
      await moveOrganisation(vault, { organisation: FIRST, under: "紧区", reason, actor: HQ });
      await vault.log.keeper.turn();
    }
    await restoreOlder(home, size, head);
    await home.change("alter table setting disable trigger all");
    await home.change("alter table retention_term disable trigger all");
    assert.equal(await home.change("delete from setting"), 3);
    assert.equal(await home.change("delete from retention_term"), 1);
    const back =
      "update organisation set parent_id = (select id from organisation where kind = $1)";
    await home.change(`${back} where name = $2`, ["headquarters", FIRST]);
    await home.change("alter table setting enable always trigger setting_append_only");
    {
      await using vault = await home.open();
      assert.equal(await valueOver(vault, FIRST, "mask-profile"), "full");
      assert.equal(await valueOver(vault, FIRST, "quota-person-day"), "5");
      assert.equal(await valueOver(vault, FIRST, "label-sizes"), "76x130");
      const listed = await listOrganisations(vault);
      const region = listed.find(({ name }) => name === "紧区");
      assert.equal(listed.find(({ name }) => name === FIRST)?.parentId, region?.id);
      const terms = await home.rows("select days from retention_term");
      assert.deepEqual(terms, [{ days: 20 }]);
      const restored = (await leaves(home, "database-restored")).map((leaf) => leaf["mode"]);
      assert.deepEqual(restored, ["decisions-applied", "found-older"]);
    }
    await using again = await home.open();
    assert.equal(await valueOver(again, FIRST, "mask-profile"), "full");
    assert.equal((await leaves(home, "database-restored")).length, 2, "told once");
  });
});
