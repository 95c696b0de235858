import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { isFailure } from "../rules/failure.ts";
import { maskAddress } from "./address.ts";
import { buildGazetteer } from "./gazetteer.ts";
import { parseProfile, profileOf, PROFILES, type MaskProfile } from "./mask-profile.ts";
import { maskName } from "./name.ts";
import { maskPhone } from "./phone.ts";

type Masker = (text: string, profile: MaskProfile) => string;

/** Examples hold no divisions, so that they need no table of them. */
const GAZETTEER = buildGazetteer("");
const MASKERS: Readonly<Record<Example["kind"], Masker>> = {
  name: (text, profile) => maskName(text, profile).masked,
  phone: maskPhone,
  address: (text, profile) => maskAddress(text, profile, GAZETTEER).masked,
};

interface Example {
  readonly kind: "name" | "phone" | "address";
  readonly in: string;
  readonly out: string;
}

function fileOf(name: string): { examples: readonly Example[] } {
  const path = new URL(`../../policies/profiles/${name}.json`, import.meta.url);
  // The files are ours; their shape is what this test goes on to check.
  return JSON.parse(readFileSync(path, "utf8")) as { examples: readonly Example[] };
}

for (const profile of Object.values(PROFILES)) {
  test(`P3: policies/profiles/${profile.name}.json equals the shipped table`, () => {
    assert.deepEqual(parseProfile(fileOf(profile.name)), profile);
  });

  test(`P3: every example of ${profile.name} comes out as written`, () => {
    const { examples } = fileOf(profile.name);
    assert.ok(examples.length >= 10);
    for (const example of examples) {
      assert.equal(MASKERS[example.kind](example.in, profile), example.out);
    }
  });
}

test("P3: a profile that shows more than five digits is refused", () => {
  const loose = { ...PROFILES.gb41833, phone: { keepHead: 3, keepTail: 4 } };
  assert.throws(
    () => parseProfile(loose),
    (error) => isFailure(error, "PROFILE_INVALID") && error.details["field"] === "phone",
  );
});

test("P3: a malformed profile is refused and the field is named", () => {
  const cases: readonly (readonly [unknown, string])[] = [
    [null, "profile"],
    [[], "profile"],
    [{}, "name"],
    [{ ...PROFILES.strict, name: "Bad Name" }, "name"],
    [{ ...PROFILES.strict, nameRule: "all" }, "nameRule"],
    [{ ...PROFILES.strict, address: { keep: "room" } }, "address.keep"],
    [{ ...PROFILES.strict, phone: { keepHead: -1, keepTail: 0 } }, "phone.keepHead"],
    [{ ...PROFILES.strict, warning: { zh: "", en: "x" } }, "warning.zh"],
  ];
  for (const [raw, field] of cases) {
    assert.throws(
      () => parseProfile(raw),
      (error) => isFailure(error, "PROFILE_INVALID") && error.details["field"] === field,
      field,
    );
  }
});

test("P3: profiles are found by their own names only", () => {
  assert.equal(profileOf("strict"), PROFILES.strict);
  for (const name of ["", "GB41833", "toString", "__proto__"]) {
    assert.throws(
      () => profileOf(name),
      (error) => isFailure(error, "PROFILE_UNKNOWN"),
    );
  }
});
