/** `midan label`: one masked label, for a printer or an eye, with its statement and leaf. */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { printedStrings } from "../label/display-list.ts";
import type { Fonts } from "../label/font.ts";
import { drawLabel } from "../label/format.ts";
import type { LabelFormat } from "../label/format.ts";
import type { PrintableLabel } from "../label/gate.ts";
import type { Dpi } from "../label/page.ts";
import { writePdf } from "../label/pdf.ts";
import { printedList } from "../label/printed-list.ts";
import { intoOutputFile, pageStream } from "../orders/output-file.ts";
import { sealPayload } from "../terminal/print-payload.ts";
import { say } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import { previewLabel, printLabels } from "../vault/print.ts";
import type { PrintedLabel, PrintRequest } from "../vault/print.ts";
import type { Vault } from "../vault/vault.ts";
import { acting } from "./acting.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { languageOf, print, printJson } from "./context.ts";
import { dpiOf, formatOf, reprintReasonFrom, sizeOf } from "./label-choice.ts";
import type { PrintOptions } from "./label-choice.ts";

export interface LabelOptions extends SharedOptions, PrintOptions {
  readonly out: string;
  readonly format?: string;
  readonly preview?: boolean;
  readonly reason?: string;
  readonly forAgent?: string;
  readonly printer?: string;
  readonly branch?: string;
}

/** The text that a page puts into a print task of the agent whose key lies in `keyFile`. */
async function payloadText(
  keyFile: string,
  made: PrintedLabel,
  drawing: { format: LabelFormat; dpi: Dpi; fonts: Fonts },
): Promise<string> {
  const { format, dpi, fonts } = drawing;
  if (format === "pdf" || format === "svg") throw new Failure("USAGE", { option: "--format" });
  const bytes = drawLabel(made.label, { format, dpi, fonts });
  const { token, printNumber } = made;
  const payload = { token, printNumber, language: format, bytes };
  const text = sealPayload(await readFile(keyFile, "latin1"), payload, randomBytes);
  if (text === null) throw new Failure("AGENT_KEY_UNREADABLE");
  return text;
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

async function requestOf(
  context: CliContext,
  vault: Vault,
  options: LabelOptions,
): Promise<Omit<PrintRequest, "tokens">> {
  const { branch: organisation = null, merchantText = "" } = options;
  const actor = await acting(context, vault);
  return { actor, fonts: context.fonts(), organisation, size: sizeOf(options), merchantText };
}

async function runPreview(
  context: CliContext,
  token: string,
  options: LabelOptions,
): Promise<ExitCode> {
  const dpi = dpiOf(options);
  sizeOf(options);
  // A preview is for eyes; a printer must not get one.
  if (formatOf(options) !== "png") throw new Failure("USAGE", { option: "--preview" });
  await using vault = await context.openVault();
  await intoOutputFile(options.out, async (handle) => {
    const request = await requestOf(context, vault, options);
    await handle.writeFile(await previewLabel(vault, request, { token, dpi }));
  });
  if (options.json === true) printJson(context, { file: options.out, preview: true });
  else print(context, say(languageOf(context, options), "label.preview", { path: options.out }));
  return 0;
}

function tellPrinted(context: CliContext, options: LabelOptions, made: PrintedLabel): void {
  const { out: file } = options;
  if (options.json !== true) {
    print(context, say(languageOf(context, options), "label.done", { path: file }));
    return;
  }
  const { printNumber, label, entry } = made;
  const printed = printedStrings(printedList(label, context.fonts()));
  printJson(context, { file, printNumber, printed, entry });
}

export async function runLabel(
  context: CliContext,
  token: string,
  options: LabelOptions,
): Promise<ExitCode> {
  if (options.preview === true) return runPreview(context, token, options);
  const dpi = dpiOf(options);
  sizeOf(options);
  const format = formatOf(options);
  const reprintReason = reprintReasonFrom(options.reason);
  await using vault = await context.openVault();
  // First the file: a print that is counted and stated should also come out.
  const printed = await intoOutputFile(options.out, async (handle) => {
    const request = await requestOf(context, vault, options);
    const [made] = await printLabels(vault, {
      ...request,
      tokens: [token],
      ticket: options.ticket ?? false,
      reprintReason,
      printer: options.printer ?? "file",
    });
    if (made === undefined) throw new Failure("TOKEN_UNKNOWN");
    const { fonts } = request;
    const { forAgent } = options;
    if (forAgent === undefined)
      await writeLabel(handle, made.label, { format, dpi, fonts, createdAt: vault.now() });
    else await handle.writeFile(await payloadText(forAgent, made, { format, dpi, fonts }));
    return made;
  });
  tellPrinted(context, options, printed);
  return 0;
}
