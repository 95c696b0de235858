/**
 * From the fields of a label to its display list. Pure: same data, size and fonts give the same
 * list.
 */
import { Failure } from "../rules/failure.ts";
import { barcodeFits, code128Widths } from "./barcode.ts";
import type { BarcodeOp, Box, DisplayList, DrawOp, LabelZone } from "./display-list.ts";
import type { FontMeasure } from "./font.ts";
import { cleanLabel } from "./label.ts";
import type { LabelData, LabelParty } from "./label.ts";
import type { LabelSize } from "./size.ts";
import { drawStack, SIZE_MIN_MM } from "./stack.ts";
import type { Block, Stack } from "./stack.ts";

const LINE_MM = 0.3;
const TEAR_DASH_MM = 1.5;
/**
 * Every barcode is laid out so that the coarsest printer in use, 203 dpi or 8 dots/mm, can draw it.
 */
const COARSEST_DOTS_PER_MM = 8;

/** Stands on every label that passed the gate; a specimen says what it is instead. */
export const PRIVACY_MARK = "隐私面单 GB/T 41833";

/**
 * Discs and captions are part of the form, so their sizes are fixed and not a matter of fitting.
 */
const DISC_TEXT_EM = 1.25;

type StackStyle = Partial<Pick<Stack, "align" | "ink" | "stand">>;

function stackIn(
  size: LabelSize,
  zone: Exclude<LabelZone, "stamp">,
  blocks: readonly Block[],
): Stack {
  return { zone, box: size.zones[zone], blocks, align: "left", stand: "middle", ink: "black" };
}

function styled(stack: Stack, style: StackStyle): Stack {
  return { ...stack, ...style };
}

function regular(text: string, sizeMm: number, linesMax = 1): Block {
  return { text, weight: "regular", sizeMm, minMm: SIZE_MIN_MM.regular, linesMax, isElided: false };
}

function bold(text: string, sizeMm: number, linesMax = 1): Block {
  return { text, weight: "bold", sizeMm, minMm: SIZE_MIN_MM.bold, linesMax, isElided: false };
}

function black(text: string, sizeMm: number, linesMax = 1): Block {
  return { text, weight: "black", sizeMm, minMm: SIZE_MIN_MM.black, linesMax, isElided: false };
}

/** Read from across a sorting hall: it fails rather than shrink to the size of a caption. */
function sortCode(text: string): Block {
  return { ...black(text, 9.6), minMm: 5 };
}

function placeInstead(destination: string): Block {
  return { ...black(destination, 9.6, 2), minMm: 3.4 };
}

function captioned(caption: string, value: string, sizeMm: number): Block {
  return regular(value === "" ? "" : `${caption}：${value}`, sizeMm, 2);
}

function elided(block: Block, linesMax: number): Block {
  return { ...block, linesMax, isElided: true };
}

function upper(box: Box, heightMm: number): Box {
  return { ...box, h: heightMm };
}

function lower(box: Box, heightMm: number): Box {
  return { ...box, y: box.y + box.h - heightMm, h: heightMm };
}

function drawHeader(data: LabelData, size: LabelSize, fonts: FontMeasure): readonly DrawOp[] {
  const { mark } = size.zones;
  const tag = upper(mark, 4.7);
  const product = stackIn(size, "mark", [bold(data.product ?? "", 3.4)]);
  const badge = stackIn(size, "mark", [regular(PRIVACY_MARK, 2.5)]);
  return [
    ...drawStack(stackIn(size, "carrier", [black(data.carrier, 6.6, 2)]), fonts),
    { kind: "fill", box: tag, ink: "black" },
    ...drawStack(
      styled(
        { ...product, box: { ...tag, x: tag.x + 0.8, w: tag.w - 1.6 } },
        { align: "center", ink: "white" },
      ),
      fonts,
    ),
    ...drawStack(styled({ ...badge, box: lower(mark, 3.4) }, { align: "center" }), fonts),
  ];
}

function drawRouting(data: LabelData, size: LabelSize, fonts: FontMeasure): readonly DrawOp[] {
  const code = data.sortCode === "" ? placeInstead(data.destination) : sortCode(data.sortCode);
  const printed = [regular(data.printedAt, 2.5), regular(`第 ${data.printNumber} 次打印`, 2.5)];
  return [
    ...drawStack(styled(stackIn(size, "sort-code", [code]), { align: "center" }), fonts),
    ...drawStack(stackIn(size, "destination", [bold(data.destination, 5, 2)]), fonts),
    ...drawStack(styled(stackIn(size, "print", printed), { align: "center" }), fonts),
  ];
}

function head(party: LabelParty): string {
  return [party.name, party.phone].filter((text) => text !== "").join("  ");
}

function drawDisc(
  disc: LabelSize["senderDisc"],
  text: string,
  drawing: { zone: "recipient" | "sender"; fonts: FontMeasure },
): readonly DrawOp[] {
  const side = disc.radiusMm * 2;
  const box = { x: disc.x - disc.radiusMm, y: disc.y - disc.radiusMm, w: side, h: side };
  const blocks = [bold(text, disc.radiusMm * DISC_TEXT_EM)];
  const stack: Stack = {
    zone: drawing.zone,
    box,
    blocks,
    align: "center",
    stand: "middle",
    ink: "white",
  };
  return [{ kind: "disc", ...disc }, ...drawStack(stack, drawing.fonts)];
}

function drawParties(data: LabelData, size: LabelSize, fonts: FontMeasure): readonly DrawOp[] {
  const recipient = [bold(head(data.recipient), 4.7, 2), bold(data.recipient.address, 4, 6)];
  const sender = [bold(head(data.sender), 3.2, 2), regular(data.sender.address, 2.9, 5)];
  return [
    ...drawDisc(size.recipientDisc, "收", { zone: "recipient", fonts }),
    ...drawStack(stackIn(size, "recipient", recipient), fonts),
    ...drawDisc(size.senderDisc, "寄", { zone: "sender", fonts }),
    ...drawStack(stackIn(size, "sender", sender), fonts),
  ];
}

function barcodeIn(box: Box, text: string, zone: LabelZone): BarcodeOp {
  return { kind: "code128", zone, box, text, widths: code128Widths(text, zone) };
}

function drawBarcode(data: LabelData, size: LabelSize, fonts: FontMeasure): readonly DrawOp[] {
  const box = size.zones.barcode;
  const bars = barcodeIn(upper(box, box.h - 5.2), data.waybillNumber, "barcode");
  if (!barcodeFits(bars, COARSEST_DOTS_PER_MM))
    throw new Failure("LABEL_OVERFLOW", { zone: "barcode" });
  const number = {
    ...stackIn(size, "barcode", [bold(data.waybillNumber, 4.4)]),
    box: lower(box, 4.9),
  };
  return [bars, ...drawStack(styled(number, { align: "center" }), fonts)];
}

function drawGoods(data: LabelData, size: LabelSize, fonts: FontMeasure): readonly DrawOp[] {
  const blocks = [
    captioned("订单号", data.orderNumber, 2.8),
    elided(captioned("物品", data.goods, 2.8), 4),
    elided(captioned("备注", data.remark, 2.8), 4),
  ];
  return drawStack(styled(stackIn(size, "goods", blocks), { stand: "top" }), fonts);
}

function drawSignOff(size: LabelSize, fonts: FontMeasure): readonly DrawOp[] {
  const box = size.zones["sign-off"];
  const row = box.h / 3;
  const rowBox = (index: number): Box => ({ x: box.x, y: box.y + row * index, w: box.w, h: row });
  const captions = ["签收人", "时间"].flatMap((text, index) => {
    const bottom = rowBox(index).y + row - 1.2;
    const rule = { x: box.x + 9.5, y: bottom };
    return [
      ...drawStack(
        { ...stackIn(size, "sign-off", [regular(text, 2.6)]), box: rowBox(index) },
        fonts,
      ),
      { kind: "line", from: rule, to: { x: box.x + box.w, y: bottom }, lineMm: LINE_MM, dashMm: 0 },
    ] as const;
  });
  const square = { x: box.x, y: rowBox(2).y + (row - 3.2) / 2, w: 3.2, h: 3.2 };
  const checked = { ...rowBox(2), x: box.x + 4.4, w: box.w - 4.4 };
  return [
    ...captions,
    { kind: "rect", box: square, lineMm: LINE_MM },
    ...drawStack({ ...stackIn(size, "sign-off", [bold("已验视", 3)]), box: checked }, fonts),
  ];
}

function drawStub(data: LabelData, size: LabelSize, fonts: FontMeasure): readonly DrawOp[] {
  const area = size.zones["stub-barcode"];
  const bars = barcodeIn(upper(area, area.h - 3.6), data.waybillNumber, "stub-barcode");
  const number = {
    ...stackIn(size, "stub-barcode", [regular(data.waybillNumber, 2.8)]),
    box: lower(area, 3.2),
  };
  const token = {
    ...size.zones.stub,
    x: area.x + 1,
    y: area.y + area.h,
    w: size.widthMm - 2 * area.x - 2,
    h: 2.7,
  };
  const side = [
    // Both stand whole further up, so a cut here costs nothing.
    elided(bold(data.carrier, 3.4), 1),
    elided(bold(data.destination, 2.8), 2),
    regular(data.printedAt, 2.2),
  ];
  return [
    // A number too long for the stub still stands there in figures, and in bars above.
    ...(barcodeFits(bars, COARSEST_DOTS_PER_MM) ? [bars] : []),
    ...drawStack(styled(number, { align: "center" }), fonts),
    ...drawStack(stackIn(size, "stub", side), fonts),
    ...drawStack(
      { ...stackIn(size, "stub", [regular(`密单号 ${data.token}`, 2.1)]), box: token },
      fonts,
    ),
  ];
}

function drawForm(size: LabelSize): readonly DrawOp[] {
  const from = { x: 0, y: size.tearY };
  const to = { x: size.widthMm, y: size.tearY };
  return [
    ...size.cells.map((box) => ({ kind: "rect", box, lineMm: LINE_MM }) as const),
    { kind: "line", from, to, lineMm: LINE_MM, dashMm: TEAR_DASH_MM },
  ];
}

/**
 * Lays `data` out on a label of `size`. Text shrinks and wraps to fit, never under SIZE_MIN_MM;
 * goods and remark are cut with an ellipsis, everything else that cannot fit fails with
 * LABEL_OVERFLOW. A character without a glyph fails with LABEL_GLYPH_MISSING, a waybill number that
 * Code 128 cannot carry with LABEL_BARCODE_REFUSED. All three name the zone only. The caller
 * refuses that one label and goes on.
 *
 * The list says nothing about whether the text may be printed: only what `gate` returns may.
 */
export function layout(data: LabelData, size: LabelSize, fonts: FontMeasure): DisplayList {
  const clean = cleanLabel(data);
  const ops = [
    ...drawForm(size),
    ...drawHeader(clean, size, fonts),
    ...drawRouting(clean, size, fonts),
    ...drawParties(clean, size, fonts),
    ...drawBarcode(clean, size, fonts),
    ...drawGoods(clean, size, fonts),
    ...drawSignOff(size, fonts),
    ...drawStub(clean, size, fonts),
  ];
  return { widthMm: size.widthMm, heightMm: size.heightMm, ops };
}
