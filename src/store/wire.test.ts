import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";

import { addDays, parseDay } from "../rules/calendar.ts";
import {
  byteaArray,
  dateNumber,
  int2Array,
  timestampNumber,
  uuidBytes,
  writeInt64,
} from "./wire.ts";

test("P16: a safe integer of either sign becomes the bytes of its bigint", () => {
  const edges = [0, -1, 1, 2 ** 32, -(2 ** 32), 2 ** 40 - 1, Number.MIN_SAFE_INTEGER];
  const check = (value: number): void => {
    const ours = Buffer.alloc(8);
    writeInt64(ours, value, 0);
    assert.equal(ours.readBigInt64BE(), BigInt(value));
  };
  for (const edge of edges) check(edge);
  fc.assert(fc.property(fc.maxSafeInteger(), check));
});

test("P8: days and instants are counted from 2000-01-01", () => {
  const leapDay = parseDay("2000-02-29") ?? assert.fail("a day that exists");
  assert.equal(dateNumber(leapDay), 59);
  assert.equal(dateNumber(addDays(leapDay, -60)), -1);
  assert.equal(timestampNumber(new Date("2000-01-01T00:00:01.005Z")), 1_005_000);
  assert.equal(timestampNumber(new Date("1999-12-31T23:59:59Z")), -1_000_000);
});

test("P16: arrays have the form of PostgreSQL's array_recv", () => {
  const header = "00000001" + "00000000";
  assert.equal(
    int2Array([1, -2]).toString("hex"),
    `${header}00000015${"00000002"}00000001${"000000020001"}${"00000002fffe"}`,
  );
  assert.equal(
    byteaArray([Uint8Array.of(0x61, 0x62), Buffer.alloc(0)]).toString("hex"),
    `${header}00000011${"00000002"}00000001${"000000026162"}${"00000000"}`,
  );
});

test("P5: a UUID becomes its sixteen bytes", () => {
  const bytes = uuidBytes("018f0000-0000-7000-8000-0000000000ff");
  assert.equal(bytes.toString("hex"), "018f00000000700080000000000000ff");
});
