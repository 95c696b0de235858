/** What a label can leave as: one table for the command line, files and tests. */
import type { Fonts } from "./font.ts";
import type { PrintableLabel } from "./gate.ts";
import { toCpcl } from "./cpcl.ts";
import type { Dpi } from "./page.ts";
import { toPng } from "./png.ts";
import { toSvg } from "./svg.ts";
import { toTspl } from "./tspl.ts";
import { toZpl } from "./zpl.ts";

/** Of these a file holds as many labels as wanted, one job after another. */
export const PRINTER_LANGUAGES = ["zpl", "tspl", "cpcl"] as const;
export type PrinterLanguage = (typeof PRINTER_LANGUAGES)[number];

/** Everything that one label is a file of; a PDF, which `writePdf` writes, holds many. */
export type DrawnFormat = PrinterLanguage | "png" | "svg";

export const LABEL_FORMATS = ["pdf", "png", "svg", ...PRINTER_LANGUAGES] as const;
export type LabelFormat = (typeof LABEL_FORMATS)[number];

type Draw = (label: PrintableLabel, dpi: Dpi, fonts: Fonts) => Uint8Array;

const DRAW: Readonly<Record<DrawnFormat, Draw>> = {
  png: toPng,
  svg: toSvg,
  zpl: (label, dpi, fonts) => toZpl(label, dpi, { fonts }),
  tspl: toTspl,
  cpcl: toCpcl,
};

export interface Drawing {
  readonly format: DrawnFormat;
  readonly dpi: Dpi;
  readonly fonts: Fonts;
}

/** The bytes of one label. Fails as `printedList` does. */
export function drawLabel(label: PrintableLabel, { format, dpi, fonts }: Drawing): Uint8Array {
  return DRAW[format](label, dpi, fonts);
}
