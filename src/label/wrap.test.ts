import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { FontMeasure } from "./font.ts";
import { paragraph, wrap } from "./wrap.ts";

/** Chinese is one em wide, everything else half of one. */
const FONT: FontMeasure = {
  advanceEm: (codePoint) => (codePoint > 0x2e80 ? 1 : 0.5),
  hasGlyph: () => true,
};

function lines(text: string, limitEm: number): readonly string[] {
  return wrap(paragraph(text, "regular", FONT), limitEm, FONT);
}

function em(text: string): number {
  return Array.from(text).reduce(
    (sum, c) => sum + FONT.advanceEm(c.codePointAt(0) ?? 0, "regular"),
    0,
  );
}

const address = fc.string({
  unit: fc.constantFrom(..."杭州市文三路栋号,。*0123456789AB#- "),
  maxLength: 80,
});

test("LABEL: a number keeps its measure word, and hidden text stays with what it follows", () => {
  assert.deepEqual(lines("学府小区12栋***", 5), ["学府小区", "12栋***"]);
  assert.deepEqual(lines("创业园3幢****", 6), ["创业园", "3幢****"]);
});

test("LABEL: neither a building of two characters nor a quantity is taken apart", () => {
  assert.deepEqual(lines("学府路27号楼***", 6), ["学府路", "27号楼***"]);
  assert.deepEqual(lines("紫砂壶×1", 3), ["紫砂壶", "×1"]);
  assert.deepEqual(lines("学府27號樓", 4), ["学府", "27號樓"]);
});

test("LABEL: closing marks never begin a line", () => {
  assert.deepEqual(lines("请放门口,谢谢", 4), ["请放门", "口,谢谢"]);
});

test("LABEL: a run longer than a line is cut rather than lost", () => {
  assert.deepEqual(lines("12345678", 2), ["1234", "5678"]);
});

test("LABEL: wrapping loses nothing but spaces and no line is too long", () => {
  fc.assert(
    fc.property(address, fc.integer({ min: 2, max: 30 }), (text, limit) => {
      const found = lines(text, limit);
      assert.equal(found.join("").replaceAll(" ", ""), text.replaceAll(" ", ""));
      for (const line of found) assert.ok(line !== "" && line.trim() === line && em(line) <= limit);
    }),
  );
});
