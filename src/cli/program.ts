/** The command line as a whole: the table of commands in the reader's language, and one run. */
import { Command, CommanderError, Option } from "commander";
import { unwritable } from "../orders/output-file.ts";
import { say } from "../rules/catalogue.ts";
import type { Language } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import type { CommandRow } from "./command.ts";
import { languageOf } from "./context.ts";
import type { CliContext, ExitCode } from "./context.ts";
import { reportFailure } from "./failure-report.ts";
import { endOutput, isReaderGone, openOutput } from "./output.ts";
import { COMMANDS, GROUPS } from "./command-table.ts";

/** Equal to the version of package.json, which a test holds. */
export const VERSION = "0.1.0";

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
