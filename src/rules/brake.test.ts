import assert from "node:assert/strict";
import { test } from "node:test";
import {
  BRAKE_BOUNDS,
  BRAKES_UNSET,
  clockFault,
  erasureBrake,
  isLate,
  portionOf,
} from "./brake.ts";
import { parseDay } from "./calendar.ts";
import type { Day } from "./calendar.ts";

const HOUR_MS = 3_600_000;

function dayAt(text: string): Day {
  return parseDay(text) ?? assert.fail(text);
}

/** `count` compartments of `waybills` each, with a key for each. */
function many(count: number, waybills: number): { waybills: number; keys: number }[] {
  return Array.from({ length: count }, () => ({ waybills, keys: waybills }));
}

test("P7: what falls due today or fell due yesterday is not late", () => {
  const late = ["2026-11-29", "2026-11-28", "2026-11-27", "2026-11-01"].map((day) =>
    isLate(dayAt(day), dayAt("2026-11-29")),
  );
  assert.deepEqual(late, [false, false, true, true]);
});

test("P7: what is late dies by the set share, the oldest first, and none is passed over", () => {
  const living = { waybills: 1_000_000, keys: 1_000_000 };
  const late = many(30, 50_000);
  assert.equal(portionOf(late, living, 25).length, 5);
  assert.equal(portionOf(late, living, 100).length, 20);
  const [first = assert.fail()] = many(1, 300_000);
  assert.deepEqual(portionOf([first, ...late], living, 25), []);
});

test("P7: an installation of 9,999 waybills does not die whole unless somebody says so", () => {
  const all = { waybills: 9999, keys: 64 * 256 };
  assert.deepEqual(portionOf([all], all, BRAKES_UNSET.sharePercent), []);
  assert.deepEqual(portionOf([all], all, 100), [all]);
});

test("P7: a hundred waybills die without being asked, one more does not", () => {
  const of = (waybills: number) => [{ waybills, keys: 256 }];
  for (const [waybills, dying] of [
    [100, 1],
    [101, 0],
  ] as const) {
    const late = of(waybills);
    assert.equal(portionOf(late, late[0] ?? assert.fail(), 25).length, dying);
  }
});

test("P7: a database that lost its rows makes no death light", () => {
  const late = [{ waybills: 0, keys: 131_073 }];
  assert.deepEqual(portionOf(late, { waybills: 0, keys: 200_000 }, 25), []);
});

test("P7: early erasures stop at the limit of the hour, and at that of the day", () => {
  const now = new Date("2026-11-29T12:00:00Z");
  const brakes = { ...BRAKES_UNSET, erasuresPerHour: 3, erasuresPerDay: 5 };
  const ago = (...hours: number[]): Date[] =>
    hours.map((hour) => new Date(now.getTime() - hour * HOUR_MS));
  assert.equal(erasureBrake(ago(0, 0.5), now, brakes), null);
  assert.equal(erasureBrake(ago(0, 0.5, 0.9), now, brakes), "hour");
  assert.equal(erasureBrake(ago(0.5, 2, 3, 4), now, brakes), null);
  assert.equal(erasureBrake(ago(0.5, 2, 3, 4, 23.9), now, brakes), "day");
  assert.equal(erasureBrake(ago(0.5, 2, 3, 4, 24, 25), now, brakes), null);
});

test("P7: no setting lets more than half of what lives die late in a day", () => {
  assert.deepEqual(BRAKE_BOUNDS.sharePercent, { min: 1, max: 50, unset: 25 });
});

test("P7: a clock more than 48 hours off the newest entry of the log is found", () => {
  const newest = new Date("2026-11-23T00:00:00Z");
  assert.equal(clockFault(new Date("2026-11-25T00:00:00Z"), newest), null);
  assert.equal(clockFault(new Date("2026-11-25T00:00:01Z"), newest), "ahead");
  assert.equal(clockFault(new Date("2026-11-20T23:59:59Z"), newest), "behind");
});
