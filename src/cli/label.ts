/** `midan label`: one masked label, for a printer or an eye, with its statement and leaf. */
import type { FileHandle } from "node:fs/promises";
import type { Fonts } from "../label/font.ts";
import { drawLabel } from "../label/format.ts";
import type { LabelFormat } from "../label/format.ts";
import type { PrintableLabel } from "../label/gate.ts";
import type { Dpi } from "../label/page.ts";
import { writePdf } from "../label/pdf.ts";
import { intoOutputFile, pageStream } from "../orders/output-file.ts";
import { say } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import { printLabels } from "../vault/print.ts";
import { acting } from "./acting.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { languageOf, print, printJson } from "./context.ts";
import { dpiOf, formatOf, sizeOf } from "./label-choice.ts";
import type { PrintOptions } from "./label-choice.ts";

export interface LabelOptions extends SharedOptions, PrintOptions {
  readonly out: string;
  readonly format?: string;
  readonly branch?: string;
  readonly as?: string;
}

/** Writes the one label as `format` into a file that is open for it. */
async function writeLabel(
  handle: FileHandle,
  label: PrintableLabel,
  drawing: { format: LabelFormat; dpi: Dpi; fonts: Fonts; createdAt: Date },
): Promise<void> {
  const { format, dpi, fonts, createdAt } = drawing;
  if (format === "pdf") await writePdf([label], pageStream(handle), { fonts, dpi, createdAt });
  else await handle.writeFile(drawLabel(label, { format, dpi, fonts }));
}

export async function runLabel(
  context: CliContext,
  token: string,
  options: LabelOptions,
): Promise<ExitCode> {
  const dpi = dpiOf(options);
  const size = sizeOf(options);
  const format = formatOf(options);
  await using vault = await context.openVault();
  // First the file: a print that is counted and stated should also come out.
  const printed = await intoOutputFile(options.out, async (handle) => {
    const fonts = context.fonts();
    const { branch: organisation = null } = options;
    const [made] = await printLabels(vault, {
      tokens: [token],
      actor: await acting(context, vault, options),
      fonts,
      organisation,
      size,
      merchantText: options.merchantText ?? "",
    });
    if (made === undefined) throw new Failure("TOKEN_UNKNOWN");
    await writeLabel(handle, made.label, { format, dpi, fonts, createdAt: vault.now() });
    return made;
  });
  if (options.json === true) {
    printJson(context, {
      file: options.out,
      printNumber: printed.printNumber,
      entry: printed.entry,
    });
  } else {
    print(context, say(languageOf(context, options), "label.done", { path: options.out }));
  }
  return 0;
}
