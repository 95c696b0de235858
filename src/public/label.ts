/**
 * `midan/label`: masked labels as PDF and PNG. Both writers take only what `gate` has let through;
 * drawing without the gate is not exported, so that nothing is printed without its lint (P1).
 */
export { FONT_FILES, loadFonts } from "../label/font.ts";
export type { Fonts } from "../label/font.ts";
export { gate } from "../label/gate.ts";
export type { PrintableLabel } from "../label/gate.ts";
export type { LabelData, LabelParty } from "../label/label.ts";
export type { Dpi } from "../label/page.ts";
export { writePdf } from "../label/pdf.ts";
export type { Labels, PdfOptions } from "../label/pdf.ts";
export { toPng } from "../label/png.ts";
