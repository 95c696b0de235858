import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDay } from "./calendar.ts";
import type { Day } from "./calendar.ts";
import { isTrainingValid, parseCourse, trainingPassed, trainingStateOn } from "./training.ts";

const day = (text: string): Day => {
  const parsed = parseDay(text);
  assert.ok(parsed !== null);
  return parsed;
};
const COURSE = "waybill-privacy";

test("P10: training holds from the day it was passed to the eve of the day a year later", () => {
  const record = trainingPassed(COURSE, day("2025-11-24"));
  assert.equal(record.validUntil, "2026-11-23");
  assert.equal(isTrainingValid(record, day("2025-11-23")), false);
  assert.equal(isTrainingValid(record, day("2025-11-24")), true);
  assert.equal(isTrainingValid(record, day("2026-11-23")), true);
  assert.equal(isTrainingValid(record, day("2026-11-24")), false);
});

test("P10: a later course heals an expired one; one not yet passed proves nothing", () => {
  const old = trainingPassed(COURSE, day("2024-03-01"));
  const fresh = trainingPassed(COURSE, day("2026-02-01"));
  assert.equal(trainingStateOn([], COURSE, day("2026-01-01")), "none");
  assert.equal(trainingStateOn([fresh], COURSE, day("2026-01-01")), "none");
  assert.equal(trainingStateOn([old, fresh], COURSE, day("2026-01-01")), "expired");
  assert.equal(trainingStateOn([old, fresh], COURSE, day("2026-02-01")), "valid");
});

test("P10: only courses of the table exist", () => {
  assert.equal(parseCourse(COURSE), COURSE);
  assert.equal(parseCourse("constructor"), null);
});
