import assert from "node:assert/strict";
import { test } from "node:test";
import type { Day } from "./calendar.ts";
import { isRestDay } from "./rest-day.ts";
import { addWorkingDays, answerDueOn } from "./subject-request.ts";

const day = (text: string): Day => text as Day;

test("P16: a request is answered within fifteen working days, holidays left out", () => {
  assert.equal(answerDueOn(day("2026-11-02"), isRestDay), "2026-11-23");
  assert.equal(answerDueOn(day("2026-11-07"), isRestDay), "2026-11-27");
  // Seven days of rest from 1 October, and Saturday 10 October is worked.
  assert.equal(addWorkingDays(day("2026-09-30"), 1, isRestDay), "2026-10-08");
  assert.equal(addWorkingDays(day("2026-09-30"), 3, isRestDay), "2026-10-10");
  assert.equal(addWorkingDays(day("2026-02-13"), 2, isRestDay), "2026-02-24");
});

test("P16: without a table of holidays a deadline is never too late", () => {
  assert.equal(isRestDay(day("2031-10-01")), false);
  assert.equal(isRestDay(day("2031-10-04")), true);
  assert.equal(answerDueOn(day("2031-09-30"), isRestDay), "2031-10-21");
});

test("P16: who calls every day a day of rest ends nobody in a loop", () => {
  assert.ok(addWorkingDays(day("2026-01-01"), 15, () => true) > "2026-04-01");
});
