import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { test } from "node:test";
import type { SpanContext } from "./context.ts";
import { isSampled, SAMPLERS } from "./sampler.ts";

const TRACES = Array.from({ length: 10_000 }, (_, at) => hash("md5", String(at)));

function parentOf(sampled: boolean): SpanContext {
  return { traceId: "1".repeat(32), spanId: "1".repeat(16), isSampled: sampled };
}

test("each sampler does what its name says, with and without somebody who asked", () => {
  const decided = SAMPLERS.map((name) =>
    [null, parentOf(true), parentOf(false)].map((parent) =>
      isSampled({ name, ratio: 0 }, "f".repeat(32), parent),
    ),
  );
  assert.deepEqual(decided, [
    [true, true, true],
    [false, false, false],
    [false, false, false],
    [true, true, false],
    [false, true, false],
    [false, true, false],
  ]);
});

test("a ratio keeps about its share, and a larger one all that a smaller one keeps", () => {
  const kept = (ratio: number) =>
    new Set(TRACES.filter((id) => isSampled({ name: "traceidratio", ratio }, id, null)));
  const [tenth, half, all] = [kept(0.1), kept(0.5), kept(1)];
  assert.ok(Math.abs(tenth.size - 1_000) < 150, String(tenth.size));
  assert.equal(all.size, TRACES.length);
  assert.ok([...tenth].every((id) => half.has(id)));
});
