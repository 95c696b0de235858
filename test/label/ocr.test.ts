import assert from "node:assert/strict";
import { test } from "node:test";
import { burn, DOTS_PER_MM } from "../../src/label/page.ts";
import type { Dpi } from "../../src/label/page.ts";
import { printedList } from "../../src/label/printed-list.ts";
import { readLine, recogniser } from "./ocr.ts";
import { FONTS, printable } from "./sample.ts";

const skip = recogniser === null ? "not installed: npm ci --prefix test/ocr" : false;

/** What a reader of repeated signs counts wrongly is not counted: stars, and widths of signs. */
function plain(text: string): string {
  return text
    .normalize("NFKC")
    .replaceAll(/\s/g, "")
    .replaceAll(/[*★·.]+/g, "*");
}

const LABELS = [
  printable({ size: "76x130", merchant: "感谢惠顾" }),
  printable({
    size: "100x180",
    recipient: {
      name: "諸葛**",
      phone: "161******36",
      address: "香港特別行政區九龍觀塘區鯉魚門道88號龍騰苑***",
    },
  }),
];

test("OUT-7: another's reader reads the Chinese of a label from its dots", { skip }, async () => {
  if (recogniser === null) return;
  let [lines, exact] = [0, 0];
  const missed: string[] = [];
  for (const [index, label] of LABELS.entries()) {
    const dpi: Dpi = index === 0 ? 203 : 300;
    const list = printedList(label, FONTS);
    const page = burn(list, dpi, FONTS);
    for (const op of list.ops) {
      // A sign of one character in a disc is no line.
      if (op.kind !== "text" || op.text.length < 2) continue;
      if (index > 0 && op.zone !== "recipient") continue;
      const read = await readLine(recogniser, page, { op, dotsPerMm: DOTS_PER_MM[dpi] });
      lines += 1;
      if (plain(read) === plain(op.text)) exact += 1;
      else missed.push(`${op.zone}: ${op.text} as ${read}`);
    }
  }
  assert.ok(lines > 20);
  // The recogniser writes some traditional characters in their simplified form.
  assert.ok(exact / lines >= 0.9, missed.join("\n"));
});
