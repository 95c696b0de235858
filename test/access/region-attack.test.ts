/** No region lifts what headquarters locked on one branch below it by what it says of itself. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { changeSetting } from "../../src/access/setting-change.ts";
import type { SettingRequest } from "../../src/access/setting-change.ts";
import { explainSetting } from "../../src/access/setting.ts";
import { moveOrganisation } from "../../src/access/organisation-move.ts";
import { foundBelow } from "../../src/access/organisation.ts";
import { SETTING_NAMES, SETTINGS } from "../../src/rules/setting.ts";
import type { SettingName } from "../../src/rules/setting.ts";
import { outcome } from "../support/outcome.ts";
import { changeByTwo } from "../support/setting.ts";
import { ALL, codeOfTwo, ends, HQ, managerOf, officerAt, reason } from "./attack.ts";
import { HEADQUARTERS, OUTLETS, withDesk } from "./fresh-desk.ts";

const [FIRST] = OUTLETS;

/** What a region may say of itself to push aside what is locked below it. */
function wordsToTry(name: SettingName): readonly Pick<SettingRequest, "mode" | "value">[] {
  const { values, unset } = SETTINGS[name];
  const [loosest] = ends(name);
  // Of sets one that neither holds the strictest nor is held by it.
  const beside = values.kind === "allowed" ? (values.words.at(-1) ?? "") : unset;
  return [
    { mode: "locked", value: loosest },
    { mode: "locked", value: beside },
    { mode: "set", value: beside },
  ];
}

test("P10: attack a lock on the branch by what the region above says", async (context) => {
  await withDesk(context, async (desk) => {
    await foundBelow(desk, { kind: "region", parent: null, names: ["松区"], actor: HQ });
    await moveOrganisation(desk, { organisation: FIRST, under: "松区", reason, actor: HQ });
    const regional = await managerOf(desk, "松区");
    const officer = await officerAt(desk, "松区");
    const seen = { alone: 0, done: 0, refused: 0 };
    for (const name of SETTING_NAMES) {
      const [loosest, strictest] = ends(name);
      // Handed on by headquarters, so that the region may say it at all.
      const whole = { ...ALL, name, organisation: HEADQUARTERS, actor: HQ };
      const open = { mode: "delegated", value: loosest, bound: loosest };
      await changeByTwo(desk, { ...whole, ...open });
      const ofFirst = { ...whole, organisation: FIRST, by: HEADQUARTERS, value: strictest };
      await changeByTwo(desk, { ...ofFirst, mode: "locked" });
      await desk.log.keeper.turn();
      for (const word of wordsToTry(name)) {
        const own = { ...ALL, ...word, name, organisation: "松区", actor: regional };
        const alone = await outcome(changeSetting(desk, own));
        const code = alone === "done" ? alone : await codeOfTwo(desk, own, officer);
        seen[alone === "done" ? "alone" : code === "done" ? "done" : "refused"] += 1;
        const ruled = await explainSetting(desk, ofFirst);
        const told = [ruled.value, ruled.mode, ruled.by?.name];
        assert.deepEqual(told, [strictest, "locked", HEADQUARTERS], JSON.stringify({ name, word }));
      }
    }
    assert.ok(seen.alone > 0 && seen.done > 0 && seen.refused === 0, JSON.stringify(seen));
  });
});
