/** `midan seal`: order files in; tokens, masked views, refusals and labels out. */
import type { Actor } from "../access/actor.ts";
import { requireScope } from "../access/machine.ts";
import { mkdir } from "node:fs/promises";
import { writePdf } from "../label/pdf.ts";
import { writePrinterFile } from "../label/printer-file.ts";
import type { PrintableLabel } from "../label/gate.ts";
import { parseMap } from "../orders/columns.ts";
import { intoOutputFile, pageStream, unwritable } from "../orders/output-file.ts";
import { readOrders } from "../orders/read.ts";
import type { OrderReading, ReadOptions } from "../orders/read.ts";
import { openRejectedFile, openResultFile } from "../orders/result.ts";
import type { CsvWriter, Rejection, ResultRow } from "../orders/result.ts";
import type { OrderSource } from "../orders/source.ts";
import { say } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import { platformOf } from "../rules/platform.ts";
import { printBatches } from "../vault/print.ts";
import { seal } from "../vault/seal.ts";
import type { SealProgress, SealSink, SealSummary } from "../vault/seal.ts";
import type { Vault } from "../vault/vault.ts";
import { acting } from "./acting.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { languageOf, print, printJson } from "./context.ts";
import { dpiOf, fileFormatOf, sizeOf } from "./label-choice.ts";
import type { PrintOptions } from "./label-choice.ts";
import { openProgress } from "./progress.ts";
import type { Progress } from "./progress.ts";
import { outputsOf, refuseInputs, STANDARD_INPUT } from "./seal-outputs.ts";
import type { Outputs } from "./seal-outputs.ts";

export interface SealOptions extends SharedOptions, PrintOptions {
  readonly out: string;
  readonly labels?: string;
  readonly map?: string;
  readonly format?: string;
  readonly merchant?: string;
  readonly carrier?: string;
  readonly platform?: string;
  readonly branch?: string;
  readonly allowClock?: boolean;
  readonly profile?: string;
  readonly suite?: string;
}

const FORMATS = ["csv", "ndjson", "xlsx"] as const;
const FOLDER_MODE = 0o700;

function readOptionsOf(options: SealOptions): ReadOptions {
  const format = FORMATS.find((known) => known === options.format);
  if (options.format !== undefined && format === undefined) {
    throw new Failure("USAGE", { option: "--format" });
  }
  const platform = options.platform === undefined ? undefined : platformOf(options.platform);
  if (platform === null) throw new Failure("USAGE", { option: "--platform" });
  return {
    ...(platform === undefined ? {} : { platform }),
    ...(format === undefined ? {} : { format }),
    ...(options.map === undefined ? {} : { map: parseMap(options.map) }),
    ...(options.merchant === undefined ? {} : { merchant: options.merchant }),
    ...(options.carrier === undefined ? {} : { carrier: options.carrier }),
  };
}

interface FileRun {
  readonly context: CliContext;
  readonly vault: Vault;
  readonly actor: Actor;
  readonly options: SealOptions;
  readonly file: string;
  readonly outputs: Outputs;
  readonly progress: Progress;
}

function sourceOf(run: FileRun): OrderSource {
  const { file, context } = run;
  return file === STANDARD_INPUT
    ? { kind: "stdin", stream: context.stdin }
    : { kind: "file", path: file };
}

function tellCommit(run: FileRun, reading: OrderReading, progress: SealProgress): void {
  const { committedThrough, sealed, repeated, rejected } = progress;
  run.progress.update(reading.bytesRead, reading.totalBytes, sealed + repeated + rejected);
  if (run.options.json === true) {
    printJson(run.context, { file: run.file, committedThrough, sealed, repeated, rejected });
  }
}

interface SealedFile {
  readonly summary: SealSummary;
  readonly tokens: readonly string[];
}

/** The two lists of one file, which stand or fall together. */
interface Lists {
  readonly results: CsvWriter<ResultRow>;
  readonly rejections: CsvWriter<Rejection>;
}

async function openLists(outputs: Outputs): Promise<Lists> {
  const results = await openResultFile(outputs.result);
  try {
    return { results, rejections: await openRejectedFile(outputs.rejected) };
  } catch (error) {
    await results.drop();
    throw error;
  }
}

async function keepLists({ results, rejections }: Lists): Promise<void> {
  const [first, second] = await Promise.allSettled([results.close(), rejections.close()]);
  if (first.status === "rejected") throw first.reason;
  if (second.status === "rejected") throw second.reason;
}

/**
 * After a failure: what was committed is sealed and must be known, so it takes its place; with
 * nothing committed the lists of an earlier run stay.
 */
async function settleLists(lists: Lists, committed: boolean): Promise<void> {
  // The failure at hand is the one to report; a list that cannot be kept is made by the next run.
  if (committed) await keepLists(lists).catch(() => undefined);
  else await Promise.all([lists.results.drop(), lists.rejections.drop()]);
}

async function sealFile(run: FileRun): Promise<SealedFile> {
  const reading = readOrders(sourceOf(run), readOptionsOf(run.options));
  const lists = await openLists(run.outputs);
  const tokens: string[] = [];
  const printing = run.options.labels !== undefined;
  let committed = false;
  const sink: SealSink = {
    committed: async (rows, rejected, progress) => {
      await lists.results.write(rows);
      committed = true;
      await lists.rejections.write(rejected.map((refusal) => ({ ok: false, ...refusal })));
      if (printing) for (const row of rows) tokens.push(row.token);
      tellCommit(run, reading, progress);
    },
  };
  try {
    const summary = await seal(run.vault, reading, {
      actor: run.actor,
      organisation: run.options.branch ?? null,
      profile: run.options.profile ?? null,
      suite: run.options.suite ?? null,
      sink,
    });
    await keepLists(lists);
    return { summary, tokens };
  } catch (error) {
    await settleLists(lists, committed);
    throw error;
  }
}

async function* labelsOf(
  run: FileRun,
  tokens: readonly string[],
  refused: string[],
): AsyncGenerator<PrintableLabel> {
  const request = {
    tokens,
    actor: run.actor,
    fonts: run.context.fonts(),
    organisation: run.options.branch ?? null,
    size: sizeOf(run.options),
    merchantText: run.options.merchantText ?? "",
    ticket: run.options.ticket ?? false,
    // A file that is sealed a second time prints what it printed before.
    reprintReason: "resumed" as const,
    printer: "file",
    onRefused: ({ code }: { code: string }) => refused.push(code),
  };
  let done = 0;
  for await (const batch of printBatches(run.vault, request)) {
    for (const { label } of batch) yield label;
    done += batch.length;
    run.progress.update(done, tokens.length, done);
  }
}

interface PrintedFile {
  readonly count: number;
  /** Codes of labels that could not be printed, one for each. */
  readonly refused: readonly string[];
}

async function printFile(run: FileRun, tokens: readonly string[]): Promise<PrintedFile> {
  const refused: string[] = [];
  run.progress.stage("print.progress");
  const format = fileFormatOf(run.options.labels) ?? "pdf";
  const [fonts, dpi] = [run.context.fonts(), dpiOf(run.options)];
  const labels = labelsOf(run, tokens, refused);
  const { pages } = await intoOutputFile(run.outputs.labels, async (handle) =>
    format === "pdf"
      ? writePdf(labels, pageStream(handle), { fonts, dpi, createdAt: run.vault.now() })
      : writePrinterFile(labels, async (bytes) => handle.writeFile(bytes), { format, dpi, fonts }),
  );
  return { count: pages, refused };
}

function report(run: FileRun, sealed: SealedFile, printed: PrintedFile | null): void {
  const { context, options, outputs } = run;
  const { summary } = sealed;
  const seconds = (summary.milliseconds / 1000).toFixed(1);
  if (options.json === true) {
    const labels =
      printed === null
        ? null
        : { file: outputs.labels, count: printed.count, refused: printed.refused };
    printJson(context, {
      file: run.file,
      done: true,
      ...summary,
      milliseconds: Math.round(summary.milliseconds),
      result: outputs.result,
      rejectedFile: outputs.rejected,
      labels,
    });
    return;
  }
  const language = languageOf(context, options);
  const { sealed: count, repeated, rejected } = summary;
  print(context, say(language, "seal.done", { sealed: count, repeated, rejected, seconds }));
  print(context, say(language, "seal.results", { path: outputs.result }));
  if (rejected > 0) print(context, say(language, "seal.rejected", { path: outputs.rejected }));
  if (printed !== null)
    print(context, say(language, "seal.labels", { path: outputs.labels, count: printed.count }));
  for (const [code, codes] of Map.groupBy(printed?.refused ?? [], (refusal) => refusal)) {
    print(context, say(language, "seal.unprinted", { code, count: codes.length }));
  }
}

async function runFile(run: FileRun): Promise<boolean> {
  const sealed = await sealFile(run);
  const printed = sealed.tokens.length > 0 ? await printFile(run, sealed.tokens) : null;
  run.progress.end();
  report(run, sealed, printed);
  return sealed.summary.rejected > 0 || (printed?.refused.length ?? 0) > 0;
}

async function makeFolder(out: string): Promise<void> {
  try {
    await mkdir(out, { recursive: true, mode: FOLDER_MODE });
  } catch (error) {
    throw unwritable(error);
  }
}

/** Seals each file in turn; a file that cannot be read stops the run, a bad row does not. */
export async function runSeal(
  context: CliContext,
  files: readonly string[],
  options: SealOptions,
): Promise<ExitCode> {
  const labels = fileFormatOf(options.labels);
  dpiOf(options);
  sizeOf(options);
  readOptionsOf(options);
  const outputs = outputsOf(options.out, files, labels ?? "pdf");
  await refuseInputs(context.stdin, files, outputs);
  await makeFolder(options.out);
  await using vault = await context.openVault({ clockTrusted: options.allowClock === true });
  const actor = await acting(context, vault, "seal");
  if (labels !== null) requireScope(actor, "print");
  let refused = false;
  for (const { file, ...places } of outputs) {
    const progress = openProgress(context, languageOf(context, options), options.json !== true);
    const run = { context, vault, actor, options, file, outputs: places, progress };
    const ended = await runFile(run).finally(() => progress.end());
    refused ||= ended;
  }
  return refused ? 1 : 0;
}
