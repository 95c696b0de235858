import assert from "node:assert/strict";
import { test } from "node:test";
import { retryAfterMs } from "./webhook.ts";

test("P17: a delivery is tried nine times over two days, each wait longer than the last", () => {
  const waits: number[] = [];
  for (let attempts = 1; ; attempts += 1) {
    const wait = retryAfterMs(attempts);
    if (wait === null) break;
    waits.push(wait);
  }
  assert.equal(waits.length, 8);
  assert.deepEqual(
    waits,
    waits.toSorted((one, other) => one - other),
  );
  const hours = waits.reduce((sum, wait) => sum + wait, 0) / 3_600_000;
  assert.ok(hours > 44 && hours < 46, String(hours));
});
