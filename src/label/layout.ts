/**
 * From the fields of a label and a template to its display list. Pure: same data, template and
 * fonts give the same list.
 */
import { Failure } from "../rules/failure.ts";
import { barcodeFits, code128Widths } from "./barcode.ts";
import type { BarcodeOp, DisplayList, DrawOp, QrOp } from "./display-list.ts";
import type { FontMeasure } from "./font.ts";
import { cleanLabel } from "./label.ts";
import type { CleanLabel, LabelData } from "./label.ts";
import { qrFits, qrModules } from "./qr.ts";
import { drawStack, SIZE_MIN_MM } from "./stack.ts";
import type { Block } from "./stack.ts";
import { TEMPLATE_FIELDS } from "./template.ts";
import type { LabelTemplate, TemplateBlock, TemplateElement, TemplateField } from "./template.ts";

const LINE_MM = 0.3;
const TEAR_DASH_MM = 1.5;
/**
 * Every code is laid out so that the coarsest printer in use, 203 dpi or 8 dots/mm, can draw it.
 */
const COARSEST_DOTS_PER_MM = 8;
/** A disc is part of the form, so its sign has one size and is not a matter of fitting. */
const DISC_TEXT_EM = 1.25;

interface Drawing {
  readonly data: CleanLabel;
  readonly template: LabelTemplate;
  readonly fonts: FontMeasure;
}

type Element<K extends TemplateElement["kind"]> = TemplateElement & { readonly kind: K };

function valueOf(field: TemplateField, data: CleanLabel): string {
  return TEMPLATE_FIELDS[field](data);
}

/** The text of a block; nothing where it names fields and all of them are empty. */
function blockText({ parts }: TemplateBlock, data: CleanLabel): string {
  const fields = parts.flatMap((part) => ("field" in part ? [part.field] : []));
  if (fields.length > 0 && fields.every((field) => valueOf(field, data) === "")) return "";
  return parts
    .map((part) => ("field" in part ? valueOf(part.field, data) : part.literal))
    .join("")
    .trim();
}

function blockOf(block: TemplateBlock, data: CleanLabel): Block {
  const { weight, sizeMm, minMm, linesMax, isElided } = block;
  return { text: blockText(block, data), weight, sizeMm, minMm, linesMax, isElided };
}

function drawText(element: Element<"text">, { data, fonts }: Drawing): readonly DrawOp[] {
  const { zone, box, align, stand, ink } = element;
  const blocks = element.blocks.map((block) => blockOf(block, data));
  return drawStack({ zone, box, blocks, align, stand, ink }, fonts);
}

function drawDisc(element: Element<"disc">, { fonts }: Drawing): readonly DrawOp[] {
  const { zone, x, y, radiusMm, text } = element;
  const side = radiusMm * 2;
  const box = { x: x - radiusMm, y: y - radiusMm, w: side, h: side };
  const sizeMm = radiusMm * DISC_TEXT_EM;
  const sign: Block = {
    text,
    weight: "bold",
    sizeMm,
    minMm: Math.min(sizeMm, SIZE_MIN_MM.bold),
    linesMax: 1,
    isElided: false,
  };
  return [
    { kind: "disc", x, y, radiusMm },
    ...drawStack(
      { zone, box, blocks: [sign], align: "center", stand: "middle", ink: "white" },
      fonts,
    ),
  ];
}

function drawBarcode(element: Element<"barcode">, { data }: Drawing): readonly DrawOp[] {
  const { zone, box, isOptional } = element;
  const text = data.waybillNumber;
  const bars: BarcodeOp = { kind: "code128", zone, box, text, widths: code128Widths(text, zone) };
  if (barcodeFits(bars, COARSEST_DOTS_PER_MM)) return [bars];
  if (isOptional) return [];
  throw new Failure("LABEL_OVERFLOW", { zone });
}

function drawTicket(element: Element<"ticket">, { data }: Drawing): readonly DrawOp[] {
  if (data.ticket === "") return [];
  const { zone, box } = element;
  const text = data.ticket;
  const code: QrOp = { kind: "qr", zone, box, text, modules: qrModules(text, zone) };
  if (!qrFits(code, COARSEST_DOTS_PER_MM)) throw new Failure("LABEL_OVERFLOW", { zone });
  return [code];
}

function drawTear({ y }: Element<"tear">, { template }: Drawing): readonly DrawOp[] {
  const from = { x: 0, y };
  const to = { x: template.widthMm, y };
  return [{ kind: "line", from, to, lineMm: LINE_MM, dashMm: TEAR_DASH_MM }];
}

function isDrawn({ when, unless }: TemplateElement, data: CleanLabel): boolean {
  if (when !== null && valueOf(when, data) === "") return false;
  return unless === null || valueOf(unless, data) === "";
}

function drawElement(element: TemplateElement, drawing: Drawing): readonly DrawOp[] {
  if (!isDrawn(element, drawing.data)) return [];
  switch (element.kind) {
    case "cell":
      return [{ kind: "rect", box: element.box, lineMm: LINE_MM }];
    case "fill":
      return [{ kind: "fill", box: element.box, ink: "black" }];
    case "rule":
      return [{ kind: "line", from: element.from, to: element.to, lineMm: LINE_MM, dashMm: 0 }];
    case "tear":
      return drawTear(element, drawing);
    case "disc":
      return drawDisc(element, drawing);
    case "text":
      return drawText(element, drawing);
    case "barcode":
      return drawBarcode(element, drawing);
    case "ticket":
      return drawTicket(element, drawing);
  }
}

/**
 * Lays `data` out by `template`. Text shrinks and wraps to fit, never under SIZE_MIN_MM; goods and
 * remark are cut with an ellipsis, everything else that cannot fit fails with LABEL_OVERFLOW. A
 * character without a glyph fails with LABEL_GLYPH_MISSING, a waybill number that Code 128 cannot
 * carry with LABEL_BARCODE_REFUSED. All three name the zone only. The caller refuses that one label
 * and goes on.
 *
 * The list says nothing about whether the text may be printed: only what `gate` returns may.
 */
export function layout(data: LabelData, template: LabelTemplate, fonts: FontMeasure): DisplayList {
  const drawing = { data: cleanLabel(data), template, fonts };
  const ops = template.elements.flatMap((element) => drawElement(element, drawing));
  return { widthMm: template.widthMm, heightMm: template.heightMm, ops };
}
