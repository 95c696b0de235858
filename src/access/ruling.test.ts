import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { PROFILES, profileOf } from "../privacy/mask-profile.ts";
import { parseDay } from "../rules/calendar.ts";
import type { OrganisationRow } from "../store/organisation.ts";
import { SETTING_MODES } from "../store/setting.ts";
import type { SettingMode } from "../store/setting.ts";
import { isLooser, refusalOf, rulingOver, SETTING_RULES } from "./ruling.ts";
import type { Ruling, Said } from "./ruling.ts";

const NAME = "mask-profile";
const VALUES = SETTING_RULES[NAME].values;
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

type Word = readonly [value: string, mode: SettingMode] | null;

function said(word: Word, depth: number): Said {
  const at = organisation(depth);
  if (word === null) return { organisation: at, setting: null };
  const [value, mode] = word;
  const common = {
    name: NAME,
    version: 1,
    reason: "试点",
    actor: "st-0",
    at: new Date(0),
  } as const;
  return { organisation: at, setting: { ...common, organisationId: at.id, value, mode } };
}

function ruling(...words: readonly Word[]): Ruling {
  return rulingOver(NAME, words.map(said));
}

const anyWord = fc.option(fc.tuple(fc.constantFrom(...VALUES), fc.constantFrom(...SETTING_MODES)));
const anyLine = fc.array(anyWord, { minLength: 1, maxLength: 5 });

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
  fc.assert(
    fc.property(anyLine, (words) => {
      const whole = ruling(...words);
      for (let depth = 0; depth < words.length; depth += 1) {
        const word = words[depth];
        const outcome = whole.steps[depth]?.outcome;
        const stood = outcome === "counts" || outcome === "overruled";
        if (word === null || word === undefined || !stood || word[1] === "delegated") continue;
        checked += 1;
        assert.equal(isLooser(NAME, whole.value, word[0]), false);
        if (word[1] === "locked") assert.equal(whole.value, word[0]);
      }
    }),
  );
  assert.ok(checked > 50);
});

test("P10: a change that is allowed counts at once; a refused one would not", () => {
  const seen = { allowed: 0, refused: 0 };
  fc.assert(
    fc.property(anyLine, fc.constantFrom(...VALUES), fc.boolean(), (words, value, byTop) => {
      const above = ruling(...words);
      const target = organisation(words.length);
      const by = byTop ? organisation(0) : target;
      const change = { value, by, organisation: target, isGranted: false };
      const failure = refusalOf(above, change);
      const then = ruling(...words, [value, "set"]);
      if (failure === null) {
        seen.allowed += 1;
        assert.equal(then.value, value);
        assert.equal(then.source?.id, target.id);
      } else if (failure !== "SETTING_HEADQUARTERS_ONLY") {
        seen.refused += 1;
        assert.notEqual(then.source?.id, target.id);
      }
    }),
  );
  assert.ok(seen.allowed > 10 && seen.refused > 10);
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
  const training = rulingOver("training-required", [{ organisation: hq, setting: null }]);
  const tighten = { value: "yes", by: outlet, organisation: outlet, isGranted: false };
  assert.equal(refusalOf(training, tighten), null, "an outlet may always tighten training");
});
