import assert from "node:assert/strict";
import { test } from "node:test";
import { BARS, verdictOf } from "./score-bar.ts";
import { numberIn, readReport } from "./score-reading.ts";
import { SETS } from "./score-set.ts";

test("scorers' tables are read by row and column, also names with wide blanks", () => {
  const report = readReport(
    [
      "              here    there",
      "LEAK RATE  a  1.50%   n/a",
      "== second",
      "ALL OF THEM 99.41% of 10",
      "label  gold  found",
      "name   4     25.00%",
      "masking  value",
      "lines    7",
    ].join("\n"),
  );
  const [first, second] = report;
  assert.equal(first?.name, "");
  assert.equal(first?.cells.get("LEAK RATE a")?.get("here"), "1.50%");
  assert.equal(numberIn(first?.cells.get("LEAK RATE a")?.get("there")), null);
  assert.equal(second?.name, "second");
  assert.equal(numberIn(second?.cells.get("name")?.get("found")), 25);
  assert.equal(numberIn(second?.cells.get("lines")?.get("value")), 7);
  assert.equal(numberIn(undefined), null);
});

test("a bar is met by the figure itself, and a figure that is not there meets none", () => {
  const most = { bar: 1, stretch: 0.5, sense: "at most" } as const;
  assert.equal(verdictOf(most, 1.01), "missed");
  assert.equal(verdictOf(most, 1), "reached");
  assert.equal(verdictOf(most, 0.5), "stretch reached");
  assert.equal(verdictOf(most, null), "no figure");
  const least = { bar: 97, stretch: 99, sense: "at least" } as const;
  assert.equal(verdictOf(least, 96.99), "missed");
  assert.equal(verdictOf(least, 99), "stretch reached");
  assert.equal(verdictOf({ ...least, bar: null }, 1), "no bar");
});

test("every set has a figure and every figure a set", () => {
  assert.ok(SETS.length > 0);
  const measured = new Set(BARS.map(({ set }) => set));
  assert.deepEqual([...measured].toSorted(), SETS.map(({ name }) => name).toSorted());
});
