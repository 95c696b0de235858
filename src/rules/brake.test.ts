import assert from "node:assert/strict";
import { test } from "node:test";
import { clockFault, mustBrake, SHARE_PERCENT_MAX } from "./brake.ts";

test("P7: a run that would destroy more than the set share of all keys stops", () => {
  assert.equal(mustBrake({ dueWaybills: 30_000, liveWaybills: 100_000 }, SHARE_PERCENT_MAX), true);
  assert.equal(mustBrake({ dueWaybills: 25_000, liveWaybills: 100_000 }, SHARE_PERCENT_MAX), false);
  assert.equal(mustBrake({ dueWaybills: 100_000, liveWaybills: 100_000 }, 100), false);
});

test("P7: a small installation dies without being asked", () => {
  assert.equal(mustBrake({ dueWaybills: 500, liveWaybills: 500 }, SHARE_PERCENT_MAX), false);
});

test("P7: a clock more than 48 hours off the newest entry of the log is found", () => {
  const newest = new Date("2026-11-23T00:00:00Z");
  assert.equal(clockFault(new Date("2026-11-25T00:00:00Z"), newest), null);
  assert.equal(clockFault(new Date("2026-11-25T00:00:01Z"), newest), "ahead");
  assert.equal(clockFault(new Date("2026-11-20T23:59:59Z"), newest), "behind");
});
