/**
 * Labels for teaching: they show what an unmasked label would have told. They are drawn without the
 * gate, so they are made useless instead: stamped across, marked as specimens, and their bars say
 * SPECIMEN in place of a waybill number (P1).
 */
import type { Fonts } from "./font.ts";
import type { DisplayList } from "./display-list.ts";
import { USUAL_SIZE } from "./label-size.ts";
import type { LabelData } from "./label.ts";
import { layout } from "./layout.ts";
import { burn } from "./page.ts";
import type { Dpi } from "./page.ts";
import { encodePng } from "./png.ts";
import { templateOf } from "./shipped-template.ts";
import { stamped } from "./stamp.ts";
import { PRIVACY_MARK } from "./template.ts";

export const STAMP = "样张 SPECIMEN";
const SPECIMEN_BARS = "SPECIMEN";

/**
 * The display list of a specimen: no privacy mark, harmless bars, stamps across the whole label.
 */
export function specimen(data: LabelData, fonts: Fonts): DisplayList {
  const page = layout(data, templateOf(data.size ?? USUAL_SIZE), fonts);
  const kept = page.ops.filter((op) => op.kind !== "text" || op.text !== PRIVACY_MARK);
  return stamped({ ...page, ops: kept }, { stamp: STAMP, word: SPECIMEN_BARS }, fonts);
}

/** A specimen as a one-bit PNG. Give it invented people only: nothing here checks what it shows. */
export function toSpecimenPng(data: LabelData, dpi: Dpi, fonts: Fonts): Uint8Array {
  return encodePng(burn(specimen(data, fonts), dpi, fonts), dpi);
}
