import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createBitmap, fillBox, layBitmap } from "./bitmap.ts";
import type { Bitmap } from "./bitmap.ts";

function isBlack(page: Bitmap, x: number, y: number): boolean {
  return (((page.bits[y * page.rowBytes + (x >> 3)] ?? 0) << (x & 7)) & 0x80) !== 0;
}

function countBlack(page: Bitmap): number {
  let black = 0;
  for (let y = 0; y < page.heightDots; y += 1) {
    for (let x = 0; x < page.rowBytes * 8; x += 1) black += isBlack(page, x, y) ? 1 : 0;
  }
  return black;
}

const offset = fc.integer({ min: -20, max: 50 });
const length = fc.integer({ min: 0, max: 40 });
const dotBox = fc.record({ x: offset, y: offset, w: length, h: length });

test("PNG: a filled box is exactly its dots, clipped to the page", () => {
  fc.assert(
    fc.property(dotBox, (box) => {
      const page = createBitmap(37, 23);
      fillBox(page, box, "black");
      const { x, y, w, h } = box;
      let inside = 0;
      for (let row = 0; row < 23; row += 1) {
        for (let column = 0; column < 37; column += 1) {
          const isIn = column >= x && column < x + w && row >= y && row < y + h;
          inside += isIn ? 1 : 0;
          assert.equal(isBlack(page, column, row), isIn);
        }
      }
      assert.equal(countBlack(page), inside);
    }),
  );
});

test("PNG: a laid bitmap lands dot for dot, and white ink takes it off again", () => {
  fc.assert(
    fc.property(offset, offset, fc.uint8Array({ minLength: 6, maxLength: 6 }), (x, y, bits) => {
      const stamp: Bitmap = { widthDots: 16, heightDots: 3, rowBytes: 2, bits };
      const page = createBitmap(40, 23);
      layBitmap(page, stamp, { x, y, ink: "black" });
      for (let row = 0; row < 3; row += 1) {
        for (let column = 0; column < 16; column += 1) {
          if (x + column < 0 || x + column >= 40 || y + row < 0 || y + row >= 23) continue;
          assert.equal(isBlack(page, x + column, y + row), isBlack(stamp, column, row));
        }
      }
      layBitmap(page, stamp, { x, y, ink: "white" });
      assert.equal(countBlack(page), 0);
    }),
  );
});

test("PNG: the screen marks a quarter of the dots and never takes one off", () => {
  const page = createBitmap(80, 40);
  fillBox(page, { x: 0, y: 0, w: 80, h: 40 }, "screen");
  assert.equal(countBlack(page), (80 * 40) / 4);
  fillBox(page, { x: 0, y: 0, w: 80, h: 40 }, "black");
  fillBox(page, { x: 0, y: 0, w: 80, h: 40 }, "screen");
  assert.equal(countBlack(page), 80 * 40);
});

test("PNG: a page of no or of absurd size is refused", () => {
  for (const [w, h] of [
    [0, 10],
    [10, -1],
    [100_000, 100_000],
    [Number.NaN, 4],
  ] as const) {
    assert.throws(() => createBitmap(w, h), RangeError);
  }
});
