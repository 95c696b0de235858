import assert from "node:assert/strict";
import { test } from "node:test";
import { isAnswered, KNOWN_ANSWERS, requireAnswers } from "../../src/crypto/known-answer.ts";
import type { KnownAnswer } from "../../src/crypto/known-answer.ts";
import { isFailure } from "../../src/rules/failure.ts";

const SUITES = ["intl", "gm"] as const;

test("P5: every algorithm gives its known answer", () => {
  assert.equal(KNOWN_ANSWERS.length, 14);
  for (const row of KNOWN_ANSWERS) assert.equal(row.compute(), row.expected, row.name);
  for (const suite of SUITES) requireAnswers(KNOWN_ANSWERS, suite);
});

/** The table with one row broken. */
function withBroken(name: string, change: Partial<KnownAnswer>): readonly KnownAnswer[] {
  return KNOWN_ANSWERS.map((row) => (row.name === name ? { ...row, ...change } : row));
}

function failsWith(table: readonly KnownAnswer[], row: KnownAnswer): void {
  assert.throws(
    () => requireAnswers(table, row.suite),
    (error) => isFailure(error, "SELFTEST_FAILED") && error.details["algorithms"] === row.name,
    row.name,
  );
}

for (const row of KNOWN_ANSWERS) {
  test(`P5: ${row.name}: another answer, a missing algorithm and none are found`, () => {
    const last = row.expected.at(-1) === "0" ? "1" : "0";
    failsWith(withBroken(row.name, { expected: row.expected.slice(0, -1) + last }), row);
    const absent = (): never => {
      throw new Error("no such algorithm");
    };
    failsWith(withBroken(row.name, { compute: absent }), row);
    assert.equal(isAnswered({ ...row, compute: () => "" }), false);
  });
}

test("P5: a suite without a single known answer is refused as well", () => {
  for (const suite of SUITES) {
    const rest = KNOWN_ANSWERS.filter((row) => row.suite !== suite);
    assert.throws(
      () => requireAnswers(rest, suite),
      (error) => isFailure(error, "SELFTEST_FAILED"),
    );
  }
});
