/** `midan print-agent`: stands beside the printers, and prints what pages of an ERP send it. */
import { randomBytes } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { Writable } from "node:stream";
import { AgentRun } from "../terminal/agent-run.ts";
import type { Draw } from "../terminal/print-worker.ts";
import { writePdf } from "../label/pdf.ts";
import { drawLabel } from "../label/format.ts";
import type { DrawnFormat } from "../label/format.ts";
import type { PrintableLabel } from "../label/gate.ts";
import type { Dpi } from "../label/page.ts";
import { say } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import { reprintReasonOf } from "../rules/reprint.ts";
import { printLabels } from "../vault/print.ts";
import type { Vault } from "../vault/vault.ts";
import { acting } from "./acting.ts";
import { typed } from "./command.ts";
import type { CommandGroup } from "./command.ts";
import { languageOf, print, printJson } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { dpiOf, sizeOf } from "./label-choice.ts";
import type { PrintOptions } from "./label-choice.ts";
import { untilStopped } from "./stop.ts";

interface AgentOptions extends SharedOptions {
  readonly dir: string;
}

interface RunOptions extends AgentOptions, PrintOptions {
  readonly alone?: boolean;
}

interface KeyOptions extends AgentOptions {
  readonly suite: string;
}

const SETTING_BYTES_MAX = 256 * 1024;
const SETTING_FILE = "agent.json";

async function settingText(folder: string): Promise<string> {
  const file = path.join(folder, SETTING_FILE);
  try {
    if ((await stat(file)).size > SETTING_BYTES_MAX) throw new Failure("AGENT_SETTING");
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure("FILE_UNREADABLE", { file: SETTING_FILE });
  }
}

async function runKey(context: CliContext, options: KeyOptions): Promise<ExitCode> {
  if (options.suite !== "intl" && options.suite !== "gm")
    throw new Failure("USAGE", { option: "--suite" });
  const key = await AgentRun.keyText(options.dir, options.suite, randomBytes);
  if (options.json === true) printJson(context, { key });
  else print(context, key);
  return 0;
}

async function bytesOf(
  context: CliContext,
  label: PrintableLabel,
  drawing: { readonly language: DrawnFormat | "pdf"; readonly dpi: Dpi; readonly at: Date },
): Promise<Uint8Array> {
  const { language, dpi, at } = drawing;
  const fonts = context.fonts();
  if (language !== "pdf") return drawLabel(label, { format: language, dpi, fonts });
  const chunks: Buffer[] = [];
  const out = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      chunks.push(chunk);
      done();
    },
  });
  await writePdf([label], out, { fonts, dpi, createdAt: at });
  return Buffer.concat(chunks);
}

/** Draws a token's label through the verb, so that nothing prints without its statement (P14). */
async function drawWith(context: CliContext, vault: Vault, options: RunOptions): Promise<Draw> {
  const [dpi, size] = [dpiOf(options), sizeOf(options)];
  const actor = await acting(context, vault, "print");
  return async ({ token, reason, language, printer }) => {
    const reprintReason = reason === null ? null : reprintReasonOf(reason);
    if (reason !== null && reprintReason === null) throw new Failure("REPRINT_REASON_MISSING");
    const [made] = await printLabels(vault, {
      tokens: [token],
      actor,
      fonts: context.fonts(),
      size,
      ticket: options.ticket ?? false,
      merchantText: options.merchantText ?? "",
      reprintReason,
      printer,
    });
    if (made === undefined) throw new Failure("TOKEN_UNKNOWN");
    return { bytes: await bytesOf(context, made.label, { language, dpi, at: vault.now() }) };
  };
}

async function serveUntilStopped(
  context: CliContext,
  options: RunOptions,
  draw: Draw | null,
): Promise<ExitCode> {
  const run = await AgentRun.start({
    folder: options.dir,
    setting: await settingText(options.dir),
    draw,
    now: () => new Date(),
    randomBytes,
  });
  const { ports, key } = run;
  if (options.json === true) printJson(context, { ports, key });
  else {
    print(
      context,
      say(languageOf(context, options), "agent.listening", { ports: ports.join(", ") }),
    );
    print(context, key);
  }
  await untilStopped();
  await run.stop();
  return 0;
}

async function runAgent(context: CliContext, options: RunOptions): Promise<ExitCode> {
  if (options.alone === true) return serveUntilStopped(context, options, null);
  await using vault = await context.openVault();
  return await serveUntilStopped(context, options, await drawWith(context, vault, options));
}

const DIR = { flags: "--dir <dir>", text: "cli.agent.dir", unset: "midan-agent" } as const;

export const PRINT_AGENT: CommandGroup = {
  name: "print-agent",
  text: "cli.agent",
  commands: [
    typed<KeyOptions>({
      usage: "key",
      text: "cli.agent.key",
      options: [DIR, { flags: "--suite <suite>", text: "cli.handheld.suite", unset: "intl" }],
      run: async (context, _words, options) => runKey(context, options),
    }),
    typed<RunOptions>({
      usage: "run",
      text: "cli.agent.run",
      options: [
        DIR,
        { flags: "--alone", text: "cli.agent.alone" },
        { flags: "--size <paper>", text: "cli.label.size", unset: "76x130" },
        { flags: "--dpi <dpi>", text: "cli.label.dpi", unset: "203" },
        { flags: "--merchant-text <text>", text: "cli.label.merchantText" },
        { flags: "--ticket", text: "cli.label.ticket" },
      ],
      run: async (context, _words, options) => runAgent(context, options),
    }),
  ],
};
