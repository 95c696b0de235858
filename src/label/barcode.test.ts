import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isFailure } from "../rules/failure.ts";
import { barcodeFits, code128Widths, MODULE_MIN_MM, snapBars } from "./barcode.ts";
import type { BarcodeOp } from "./display-list.ts";
import { DOTS_PER_MM } from "./page.ts";

const ascii = fc.string({
  unit: fc.constantFrom(..."0123456789ABCYTSF-"),
  minLength: 1,
  maxLength: 35,
});

function opFor(text: string, w = 71): BarcodeOp {
  const box = { x: 2.5, y: 69, w, h: 12 };
  return { kind: "code128", zone: "barcode", box, text, widths: code128Widths(text, "barcode") };
}

function sum(widths: readonly number[]): number {
  return widths.reduce((total, width) => total + width, 0);
}

test("CODE128: digits go in pairs, so a carrier's fifteen characters take 145 modules", () => {
  assert.equal(sum(code128Widths("YT1234567890123", "barcode")), 145);
  assert.equal(sum(code128Widths("123456789012", "barcode")), 11 * 8 + 13);
});

test("CODE128: every symbol has eleven modules and the stop thirteen, bars of one to four", () => {
  fc.assert(
    fc.property(ascii, (text) => {
      const widths = code128Widths(text, "barcode");
      assert.equal(sum(widths) % 11, 2);
      assert.equal(widths.length % 6, 1);
      assert.ok(widths.every((width) => width >= 1 && width <= 4));
    }),
  );
});

test("CODE128: what it cannot carry is refused by zone, not drawn as something else", () => {
  for (const text of ["", "快递123", "A\u0007B", "9".repeat(36), "A\u00c8"]) {
    assert.throws(
      () => code128Widths(text, "barcode"),
      (error) => isFailure(error, "LABEL_BARCODE_REFUSED") && error.details["zone"] === "barcode",
    );
  }
});

test("CODE128: bars are whole dots inside the box with ten modules of quiet on either side", () => {
  const dpm = fc.constantFrom(...Object.values(DOTS_PER_MM));
  let drawn = 0;
  fc.assert(
    fc.property(ascii, dpm, fc.double({ min: 30, max: 72, noNaN: true }), (text, dotsPerMm, w) => {
      const op = opFor(text, w);
      if (!barcodeFits(op, dotsPerMm)) return;
      drawn += 1;
      const bars = snapBars(op, dotsPerMm);
      const module = Math.min(...bars.map((bar) => bar.w));
      assert.ok(module / dotsPerMm >= MODULE_MIN_MM);
      for (const bar of bars) assert.ok(Number.isInteger(bar.x) && bar.w % module === 0);
      const first = bars[0];
      const last = bars.at(-1);
      assert.ok(first !== undefined && last !== undefined);
      // Half a dot of rounding may fall on either side when the symbol is centred.
      assert.ok(first.x - op.box.x * dotsPerMm >= 10 * module - 1);
      assert.ok((op.box.x + w) * dotsPerMm - (last.x + last.w) >= 10 * module - 1);
    }),
  );
  assert.ok(drawn > 20);
});

test("CODE128: a number that would need bars under a quarter millimetre does not fit", () => {
  assert.equal(barcodeFits(opFor("ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFG"), 8), false);
  assert.equal(barcodeFits(opFor("YT1234567890123"), 8), true);
});
