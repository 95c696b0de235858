/**
 * Code 128 (ISO/IEC 15417, GB/T 18347): from text to bars, and from bars to whole printer dots.
 * A bar that ends between two dots is what makes a barcode unreadable, so modules are whole dots.
 */
import JsBarcode from "jsbarcode";
import { Failure } from "../rules/failure.ts";
import type { BarcodeOp, Box, LabelZone } from "./display-list.ts";

/** ISO/IEC 15417, 4.4: ten modules free of ink on either side. */
export const QUIET_ZONE_MODULES = 10;

/** The narrowest bar that postal practice accepts (UPU S10): 0.25 mm, two dots at 203 dpi. */
export const MODULE_MIN_MM = 0.25;

/** Wider modules gain nothing and make the code longer than a hand scanner's beam. */
const MODULE_MAX_MM = 0.51;

/** The longest number that any carrier's list admits. */
export const WAYBILL_NUMBER_CHARS_MAX = 35;

const ENCODABLE = /^[\x20-\x7e]+$/;

/** A bar in dots, from the left edge of the label. */
export interface Bar {
  readonly x: number;
  readonly w: number;
}

/**
 * The widths of `text` in Code 128, bar and space in turn, in modules; runs of digits use subset C.
 * Text that is empty, longer than 35 characters or not printable ASCII fails with
 * LABEL_BARCODE_REFUSED naming the zone.
 */
export function code128Widths(text: string, zone: LabelZone): readonly number[] {
  if (!ENCODABLE.test(text) || text.length > WAYBILL_NUMBER_CHARS_MAX) {
    throw new Failure("LABEL_BARCODE_REFUSED", { zone });
  }
  // Given a plain object for an element, jsbarcode leaves the modules in it as text of 0 and 1.
  const target: { encodings?: readonly { readonly data: string }[] } = {};
  JsBarcode(target, text, { format: "CODE128" });
  const modules = target.encodings?.[0]?.data ?? "";
  return (modules.match(/1+|0+/g) ?? []).map((run) => run.length);
}

function modulesOf(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0);
}

/** Dots per module so that bars and quiet zones fit into `box`; 0 when they do not. */
function dotsPerModule(op: BarcodeOp, dotsPerMm: number): number {
  const fitting = (op.box.w * dotsPerMm) / (modulesOf(op.widths) + 2 * QUIET_ZONE_MODULES);
  return Math.floor(Math.min(fitting, MODULE_MAX_MM * dotsPerMm));
}

/** Whether `widths` fit into `box` on a printer of `dotsPerMm` with modules of at least 0.25 mm. */
export function barcodeFits(op: BarcodeOp, dotsPerMm: number): boolean {
  return dotsPerModule(op, dotsPerMm) / dotsPerMm >= MODULE_MIN_MM;
}

/** The bars in whole dots, centred in the box. Call only for what `barcodeFits`. */
export function snapBars(op: BarcodeOp, dotsPerMm: number): readonly Bar[] {
  const module = dotsPerModule(op, dotsPerMm);
  const bars: Bar[] = [];
  const middle = (op.box.x + op.box.w / 2) * dotsPerMm;
  let x = Math.round(middle - (modulesOf(op.widths) * module) / 2);
  op.widths.forEach((width, index) => {
    if (index % 2 === 0) bars.push({ x, w: width * module });
    x += width * module;
  });
  return bars;
}

/** The box in whole dots from top to bottom; all bars share it. */
export function snapHeight(
  box: Box,
  dotsPerMm: number,
): { readonly y: number; readonly h: number } {
  const y = Math.round(box.y * dotsPerMm);
  return { y, h: Math.round((box.y + box.h) * dotsPerMm) - y };
}
