import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../rules/failure.ts";
import { Rates } from "./rate.ts";

function counter(perMinute: number) {
  let nowMs = 0;
  const rates = new Rates(perMinute, () => nowMs);
  const count = (caller: string): string => {
    const told: Record<string, unknown> = {};
    const reply = { header: (name: string, value?: unknown) => (told[name] = value) };
    // Only `header` is asked of a reply.
    rates.count(caller, reply as never);
    return String(told["ratelimit"]);
  };
  return { count, pass: (ms: number) => (nowMs += ms) };
}

test("P16: what is left is told with each answer, and the next minute begins anew", () => {
  const { count, pass } = counter(2);
  assert.equal(count("a"), '"requests";r=1;t=60');
  pass(1_500);
  assert.equal(count("a"), '"requests";r=0;t=59');
  assert.throws(
    () => count("a"),
    (error) => error instanceof Failure && error.details["retryAfterSeconds"] === 59,
  );
  assert.equal(count("b"), '"requests";r=1;t=60', "one caller does not pay for another");
  pass(58_500);
  assert.equal(count("a"), '"requests";r=1;t=60');
});

test("P16: however many callers there are, the count is bounded and has the newest", () => {
  const { count } = counter(1);
  for (let at = 0; at < 20_001; at += 1) count(`caller ${at}`);
  assert.equal(count("caller 0"), '"requests";r=0;t=60', "the oldest was forgotten");
  assert.throws(() => count("caller 20000"));
});
