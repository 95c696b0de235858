import assert from "node:assert/strict";
import { test } from "node:test";
import { isFailure } from "../rules/failure.ts";
import { MATCH_STRINGS_MAX, printedStringsIn } from "./statement-match.ts";

test("STM-3: strings of a label come as a bounded JSON array, and as nothing else", () => {
  assert.deepEqual(printedStringsIn('["a","面单"]'), ["a", "面单"]);
  const refused = ["", "{", "{}", "[]", "[1]", "[[]]", "null", JSON.stringify(["x".repeat(2001)])];
  const many = JSON.stringify(Array.from({ length: MATCH_STRINGS_MAX + 1 }, () => "x"));
  for (const text of [...refused, many])
    assert.throws(
      () => printedStringsIn(text),
      (error) => isFailure(error, "STATEMENT_STRINGS_UNREADABLE"),
    );
});
