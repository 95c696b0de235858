import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { addDays, daysBetween, parseDay } from "./calendar.ts";
import type { Day } from "./calendar.ts";
import { addMonths, DEADLINES, deadlineStateOn, dueOn } from "./deadline.ts";
import type { DeadlineName } from "./deadline.ts";

const day = (text: string): Day => {
  const parsed = parseDay(text);
  assert.ok(parsed !== null);
  return parsed;
};
const days = fc.integer({ min: 0, max: 40_000 }).map((n) => addDays(day("2000-01-01"), n));

/** What each period makes of 30 December 2026: the table, written down a second time. */
const EXPECTED: Readonly<Record<DeadlineName, string>> = {
  "serve-filing": "2027-01-06",
  "entrusted-inquiry": "2027-01-29",
  "serve-recommendation": "2027-01-02",
  "copy-up": "2027-01-04",
  "agency-reply": "2027-02-28",
  "agency-reply-urgent": "2027-01-14",
  "suit-review": "2027-01-30",
  "suit-review-extended": "2027-02-28",
  "suit-copy-up": "2027-01-04",
  "judgment-report": "2027-01-02",
  suggestion: "2027-03-30",
  "suggestion-difficult": "2027-06-30",
  "linkage-copy": "2027-01-09",
  "linkage-outcome": "2027-01-09",
  "headquarters-answer": "2027-01-06",
};

test("CASE-4: every deadline of the table ends on its day, counted from the day after", () => {
  // The keys of the record are the names, as its type says.
  for (const name of Object.keys(DEADLINES) as DeadlineName[]) {
    assert.equal(dueOn(name, day("2026-12-30")), EXPECTED[name], name);
  }
});

test("CASE-5: months go by the calendar, and a day the month lacks is its last", () => {
  assert.equal(addMonths(day("2026-01-31"), 1), "2026-02-28");
  assert.equal(addMonths(day("2028-01-31"), 1), "2028-02-29");
  assert.equal(addMonths(day("2026-12-31"), 2), "2027-02-28");
  assert.equal(addMonths(day("2026-04-22"), 2), "2026-06-22");
  assert.equal(addMonths(day("2026-03-31"), -1), "2026-02-28");
  fc.assert(
    fc.property(days, fc.integer({ min: 0, max: 36 }), (from, months) => {
      const to = addMonths(from, months);
      assert.equal(parseDay(to), to);
      const gap = daysBetween(from, to);
      assert.ok(gap >= months * 28 && gap <= months * 31);
    }),
  );
});

test("CASE-6: a last day of rest moves the end on, and never for ever", () => {
  const holidays = new Set(["2027-02-28", "2027-03-01"]);
  assert.equal(
    dueOn("agency-reply", day("2026-12-30"), (at) => holidays.has(at)),
    "2027-03-02",
  );
  assert.equal(
    dueOn("copy-up", day("2026-12-30"), () => true),
    "2027-02-04",
  );
});

test("CASE-7: the last day still counts, the day after is late", () => {
  const due = day("2026-06-22");
  const on = (today: string, metOn: string | null) =>
    deadlineStateOn(day(today), { dueOn: due, metOn: metOn === null ? null : day(metOn) });
  assert.deepEqual(on("2026-06-22", null), { state: "running", daysLeft: 0 });
  assert.deepEqual(on("2026-06-23", null), { state: "overdue", daysLeft: -1 });
  assert.deepEqual(on("2026-09-01", "2026-06-22"), { state: "met", daysLeft: 0 });
  assert.deepEqual(on("2026-09-01", "2026-07-02"), { state: "met-late", daysLeft: -10 });
});

test("CASE-8: every deadline names instrument, version and article", () => {
  const rows = Object.values(DEADLINES);
  assert.ok(rows.length >= 10);
  for (const { basis, force } of rows) {
    assert.ok(basis.instrument !== "" && basis.version !== "");
    assert.equal(/^\d+$/.test(basis.article), force === "national");
  }
});
