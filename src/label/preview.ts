/**
 * A label to look at before it is printed: what is hidden on it is underlaid, so that it is seen
 * that something was hidden and where. Stamped and without working codes, since a preview counts as
 * no print and has no statement (P14).
 */
import type { DisplayList, DrawOp, TextOp } from "./display-list.ts";
import { measure } from "./font.ts";
import type { Fonts } from "./font.ts";
import type { PrintableLabel } from "./gate.ts";
import { burn } from "./page.ts";
import type { Dpi } from "./page.ts";
import { encodePng } from "./png.ts";
import { printedList } from "./printed-list.ts";
import { stamped } from "./stamp.ts";

const PREVIEW_STAMP = "预览 PREVIEW";
const PREVIEW_BARS = "PREVIEW";
/** What a mask puts in place of what it hides. */
const HIDDEN = /\*+/g;
/** Stars stand high in a line; the ground reaches from under the baseline to the top. */
const GROUND_ABOVE_EM = 0.85;
const GROUND_EM = 0.95;

function groundsOf(op: TextOp, fonts: Fonts): readonly DrawOp[] {
  return [...op.text.matchAll(HIDDEN)].map(({ index, 0: stars }) => {
    const from = measure(op.text.slice(0, index), op, fonts);
    const box = {
      x: op.x + from,
      y: op.y - GROUND_ABOVE_EM * op.sizeMm,
      w: measure(stars, op, fonts),
      h: GROUND_EM * op.sizeMm,
    };
    return { kind: "fill", box, ink: "screen" };
  });
}

/** The list of a preview. Fails as `printedList` does. */
export function preview(label: PrintableLabel, fonts: Fonts): DisplayList {
  const page = printedList(label, fonts);
  const ops = page.ops.flatMap((op) => (op.kind === "text" ? [...groundsOf(op, fonts), op] : [op]));
  return stamped({ ...page, ops }, { stamp: PREVIEW_STAMP, word: PREVIEW_BARS }, fonts);
}

/** A preview as a one-bit PNG. Fails as `printedList` does. */
export function toPreviewPng(label: PrintableLabel, dpi: Dpi, fonts: Fonts): Uint8Array {
  return encodePng(burn(preview(label, fonts), dpi, fonts), dpi);
}
