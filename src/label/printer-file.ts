/** Many labels for one printer, one job after another in one file. */
import { setImmediate } from "node:timers/promises";
import { Failure, isFailure } from "../rules/failure.ts";
import type { Fonts } from "./font.ts";
import { drawLabel } from "./format.ts";
import type { PrinterLanguage } from "./format.ts";
import type { PrintableLabel } from "./gate.ts";
import type { Dpi } from "./page.ts";
import type { Labels } from "./pdf.ts";

export interface PrinterFileOptions {
  readonly format: PrinterLanguage;
  readonly dpi: Dpi;
  readonly fonts: Fonts;
  /** Told about each label that cannot be drawn, which is then left out; else it is thrown. */
  readonly onRefused?: (index: number, failure: Failure) => void;
}

function bytesOf(
  label: PrintableLabel,
  index: number,
  options: PrinterFileOptions,
): Uint8Array | null {
  try {
    return drawLabel(label, options);
  } catch (error) {
    if (options.onRefused === undefined || !isFailure(error)) throw error;
    options.onRefused(index, error);
    return null;
  }
}

/**
 * Gives the bytes of each label to `write` in turn and waits for it, so that no more than one label
 * is in memory. No label at all fails with LABEL_NONE. What `write` and the labels throw rejects;
 * the file is then incomplete and must be thrown away.
 */
export async function writePrinterFile(
  labels: Labels,
  write: (bytes: Uint8Array) => Promise<void>,
  options: PrinterFileOptions,
): Promise<{ pages: number }> {
  let pages = 0;
  let index = 0;
  for await (const label of labels) {
    const bytes = bytesOf(label, index, options);
    index += 1;
    if (bytes === null) continue;
    await write(bytes);
    // A turn of the event loop lets signals and timers in where `write` did not wait.
    await setImmediate();
    pages += 1;
  }
  if (pages === 0) throw new Failure("LABEL_NONE");
  return { pages };
}
