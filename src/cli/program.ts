/** The command line as a whole: which commands and options exist, in the reader's language. */
import { Command, CommanderError, Option } from "commander";
import { unwritable } from "../orders/output-file.ts";
import { say } from "../rules/catalogue.ts";
import type { Language } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import { typed } from "./command.ts";
import type { CommandGroup, CommandRow } from "./command.ts";
import { AUDIT } from "./audit.ts";
import { AUTHORITY } from "./authority.ts";
import { BREAK_GLASS } from "./break-glass.ts";
import { BUNDLE } from "./bundle.ts";
import { ACCOUNT } from "./account.ts";
import { API_KEY } from "./api-key.ts";
import { CAMPAIGN } from "./campaign.ts";
import { CASE } from "./case-commands.ts";
import { runCertificate } from "./certificate.ts";
import type { CertificateOptions } from "./certificate.ts";
import { CRYPTO } from "./crypto.ts";
import { KEYS } from "./keys.ts";
import { languageOf } from "./context.ts";
import type { CliContext, ExitCode } from "./context.ts";
import { reportFailure } from "./failure-report.ts";
import { runLabel } from "./label.ts";
import type { LabelOptions } from "./label.ts";
import { LOG } from "./log.ts";
import { SIGN_IN_COMMANDS } from "./login.ts";
import { runMask } from "./mask.ts";
import type { MaskCommandOptions } from "./mask.ts";
import { ORG } from "./org.ts";
import { POLICY } from "./policy.ts";
import { endOutput, isReaderGone, openOutput } from "./output.ts";
import { QUOTA } from "./quota.ts";
import { REAL_NAME } from "./real-name.ts";
import { RECEIPT } from "./receipt.ts";
import { runReveal } from "./reveal.ts";
import type { RevealOptions } from "./reveal.ts";
import { runSeal } from "./seal.ts";
import type { SealOptions } from "./seal.ts";
import { MERGE } from "./merge.ts";
import { SEARCH } from "./search.ts";
import { STATEMENT } from "./statement.ts";
import { SESSION } from "./session.ts";
import { SANDBOX } from "./sandbox.ts";
import { SERVE } from "./serve.ts";
import { WITNESS } from "./witness.ts";
import { runShow } from "./show.ts";
import { runShred } from "./shred.ts";
import { REQUEST } from "./request.ts";
import { runBackup, runRestore } from "./backup.ts";
import type { BackupOptions } from "./backup.ts";
import { DEVICE } from "./device.ts";
import { DRILL } from "./drill.ts";
import { runErase } from "./erase.ts";
import type { EraseOptions } from "./erase.ts";
import { HOLD } from "./hold.ts";
import { JOBS_COMMANDS } from "./jobs.ts";
import { RETENTION_COMMANDS } from "./retention.ts";
import { PARCEL_COMMANDS } from "./parcel-commands.ts";
import { HANDHELD } from "./handheld.ts";
import { PRINT_AGENT } from "./print-agent.ts";
import { SHIFT } from "./shift.ts";
import { TICKET } from "./ticket.ts";
import { runStatus } from "./status.ts";
import { runStoryCommand } from "./story.ts";
import type { StoryOptions } from "./story.ts";
import { runVerifyLog } from "./verify-log.ts";
import { WARRANT } from "./warrant.ts";
import type { VerifyLogOptions } from "./verify-log.ts";
import { runSweepCommand } from "./sweep.ts";
import type { SweepCommandOptions } from "./sweep.ts";

/** Equal to the version of package.json, which a test holds. */
export const VERSION = "0.1.0";

const PROFILE = { flags: "--profile <name>", text: "cli.profile", unset: "gb41833" } as const;

/** What both commands that print take. */
const PAPER = [
  { flags: "--size <paper>", text: "cli.label.size", unset: "76x130" },
  { flags: "--dpi <dpi>", text: "cli.label.dpi", unset: "203" },
  { flags: "--merchant-text <text>", text: "cli.label.merchantText" },
  { flags: "--ticket", text: "cli.label.ticket" },
] as const;

const COMMANDS: readonly CommandRow[] = [
  typed<SealOptions>({
    usage: "seal <files...>",
    text: "cli.seal",
    options: [
      { flags: "--out <dir>", text: "cli.seal.out", unset: "midan-out" },
      { flags: "--labels <format>", text: "cli.seal.labels" },
      ...PAPER,
      { flags: "--map <columns>", text: "cli.seal.map" },
      { flags: "--format <format>", text: "cli.seal.format" },
      { flags: "--merchant <name>", text: "cli.seal.merchant" },
      { flags: "--carrier <name>", text: "cli.seal.carrier" },
      { flags: "--platform <name>", text: "cli.seal.platform" },
      { flags: "--branch <organisation>", text: "cli.seal.branch" },
      { flags: "--profile <name>", text: "cli.seal.profile" },
      { flags: "--suite <name>", text: "cli.seal.suite" },
    ],
    run: async (context, words, options) => runSeal(context, words, options),
  }),
  typed<MaskCommandOptions>({
    usage: "mask",
    text: "cli.mask",
    options: [
      { flags: "--kind <kind>", text: "cli.mask.kind", required: true },
      PROFILE,
      { flags: "--scanned", text: "cli.mask.scanned" },
      { flags: "--virtual-extensions", text: "cli.mask.virtual" },
    ],
    run: async (context, _words, options) => runMask(context, options),
  }),
  typed<RevealOptions>({
    usage: "reveal <token>",
    text: "cli.reveal",
    options: [
      { flags: "--fields <fields>", text: "cli.reveal.fields", required: true },
      { flags: "--purpose <purpose>", text: "cli.reveal.purpose", required: true },
      { flags: "--reason <text>", text: "cli.reveal.reason" },
      { flags: "--receipt <file>", text: "cli.reveal.receipt" },
    ],
    run: async (context, [token = ""], options) => runReveal(context, token, options),
  }),
  SEARCH,
  MERGE,
  {
    usage: "show <token>",
    text: "cli.show",
    options: [],
    run: async (context, [token = ""], options) => runShow(context, token, options),
  },
  typed<LabelOptions>({
    usage: "label <token>",
    text: "cli.label",
    options: [
      { flags: "--out <file>", text: "cli.label.out", required: true },
      { flags: "--format <format>", text: "cli.label.format" },
      { flags: "--preview", text: "cli.label.preview" },
      { flags: "--reason <reason>", text: "cli.label.reason" },
      { flags: "--printer <name>", text: "cli.label.printer" },
      { flags: "--for-agent <file>", text: "cli.label.forAgent" },
      ...PAPER,
      { flags: "--branch <organisation>", text: "cli.label.branch" },
    ],
    run: async (context, [token = ""], options) => runLabel(context, token, options),
  }),
  {
    usage: "shred",
    text: "cli.shred",
    options: [
      { flags: "--due", text: "cli.shred.due" },
      { flags: "--on <day>", text: "cli.shred.on" },
      { flags: "--dry-run", text: "cli.shred.dry" },
      { flags: "--allow-share <percent>", text: "cli.shred.share" },
      { flags: "--allow-clock", text: "cli.shred.clock" },
    ],
    run: async (context, _words, options) => runShred(context, options),
  },
  typed<EraseOptions>({
    usage: "erase <token>",
    text: "cli.erase",
    options: [{ flags: "--reason <text>", text: "cli.erase.reason", required: true }],
    run: async (context, [token = ""], options) => runErase(context, token, options),
  }),
  typed<BackupOptions>({
    usage: "backup",
    text: "cli.backup",
    options: [{ flags: "--out <dir>", text: "cli.backup.out", required: true }],
    run: async (context, _words, options) => runBackup(context, options),
  }),
  {
    usage: "restore <folder>",
    text: "cli.restore",
    options: [],
    run: async (context, [folder = ""], options) => runRestore(context, folder, options),
  },
  ...PARCEL_COMMANDS,
  typed<SweepCommandOptions>({
    usage: "sweep <step>",
    text: "cli.sweep",
    options: [
      { flags: "--url <url>", text: "cli.sweep.url", required: true },
      { flags: "--table <table>", text: "cli.sweep.table", required: true },
      { flags: "--columns <columns>", text: "cli.sweep.columns", required: true },
      { flags: "--key <columns>", text: "cli.sweep.key" },
      { flags: "--older-than-days <days>", text: "cli.sweep.older" },
      { flags: "--date-column <column>", text: "cli.sweep.date" },
      PROFILE,
      { flags: "--accept <kinds>", text: "cli.sweep.accept" },
      { flags: "--chunk-rows <rows>", text: "cli.sweep.chunk", unset: "1000" },
      { flags: "--pause-ms <ms>", text: "cli.sweep.pause", unset: "0" },
      { flags: "--vacuum <kind>", text: "cli.sweep.vacuum" },
    ],
    run: async (context, [step = ""], options) => runSweepCommand(context, step, options),
  }),
  typed<CertificateOptions>({
    usage: "certificate [id]",
    text: "cli.certificate",
    options: [
      { flags: "--out <file>", text: "cli.certificate.out" },
      { flags: "--verify <file>", text: "cli.certificate.verify" },
      { flags: "--key <key>", text: "cli.certificate.key" },
      { flags: "--anew", text: "cli.certificate.anew" },
      { flags: "--page", text: "cli.certificate.page" },
    ],
    run: async (context, [id], options) => runCertificate(context, id, options),
  }),
  typed<VerifyLogOptions>({
    usage: "verify-log <place>",
    text: "cli.verify-log",
    options: [
      { flags: "--key <key>", text: "cli.verify-log.key", isRepeated: true },
      { flags: "--witness <file>", text: "cli.verify-log.witness" },
      { flags: "--since <file>", text: "cli.verify-log.since" },
      { flags: "--from <day>", text: "cli.verify-log.from" },
      { flags: "--to <day>", text: "cli.verify-log.to" },
      { flags: "--any-entries", text: "cli.verify-log.any" },
    ],
    run: async (context, [place = ""], options) => runVerifyLog(context, place, options),
  }),
  SERVE,
  SANDBOX,
  ...SIGN_IN_COMMANDS,
  typed<StoryOptions>({
    usage: "story",
    text: "cli.story",
    options: [
      { flags: "--seed <text>", text: "cli.story.seed", unset: "鹤岗 2022" },
      { flags: "--out <dir>", text: "cli.story.out", unset: "demo" },
      { flags: "--waybills <number>", text: "cli.story.waybills", unset: "36000" },
    ],
    run: async (context, _words, options) => runStoryCommand(context, options),
  }),
  {
    usage: "status",
    text: "cli.status",
    options: [],
    run: async (context, _words, options) => runStatus(context, options),
  },
];

function addOptions(command: Command, row: CommandRow, language: Language): void {
  for (const { flags, text, required, unset, isRepeated } of row.options) {
    const option = new Option(flags, say(language, text)).makeOptionMandatory(required === true);
    if (isRepeated === true)
      option.argParser<readonly string[] | undefined>((value, before) => [
        ...(before ?? []),
        value,
      ]);
    command.addOption(unset === undefined ? option : option.default(unset));
  }
  command.option("--json", say(language, "cli.option.json"));
  command.option("--lang <language>", say(language, "cli.option.lang"));
}

/** Commands that stand under a word of their own; each group's rows stand beside its code. */
const GROUPS: readonly CommandGroup[] = [
  ACCOUNT,
  SESSION,
  API_KEY,
  DEVICE,
  KEYS,
  ORG,
  POLICY,
  QUOTA,
  REAL_NAME,
  RETENTION_COMMANDS,
  HOLD,
  JOBS_COMMANDS,
  DRILL,
  REQUEST,
  CAMPAIGN,
  CASE,
  CRYPTO,
  LOG,
  AUDIT,
  AUTHORITY,
  BREAK_GLASS,
  BUNDLE,
  STATEMENT,
  RECEIPT,
  SHIFT,
  PRINT_AGENT,
  HANDHELD,
  TICKET,
  WARRANT,
  WITNESS,
];

interface Outcome {
  code: ExitCode;
}

function buildProgram(context: CliContext, outcome: Outcome): Command {
  const { language } = context.config;
  const program = new Command("midan").description(say(language, "cli.about")).exitOverride();
  // Options behind a command's word are that command's, not those of the word before it.
  program.version(VERSION).enablePositionalOptions();
  program.configureOutput({
    writeOut: (text) => context.stdout.write(text),
    writeErr: (text) => context.stderr.write(text),
    // It quotes what was typed, and a mistyped option may hold a phone.
    outputError: () => undefined,
  });
  const define = (added: Command, row: CommandRow): void => {
    added.description(say(language, row.text));
    addOptions(added, row, language);
    added.action(async () => {
      // Before anything is done: a reveal must not be logged and then fail to be shown.
      languageOf(context, added.opts());
      outcome.code = await row.run(context, added.args, added.opts());
    });
  };
  for (const row of COMMANDS) define(program.command(row.usage), row);
  for (const group of GROUPS) {
    const parent = program.command(group.name).enablePositionalOptions();
    if (group.own === undefined) parent.description(say(language, group.text));
    else define(parent, group.own);
    for (const row of group.commands) define(parent.command(row.usage), row);
  }
  return program;
}

/** What the arguments ask for even when they cannot be parsed as a whole. */
function reportOptionsOf(
  context: CliContext,
  words: readonly string[],
): { json: boolean; language: Language } {
  const asked = words[words.indexOf("--lang") + 1];
  const named = words.includes("--lang") && (asked === "zh" || asked === "en") ? asked : null;
  return { json: words.includes("--json"), language: named ?? context.config.language };
}

/** What commander found wrong, and whether its sentence names only what this file declared. */
const MISTAKES: Readonly<Record<string, { readonly problem: string; readonly declared: boolean }>> =
  {
    "commander.unknownOption": { problem: "unknown-option", declared: false },
    "commander.unknownCommand": { problem: "unknown-command", declared: false },
    "commander.excessArguments": { problem: "too-many-words", declared: false },
    "commander.missingArgument": { problem: "missing-word", declared: false },
    "commander.optionMissingArgument": { problem: "missing-value", declared: true },
    "commander.missingMandatoryOptionValue": { problem: "missing-option", declared: true },
  };

/** A mistake in the words as USAGE, without any word that was typed. */
function mistakeOf(error: CommanderError): Failure {
  const { problem, declared } = MISTAKES[error.code] ?? { problem: "other", declared: false };
  const option = declared ? /--[a-z-]+/.exec(error.message)?.[0] : undefined;
  return new Failure("USAGE", option === undefined ? { problem } : { problem, option });
}

async function runWords(context: CliContext, words: readonly string[]): Promise<ExitCode> {
  const outcome: Outcome = { code: 0 };
  const report = (error: unknown): ExitCode =>
    reportFailure(context, error, reportOptionsOf(context, words));
  try {
    await buildProgram(context, outcome).parseAsync([...words], { from: "user" });
    return outcome.code;
  } catch (error) {
    // What the loss of standard output made fail is told by whoever owns it.
    if (error === context.stdout.errored) return 3;
    if (!(error instanceof CommanderError)) return report(error);
    // Help and version are not failures; no words at all have been answered with the help.
    if (error.exitCode === 0) return 0;
    return error.code === "commander.help" ? 2 : report(mistakeOf(error));
  }
}

/**
 * Runs one command line (without `node` and script) and returns the exit code; never throws. When
 * standard output is lost it is 3: without a word if its reader went away, else with
 * FILE_UNWRITABLE. What the command had open is closed either way.
 */
export async function runProgram(context: CliContext, words: readonly string[]): Promise<ExitCode> {
  const stdout = openOutput(context.stdout);
  // Nobody is left to tell when standard error is gone; the exit code still says it.
  context.stderr.on("error", () => undefined);
  const code = await runWords({ ...context, stdout }, words);
  const lost = await endOutput(stdout);
  if (lost === null) return code;
  if (isReaderGone(lost)) return 3;
  return reportFailure(context, unwritable(lost), reportOptionsOf(context, words));
}
