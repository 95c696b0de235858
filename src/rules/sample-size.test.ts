import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { clopperPearson } from "./interval.ts";
import { sizeForMargin, sizeInPopulation, sizeToDetect, sizeToShow } from "./sample-size.ts";

test("P15: sample sizes for a margin are those of the reference table", () => {
  assert.deepEqual(
    [0.05, 0.03, 0.02].map((e) => sizeForMargin(e)),
    [385, 1068, 2401],
  );
  assert.deepEqual(
    [0.05, 0.03, 0.02].map((e) => sizeForMargin(e, 0.9)),
    [139, 385, 865],
  );
});

test("P15: a small population needs fewer, as the reference table says", () => {
  const sizes = [100, 500, 1000, 10_000].map((population) => sizeInPopulation(385, population));
  assert.deepEqual(sizes, [80, 218, 279, 371]);
});

test("P15: never more parcels than there are, never fewer than one", () => {
  const whole = fc.integer({ min: 1, max: 1_000_000 });
  fc.assert(
    fc.property(whole, whole, (size, population) => {
      const needed = sizeInPopulation(size, population);
      assert.ok(needed >= 1 && needed <= population && needed <= size);
    }),
  );
});

/** Dossier 6.4: n for 0, 1, 2 and 3 failures, 95 % one-sided. */
const SHOWN = [
  [0.9, [29, 46, 61, 76]],
  [0.95, [59, 93, 124, 153]],
  [0.98, [149, 236, 313, 386]],
  [0.99, [299, 473, 628, 773]],
] as const;

for (const [level, sizes] of SHOWN) {
  test(`P15: showing ${level * 100} % takes the sizes of the reference table`, () => {
    assert.deepEqual(
      [0, 1, 2, 3].map((failures) => sizeToShow(level, failures)),
      sizes,
    );
  });
}

test("P15: the size that shows a level is the first whose exact bound reaches it", () => {
  const levels = fc.double({ min: 0.3, max: 0.99, noNaN: true });
  fc.assert(
    fc.property(levels, fc.integer({ min: 0, max: 8 }), (level, failures) => {
      const size = sizeToShow(level, failures);
      // A one-sided 95 % bound is the lower end of the two-sided 90 % interval.
      assert.ok(clopperPearson(size - failures, size, 0.9).lower >= level - 1e-9);
      if (size - 1 > failures) {
        assert.ok(clopperPearson(size - 1 - failures, size - 1, 0.9).lower <= level + 1e-9);
      }
    }),
  );
});

test("P15: meeting one violation takes the sizes of the reference table", () => {
  assert.deepEqual(
    [0.1, 0.05, 0.01].map((rate) => sizeToDetect(rate)),
    [29, 59, 299],
  );
});

test("P15: sizes that cannot be are refused", () => {
  for (const call of [
    () => sizeForMargin(0),
    () => sizeForMargin(0.05, 1),
    () => sizeInPopulation(385, 0),
    () => sizeInPopulation(1.5, 10),
    () => sizeToShow(1, 0),
    () => sizeToShow(0.9, -1),
    () => sizeToShow(0.99999999, 0),
    () => sizeToDetect(0),
  ]) {
    assert.throws(call, RangeError);
  }
});
