/** P1, P2: what a sweep leaves behind is masked, stays masked, and fits where it lay. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import fc from "fast-check";

import { maskAddress } from "../privacy/address.ts";
import { buildGazetteer } from "../privacy/gazetteer.ts";
import { lintPrintable } from "../privacy/lint.ts";
import { PROFILES } from "../privacy/mask-profile.ts";
import { maskName } from "../privacy/name.ts";
import { maskPhone } from "../privacy/phone.ts";
import type { PersonalKind, Veil } from "./veil.ts";
import { isVeiled, VALUE_CHARS_MAX, veilValue } from "./veil.ts";

const DIVISIONS = fileURLToPath(new URL("../../assets/divisions/divisions.tsv", import.meta.url));
const gazetteer = buildGazetteer(readFileSync(DIVISIONS, "utf8"));
const KINDS = ["name", "phone", "address"] as const;
const VEILS: readonly Veil[] = Object.values(PROFILES).map((profile) => ({ profile, gazetteer }));
const STANDARD: Veil = { profile: PROFILES.gb41833, gazetteer };

/* The characters that decide what a masker does, and some that nobody expects. */
const SIGNS = [..."王欧阳小明店先生李𠮷某张号栋单元室路街市县138009-_ 转*＊#,(）Aé😀\u200b"];
const odd = fc
  .array(fc.constantFrom(...SIGNS), { minLength: 1, maxLength: 30 })
  .map((signs) => signs.join(""));

test("P1, P2: what takes a value's place passes the lint, stays, and is no longer", () => {
  const kind = fc.constantFrom(...KINDS);
  const veil = fc.constantFrom(...VEILS);
  fc.assert(
    fc.property(kind, veil, fc.oneof(odd, fc.string({ unit: "binary" })), (k, v, text) => {
      const masked = veilValue(k, text, v);
      const fields = [{ zone: "other", kind: k, text: masked }] as const;
      assert.deepEqual(lintPrintable(fields, v.profile, gazetteer), []);
      assert.ok(isVeiled(k, masked, v));
      assert.equal(veilValue(k, masked, v), masked);
      assert.ok([...masked].length <= [...text].length);
    }),
    { numRuns: 1_500 },
  );
});

test("P2: ordinary values become exactly what the maskers write", () => {
  const name = "诸葛楠云";
  const phone = "13900002349";
  const address = "河北省保定市易县碧庭东路62号澜岭里15号楼2单元2106室";
  const { profile } = STANDARD;
  assert.equal(veilValue("name", name, STANDARD), maskName(name, profile).masked);
  assert.equal(veilValue("phone", phone, STANDARD), maskPhone(phone, profile));
  const masked = maskAddress(address, profile, gazetteer).masked;
  assert.equal(veilValue("address", address, STANDARD), masked);
});

const READABLE: readonly (readonly [PersonalKind, string])[] = [
  ["name", "王小明"],
  ["name", "王小明*"],
  ["name", "*小明"],
  ["name", "王*明"],
  ["phone", "13900002349"],
  ["phone", "13900002349*"],
  ["phone", "139****2349"],
  ["phone", "139******49转0407"],
  ["address", "碧庭东路62号*澜岭里15号楼2单元2106室"],
];

for (const [kind, text] of READABLE) {
  test(`P2: a star does not mask: ${kind} ${text.length}/${text.indexOf("*")}`, () => {
    assert.ok(!isVeiled(kind, text, STANDARD));
    assert.notEqual(veilValue(kind, text, STANDARD), text);
  });
}

test("P2: a masked value stays under its own profile and is tightened under a stricter one", () => {
  assert.ok(isVeiled("name", "王**", STANDARD));
  assert.ok(isVeiled("phone", "139******49", STANDARD));
  assert.ok(isVeiled("phone", "199******94*****", STANDARD));
  const strict: Veil = { profile: PROFILES.strict, gazetteer };
  assert.equal(veilValue("name", "王**", strict), "***");
  assert.equal(veilValue("phone", "139******49", strict), "***********");
});

test("P2: a character outside the basic plane is hidden by one mask, so it fits its column", () => {
  assert.equal(veilValue("name", "王𠮷𠮷", STANDARD), "王**");
});

test("P2: a value beyond the bound is replaced without being read", () => {
  const text = "甲".repeat(VALUE_CHARS_MAX + 1);
  assert.equal(veilValue("address", text, STANDARD), "*".repeat(VALUE_CHARS_MAX));
});

test("P2: a long value never becomes longer in characters, and a long blank stays", () => {
  const astral = "𠮷".repeat(1_001);
  for (const kind of KINDS) {
    const hidden = veilValue(kind, astral, STANDARD);
    assert.equal(Array.from(hidden).length, 1_001, "a varchar counts characters");
    assert.match(hidden, /^\*+$/);
    assert.equal(Array.from(veilValue(kind, "字".repeat(5_000), STANDARD)).length, 2_000);
    const blank = " ".repeat(2_500);
    assert.equal(veilValue(kind, blank, STANDARD), blank);
  }
});
