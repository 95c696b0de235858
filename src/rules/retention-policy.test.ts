import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { effectiveDays, termRefusal } from "./retention-policy.ts";
import { RETENTION, RETENTION_CLASSES } from "./retention.ts";

const said = fc.array(fc.option(fc.integer({ min: 0, max: 400 }), { nil: null }), {
  minLength: 1,
  maxLength: 6,
});

test("P8: a branch is never looser than what stands above it", () => {
  fc.assert(
    fc.property(said, fc.integer({ min: 0, max: 400 }), (line, base) => {
      const above = effectiveDays(base, line.slice(0, -1));
      const own = effectiveDays(base, line);
      return line.length === 1 || own <= above;
    }),
  );
});

test("P8: headquarters' word replaces the default, also when it is longer", () => {
  assert.equal(effectiveDays(120, [null]), 120);
  assert.equal(effectiveDays(120, [200]), 200);
  assert.equal(effectiveDays(120, [200, null, 90]), 90);
  assert.equal(effectiveDays(120, [60, 90]), 60);
});

test("P8: every default lies within its floor and ceiling, and has a source", () => {
  assert.ok(RETENTION_CLASSES.length >= 7);
  for (const name of RETENTION_CLASSES) {
    const { defaultDays: days, source } = RETENTION[name];
    assert.equal(termRefusal({ class: name, days, above: null }), null, name);
    assert.ok(
      Object.values<string>(source).every((part) => part.length > 0),
      name,
    );
  }
});

test("P8: what is outside the bounds, or looser than above, is refused", () => {
  const persons = (days: number, above: number | null) =>
    termRefusal({ class: "persons", days, above });
  assert.equal(persons(1, null), "RETENTION_BOUNDS");
  assert.equal(persons(366, null), "RETENTION_BOUNDS");
  assert.equal(persons(30.5, null), "RETENTION_BOUNDS");
  assert.equal(persons(121, 120), "RETENTION_LOOSER");
  assert.equal(persons(120, 120), null);
  assert.equal(termRefusal({ class: "shell", days: 365, above: 730 }), "RETENTION_BOUNDS");
});
