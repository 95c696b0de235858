import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { responsibilityScore, SCORE_ITEMS } from "./score.ts";
import type { ScoreFacts, Tally } from "./score.ts";

const NOTHING: ScoreFacts = {
  compliantLabels: { count: 0, of: 0 },
  overdueErasures: { count: 0, of: 0 },
  unansweredRequests: { count: 0, of: 0 },
  deniedReveals: { count: 0, of: 0 },
  badEmergencies: { count: 0, of: 0 },
  trainedStaff: { count: 0, of: 0 },
};
const PERFECT: ScoreFacts = {
  compliantLabels: { count: 50, of: 50 },
  overdueErasures: { count: 0, of: 1000 },
  unansweredRequests: { count: 0, of: 2 },
  deniedReveals: { count: 0, of: 30 },
  badEmergencies: { count: 0, of: 2 },
  trainedStaff: { count: 3, of: 3 },
};
const tally: fc.Arbitrary<Tally> = fc
  .tuple(fc.nat({ max: 500 }), fc.nat({ max: 500 }))
  .map(([a, b]) => ({ count: Math.min(a, b), of: Math.max(a, b) }));
const facts: fc.Arbitrary<ScoreFacts> = fc.record({
  compliantLabels: tally,
  overdueErasures: tally,
  unansweredRequests: tally,
  deniedReveals: tally,
  badEmergencies: tally,
  trainedStaff: tally,
});

test("P15: the weights make a hundred, and perfect facts earn it", () => {
  const weights = Object.values(SCORE_ITEMS).map(({ weight }) => weight);
  assert.equal(
    weights.reduce((sum, weight) => sum + weight, 0),
    100,
  );
  const { score, measuredWeight, coverage } = responsibilityScore(PERFECT, "gb41833");
  assert.deepEqual([score, measuredWeight, coverage?.n], [100, 100, 50]);
});

test("P15: a score worked by hand", () => {
  const result = responsibilityScore(
    {
      compliantLabels: { count: 10, of: 100 },
      overdueErasures: { count: 5, of: 100 },
      unansweredRequests: { count: 1, of: 4 },
      deniedReveals: { count: 1, of: 10 },
      badEmergencies: { count: 1, of: 8 },
      trainedStaff: { count: 2, of: 3 },
    },
    "gb41833",
  );
  // 40 × 0.1 + 25 × 0.5 + 10 × 2/3 + 10 × 0.5 + 10 × 0.5 + 5 × 0.75
  assert.equal(result.score, 36.9);
  assert.equal(result.coverage?.wilson.lower.toFixed(4), "0.0552");
});

test("P15: what did not happen is left out, not rewarded", () => {
  assert.equal(responsibilityScore(NOTHING, "gb41833").score, null);
  const labels = { ...NOTHING, compliantLabels: { count: 3, of: 4 } };
  const { score, measuredWeight, items } = responsibilityScore(labels, "gb41833");
  assert.deepEqual([score, measuredWeight], [75, 40]);
  assert.equal(items.filter(({ earned }) => earned === null).length, 5);
});

test("P15: a score lies in 0 to 100 and never rises when a fact gets worse", () => {
  fc.assert(
    fc.property(facts, (given) => {
      const { score } = responsibilityScore(given, "gb41833");
      if (score === null) return;
      assert.ok(score >= 0 && score <= 100);
      const { count, of } = given.overdueErasures;
      if (count === of) return;
      const worse = { ...given, overdueErasures: { count: count + 1, of } };
      assert.ok((responsibilityScore(worse, "gb41833").score ?? 101) <= score);
    }),
  );
});

test("P15: a part larger than its whole is refused", () => {
  const broken = { ...PERFECT, trainedStaff: { count: 4, of: 3 } };
  assert.throws(() => responsibilityScore(broken, "gb41833"), RangeError);
});
