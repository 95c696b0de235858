import assert from "node:assert/strict";
import { test } from "node:test";
import { isRotationDue, ROTATE_AFTER_DAYS } from "./rotation.ts";

const MADE_AT = new Date("2026-11-23T08:00:00.000Z");
const MILLISECONDS_PER_DAY = 86_400_000;

test("P6: a generation that a wrong clock made in the future is due at once, not in years", () => {
  const after = (ms: number): boolean => isRotationDue(MADE_AT, new Date(MADE_AT.getTime() + ms));
  const week = ROTATE_AFTER_DAYS * MILLISECONDS_PER_DAY;
  assert.deepEqual([-10 * 365 * MILLISECONDS_PER_DAY, -1, 0, week - 1, week].map(after), [
    true,
    true,
    false,
    false,
    true,
  ]);
});
