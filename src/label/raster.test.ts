import assert from "node:assert/strict";
import { test } from "node:test";
import type { OutlineStep } from "./font.ts";
import { rasterise } from "./raster.ts";
import type { GlyphDots } from "./raster.ts";

type Corner = readonly [number, number];

function polygon(corners: readonly Corner[]): readonly OutlineStep[] {
  return corners.map(([x, y], index) => ({ kind: index === 0 ? "move" : "line", x, y }));
}

function square(from: number, to: number): readonly OutlineStep[] {
  return polygon([
    [from, from],
    [from, to],
    [to, to],
    [to, from],
  ]);
}

function turnedSquare(from: number, to: number): readonly OutlineStep[] {
  return polygon([
    [from, from],
    [to, from],
    [to, to],
    [from, to],
  ]);
}

function picture(glyph: GlyphDots): readonly string[] {
  const { dots } = glyph;
  if (dots === null) return [];
  const rows = Array.from({ length: dots.heightDots }, (_, y) =>
    Array.from({ length: dots.widthDots }, (_dot, x) =>
      (((dots.bits[y * dots.rowBytes + (x >> 3)] ?? 0) << (x & 7)) & 0x80) === 0 ? "." : "#",
    )
      .join("")
      .replace(/\.+$/, ""),
  );
  return rows.filter((row) => row !== "");
}

const UPRIGHT = { emDots: 10, angleDeg: 0 };

test("PNG: a square outline becomes its dots above the baseline", () => {
  const glyph = rasterise(square(0, 0.4), UPRIGHT);
  assert.deepEqual(picture(glyph), ["####", "####", "####", "####"]);
  assert.deepEqual([glyph.left, glyph.top], [0, -4]);
});

test("PNG: a contour turned the other way is a hole; one turned the same way is not", () => {
  const hole = rasterise([...square(0, 0.5), ...turnedSquare(0.2, 0.3)], UPRIGHT);
  assert.deepEqual(picture(hole), ["#####", "#####", "##.##", "#####", "#####"]);
  const overlap = rasterise([...square(0, 0.5), ...square(0.2, 0.3)], UPRIGHT);
  assert.deepEqual(picture(overlap), ["#####", "#####", "#####", "#####", "#####"]);
});

test("PNG: a dot burns when half of it is covered", () => {
  const half = polygon([
    [0, 0],
    [0, 0.1],
    [0.15, 0.1],
    [0.15, 0],
  ]);
  assert.deepEqual(picture(rasterise(half, UPRIGHT)), ["##"]);
  const third = polygon([
    [0, 0],
    [0, 0.1],
    [0.13, 0.1],
    [0.13, 0],
  ]);
  assert.deepEqual(picture(rasterise(third, UPRIGHT)), ["#"]);
});

test("PNG: a quarter turn lays a bar upright", () => {
  const bar = polygon([
    [0, 0],
    [0, 0.1],
    [0.4, 0.1],
    [0.4, 0],
  ]);
  assert.deepEqual(picture(rasterise(bar, UPRIGHT)), ["####"]);
  assert.deepEqual(
    picture(rasterise(bar, { emDots: 10, angleDeg: 90 })).map((r) => r.length),
    [1, 1, 1, 1],
  );
});

test("PNG: an outline without ink has no dots", () => {
  assert.equal(rasterise([], UPRIGHT).dots, null);
});
