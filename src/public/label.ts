/**
 * `midan/label`: masked labels as PDF, PNG, SVG and in the languages of label printers. All writers
 * take only what `gate` has let through; drawing without the gate is not exported, so that nothing
 * is printed without its lint (P1).
 */
export { FONT_FILES, loadFonts } from "../label/font.ts";
export type { Fonts } from "../label/font.ts";
export { drawLabel, LABEL_FORMATS } from "../label/format.ts";
export type { DrawnFormat, LabelFormat, PrinterLanguage } from "../label/format.ts";
export { gate } from "../label/gate.ts";
export type { PrintableLabel } from "../label/gate.ts";
export { LABEL_SIZES } from "../label/label-size.ts";
export type { LabelSize } from "../label/label-size.ts";
export type { LabelData, LabelParty } from "../label/label.ts";
export type { Dpi } from "../label/page.ts";
export { writePdf } from "../label/pdf.ts";
export type { Labels, PdfOptions } from "../label/pdf.ts";
export { toPng } from "../label/png.ts";
export { writePrinterFile } from "../label/printer-file.ts";
export type { PrinterFileOptions } from "../label/printer-file.ts";
export { toZpl, ZPL_CODINGS } from "../label/zpl.ts";
export type { ZplCoding } from "../label/zpl.ts";
