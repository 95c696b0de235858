/** `midan seal`: order files in, tokens, masked views and labels out. */
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { SingleBar } from "cli-progress";
import { writePdf } from "../label/pdf.ts";
import { parseMap } from "../orders/columns.ts";
import { readOrders } from "../orders/read.ts";
import type { OrderSource, ReadOptions } from "../orders/read.ts";
import { openRejectedFile, openResultFile } from "../orders/result.ts";
import { say } from "../rules/catalogue.ts";
import type { Language } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import { printBatches } from "../vault/print.ts";
import { seal } from "../vault/seal.ts";
import type { SealedRow, SealSummary } from "../vault/seal.ts";
import type { Vault } from "../vault/vault.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { languageOf, print, printJson } from "./context.ts";

export interface SealOptions extends SharedOptions {
  readonly out: string;
  readonly labels?: string;
  readonly map?: string;
  readonly format?: string;
  readonly merchant?: string;
  readonly carrier?: string;
  readonly as: string;
}

const FORMATS = ["csv", "ndjson", "xlsx"] as const;
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

function readOptionsOf(options: SealOptions): ReadOptions {
  const format = FORMATS.find((known) => known === options.format);
  if (options.format !== undefined && format === undefined) {
    throw new Failure("USAGE", { option: "--format" });
  }
  return {
    ...(format === undefined ? {} : { format }),
    ...(options.map === undefined ? {} : { map: parseMap(options.map) }),
    ...(options.merchant === undefined ? {} : { merchant: options.merchant }),
    ...(options.carrier === undefined ? {} : { carrier: options.carrier }),
  };
}

function sourceOf(context: CliContext, file: string): OrderSource {
  return file === "-" ? { kind: "stdin", stream: context.stdin } : { kind: "file", path: file };
}

/** A bar on a terminal, nothing elsewhere: standard output stays clean for results. */
function openBar(language: Language, show: boolean): SingleBar {
  return new SingleBar({
    format: `${say(language, "seal.progress")} {bar} {percentage}% {rows}`,
    stream: process.stderr,
    noTTYOutput: false,
    hideCursor: true,
    gracefulExit: false,
    ...(show ? {} : { stream: process.stderr, fps: 0.0001 }),
  });
}

interface SealedFile {
  readonly summary: SealSummary;
  readonly result: string;
  readonly rejected: string | null;
  readonly tokens: readonly string[];
}

/** Names of output files come from the input's, so that several files do not meet. */
function outputName(file: string, ending: string): string {
  return `${file === "-" ? "stdin" : path.parse(file).name}.${ending}`;
}
