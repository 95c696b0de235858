/**
 * Labels for teaching: they show what an unmasked label would have told. They are drawn without the
 * gate, so they are made useless instead: stamped across, marked as specimens, and their bars say
 * SPECIMEN in place of a waybill number (P1).
 */
import { measure } from "./font.ts";
import type { Fonts } from "./font.ts";
import type { DisplayList, DrawOp, TextOp } from "./display-list.ts";
import { USUAL_SIZE } from "./label-size.ts";
import type { LabelData } from "./label.ts";
import { layout } from "./layout.ts";
import { burn } from "./page.ts";
import type { Dpi } from "./page.ts";
import { code128Widths } from "./barcode.ts";
import { encodePng } from "./png.ts";
import { templateOf } from "./shipped-template.ts";
import { PRIVACY_MARK } from "./template.ts";

export const STAMP = "样张 SPECIMEN";
const SPECIMEN_BARS = "SPECIMEN";
/** Heights of the stamps' middles, as shares of the label. */
const STAMP_PLACES = [0.2, 0.5, 0.8] as const;
const STAMP_ANGLE_DEG = 28;
const STAMP_SHARE_OF_WIDTH = 1;

function stampAt(share: number, page: DisplayList, fonts: Fonts): TextOp {
  const weight = "black";
  const unit = measure(STAMP, { weight, sizeMm: 1 }, fonts);
  const widthMm = page.widthMm * STAMP_SHARE_OF_WIDTH;
  const sizeMm = widthMm / unit;
  const turn = (STAMP_ANGLE_DEG * Math.PI) / 180;
  const x = page.widthMm / 2 - (Math.cos(turn) * widthMm) / 2;
  const y = page.heightMm * share + (Math.sin(turn) * widthMm) / 2 + sizeMm / 3;
  return {
    kind: "text",
    zone: "stamp",
    text: STAMP,
    x,
    y,
    sizeMm,
    widthMm,
    weight,
    ink: "screen",
    angleDeg: STAMP_ANGLE_DEG,
  };
}

function disarm(op: DrawOp): DrawOp {
  if (op.kind === "code128")
    return { ...op, text: SPECIMEN_BARS, widths: code128Widths(SPECIMEN_BARS, op.zone) };
  return op;
}

/**
 * The display list of a specimen: no privacy mark, harmless bars, stamps across the whole label.
 */
export function specimen(data: LabelData, fonts: Fonts): DisplayList {
  const page = layout({ ...data, ticket: "" }, templateOf(data.size ?? USUAL_SIZE), fonts);
  const kept = page.ops.filter((op) => op.kind !== "text" || op.text !== PRIVACY_MARK);
  const stamps = STAMP_PLACES.map((share) => stampAt(share, page, fonts));
  return { ...page, ops: [...kept.map(disarm), ...stamps] };
}

/** A specimen as a one-bit PNG. Give it invented people only: nothing here checks what it shows. */
export function toSpecimenPng(data: LabelData, dpi: Dpi, fonts: Fonts): Uint8Array {
  return encodePng(burn(specimen(data, fonts), dpi, fonts), dpi);
}
