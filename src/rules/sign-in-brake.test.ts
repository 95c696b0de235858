import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { brakeMs, BRAKES, failuresAt } from "./sign-in-brake.ts";
import type { BrakeHead } from "./sign-in-brake.ts";

const AT = new Date("2026-11-28T08:00:00Z");
const later = (ms: number): Date => new Date(AT.getTime() + ms);
// The keys of the table are the heads.
const HEADS = Object.keys(BRAKES) as BrakeHead[];

test("P10: patience grows with failures, and no head ever locks", () => {
  assert.equal(HEADS.length, 5);
  for (const head of HEADS) {
    const { free, waitMsMax } = BRAKES[head];
    const wait = (failures: number) => brakeMs(head, { failures, at: AT }, AT);
    assert.equal(wait(free - 0.6), 0);
    assert.equal(wait(free - 0.1), 1000, "a few seconds forget nothing");
    assert.equal(wait(free), 1000);
    assert.equal(wait(free + 1), 2000);
    assert.equal(wait(1e6), waitMsMax);
    assert.ok(waitMsMax <= 60_000, "a longer wait would be a lock");
  }
});

test("P10: whoever waits as long as he is told comes in", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...HEADS),
      fc.double({ min: 0, max: 1e9, noNaN: true }),
      (head, failures) => {
        if (BRAKES[head].how === "hold") return;
        const count = { failures, at: AT };
        assert.equal(brakeMs(head, count, later(brakeMs(head, count, AT))), 0);
      },
    ),
  );
});

test("P10: failures are forgotten by and by, and a clock that goes back forgets nothing", () => {
  const count = { failures: 8, at: AT };
  assert.equal(failuresAt(count, later(15 * 60_000)), 4);
  assert.equal(failuresAt(count, later(-60_000)), 8);
});
