/** `midan case letter`: the letter of a case as a file. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { letterDocument, writeLetter } from "../oversight/case-letter.ts";
import { letterDocx } from "../oversight/letter-docx.ts";
import { letterPdf } from "../oversight/letter-pdf.ts";
import type { OfficialDocument } from "../oversight/official-document.ts";
import { say } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import { acting } from "./acting.ts";
import { acted, oneOf } from "./case.ts";
import type { CaseOptions } from "./case.ts";
import type { CliContext, ExitCode } from "./context.ts";

export interface CaseLetterOptions extends CaseOptions {
  readonly letterNumber: string;
  readonly out: string;
  readonly source: string;
  readonly switch: string;
  readonly oldRows?: string;
  readonly urgent?: boolean;
  readonly english?: boolean;
}

const SOURCES = ["spot-check", "report", "case-work", "deputy-transfer", "media"] as const;
const HOLDERS = ["headquarters", "outlet", "branch", "platform", "merchant"] as const;
const ROWS = /^\d{1,12}$/;

async function bytesOf(
  context: CliContext,
  document: OfficialDocument,
  to: { readonly out: string; readonly createdAt: Date },
): Promise<Uint8Array> {
  const { createdAt } = to;
  const extension = path.extname(to.out).toLowerCase();
  if (extension === ".docx") return letterDocx(document);
  if (extension !== ".pdf") throw new Failure("USAGE", { option: "--out" });
  return letterPdf(document, { fonts: context.fonts(), createdAt });
}

function oldRowsOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!ROWS.test(text)) throw new Failure("USAGE", { option: "--old-rows" });
  return Number(text);
}

export async function runCaseLetter(
  context: CliContext,
  number: string,
  options: CaseLetterOptions,
): Promise<ExitCode> {
  const { letterNumber, out, urgent = false } = options;
  const source = oneOf(options.source, SOURCES, "--source");
  const switchHolder = oneOf(options.switch, HOLDERS, "--switch");
  const oldRows = oldRowsOf(options.oldRows);
  if (![".pdf", ".docx"].includes(path.extname(out).toLowerCase())) {
    throw new Failure("USAGE", { option: "--out" });
  }
  const about = { number, letterNumber, source, switchHolder, oldRows, urgent };
  return acted(context, options, {
    async act(vault, on) {
      const actor = await acting(context, vault);
      const drafted = await writeLetter(vault, { ...about, on, actor });
      const document = letterDocument(drafted, options.english === true ? "en" : "zh");
      await writeFile(out, await bytesOf(context, document, { out, createdAt: vault.now() }));
      return { ...drafted, file: out };
    },
    tell: ({ entry }, language) => [say(language, "document.written", { path: out, entry })],
  });
}
