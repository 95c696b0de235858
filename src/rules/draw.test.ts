import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  below,
  drawWithoutReplacement,
  fnv1a,
  parseSeed,
  splitmix64,
  stageSeed,
  xoshiro256,
} from "./draw.ts";

const population = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 8 }), {
  minLength: 1,
  maxLength: 60,
});
const drawing = population.chain((ids) =>
  fc.tuple(fc.string(), fc.constant(ids), fc.integer({ min: 0, max: ids.length })),
);
const outlets = Array.from({ length: 12 }, (_, at) => `outlet-${String(at).padStart(2, "0")}`);

test("DRAW-1: hash and generators give their published values", () => {
  assert.equal(fnv1a(""), 0xcbf29ce484222325n);
  assert.equal(fnv1a("a"), 0xaf63dc4c8601ec8cn);
  assert.equal(fnv1a("foobar"), 0x85944171f73967e8n);
  const split = splitmix64(1234567n);
  assert.deepEqual(
    [split(), split(), split(), split(), split()],
    [
      6457827717110365317n,
      3203168211198807973n,
      9817491932198370423n,
      4593380528125082431n,
      16408922859458223821n,
    ],
  );
  const stars = xoshiro256([1n, 2n, 3n, 4n]);
  assert.deepEqual(
    Array.from({ length: 10 }, () => stars()),
    [
      11520n,
      0n,
      1509978240n,
      1215971899390074240n,
      1216172134540287360n,
      607988272756665600n,
      16172922978634559625n,
      8476171486693032832n,
      10595114339597558777n,
      2904607092377533576n,
    ],
  );
});

test("DRAW-2: this draw never changes; it stands in printed reports", () => {
  assert.deepEqual(drawWithoutReplacement("鹤岗 2026-11-23", outlets, 4), [
    "outlet-09",
    "outlet-05",
    "outlet-02",
    "outlet-08",
  ]);
});

test("DRAW-3: nothing is drawn twice and nothing from elsewhere", () => {
  fc.assert(
    fc.property(drawing, ([seed, ids, count]) => {
      const drawn = drawWithoutReplacement(seed, ids, count);
      assert.equal(drawn.length, count);
      assert.equal(new Set(drawn).size, count);
      assert.ok(drawn.every((id) => ids.includes(id)));
    }),
  );
});

test("DRAW-4: same seed, same draw, whatever the order of the list; a longer draw goes on", () => {
  fc.assert(
    fc.property(drawing, ([seed, ids, count]) => {
      const drawn = drawWithoutReplacement(seed, ids, count);
      assert.deepEqual(drawWithoutReplacement(` ${seed} `, [...ids].reverse(), count), drawn);
      const all = drawWithoutReplacement(seed, ids, ids.length);
      assert.deepEqual(all.slice(0, count), drawn);
      assert.deepEqual([...all].sort(), [...ids].sort());
    }),
  );
});

/** Chi-square of counts against equal shares. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

test("DRAW-5: each outlet comes first, and is drawn at all, equally often", () => {
  const first = new Map(outlets.map((id) => [id, 0]));
  const taken = new Map(outlets.map((id) => [id, 0]));
  for (let run = 0; run < 6000; run += 1) {
    const drawn = drawWithoutReplacement(stageSeed("uniform", String(run)), outlets, 3);
    for (const [at, id] of drawn.entries()) {
      taken.set(id, (taken.get(id) ?? 0) + 1);
      if (at === 0) first.set(id, (first.get(id) ?? 0) + 1);
    }
  }
  // 31.26 is the 99.9 % point of chi-square with 11 degrees of freedom.
  assert.ok(chiSquare([...first.values()]) < 31.26);
  assert.ok(chiSquare([...taken.values()]) < 31.26);
});

test("DRAW-6: numbers below a bound have no bias from the rest of the division", () => {
  const top = 2n ** 64n;
  const fed = [top - 1n, top - (top % 10n), 27n];
  let at = 0;
  assert.equal(
    below(() => fed[at++] ?? 0n, 10),
    7,
  );
  assert.equal(at, 3);
});

test("DRAW-7: another seed gives another draw, and stages do not repeat each other", () => {
  const ids = Array.from({ length: 3000 }, (_, at) => `p${at}`);
  const one = drawWithoutReplacement(stageSeed("2026", "a"), ids, 25);
  const two = drawWithoutReplacement(stageSeed("2026", "b"), ids, 25);
  assert.notDeepEqual(one, two);
  assert.ok(one.filter((id) => two.includes(id)).length < 5);
});

test("DRAW-8: a draw that cannot be is refused, and so is a seed", () => {
  assert.throws(() => drawWithoutReplacement("s", outlets, 13), RangeError);
  assert.throws(() => drawWithoutReplacement("s", outlets, -1), RangeError);
  assert.throws(() => drawWithoutReplacement("s", ["a", "a"], 1), RangeError);
  assert.equal(parseSeed("  "), null);
  assert.equal(parseSeed("x".repeat(201)), null);
  assert.equal(parseSeed(" 2026-11-23 "), "2026-11-23");
});
