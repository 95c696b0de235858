import assert from "node:assert/strict";
import { test } from "node:test";
import { FAILURES } from "../src/rules/failure.ts";
import { errorsPage } from "./gen.ts";

test("P16: the page of failures has one row per code", () => {
  const rows = errorsPage(FAILURES)
    .split("\n")
    .filter((line) => line.startsWith("| `"));
  assert.equal(rows.length, Object.keys(FAILURES).length);
  assert.ok(rows.length > 1);
  for (const row of rows) assert.equal(row.match(/(?<!\\)\|/g)?.length, 5, row);
});

test("a text cannot break out of its cell", () => {
  const row = { status: 400, zh: "a|b", en: "c\nd", doZh: "<e>", doEn: "&f" } as const;
  const page = errorsPage({ X: row });
  assert.ok(page.endsWith("| `X` | 400 | a\\|b<br>c d | &lt;e><br>&amp;f |\n"));
});
