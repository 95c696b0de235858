/** The tree of a tenant on a real database: founding, moving, closing, and what holds then. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { foundBelow, foundOutlets, listOrganisations } from "../../src/access/organisation.ts";
import { closeOrganisation, moveOrganisation } from "../../src/access/organisation-move.ts";
import { explainSetting } from "../../src/access/setting.ts";
import { changeSetting } from "../../src/access/setting-change.ts";
import type { Desk } from "../../src/access/desk.ts";
import { signedIn } from "../support/actor.ts";
import { deskOf, failure, HEADQUARTERS, leafBodies, OUTLETS, withDesk } from "./fresh-desk.ts";

const [FIRST, SECOND] = OUTLETS;
const actor = signedIn("总部管理员");
const reason = "调整管理层级";

async function foundTwoRegions(desk: Desk): Promise<void> {
  const kind = "region";
  await foundBelow(desk, { kind, parent: null, names: ["东区", "西区"], actor });
  await foundBelow(desk, { kind: "branch", parent: "东区", names: ["东一分公司"], actor });
  const form = "franchise";
  await foundBelow(desk, {
    kind: "station",
    form,
    parent: "东一分公司",
    names: ["南门驿站"],
    actor,
  });
  await foundBelow(desk, { kind: "merchant", parent: "东一分公司", names: ["山货小店"], actor });
}

type Word = readonly [value: string, mode: string];

async function say(desk: Desk, organisation: string, [value, mode]: Word): Promise<void> {
  const by = HEADQUARTERS;
  await changeSetting(desk, { organisation, by, name: "mask-profile", value, mode, reason, actor });
}

async function valueOver(desk: Desk, organisation: string): Promise<string> {
  return (await explainSetting(desk, { organisation, name: "mask-profile" })).value;
}

test("P10: regions, branches, stations, merchants have their places", async (context) => {
  await withDesk(context, async (desk) => {
    await foundTwoRegions(desk);
    const listed = await listOrganisations(desk);
    const station = listed.find(({ name }) => name === "南门驿站");
    assert.deepEqual([station?.depth, station?.kind, station?.form], [3, "station", "franchise"]);
    const merchant = listed.find(({ name }) => name === "山货小店");
    assert.deepEqual([merchant?.depth, merchant?.form], [3, null]);
    const wrong = [
      { kind: "region", parent: "东一分公司" },
      { kind: "merchant", parent: null },
      { kind: "branch", parent: "南门驿站" },
      { kind: "outlet", parent: "山货小店" },
    ] as const;
    for (const place of wrong) {
      const plan = { ...place, names: ["不该有"], actor };
      await assert.rejects(foundBelow(desk, plan), failure("ORGANISATION_PLACE"));
    }
  });
});

test("P10: what is founded below a lock is under it from its first moment", async (context) => {
  await withDesk(context, async (desk) => {
    await foundTwoRegions(desk);
    await say(desk, "东区", ["strict", "locked"]);
    await foundOutlets(desk, { parent: "东一分公司", outlets: ["新网点"], actor });
    assert.equal(await valueOver(desk, "新网点"), "strict");
  });
});

test("P10: nothing closes over open ones, and nothing acts once closed", async (context) => {
  await withDesk(context, async (desk) => {
    await foundTwoRegions(desk);
    const close = async (organisation: string) =>
      closeOrganisation(desk, { organisation, reason, actor });
    await assert.rejects(close("东区"), failure("ORGANISATION_OPEN_BELOW"));
    await assert.rejects(close(HEADQUARTERS), failure("ORGANISATION_PLACE"));
    for (const name of ["南门驿站", "山货小店", "东一分公司", "东区"]) await close(name);
    await assert.rejects(close("东区"), failure("ORGANISATION_CLOSED"));
    const below = { parent: "东区", outlets: ["后来网点"], actor };
    await assert.rejects(foundOutlets(desk, below), failure("ORGANISATION_CLOSED"));
    await assert.rejects(say(desk, "东区", ["full", "set"]), failure("ORGANISATION_CLOSED"));
    const into = { organisation: FIRST, under: "东区", reason, actor };
    await assert.rejects(moveOrganisation(desk, into), failure("ORGANISATION_CLOSED"));
    const told = (await leafBodies(desk.database)).filter(
      ({ type }) => type === "organisation-closed",
    );
    assert.equal(told.length, 4);
  });
});

test("P10: of closing and founding below at the same moment only one happens", async (context) => {
  await withDesk(context, async (desk) => {
    for (let round = 0; round < 5; round += 1) {
      const name = `第${round}分公司`;
      await foundBelow(desk, { kind: "branch", parent: null, names: [name], actor });
      const outcomes = await Promise.allSettled([
        closeOrganisation(desk, { organisation: name, reason, actor }),
        foundOutlets(desk, { parent: name, outlets: [`第${round}分公司网点`], actor }),
      ]);
      assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
    }
  });
});

test("P10: nobody moves out from under a lock, a floor or his own tightening", async (context) => {
  await withDesk(context, async (desk) => {
    await foundTwoRegions(desk);
    const move = async (organisation: string, under: string) =>
      moveOrganisation(desk, { organisation, under, reason, actor });
    await say(desk, "东区", ["strict", "locked"]);
    await assert.rejects(move("东一分公司", "西区"), failure("ORGANISATION_MOVE_LOOSER"));
    await say(desk, "西区", ["strict", "set"]);
    await assert.rejects(
      move("东一分公司", "西区"),
      failure("ORGANISATION_MOVE_LOOSER"),
      "unlocked",
    );
    await say(desk, "西区", ["full", "locked"]);
    const { entry } = await move("东一分公司", "西区");
    assert.equal(await valueOver(desk, "南门驿站"), "full");
    const leaf = (await leafBodies(desk.database)).find(({ id }) => id === entry);
    assert.equal(leaf?.["type"], "organisation-moved");
    assert.equal(await valueOver(desk, "山货小店"), "full");

    // Tighter than its lock-free home: a lock at a looser value would overrule its own word.
    await say(desk, FIRST, ["full", "set"]);
    await foundBelow(desk, { kind: "region", parent: null, names: ["北区"], actor });
    await say(desk, "北区", ["gb41833", "locked"]);
    await assert.rejects(move(FIRST, "北区"), failure("ORGANISATION_MOVE_LOOSER"));
  });
});

test("P10: no loop, no foreign place, no headquarters on the move", async (context) => {
  await withDesk(context, async (desk) => {
    await foundTwoRegions(desk);
    const other = await deskOf(desk, "乙快递");
    const rows = [
      ["东区", "东一分公司", "ORGANISATION_PLACE"],
      ["东区", "东区", "ORGANISATION_PLACE"],
      [HEADQUARTERS, "东区", "ORGANISATION_PLACE"],
      [SECOND, "山货小店", "ORGANISATION_PLACE"],
      [SECOND, "没有这家", "ORGANISATION_UNKNOWN"],
    ] as const;
    for (const [organisation, under, code] of rows) {
      const asked = { organisation, under, reason, actor };
      await assert.rejects(
        moveOrganisation(desk, asked),
        failure(code),
        `${organisation}→${under}`,
      );
    }
    const id = (await listOrganisations(desk)).find(({ name }) => name === SECOND)?.id ?? "";
    const foreign = { organisation: id, under: "东区", reason, actor };
    await assert.rejects(moveOrganisation(other, foreign), failure("ORGANISATION_UNKNOWN"));
    const nested = { kind: "region", parent: "东区", names: ["东区之东"], actor } as const;
    await foundBelow(desk, nested);
    const into = { organisation: "东区", under: "东区之东", reason, actor };
    await assert.rejects(moveOrganisation(desk, into), failure("ORGANISATION_PLACE"));
  });
});
