import assert from "node:assert/strict";
import { test } from "node:test";
import { addDays } from "./calendar.ts";
import type { Day } from "./calendar.ts";
import { HOLD_REASON_NAMES, HOLD_REASONS, holdRefusal, isHoldOver } from "./hold.ts";

const TODAY = "2026-11-28" as Day;

test("P8: no hold is without an end, and none ends later than its reason allows", () => {
  assert.ok(HOLD_REASON_NAMES.length >= 6);
  for (const reason of HOLD_REASON_NAMES) {
    const { daysMax } = HOLD_REASONS[reason];
    const refusal = (days: number) =>
      holdRefusal(TODAY, { reason, until: addDays(TODAY, days), document: "文书 1" });
    assert.equal(refusal(daysMax), null, reason);
    assert.equal(refusal(daysMax + 1), "HOLD_UNTIL", reason);
    assert.equal(refusal(-1), "HOLD_UNTIL", reason);
    assert.equal(refusal(0), null, reason);
  }
});

test("P8: what an authority holds names its document", () => {
  const until = addDays(TODAY, 10);
  const without = (reason: "claim" | "court-order" | "investigation") =>
    holdRefusal(TODAY, { reason, until, document: null });
  assert.deepEqual(
    [without("claim"), without("investigation"), without("court-order")],
    [null, "HOLD_DOCUMENT", "HOLD_DOCUMENT"],
  );
});

test("P8: a hold counts to the end of its last day", () => {
  assert.equal(isHoldOver(TODAY, TODAY), false);
  assert.equal(isHoldOver(addDays(TODAY, 1), TODAY), true);
});
