/** `midan break-glass`: opening in an emergency, and what the privacy officer says of it. */
import { readFile, stat } from "node:fs/promises";
import { BREAK_GLASS_MINUTES_MAX, EVIDENCE_BYTES_MAX, FINDINGS } from "../rules/break-glass.ts";
import type { Finding } from "../rules/break-glass.ts";
import { minuteOf } from "../rules/calendar.ts";
import { say } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import { acknowledge, breakGlass, breakGlasses, openEvidence } from "../vault/break-glass.ts";
import { acting } from "./acting.ts";
import { typed } from "./command.ts";
import type { CommandGroup } from "./command.ts";
import { languageOf, print, printEntry, printJson, wholeOption } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { valueOf } from "./input-line.ts";
import { writeNew } from "./new-file.ts";

interface OpenOptions extends SharedOptions {
  readonly reason: string;
  readonly evidence: string;
  readonly minutes: string;
}

async function evidenceBytes(file: string): Promise<Uint8Array> {
  try {
    if ((await stat(file)).size > EVIDENCE_BYTES_MAX) throw new Failure("EVIDENCE_WRONG");
    return await readFile(file);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure("FILE_UNREADABLE");
  }
}

async function runOpen(
  context: CliContext,
  token: string,
  options: OpenOptions,
): Promise<ExitCode> {
  const bounds = { min: 1, max: BREAK_GLASS_MINUTES_MAX };
  const minutes = wholeOption("--minutes", options.minutes, bounds);
  const reason = await valueOf(context.stdin, "--reason", options.reason);
  const evidence = await evidenceBytes(options.evidence);
  await using vault = await context.openVault();
  const actor = await acting(context, vault);
  const broken = await breakGlass(vault, { token, reason, evidence, minutes, actor });
  if (options.json === true) {
    printJson(context, broken);
    return 0;
  }
  const language = languageOf(context, options);
  const until = minuteOf(broken.until, vault.timeZone);
  print(context, say(language, "break-glass.opened", { id: broken.id, until }));
  printEntry(context, language, broken.entry);
  return 0;
}

async function runList(
  context: CliContext,
  options: SharedOptions & { readonly all?: boolean },
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const actor = await acting(context, vault);
  const listed = await breakGlasses(vault, { actor, all: options.all === true });
  if (options.json === true) {
    printJson(context, { breakGlass: listed });
    return 0;
  }
  const language = languageOf(context, options);
  if (listed.length === 0) print(context, say(language, "break-glass.none"));
  for (const row of listed) {
    const state =
      row.finding === null
        ? say(language, "break-glass.waiting")
        : say(language, "break-glass.done", { finding: FINDINGS[row.finding][language] });
    const { id, looks, reason } = row;
    const at = minuteOf(row.openedAt, vault.timeZone);
    const words = { id, at, actor: row.actor, looks, reason, state };
    print(context, say(language, "break-glass.row", words));
  }
  return 0;
}

async function runAcknowledge(
  context: CliContext,
  id: string,
  options: SharedOptions & { readonly finding: string },
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const { finding } = options;
  const told = await acknowledge(vault, { id, finding, actor: await acting(context, vault) });
  if (options.json === true) {
    printJson(context, told);
    return 0;
  }
  const language = languageOf(context, options);
  // The verb has just taken it for a finding.
  const words = { finding: FINDINGS[finding as Finding][language] };
  print(context, say(language, "break-glass.acknowledged", words));
  printEntry(context, language, told.entry);
  return 0;
}

async function runEvidence(
  context: CliContext,
  id: string,
  options: SharedOptions & { readonly out: string },
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const actor = await acting(context, vault);
  const { entry } = await writeNew(options.out, async () => openEvidence(vault, { id, actor }));
  if (options.json === true) {
    printJson(context, { entry });
    return 0;
  }
  const language = languageOf(context, options);
  print(context, say(language, "break-glass.shown"));
  printEntry(context, language, entry);
  return 0;
}

export const BREAK_GLASS: CommandGroup = {
  name: "break-glass",
  text: "cli.break-glass",
  commands: [
    typed<OpenOptions>({
      usage: "open <token>",
      text: "cli.break-glass.open",
      options: [
        { flags: "--reason <text>", text: "cli.break-glass.reason", required: true },
        { flags: "--evidence <file>", text: "cli.break-glass.evidence", required: true },
        { flags: "--minutes <minutes>", text: "cli.break-glass.minutes", unset: "15" },
      ],
      run: async (context, [token = ""], options) => runOpen(context, token, options),
    }),
    typed<SharedOptions & { readonly all?: boolean }>({
      usage: "list",
      text: "cli.break-glass.list",
      options: [{ flags: "--all", text: "cli.break-glass.all" }],
      run: async (context, _words, options) => runList(context, options),
    }),
    typed<SharedOptions & { readonly finding: string }>({
      usage: "acknowledge <id>",
      text: "cli.break-glass.acknowledge",
      options: [{ flags: "--finding <finding>", text: "cli.break-glass.finding", required: true }],
      run: async (context, [id = ""], options) => runAcknowledge(context, id, options),
    }),
    typed<SharedOptions & { readonly out: string }>({
      usage: "evidence <id>",
      text: "cli.break-glass.show",
      options: [{ flags: "--out <file>", text: "cli.break-glass.out", required: true }],
      run: async (context, [id = ""], options) => runEvidence(context, id, options),
    }),
  ],
};
