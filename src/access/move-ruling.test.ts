import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseDay } from "../rules/calendar.ts";
import type { OrganisationRow } from "../store/organisation.ts";
import { SETTING_MODES } from "../store/setting.ts";
import type { SettingRow } from "../store/setting.ts";
import { loosenedByMove } from "./move-ruling.ts";
import { isLooser, refusalOf, rulingOver } from "./ruling.ts";
import { saidOn } from "./said.ts";
import type { Said } from "./said.ts";

const NAME = "mask-profile";
const VALUES = ["legacy-clear", "gb41833-tail4", "gb41833", "strict", "full"] as const;
const OPENED = parseDay("2020-01-01");

/* Headquarters with two regions; a branch under the first, an outlet under the branch. */
const PARENTS = { top: null, east: "top", west: "top", branch: "east", outlet: "branch" } as const;
const IDS = ["top", "east", "west", "branch", "outlet"] as const;

function organisation(id: (typeof IDS)[number]): OrganisationRow {
  assert.ok(OPENED !== null);
  return {
    id,
    tenantId: "tenant",
    parentId: PARENTS[id],
    kind: id === "top" ? "headquarters" : "outlet",
    form: null,
    name: id,
    openedOn: OPENED,
    closedOn: null,
  };
}

const TREE = IDS.map(organisation);

type Word = readonly [value: string, mode: SettingRow["mode"], bound: string | null];

function settingOf(id: string, [value, mode, bound]: Word): SettingRow {
  const common = {
    name: NAME,
    version: 1,
    reason: "试点",
    actor: "st-0",
    approvedBy: null,
    at: new Date(0),
  } as const;
  const own = {
    organisationId: id,
    byId: id,
    value,
    mode,
    bound: mode === "delegated" ? bound : null,
  };
  return { ...common, ...own };
}

const value = fc.constantFrom<string>(...VALUES);
const word = fc.option(fc.tuple(value, fc.constantFrom(...SETTING_MODES), fc.option(value)));

function lineOf(ids: readonly string[], settings: readonly SettingRow[]): Said[] {
  const line = TREE.filter(({ id }) => ids.includes(id));
  return saidOn(line, settings);
}

test("P10: a move that is let through loosens no value and opens up no change", () => {
  const seen = { through: 0, refused: 0 };
  const words = fc.tuple(word, word, word, word, word);
  const run = fc.property(words, fc.constantFrom(...VALUES), (said, wish) => {
    const settings = said.flatMap((one, at) => {
      const id = IDS[at];
      return one === null || id === undefined ? [] : [settingOf(id, one)];
    });
    if (loosenedByMove({ tree: TREE, settings }, { id: "branch", above: "west" }) !== null) {
      seen.refused += 1;
      return;
    }
    seen.through += 1;
    for (const below of [["branch"], ["branch", "outlet"]] as const) {
      const before = rulingOver(NAME, lineOf(["top", "east", ...below], settings));
      const after = rulingOver(NAME, lineOf(["top", "west", ...below], settings));
      assert.equal(isLooser(NAME, after.value, before.value), false);
    }
    const branch = organisation("branch");
    const change = { value: wish, by: branch, organisation: branch, isGranted: false };
    const old = refusalOf(rulingOver(NAME, lineOf(["top", "east"], settings)), change);
    const now = refusalOf(rulingOver(NAME, lineOf(["top", "west"], settings)), change);
    if (old !== null) assert.notEqual(now, null, "the branch may say there what it might not here");
  });
  fc.assert(run, { numRuns: 5000 });
  assert.ok(seen.through > 100 && seen.refused > 100, JSON.stringify(seen));
});
