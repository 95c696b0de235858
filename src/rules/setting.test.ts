import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isLooserOf, parseValue, valuesText } from "./setting-kind.ts";
import type { SettingKind } from "./setting-kind.ts";
import { SETTING_NAMES, SETTINGS } from "./setting.ts";

const KINDS: readonly SettingKind[] = SETTING_NAMES.map((name) => SETTINGS[name].values);

function valueOf(kind: SettingKind): fc.Arbitrary<string> {
  switch (kind.kind) {
    case "choice":
      return fc.constantFrom(...kind.values);
    case "most":
      return fc.integer({ min: kind.min, max: kind.max }).map(String);
    case "allowed":
      return fc
        .subarray([...kind.words], { minLength: kind.mayBeNone ? 0 : 1 })
        .map((words) => (words.length === 0 ? "none" : words.join(",")));
  }
}

test("P10: every row has texts, a default among its values, and a name the database takes", () => {
  assert.ok(SETTING_NAMES.length >= 25, String(SETTING_NAMES.length));
  for (const name of SETTING_NAMES) {
    const { zh, en, values, unset } = SETTINGS[name];
    assert.match(name, /^[a-z][a-z0-9-]{2,39}$/);
    assert.ok(zh !== "" && en !== "" && valuesText(values) !== "");
    assert.equal(parseValue(values, unset), unset, name);
  }
});

test("P10: encryption has no off; it, the mask profile and four eyes are locked by default", () => {
  const locked = SETTING_NAMES.filter((name) => SETTINGS[name].isLockedByDefault);
  assert.deepEqual(locked, ["mask-profile", "suite", "four-eyes"]);
  for (const wrong of ["none", "", "clear", "intl,none", "aes", "INTL"]) {
    assert.equal(parseValue(SETTINGS.suite.values, wrong), null, wrong);
  }
});

test("P10: strictness is an order: nothing is looser than itself, and stricter goes on", () => {
  let compared = 0;
  for (const kind of KINDS) {
    const values = fc.tuple(valueOf(kind), valueOf(kind), valueOf(kind));
    fc.assert(
      fc.property(values, ([a, b, c]) => {
        compared += 1;
        assert.equal(isLooserOf(kind, a, a), false);
        if (a !== b) assert.ok(isLooserOf(kind, a, b) || isLooserOf(kind, b, a), "no two are one");
        if (!isLooserOf(kind, a, b) && !isLooserOf(kind, b, c)) {
          assert.equal(isLooserOf(kind, a, c), false);
        }
      }),
    );
  }
  assert.ok(compared >= KINDS.length * 100);
});

test("P10: a value is written in one way, and what is no value is refused", () => {
  const sizes = SETTINGS["label-sizes"].values;
  assert.equal(parseValue(sizes, "100x150, 76x130,76x130"), "76x130,100x150");
  for (const wrong of ["76x131", "76x130,", "none", ""])
    assert.equal(parseValue(sizes, wrong), null);
  assert.equal(parseValue(SETTINGS["purposes-courier"].values, "none"), "none");
  const days = SETTINGS["retention-persons"].values;
  for (const wrong of ["0", "1", "366", "1e2", "07", "-5", "12.0", " 9", ""]) {
    assert.equal(parseValue(days, wrong), null, wrong);
  }
  assert.equal(parseValue(days, "90"), "90");
  assert.equal(isLooserOf(days, "what an older program wrote", "90"), true);
});
