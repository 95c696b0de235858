import assert from "node:assert/strict";
import { test } from "node:test";

import { Failure } from "../rules/failure.ts";
import { bytes, day, instant, text, wholeNumber, wholeNumberOrNull, word } from "./row.ts";
import type { Row } from "./row.ts";

test("P16: columns of the expected shape come through", () => {
  const row: Row = { a: "1099511627775", b: 7, c: null, d: "2027-03-22", e: "live" };
  assert.equal(wholeNumber(row, "a"), 1_099_511_627_775);
  assert.equal(wholeNumber(row, "b"), 7);
  assert.equal(wholeNumberOrNull(row, "c"), null);
  assert.equal(day(row, "d"), "2027-03-22");
  assert.equal(word(row, "e", ["live", "closing"]), "live");
});

test("P9: a column of another shape is refused by name, without its value", () => {
  const value = "9007199254740993";
  const row: Row = { wide: value, empty: "", when: new Date(Number.NaN), none: null };
  const readers = [
    () => wholeNumber(row, "wide"),
    () => wholeNumber(row, "empty"),
    () => wholeNumber(row, "absent"),
    () => text(row, "none"),
    () => bytes(row, "wide"),
    () => day(row, "wide"),
    () => instant(row, "when"),
    () => word(row, "wide", ["live"]),
  ];
  for (const read of readers) {
    assert.throws(read, (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.code, "ROW_UNREADABLE");
      assert.ok(!JSON.stringify([error.message, error.details]).includes(value));
      return true;
    });
  }
});
