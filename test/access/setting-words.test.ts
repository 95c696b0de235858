/** The table of settings names what other rooms own; here both are held against each other. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SUITES } from "../../src/crypto/suites.ts";
import { LABEL_SIZES } from "../../src/label/label-size.ts";
import { PROFILES } from "../../src/privacy/mask-profile.ts";
import { SETTINGS } from "../../src/rules/setting.ts";
import { allowedWords } from "../../src/rules/setting-kind.ts";

test("P10: words that other rooms own are the words of those rooms", () => {
  const words = (name: "label-sizes" | "suite") => allowedWords(SETTINGS[name].unset);
  assert.deepEqual(words("label-sizes"), LABEL_SIZES);
  assert.deepEqual(words("suite"), Object.keys(SUITES));
  const { values } = SETTINGS["mask-profile"];
  assert.ok(values.kind === "choice");
  assert.deepEqual(values.values.slice(1).toSorted(), Object.keys(PROFILES).toSorted());
});
