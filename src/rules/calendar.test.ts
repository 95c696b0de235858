import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { addDays, dayOf, daysBetween, minuteOf, mondayOf, parseDay } from "./calendar.ts";
import type { Day } from "./calendar.ts";

const days = fc.integer({ min: 0, max: 40_000 }).map((n) => addDays("2000-01-01" as Day, n));

test("P8: a day begins at midnight in Beijing, not in London", () => {
  assert.equal(dayOf(new Date("2026-11-23T15:59:59.999Z")), "2026-11-23");
  assert.equal(dayOf(new Date("2026-11-23T16:00:00.000Z")), "2026-11-24");
  assert.equal(minuteOf(new Date("2026-11-23T16:05:00.000Z")), "2026-11-24 00:05");
});

test("P8: only days that exist are read", () => {
  assert.equal(parseDay("2026-02-28"), "2026-02-28");
  for (const text of ["2026-02-30", "2026-13-01", "26-01-01", "2026-1-1", "", "2026-01-01T00:00"]) {
    assert.equal(parseDay(text), null);
  }
});

test("P8: adding days and counting them agree, across leap years and year ends", () => {
  fc.assert(
    fc.property(days, fc.integer({ min: -5000, max: 5000 }), (day, count) => {
      assert.equal(daysBetween(day, addDays(day, count)), count);
    }),
  );
});

test("P8: every week has one Monday, at most six days back", () => {
  fc.assert(
    fc.property(days, (day) => {
      const monday = mondayOf(day);
      assert.ok(daysBetween(monday, day) >= 0 && daysBetween(monday, day) <= 6);
      assert.equal(new Date(`${monday}T00:00:00Z`).getUTCDay(), 1);
    }),
  );
});
