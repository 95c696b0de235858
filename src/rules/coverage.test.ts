import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  claimOver,
  coverageOf,
  designEffect,
  intervalText,
  percentOf,
  sayClaim,
  sayCoverage,
  stratifiedCoverage,
} from "./coverage.ts";
import { wilsonOf } from "./interval.ts";

function claimed(x: number, n: number) {
  const figure = coverageOf({ x, n }, "gb41833");
  return [claimOver(0.9, figure.wilson), claimOver(0.9, figure.clopperPearson)];
}

test("P15: 900 of 1,000 does not show over 90 %, 190 of 200 does, 100 of 1,000 refutes it", () => {
  assert.deepEqual(claimed(900, 1000), ["not-shown", "not-shown"]);
  assert.deepEqual(claimed(190, 200), ["shown", "shown"]);
  assert.deepEqual(claimed(100, 1000), ["refuted", "refuted"]);
  assert.deepEqual(claimed(30, 30), ["not-shown", "not-shown"]);
});

test("P15: a lower bound of exactly the share is not over it", () => {
  assert.equal(claimOver(0.9, { lower: 0.9, upper: 0.95 }), "not-shown");
  assert.equal(claimOver(0.9, { lower: 0.8, upper: 0.9 }), "not-shown");
});

test("P15: the claim is worded in both languages", () => {
  assert.deepEqual(sayClaim("not-shown", 0.9), {
    zh: "未能证明超过 90 %",
    en: "over 90 % not shown",
  });
  assert.deepEqual(sayClaim("shown", 0.9), { zh: "超过 90 %", en: "over 90 %" });
  assert.deepEqual(sayClaim("refuted", 0.995), { zh: "低于 99.5 %", en: "under 99.5 %" });
});

test("P15: a figure in words carries n, rule level and both intervals", () => {
  assert.deepEqual(sayCoverage(coverageOf({ x: 900, n: 1000 }, "gb41833")), {
    zh:
      "1000 件中 900 件合规,覆盖率 90.0 %(规则等级 gb41833 L2;95 % 置信区间:" +
      "Wilson 87.9 %–91.8 %,Clopper-Pearson 87.9 %–91.8 %)",
    en:
      "900 of 1000 labels comply, coverage 90.0 % (rule level gb41833 L2; 95 % interval: " +
      "Wilson 87.9 %–91.8 %, Clopper-Pearson 87.9 %–91.8 %)",
  });
});

test("P15: a printed interval is never narrower than the interval", () => {
  assert.equal(percentOf(0.9), "90.0 %");
  assert.equal(percentOf(0.29, "down"), "29.0 %");
  assert.equal(percentOf(0.57, "up"), "57.0 %");
  const bounds = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(bounds, bounds, (a, b) => {
      const [lower, upper] = [Math.min(a, b), Math.max(a, b)];
      const [low, high] = intervalText({ lower, upper }).split("–").map(Number.parseFloat);
      assert.ok((low ?? 1) / 100 <= lower + 1e-9 && upper <= (high ?? 0) / 100 + 1e-9);
    }),
  );
});

test("P15: strata count by their population, worked by hand", () => {
  const estimate = stratifiedCoverage([
    { population: 900, x: 45, n: 50 },
    { population: 100, x: 10, n: 50 },
  ]);
  const variance =
    (0.81 * (1 - 50 / 900) * 0.9 * 0.1) / 49 + (0.01 * (1 - 50 / 100) * 0.2 * 0.8) / 49;
  assert.ok(Math.abs(estimate.share - 0.83) < 1e-12);
  assert.ok(Math.abs(estimate.variance - variance) < 1e-15);
  // Kish: 1/(0.81/50 + 0.01/50); the variance alone would claim 99 parcels' worth.
  assert.ok(Math.abs(estimate.effectiveSize - 50 / 0.82) < 1e-9);
  assert.deepEqual(estimate.interval, wilsonOf(estimate.share, estimate.effectiveSize));
});

test("P15: all-or-nothing strata keep an interval", () => {
  const all = stratifiedCoverage([
    { population: 500, x: 20, n: 20 },
    { population: 500, x: 20, n: 20 },
  ]);
  assert.equal(all.variance, 0);
  assert.ok(Math.abs(all.effectiveSize - 40) < 1e-9);
  assert.ok(all.interval.lower < 0.92 && all.interval.upper === 1);
});

test("P15: strata that vary more than one draw would count for less than their parcels", () => {
  const { effectiveSize, variance, share } = stratifiedCoverage([
    { population: 9000, x: 5, n: 10 },
    { population: 1000, x: 90, n: 90 },
  ]);
  assert.ok(Math.abs(effectiveSize - (share * (1 - share)) / variance) < 1e-9);
  assert.ok(effectiveSize < 12.4);
});

test("P15: an estimate lies within its strata and within its interval", () => {
  const stratum = fc
    .tuple(fc.integer({ min: 2, max: 200 }), fc.nat({ max: 5000 }), fc.nat({ max: 200 }))
    .map(([n, more, x]) => ({ population: n + more, n, x: Math.min(x, n) }));
  fc.assert(
    fc.property(fc.array(stratum, { minLength: 1, maxLength: 6 }), (strata) => {
      const { share, interval } = stratifiedCoverage(strata);
      const shares = strata.map(({ x, n }) => x / n);
      assert.ok(share >= Math.min(...shares) - 1e-12 && share <= Math.max(...shares) + 1e-12);
      assert.ok(interval.lower <= share + 1e-12 && interval.upper >= share - 1e-12);
    }),
  );
});

test("P15: strata that cannot be are refused", () => {
  for (const strata of [
    [],
    [{ population: 10, x: 0, n: 1 }],
    [{ population: 5, x: 1, n: 6 }],
    [{ population: 10, x: 7, n: 6 }],
  ]) {
    assert.throws(() => stratifiedCoverage(strata), RangeError);
  }
});

test("P15: parcels of one shelf count for less", () => {
  assert.equal(designEffect(1, 0.5), 1);
  assert.ok(Math.abs(designEffect(25, 0.1) - 3.4) < 1e-12);
  assert.throws(() => designEffect(0, 0.1), RangeError);
});
