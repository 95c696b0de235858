/** `midan label`: one masked label as a picture or a page, with its statement and leaf. */
import path from "node:path";
import { writePdf } from "../label/pdf.ts";
import { toPng } from "../label/png.ts";
import { intoOutputFile, pageStream } from "../orders/output-file.ts";
import { say } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import { printLabels } from "../vault/print.ts";
import { acting } from "./acting.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { languageOf, print, printJson } from "./context.ts";

export interface LabelOptions extends SharedOptions {
  readonly out: string;
  readonly dpi: string;
  readonly branch?: string;
  readonly as?: string;
}

function dpiOf(options: LabelOptions): 203 | 300 {
  if (options.dpi === "203") return 203;
  if (options.dpi === "300") return 300;
  throw new Failure("USAGE", { option: "--dpi" });
}

function formatOf(out: string): "png" | "pdf" {
  const extension = path.extname(out).toLowerCase();
  if (extension === ".png") return "png";
  if (extension === ".pdf") return "pdf";
  throw new Failure("USAGE", { option: "--out" });
}

export async function runLabel(
  context: CliContext,
  token: string,
  options: LabelOptions,
): Promise<ExitCode> {
  const dpi = dpiOf(options);
  const format = formatOf(options.out);
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
    });
    if (made === undefined) throw new Failure("TOKEN_UNKNOWN");
    const { label } = made;
    if (format === "png") await handle.writeFile(toPng(label, dpi, fonts));
    else await writePdf([label], pageStream(handle), { fonts, createdAt: vault.now() });
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
