import assert from "node:assert/strict";
import { test } from "node:test";
import { SharedProbe } from "./shared-probe.ts";

test("a second's askers share one probe, the next second's have another", async () => {
  let [asked, nowMs] = [0, 5_000];
  const probe = new SharedProbe(
    async () => Promise.resolve((asked += 1)),
    () => nowMs,
  );
  const many = await Promise.all(Array.from({ length: 100 }, async () => probe.answer()));
  assert.deepEqual(new Set(many), new Set([1]));
  nowMs += 999;
  assert.equal(await probe.answer(), 1);
  nowMs += 1;
  assert.equal(await probe.answer(), 2);
});
