import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ASCENT_EM, DESCENT_EM, printedText } from "../../src/label/display-list.ts";
import type { Box, DisplayList, LabelZone, TextOp } from "../../src/label/display-list.ts";
import type { LabelData } from "../../src/label/label.ts";
import { LABEL_SIZES } from "../../src/label/label-size.ts";
import type { LabelSize } from "../../src/label/label-size.ts";
import { layout } from "../../src/label/layout.ts";
import { burn, DOTS_PER_MM } from "../../src/label/page.ts";
import { QR_CHARS_MAX, snapModules } from "../../src/label/qr.ts";
import { templateOf } from "../../src/label/shipped-template.ts";
import { SIZE_MIN_MM } from "../../src/label/stack.ts";
import { PRIVACY_MARK } from "../../src/label/template.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { FONTS, SAMPLE, ticketOf } from "./sample.ts";

const EPSILON_MM = 0.001;

function draw(change: Partial<LabelData> = {}): DisplayList {
  return layout({ ...SAMPLE, ...change }, templateOf(change.size ?? "76x130"), FONTS);
}

/** Where the text and the codes of a zone may stand on a paper. */
function zonesOf(size: LabelSize): readonly { readonly zone: LabelZone; readonly box: Box }[] {
  return templateOf(size).elements.filter(
    (element) => element.kind === "text" || element.kind === "barcode" || element.kind === "ticket",
  );
}

function refusedZone(
  change: Partial<LabelData>,
  code: "LABEL_OVERFLOW" | "LABEL_GLYPH_MISSING",
): unknown {
  try {
    draw(change);
  } catch (error) {
    assert.ok(isFailure(error, code));
    assert.deepEqual(Object.keys(error.details), ["zone"]);
    return error.details["zone"];
  }
  return "drawn";
}

function texts(list: DisplayList): readonly TextOp[] {
  return list.ops.filter((op) => op.kind === "text");
}

function inkBox(op: TextOp): Box {
  const top = op.y - ASCENT_EM * op.sizeMm;
  return { x: op.x, y: top, w: op.widthMm, h: (ASCENT_EM + DESCENT_EM) * op.sizeMm };
}

function holds(outer: Box, inner: Box): boolean {
  return (
    inner.x >= outer.x - EPSILON_MM &&
    inner.y >= outer.y - EPSILON_MM &&
    inner.x + inner.w <= outer.x + outer.w + EPSILON_MM &&
    inner.y + inner.h <= outer.y + outer.h + EPSILON_MM
  );
}

function overlap(a: Box, b: Box): boolean {
  const across = Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x);
  const down = Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y);
  return across > EPSILON_MM && down > EPSILON_MM;
}

const CHARACTERS =
  "省市区县路街巷号栋单元新华解放人民光明大道工业园科技学府花园阿依·*0123456789ABCxyz-#()()、 ";

function words(maxLength: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...CHARACTERS), maxLength });
}

function party(maxLength: number): fc.Arbitrary<LabelData["recipient"]> {
  return fc.record({ name: words(16), phone: words(16), address: words(maxLength) });
}

const anyLabel: fc.Arbitrary<LabelData> = fc.record({
  carrier: words(14),
  waybillNumber: fc.string({
    unit: fc.constantFrom(..."YTSF0123456789"),
    minLength: 4,
    maxLength: 20,
  }),
  sortCode: words(16),
  destination: words(20),
  recipient: party(110),
  sender: party(90),
  goods: words(500),
  orderNumber: fc.string({ unit: fc.constantFrom(..."0123456789-"), maxLength: 30 }),
  printedAt: fc.constant("2026-11-23 14:05"),
  printNumber: fc.integer({ min: 1, max: 99 }),
  token: fc.constant("md1K7Q2M9XW4T8B3C6D5F1G0HZ2J"),
  remark: words(300),
  merchant: words(40),
  ticket: fc.constantFrom("", ticketOf(40), ticketOf(200), ticketOf(419)),
  size: fc.constantFrom(...LABEL_SIZES),
});

/** Discs lie in the cell of their party, outside the box in which its text runs. */
const DISC_TEXTS = ["收", "寄"];

function codes(list: DisplayList): readonly Box[] {
  return list.ops.flatMap((op) => (op.kind === "code128" || op.kind === "qr" ? [op.box] : []));
}

/** Every text inside its zone, legible, clear of the margin and of every other text and code. */
function assertClear(list: DisplayList, size: LabelSize): void {
  const ops = texts(list);
  const page = { x: 2, y: 2, w: list.widthMm - 4, h: list.heightMm - 4 };
  const zones = zonesOf(size);
  ops.forEach((op, index) => {
    assert.ok(op.sizeMm >= SIZE_MIN_MM[op.weight] - EPSILON_MM);
    assert.ok(holds(page, inkBox(op)), op.zone);
    for (const other of ops.slice(index + 1))
      assert.ok(!overlap(inkBox(op), inkBox(other)), `${size}: ${op.zone} on ${other.zone}`);
    for (const code of codes(list)) assert.ok(!overlap(inkBox(op), code), `${size}: ${op.zone}`);
    if (DISC_TEXTS.includes(op.text)) return;
    assert.ok(
      zones.some(({ zone, box }) => zone === op.zone && holds(box, inkBox(op))),
      `${size}: ${op.zone}`,
    );
  });
}

test("TPL-3: no text leaves its zone or the page, shrinks below legible, or covers another", () => {
  const drawn = new Map<LabelSize, number>();
  fc.assert(
    fc.property(anyLabel, (data) => {
      const size = data.size ?? "76x130";
      let list: DisplayList;
      try {
        list = draw(data);
      } catch (error) {
        if (isFailure(error, "LABEL_OVERFLOW")) return;
        throw error;
      }
      drawn.set(size, (drawn.get(size) ?? 0) + 1);
      assertClear(list, size);
    }),
    { numRuns: 400 },
  );
  for (const size of LABEL_SIZES) {
    const count = drawn.get(size) ?? 0;
    assert.ok(count > 15, `only ${count} labels of ${size} were drawn`);
  }
});

/** What stands under one condition, beside what always stands: what is drawn together. */
function drawnTogether(size: LabelSize, data: LabelData): readonly Box[] {
  return [...texts(draw({ ...data, size })).map(inkBox), ...codes(draw({ ...data, size }))];
}

test("TPL-3: every paper draws all zones of the standard, and the others as asked", () => {
  // GB/T 41833-2022 as published: 码号, 目的地, 收件人, 寄件人, 内件, 签收.
  const standard = ["barcode", "destination", "recipient", "sender", "goods", "sign-off"];
  let looked = 0;
  for (const size of LABEL_SIZES) {
    for (const ticket of ["", ticketOf(180)]) {
      for (const merchant of ["", "感谢惠顾"]) {
        const list = draw({ size, ticket, merchant });
        assertClear(list, size);
        const zones = new Set(
          list.ops.flatMap((op) => ("zone" in op ? [op.zone.replace("stub-", "")] : [])),
        );
        for (const zone of standard) assert.ok(zones.has(zone), `${size}: ${zone}`);
        assert.equal(zones.has("merchant"), merchant !== "", size);
        assert.equal(zones.has("ticket"), ticket !== "", size);
        assert.ok(drawnTogether(size, { ...SAMPLE, ticket, merchant }).length > 20);
        looked += 1;
      }
    }
  }
  assert.equal(looked, 24);
});

test("TPL-3: no cell, bar or line of the form crosses a text or a code", () => {
  let looked = 0;
  for (const size of LABEL_SIZES) {
    for (const ticket of ["", ticketOf(180)]) {
      const list = draw({ size, ticket, merchant: "感谢惠顾,欢迎再来" });
      const inks = [...texts(list).map(inkBox), ...codes(list)];
      const edges = list.ops.flatMap(edgesOf);
      looked += edges.length;
      for (const edge of edges) {
        assert.ok(!inks.some((ink) => overlap(edge, ink)), `${size}: ${JSON.stringify(edge)}`);
      }
    }
  }
  assert.ok(looked > 500);
});

const HALF_LINE_MM = 0.15;

/** The strokes of the form as boxes. */
function edgesOf(op: DisplayList["ops"][number]): readonly Box[] {
  const thick = 2 * HALF_LINE_MM;
  if (op.kind === "line") {
    const isAcross = op.from.y === op.to.y;
    const [w, h] = isAcross ? [op.to.x - op.from.x, thick] : [thick, op.to.y - op.from.y];
    return [{ x: op.from.x, y: op.from.y - HALF_LINE_MM, w, h }];
  }
  if (op.kind !== "rect") return [];
  const { x, y, w, h } = op.box;
  return [
    { x, y: y - HALF_LINE_MM, w, h: thick },
    { x, y: y + h - HALF_LINE_MM, w, h: thick },
    { x: x - HALF_LINE_MM, y, w: thick, h },
    { x: x + w - HALF_LINE_MM, y, w: thick, h },
  ];
}

/** An accent on a capital reaches above the box of its line; borders stand farther off. */
const REACH_MM = 0.45;

test("LABEL: no ink of a glyph reaches out of the zones", () => {
  const tall = "【ÅÉÜjgqy國龘纛】(Ç)";
  const list = draw({
    carrier: "【國龘纛】(jgqy)",
    sortCode: "Q-(j)",
    destination: tall,
    recipient: { name: tall, phone: "161******36", address: tall.repeat(7) },
    sender: { name: tall, phone: "168******44", address: tall.repeat(5) },
    goods: tall.repeat(12),
    remark: tall,
  });
  const ops = texts(list).filter((op) => !DISC_TEXTS.includes(op.text) && op.ink === "black");
  const page = burn({ ...list, ops }, 300, FONTS);
  const perMm = DOTS_PER_MM[300];
  const zones = zonesOf("76x130").map(({ box }) => box);
  let black = 0;
  for (let y = 0; y < page.heightDots; y += 1) {
    for (let x = 0; x < page.widthDots; x += 1) {
      if ((((page.bits[y * page.rowBytes + (x >> 3)] ?? 0) << (x & 7)) & 0x80) === 0) continue;
      black += 1;
      const dot = { x: x / perMm + REACH_MM, y: y / perMm + REACH_MM, w: 0, h: 0 };
      const isIn = zones.some((zone) =>
        holds({ ...zone, w: zone.w + 2 * REACH_MM, h: zone.h + 2 * REACH_MM }, dot),
      );
      assert.ok(isIn, `${(x / perMm).toFixed(1)}, ${(y / perMm).toFixed(1)} mm`);
    }
  }
  assert.ok(black > 50_000);
});

test("P16: what does not fit fails by zone and never by value", () => {
  const long = "长".repeat(300);
  const { recipient, sender } = SAMPLE;
  assert.equal(
    refusedZone({ recipient: { ...recipient, address: long } }, "LABEL_OVERFLOW"),
    "recipient",
  );
  assert.equal(refusedZone({ sender: { ...sender, address: long } }, "LABEL_OVERFLOW"), "sender");
  assert.equal(refusedZone({ carrier: long }, "LABEL_OVERFLOW"), "carrier");
  assert.equal(refusedZone({ orderNumber: "9".repeat(90) }, "LABEL_OVERFLOW"), "goods");
  assert.equal(refusedZone({ sortCode: "9".repeat(24) }, "LABEL_OVERFLOW"), "sort-code");
  assert.equal(refusedZone({ merchant: long }, "LABEL_OVERFLOW"), "merchant");
  assert.equal(refusedZone({ ticket: ticketOf(420) }, "LABEL_OVERFLOW"), "ticket");
  assert.equal(refusedZone({ ticket: "密".repeat(200) }, "LABEL_OVERFLOW"), "ticket");
  assert.equal(
    refusedZone({ waybillNumber: "ABCDEFGHIJKLMNOPQRSTUVWXYZ0A0B0C0D" }, "LABEL_OVERFLOW"),
    "barcode",
  );
  assert.equal(
    refusedZone({ recipient: { ...recipient, name: long.repeat(20_000) } }, "LABEL_OVERFLOW"),
    "recipient",
  );
});

test("LABEL: long goods and remarks are cut with an ellipsis, since a parcel must ship", () => {
  const list = draw({ goods: "加厚保暖羽绒服".repeat(60), remark: "请放门口".repeat(200) });
  const goods = texts(list).filter((op) => op.zone === "goods");
  assert.equal(goods.filter((op) => op.text.endsWith("…")).length, 2);
  assert.ok(goods.some((op) => op.text.includes(SAMPLE.orderNumber)));
});

test("LABEL: what may be cut gives way line by line, and what may not is whole", () => {
  const rest = { goods: "加厚保暖羽绒服".repeat(60), remark: "请放门口".repeat(200) };
  for (const size of LABEL_SIZES) {
    for (const ticket of ["", ticketOf(180)]) {
      const list = draw({ size, ticket, ...rest });
      const goods = texts(list).filter(({ zone }) => zone.endsWith("goods"));
      assert.ok(goods.filter(({ text }) => text.endsWith("…")).length >= 2, size);
      assert.ok(
        goods
          .map(({ text }) => text)
          .join("")
          .includes(SAMPLE.orderNumber),
        size,
      );
    }
  }
});

test("LABEL: a character that the font lacks is an error and never a box", () => {
  const { recipient } = SAMPLE;
  const tibetan = "\u0f56\u0f40\u0fb2";
  assert.equal(
    refusedZone({ recipient: { ...recipient, name: `${tibetan}**` } }, "LABEL_GLYPH_MISSING"),
    "recipient",
  );
  assert.equal(refusedZone({ goods: "礼物🎁" }, "LABEL_GLYPH_MISSING"), "goods");
  assert.equal(refusedZone({ carrier: "\ue000" }, "LABEL_GLYPH_MISSING"), "carrier");
});

test("LABEL: rare characters, minority names, Latin and full-width text are set", () => {
  const name = "阿·***Ünïß㵘燚犇(ABC)";
  const list = draw({ recipient: { ...SAMPLE.recipient, name } });
  assert.ok(printedText(list).some((text) => text.startsWith(name)));
});

test("LABEL: every field is printed whole on every paper", () => {
  for (const size of LABEL_SIZES) assertWhole(printedText(draw({ size })));
});

function assertWhole(printed: readonly string[]): void {
  const all = printed.join("").replaceAll(" ", "");
  const { recipient, sender } = SAMPLE;
  const fields = [
    ...[recipient, sender].flatMap(({ name, phone, address }) => [name, phone, address]),
    SAMPLE.sortCode,
    SAMPLE.goods,
    SAMPLE.token,
  ];
  assert.equal(fields.length, 9);
  for (const field of fields) assert.ok(all.includes(field.replaceAll(" ", "")), field);
  assert.ok(all.includes(PRIVACY_MARK.replaceAll(" ", "")));
}

test("LABEL: a party that is not known leaves its zone empty and the rest in place", () => {
  const nobody = { name: "", phone: "", address: "" };
  for (const size of LABEL_SIZES) {
    const list = draw({ size, sender: nobody, goods: "", remark: "", orderNumber: "" });
    assertClear(list, size);
    const said = texts(list).filter(
      ({ zone }) => zone.endsWith("sender") || zone.endsWith("goods"),
    );
    assert.ok(said.length > 0);
    assert.ok(said.every(({ text }) => DISC_TEXTS.includes(text)));
  }
});

test("LABEL: without a sort code the destination stands large in its place", () => {
  const code = texts(draw({ sortCode: "" })).filter((op) => op.zone === "sort-code");
  assert.equal(code[0]?.text, SAMPLE.destination);
  assert.ok((code[0]?.sizeMm ?? 0) > 7);
});

/** Dots of a module on the coarsest printer, and modules of a side, of a ticket of that length. */
function ticketGrain(size: LabelSize, letters: number): { dots: number; side: number } {
  const code = draw({ size, ticket: ticketOf(letters) }).ops.find((op) => op.kind === "qr");
  assert.ok(code !== undefined);
  const heights = new Set(snapModules(code, 8).map(({ h }) => h));
  assert.equal(heights.size, 1);
  return { dots: Math.max(...heights), side: code.modules.length };
}

test("TPL-5: every paper takes a ticket of version 12 in three dots, a usual one in four", () => {
  for (const size of LABEL_SIZES) {
    const largest = ticketGrain(size, QR_CHARS_MAX);
    assert.equal(largest.side, 17 + 4 * 12);
    assert.ok(largest.dots >= 3, size);
    assert.ok(ticketGrain(size, 180).dots >= 4, size);
  }
});

test("P14: the same label gives the same list", () => {
  assert.deepEqual(draw(), draw());
});
