import assert from "node:assert/strict";
import { test } from "node:test";
import { inflateSync } from "node:zlib";
import { printedText } from "../../src/label/display-list.ts";
import { PRIVACY_MARK } from "../../src/label/template.ts";
import { DOTS_PER_MM } from "../../src/label/page.ts";
import type { Dpi } from "../../src/label/page.ts";
import { toPng } from "../../src/label/png.ts";
import { preview, toPreviewPng } from "../../src/label/preview.ts";
import { printedList } from "../../src/label/printed-list.ts";
import { specimen, STAMP, toSpecimenPng } from "../../src/label/specimen.ts";
import { codesIn } from "./codes.ts";
import { FONTS, printable, SAMPLE, ticketOf } from "./sample.ts";

const DPIS: readonly Dpi[] = [203, 300];
const NUMBERS = [
  "YT1234567890123",
  "SF1031234567891",
  "773100000000019",
  "75312345678901",
  "EB000717618HK",
];

test("PNG: both barcodes read back at 203 and 300 dpi", async () => {
  for (const dpi of DPIS) {
    for (const waybillNumber of NUMBERS) {
      const codes = await codesIn(toPng(printable({ waybillNumber }), dpi, FONTS));
      assert.deepEqual(codes, [waybillNumber, waybillNumber], `${dpi} dpi`);
    }
  }
});

test("PNG: one bit a dot, true size, resolution written in", () => {
  for (const dpi of DPIS) {
    const png = Buffer.from(toPng(printable(), dpi, FONTS));
    const perMm = DOTS_PER_MM[dpi];
    assert.deepEqual(
      [png.readUInt32BE(16), png.readUInt32BE(20)],
      [Math.round(76 * perMm), Math.round(130 * perMm)],
    );
    assert.deepEqual([png[24], png[25]], [1, 0]);
    const physical = png.indexOf("pHYs");
    assert.equal(png.readUInt32BE(physical + 4), Math.round(perMm * 1000));
    const data = png.indexOf("IDAT");
    const rows = inflateSync(png.subarray(data + 4, data + 4 + png.readUInt32BE(data - 4)));
    assert.equal(
      rows.length,
      (Math.ceil(Math.round(76 * perMm) / 8) + 1) * Math.round(130 * perMm),
    );
  }
});

test("PNG: the same label gives the same bytes", () => {
  assert.deepEqual(toPng(printable(), 203, FONTS), toPng(printable(), 203, FONTS));
});

test("P14: a preview underlays what is hidden, and nothing in it scans", async () => {
  const label = printable({ ticket: ticketOf(180) });
  const list = preview(label, FONTS);
  const grounds = list.ops.filter((op) => op.kind === "fill" && op.ink === "screen");
  const runs = printedText(printedList(label, FONTS)).flatMap((text) => text.match(/\*+/g) ?? []);
  assert.equal(grounds.length, runs.length);
  assert.equal(runs.length, 6);
  assert.deepEqual(printedText(list).slice(-3), Array(3).fill("预览 PREVIEW"));
  assert.ok(!list.ops.some((op) => op.kind === "qr"));
  const codes = await codesIn(toPreviewPng(label, 203, FONTS));
  assert.ok(!codes.includes(SAMPLE.waybillNumber));
});

test("P1: a specimen is stamped and carries neither privacy mark nor waybill bars", async () => {
  const clear = {
    ...SAMPLE,
    recipient: { ...SAMPLE.recipient, name: "欧阳明远", phone: "16125807436" },
  };
  const list = specimen(clear, FONTS);
  assert.equal(printedText(list).filter((text) => text === STAMP).length, 3);
  assert.ok(!printedText(list).includes(PRIVACY_MARK));
  // The stamps come last, so nothing is drawn over them.
  assert.deepEqual(
    list.ops.slice(-3).map((op) => op.kind === "text" && op.text),
    [STAMP, STAMP, STAMP],
  );
  const bars = list.ops.filter((op) => op.kind === "code128");
  assert.deepEqual(
    bars.map((op) => op.text),
    ["SPECIMEN", "SPECIMEN"],
  );
  for (const dpi of DPIS) {
    const codes = await codesIn(toSpecimenPng(clear, dpi, FONTS));
    assert.ok(!codes.includes(SAMPLE.waybillNumber));
    assert.notDeepEqual(toSpecimenPng(clear, dpi, FONTS), toPng(printable(), dpi, FONTS));
  }
});
