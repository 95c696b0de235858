import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { betaQuantile, incompleteBeta, logGamma } from "./beta.ts";
import { clopperPearson, wilson, wilsonOf, Z } from "./interval.ts";
import type { Interval } from "./interval.ts";

/** Dossier 6.3, 95 %, four decimals: x, n, Wilson, Clopper-Pearson. */
const REFERENCE = [
  [1, 10, "0.0179–0.4042", "0.0025–0.4450"],
  [27, 30, "0.7438–0.9654", "0.7347–0.9789"],
  [45, 50, "0.7864–0.9565", "0.7819–0.9667"],
  [90, 100, "0.8256–0.9448", "0.8238–0.9510"],
  [180, 200, "0.8506–0.9343", "0.8498–0.9378"],
  [347, 385, "0.8674–0.9272", "0.8670–0.9292"],
  [450, 500, "0.8706–0.9233", "0.8703–0.9249"],
  [900, 1000, "0.8798–0.9171", "0.8797–0.9179"],
  [100, 100, "0.9630–1", "0.9638–1"],
  [30, 30, "0.8865–1", "0.8843–1"],
] as const;

function digits({ lower, upper }: Interval): string {
  return `${lower.toFixed(4)}–${upper === 1 ? "1" : upper.toFixed(4)}`;
}

/** P(X ≥ x) for n draws at share p, summed term by term: the slow second opinion. */
function upperTail(x: number, n: number, p: number): number {
  let sum = 0;
  for (let k = x; k <= n; k += 1) {
    const ways = logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
    sum += Math.exp(ways + k * Math.log(p) + (n - k) * Math.log1p(-p));
  }
  return sum;
}

const counts = fc
  .integer({ min: 1, max: 400 })
  .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));

for (const [x, n, score, exact] of REFERENCE) {
  test(`P15: ${x} of ${n} has the intervals of the reference table`, () => {
    assert.equal(digits(wilson(x, n)), score);
    assert.equal(digits(clopperPearson(x, n)), exact);
  });
}

test("P15: 7 of 50 and 190 of 200 agree with published figures to every digit given", () => {
  const { lower, upper } = clopperPearson(7, 50);
  assert.equal(lower.toFixed(6), "0.058192");
  assert.equal(upper.toFixed(6), "0.267396");
  assert.equal(wilson(190, 200).lower.toFixed(4), "0.9104");
});

test("P15: gamma is the factorial, and the beta quantile undoes the beta function", () => {
  let factorial = 0;
  for (let n = 1; n <= 170; n += 1) {
    factorial += Math.log(n);
    assert.ok(Math.abs(logGamma(n + 1) - factorial) <= 1e-13 * Math.max(1, factorial));
  }
  const inputs = fc.tuple(
    fc.double({ min: 0.001, max: 0.999, noNaN: true }),
    fc.integer({ min: 1, max: 5000 }),
    fc.integer({ min: 1, max: 5000 }),
  );
  fc.assert(
    fc.property(inputs, ([share, a, b]) => {
      assert.ok(Math.abs(incompleteBeta(betaQuantile(share, a, b), a, b) - share) < 1e-9);
    }),
  );
});

test("P15: Clopper-Pearson bounds are where the summed binomial tail is a fortieth", () => {
  fc.assert(
    fc.property(counts, ([x, n]) => {
      const { lower, upper } = clopperPearson(x, n);
      if (x > 0) assert.ok(Math.abs(upperTail(x, n, lower) - 0.025) < 1e-9);
      if (x < n) assert.ok(Math.abs(1 - upperTail(x + 1, n, upper) - 0.025) < 1e-9);
    }),
  );
});

test("P15: both intervals hold the share, mirror and narrow with less confidence", () => {
  fc.assert(
    fc.property(counts, ([x, n]) => {
      for (const interval of [wilson, clopperPearson]) {
        const { lower, upper } = interval(x, n);
        assert.ok(lower >= 0 && lower <= x / n && x / n <= upper && upper <= 1);
        const mirror = interval(n - x, n);
        assert.ok(Math.abs(1 - mirror.upper - lower) < 1e-9);
        const loose = interval(x, n, 0.9);
        assert.ok(loose.lower >= lower && loose.upper <= upper);
      }
    }),
  );
});

test("P15: millions of trials stay exact enough to print", () => {
  const { lower, upper } = clopperPearson(9_000_000, 10_000_000);
  const half = Z[0.95] * Math.sqrt(0.09 / 1e7);
  assert.ok(Math.abs(lower - (0.9 - half)) < 1e-6 && Math.abs(upper - (0.9 + half)) < 1e-6);
  assert.deepEqual(wilsonOf(1, 12.5).upper, 1);
});

test("P15: counts that cannot be are refused", () => {
  for (const [x, n] of [
    [1, 0],
    [0, 0],
    [-1, 5],
    [6, 5],
    [1.5, 5],
    [1, Number.NaN],
  ] as const) {
    assert.throws(() => wilson(x, n), RangeError);
    assert.throws(() => clopperPearson(x, n), RangeError);
  }
});
