/** `midan real-name`: checking, keeping and opening what a sender showed (实名收寄). */
import { checkDocument, DOCUMENT_KINDS, DOCUMENTS } from "../privacy/document.ts";
import { dayOf } from "../rules/calendar.ts";
import { say } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import { openRealName, realNameStatus, recordRealName } from "../vault/real-name.ts";
import { acting } from "./acting.ts";
import { typed } from "./command.ts";
import type { CommandGroup } from "./command.ts";
import { languageOf, print, printEntry, printJson } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { valueOf } from "./input-line.ts";

interface VerifyOptions extends SharedOptions {
  readonly kind: string;
  readonly number: string;
}

async function runVerify(context: CliContext, options: VerifyOptions): Promise<ExitCode> {
  const language = languageOf(context, options);
  const kind = DOCUMENT_KINDS.find((candidate) => candidate === options.kind);
  if (kind === undefined) throw new Failure("DOCUMENT_KIND_UNKNOWN");
  const text = await valueOf(context.stdin, "--number", options.number);
  const { byCode } = context.gazetteer();
  const tables = { isDivision: (code: string) => byCode.has(code), today: dayOf(new Date()) };
  const { fault } = checkDocument(kind, text, tables);
  if (options.json === true) printJson(context, { kind, fault });
  else {
    const document = DOCUMENTS[kind][language];
    print(context, say(language, `real-name.${fault ?? "fits"}`, { document }));
  }
  return fault === null ? 0 : 1;
}

interface RecordOptions extends VerifyOptions {
  readonly token?: string;
}

async function runRecord(context: CliContext, options: RecordOptions): Promise<ExitCode> {
  const { kind, token = null } = options;
  const number = await valueOf(context.stdin, "--number", options.number);
  await using vault = await context.openVault();
  const actor = await acting(context, vault);
  const recorded = await recordRealName(vault, { kind, number, token, actor });
  if (options.json === true) {
    printJson(context, recorded);
    return 0;
  }
  const language = languageOf(context, options);
  const { id, dayOfDeath } = recorded;
  print(context, say(language, "real-name.recorded", { id, dayOfDeath }));
  printEntry(context, language, recorded.entry);
  return 0;
}

async function runOpen(
  context: CliContext,
  id: string,
  options: SharedOptions & { readonly reason: string },
): Promise<ExitCode> {
  const reason = await valueOf(context.stdin, "--reason", options.reason);
  await using vault = await context.openVault();
  const opened = await openRealName(vault, { id, reason, actor: await acting(context, vault) });
  if (options.json === true) {
    printJson(context, opened);
    return 0;
  }
  const language = languageOf(context, options);
  const known = DOCUMENT_KINDS.find((one) => one === opened.kind);
  const document = known === undefined ? opened.kind : DOCUMENTS[known][language];
  print(context, `${document}: ${opened.number}`);
  printEntry(context, language, opened.entry);
  return 0;
}

async function runStatus(
  context: CliContext,
  options: SharedOptions & { readonly token?: string },
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const { token = null } = options;
  const status = await realNameStatus(vault, { token, actor: await acting(context, vault) });
  if (options.json === true) {
    printJson(context, status);
    return 0;
  }
  const { records, documents, nextDeath, ids } = status;
  const words = { records, documents, nextDeath: nextDeath ?? "–" };
  print(context, say(languageOf(context, options), "real-name.status", words));
  for (const id of ids) print(context, id);
  return 0;
}

export const REAL_NAME: CommandGroup = {
  name: "real-name",
  text: "cli.real-name",
  commands: [
    typed<VerifyOptions>({
      usage: "verify",
      text: "cli.real-name.verify",
      options: [
        { flags: "--kind <kind>", text: "cli.real-name.kind", required: true },
        { flags: "--number <number>", text: "cli.real-name.number", required: true },
      ],
      run: async (context, _words, options) => runVerify(context, options),
    }),
    typed<RecordOptions>({
      usage: "record",
      text: "cli.real-name.record",
      options: [
        { flags: "--kind <kind>", text: "cli.real-name.kind", required: true },
        { flags: "--number <number>", text: "cli.real-name.number", required: true },
        { flags: "--token <token>", text: "cli.real-name.token" },
      ],
      run: async (context, _words, options) => runRecord(context, options),
    }),
    typed<SharedOptions & { readonly reason: string }>({
      usage: "open <id>",
      text: "cli.real-name.open",
      options: [{ flags: "--reason <text>", text: "cli.real-name.reason", required: true }],
      run: async (context, [id = ""], options) => runOpen(context, id, options),
    }),
    typed<SharedOptions & { readonly token?: string }>({
      usage: "status",
      text: "cli.real-name.status",
      options: [{ flags: "--token <token>", text: "cli.real-name.token" }],
      run: async (context, _words, options) => runStatus(context, options),
    }),
  ],
};
