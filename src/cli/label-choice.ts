/** How labels shall be printed: format, resolution, paper, as the options say. */
import path from "node:path";
import { LABEL_FORMATS, PRINTER_LANGUAGES } from "../label/format.ts";
import type { LabelFormat, PrinterLanguage } from "../label/format.ts";
import { LABEL_SIZES, USUAL_SIZE } from "../label/label-size.ts";
import type { LabelSize } from "../label/label-size.ts";
import type { Dpi } from "../label/page.ts";
import { Failure } from "../rules/failure.ts";
import { reprintReasonOf } from "../rules/reprint.ts";
import type { ReprintReason } from "../rules/reprint.ts";

/** What both commands that print take. */
export interface PrintOptions {
  readonly dpi?: string;
  readonly size?: string;
  readonly merchantText?: string;
  readonly ticket?: boolean;
}

/** What a file holds that is made for many labels. */
export type FileFormat = "pdf" | PrinterLanguage;

const FILE_FORMATS: readonly FileFormat[] = ["pdf", ...PRINTER_LANGUAGES];

export function dpiOf({ dpi = "203" }: PrintOptions): Dpi {
  if (dpi === "203") return 203;
  if (dpi === "300") return 300;
  throw new Failure("USAGE", { option: "--dpi" });
}

export function sizeOf({ size = USUAL_SIZE }: PrintOptions): LabelSize {
  const found = LABEL_SIZES.find((known) => known === size);
  if (found === undefined) throw new Failure("USAGE", { option: "--size" });
  return found;
}

/** Why it is printed again, or null where that is not said. */
export function reprintReasonFrom(name: string | undefined): ReprintReason | null {
  if (name === undefined) return null;
  const reason = reprintReasonOf(name);
  if (reason === null) throw new Failure("USAGE", { option: "--reason" });
  return reason;
}

/** The format of one label's file: as asked, else by what the file is called. */
export function formatOf(options: { readonly format?: string; readonly out: string }): LabelFormat {
  const asked = options.format ?? path.extname(options.out).slice(1).toLowerCase();
  const found = LABEL_FORMATS.find((known) => known === asked);
  const option = options.format === undefined ? "--out" : "--format";
  if (found === undefined) throw new Failure("USAGE", { option });
  return found;
}

/** The format of a file of many labels; null when none is wanted. */
export function fileFormatOf(asked: string | undefined): FileFormat | null {
  if (asked === undefined) return null;
  const found = FILE_FORMATS.find((known) => known === asked);
  if (found === undefined) throw new Failure("USAGE", { option: "--labels" });
  return found;
}
