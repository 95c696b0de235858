import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { PROFILES, profileOf } from "../privacy/mask-profile.ts";
import { parseDay } from "../rules/calendar.ts";
import type { OrganisationRow } from "../store/organisation.ts";
import { SETTING_MODES } from "../store/setting.ts";
import type { SettingName } from "../rules/setting.ts";
import type { SettingMode } from "../store/setting.ts";
import { isLooser, refusalOf, rulingOver } from "./ruling.ts";
import type { Ruling } from "./ruling.ts";
import type { Said } from "./said.ts";

const NAME = "mask-profile";
const VALUES = ["legacy-clear", "gb41833-tail4", "gb41833", "strict", "full"] as const;
const OPENED = parseDay("2020-01-01");

function organisation(depth: number): OrganisationRow {
  assert.ok(OPENED !== null);
  return {
    id: `level-${depth}`,
    tenantId: "tenant",
    parentId: depth === 0 ? null : `level-${depth - 1}`,
    kind: depth === 0 ? "headquarters" : "outlet",
    form: depth === 0 ? null : "direct",
    name: `第${depth}级`,
    openedOn: OPENED,
    closedOn: null,
  };
}

type Word = readonly [value: string, mode: SettingMode, bound?: string | null] | null;

function said(word: Word, depth: number, name: SettingName = NAME): Said {
  const at = organisation(depth);
  if (word === null) return { organisation: at, setting: null, by: null };
  const [value, mode, bound = null] = word;
  const common = {
    name,
    version: 1,
    bound: mode === "delegated" ? bound : null,
    reason: "试点",
    actor: "st-0",
    approvedBy: null,
    at: new Date(0),
  } as const;
  const own = { organisationId: at.id, byId: at.id };
  return { organisation: at, by: at, setting: { ...common, ...own, value, mode } };
}

function ruling(...words: readonly Word[]): Ruling {
  return rulingOver(
    NAME,
    words.map((word, depth) => said(word, depth)),
  );
}

/* One setting of each kind; that of sizes has values of which neither is the stricter. */
const SAMPLES = {
  "mask-profile": VALUES,
  "label-sizes": ["76x130", "76x130,100x150", "100x150,100x180", "100x180"],
  "quota-person-day": ["0", "100", "400", "4000"],
  suite: ["intl", "gm", "intl,gm"],
} as const satisfies Partial<Record<SettingName, readonly string[]>>;
type Sample = keyof typeof SAMPLES;
// The keys of the table are its names.
const SAMPLE_NAMES = Object.keys(SAMPLES) as readonly Sample[];

function anyLineOf(name: Sample) {
  const value = fc.constantFrom<string>(...SAMPLES[name]);
  const word = fc.tuple(value, fc.constantFrom(...SETTING_MODES), fc.option(value));
  return fc.array(fc.option(word), { minLength: 1, maxLength: 5 });
}

const anyLine = fc
  .constantFrom(...SAMPLE_NAMES)
  .chain((name) => anyLineOf(name).map((words) => ({ name, words })));

function rulingOf(name: SettingName, words: readonly Word[]): Ruling {
  return rulingOver(
    name,
    words.map((word, depth) => said(word, depth, name)),
  );
}

test("P1: legacy-clear is a word of the setting and no profile that prints", () => {
  assert.equal(VALUES[0], "legacy-clear");
  assert.throws(() => profileOf("legacy-clear"), { code: "PROFILE_UNKNOWN" });
  assert.deepEqual(VALUES.slice(1).toSorted(), Object.keys(PROFILES).toSorted());
});

test("P10: what counts is the lock, else the strictest that may be said, else the default", () => {
  assert.equal(ruling(null, null).value, "gb41833");
  assert.equal(ruling(null, null).source, null);
  assert.equal(ruling(["gb41833", "set"], null).value, "gb41833");
  assert.equal(ruling(["gb41833", "set"], ["strict", "set"]).value, "strict");
  assert.equal(ruling(["gb41833", "set"], ["legacy-clear", "set"]).value, "gb41833");
  assert.equal(ruling(["gb41833", "locked"], ["full", "set"]).value, "gb41833");
  assert.equal(ruling(["full", "delegated"], ["legacy-clear", "set"]).value, "legacy-clear");
  const handed = ruling(["gb41833", "set"], ["strict", "delegated"], ["legacy-clear", "set"]);
  assert.equal(handed.value, "strict", "a delegation cannot hand on more than it had");
  assert.deepEqual(
    handed.steps.map(({ outcome }) => outcome),
    ["overruled", "counts", "looser-than-above"],
  );
});

test("P10: no line of organisations gets looser than any floor or lock on it that counts", () => {
  let checked = 0;
  const run = fc.property(anyLine, ({ name, words }) => {
    const whole = rulingOf(name, words);
    for (const [depth, word] of words.entries()) {
      const outcome = whole.steps[depth]?.outcome;
      if (word === null || (outcome !== "counts" && outcome !== "overruled")) continue;
      const [value, mode, bound] = word;
      checked += 1;
      if (mode === "locked") assert.equal(whole.value, value);
      const { floor: over } = rulingOf(name, words.slice(0, depth));
      const isBound = bound !== null && (over === null || !isLooser(name, bound, over));
      const floor = mode !== "delegated" ? value : isBound ? bound : over;
      const isOwn = whole.source?.id === organisation(depth).id;
      if (floor !== null && !isOwn) assert.equal(isLooser(name, whole.value, floor), false);
    }
  });
  fc.assert(run, { numRuns: 2000 });
  assert.ok(checked > 500);
});

/**
 * Whether something was said on the line of which neither set holds the other. Said by the top
 * before somebody lower crossed it, the value counts; to say it afterwards, the top first says
 * something else of that one.
 */
function isBeside(name: SettingName, line: readonly Said[], value: string): boolean {
  const told = line.flatMap(({ setting }) => [setting?.value ?? null, setting?.bound ?? null]);
  return told.some(
    (one) => one !== null && isLooser(name, value, one) && isLooser(name, one, value),
  );
}

test("P10: a change that is allowed counts at once; a refused one would not", () => {
  const seen = { allowed: 0, refused: 0 };
  const wish = anyLine.chain((line) =>
    fc.tuple(fc.constant(line), fc.constantFrom<string>(...SAMPLES[line.name]), fc.boolean()),
  );
  const run = fc.property(wish, ([{ name, words }, value, byTop]) => {
    const above = rulingOf(name, words);
    const target = organisation(words.length);
    const by = byTop ? organisation(0) : target;
    const failure = refusalOf(above, { value, by, organisation: target, isGranted: false });
    const own = said([value, "set"], words.length, name);
    const line = words.map((word, depth) => said(word, depth, name));
    const then = rulingOver(name, [...line, { ...own, by }]);
    if (failure === null) {
      seen.allowed += 1;
      assert.equal(then.value, value);
      assert.equal(then.source?.id, target.id);
    } else if (failure !== "SETTING_HEADQUARTERS_ONLY" && !(byTop && isBeside(name, line, value))) {
      seen.refused += 1;
      assert.notEqual(then.source?.id, target.id);
    }
  });
  fc.assert(run, { numRuns: 2000 });
  assert.ok(seen.allowed > 100 && seen.refused > 100, JSON.stringify(seen));
});

test("P10: the default of what is locked by default binds until headquarters speaks", () => {
  const [hq, outlet] = [organisation(0), organisation(1)];
  for (const name of ["mask-profile", "suite"] as const) {
    const unset = rulingOf(name, [null]);
    assert.deepEqual([unset.mode, unset.source, unset.floor], ["locked", null, unset.value]);
    const tighter = { value: name === "suite" ? "gm" : "full", organisation: outlet };
    const own = { ...tighter, by: outlet, isGranted: false };
    assert.equal(refusalOf(unset, own), "SETTING_HEADQUARTERS_ONLY");
    assert.equal(refusalOf(unset, { ...own, isGranted: true }), null);
    assert.equal(refusalOf(unset, { ...own, by: hq }), null);
  }
  const unset = rulingOf("mask-profile", [null]);
  const looser = { value: "legacy-clear", organisation: outlet, by: hq, isGranted: true };
  assert.equal(refusalOf(unset, looser), "SETTING_LOOSER");
  assert.equal(rulingOf("mask-profile", [null, ["legacy-clear", "set"]]).value, "gb41833");
  assert.equal(rulingOf("mask-profile", [null, ["full", "set"]]).value, "full");
});

test("P10: beyond a default that is not locked goes only what headquarters says", () => {
  const [hq, region, outlet] = [organisation(0), organisation(1), organisation(2)];
  const name = "quota-person-day";
  const unset = rulingOf(name, [null, null]);
  assert.deepEqual([unset.value, unset.mode, unset.floor], ["400", "set", "400"]);
  const wide = { value: "401", organisation: outlet, isGranted: true };
  for (const by of [outlet, region]) {
    assert.equal(refusalOf(unset, { ...wide, by }), "SETTING_LOOSER");
    const handed = { ...wide, by, value: "400", bound: "401", isDelegating: true };
    assert.equal(refusalOf(unset, handed), "SETTING_LOOSER");
    assert.equal(refusalOf(unset, { ...wide, by, value: "399" }), null);
    const said2 = { ...said(["401", "set"], 2, name), by };
    const ruled = rulingOver(name, [said(null, 0), said(null, 1), said2]);
    assert.deepEqual([ruled.value, ruled.steps.at(-1)?.outcome], ["400", "looser-than-above"]);
  }
  assert.equal(refusalOf(unset, { ...wide, by: hq }), null);
  const byTop = { ...said(["4000", "set"], 2, name), by: hq };
  assert.equal(rulingOver(name, [said(null, 0), said(null, 1), byTop]).value, "4000");
  const handed = { ...said(["400", "delegated", "4000"], 2, name), by: hq };
  const below = rulingOver(name, [said(null, 0), said(null, 1), handed]);
  assert.equal(refusalOf(below, { ...wide, by: outlet, value: "4000" }), null);
  assert.equal(refusalOf(below, { ...wide, by: outlet, value: "4001" }), "SETTING_LOOSER");
});

test("P10: a delegation goes as far as its bound, and the bound not beyond what is above", () => {
  const outlet = organisation(1);
  const handed = rulingOf("mask-profile", [["strict", "delegated", "gb41833"]]);
  const own = { by: outlet, organisation: outlet, isGranted: false };
  assert.equal(refusalOf(handed, { ...own, value: "gb41833" }), null);
  assert.equal(refusalOf(handed, { ...own, value: "gb41833-tail4" }), "SETTING_LOOSER");
  const on = { ...own, value: "full", isDelegating: true };
  assert.equal(refusalOf(handed, { ...on, bound: "legacy-clear" }), "SETTING_LOOSER");
  assert.equal(refusalOf(handed, { ...on, bound: "gb41833" }), null);
});

test("P10: who may say what, and the lock is named first (仅总部可设置)", () => {
  const outlet = organisation(1);
  const hq = organisation(0);
  const rows = [
    [["legacy-clear", "set"], "gb41833", {}, "SETTING_HEADQUARTERS_ONLY"],
    [null, "full", {}, "SETTING_HEADQUARTERS_ONLY"],
    [["legacy-clear", "set"], "gb41833", { isGranted: true }, null],
    [null, "full", { isGranted: true, isDelegating: true }, "SETTING_HEADQUARTERS_ONLY"],
    [["full", "delegated"], "full", { isDelegating: true }, null],
    [["legacy-clear", "set"], "gb41833", { by: hq }, null],
    [["gb41833", "delegated"], "legacy-clear", {}, null],
    [["gb41833", "set"], "gb41833-tail4", { by: hq }, "SETTING_LOOSER"],
    [["gb41833", "set"], "gb41833-tail4", { isGranted: true }, "SETTING_LOOSER"],
    [["gb41833", "locked"], "gb41833-tail4", {}, "SETTING_LOCKED"],
    [["gb41833", "locked"], "full", { by: hq, isGranted: true }, "SETTING_LOCKED"],
    [["gb41833", "set"], "full", { by: organisation(7) }, "SETTING_NOT_BELOW"],
  ] as const;
  for (const [word, value, over, expected] of rows) {
    const change = { value, by: outlet, organisation: outlet, isGranted: false, ...over };
    assert.equal(refusalOf(ruling(word), change), expected);
  }
  const training = rulingOver("training-required", [{ organisation: hq, setting: null, by: null }]);
  const tighten = { value: "yes", by: outlet, organisation: outlet, isGranted: false };
  assert.equal(refusalOf(training, tighten), null, "an outlet may always tighten training");
});

test("P10: a lock ends no stricter word of somebody higher, and stays to the rest", () => {
  const [hq, region, outlet] = [organisation(0), organisation(1), organisation(2)];
  const name = "label-sizes";
  const [narrow, wide, other] = SAMPLES[name];
  const locked = [said(null, 0), said([wide, "locked"], 1, name)];
  const under = (word: Word, by: OrganisationRow) => {
    const ruled = rulingOver(name, [...locked, { ...said(word, 2, name), by }]);
    return [ruled.value, ruled.mode, ruled.steps.at(-1)?.outcome];
  };
  for (const mode of SETTING_MODES) {
    assert.deepEqual(under([narrow, mode, wide], hq), [narrow, "locked", "counts"]);
    for (const by of [region, outlet]) {
      assert.deepEqual(under([narrow, mode, wide], by), [wide, "locked", "lock-above"]);
    }
  }
  assert.deepEqual(under([`${wide},100x180`, "set"], hq), [wide, "locked", "looser-than-above"]);
  const above = rulingOver(name, locked);
  const change = { value: narrow, organisation: outlet, isGranted: false };
  assert.equal(refusalOf(above, { ...change, by: hq }), null);
  assert.equal(refusalOf(above, { ...change, by: region }), "SETTING_LOCKED");
  const byTop = { ...said([narrow, "set"], 2, name), by: hq };
  const beside = rulingOver(name, [...locked, byTop]);
  assert.equal(refusalOf(beside, { ...change, by: outlet }), "SETTING_LOCKED");
  for (const mode of SETTING_MODES) {
    const crossing = said([other, mode], 1, name);
    const crossed = rulingOver(name, [said(null, 0), crossing, byTop]);
    assert.equal(crossed.value, narrow, "a set that holds neither pushes the higher word aside");
  }
});
