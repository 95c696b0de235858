/** `midan label`: one masked label as a picture or a page, with its statement and leaf. */
import { createWriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { writePdf } from "../label/pdf.ts";
import { toPng } from "../label/png.ts";
import { say } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import { printLabels } from "../vault/print.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { languageOf, print, printJson } from "./context.ts";

export interface LabelOptions extends SharedOptions {
  readonly out: string;
  readonly dpi: string;
  readonly as: string;
}

/** Labels are masked, yet they name places: only the user who printed them may read the file. */
const LABEL_FILE_MODE = 0o600;

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
  const fonts = context.fonts();
  const [printed] = await printLabels(vault, { tokens: [token], account: options.as, fonts });
  if (printed === undefined) throw new Failure("TOKEN_UNKNOWN");
  if (format === "png") {
    await writeFile(options.out, toPng(printed.label, dpi, fonts), { mode: LABEL_FILE_MODE });
  } else {
    const file = createWriteStream(options.out, { mode: LABEL_FILE_MODE });
    await writePdf([printed.label], file, { fonts, createdAt: vault.now() });
  }
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
