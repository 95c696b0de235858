/** `midan log`: what the operator of a log does. */
import { compareLog, logKeys } from "../log/upkeep.ts";
import { say } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import { LOG_PAGE_MAX, LOG_GROUPS, LOG_QUESTIONS, askLog } from "../vault/log-query.ts";
import type { LogAnswer, LogGroup, LogQuestion } from "../vault/log-query.ts";
import { tellRestored } from "../vault/restored.ts";
import { acting } from "./acting.ts";
import { AS, typed } from "./command.ts";
import type { CommandGroup } from "./command.ts";
import { languageOf, print, printJson, wholeOption } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { rangeOf } from "./verify-log.ts";

async function runRecover(context: CliContext, options: SharedOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  const count = await vault.log.recover();
  await tellRestored(vault, { cluster: null, recovered: count });
  if (options.json === true) printJson(context, { recovered: count });
  else print(context, say(languageOf(context, options), "log.recovered", { count }));
  return 0;
}

async function runCheck(context: CliContext, options: SharedOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  const found = await compareLog(vault);
  const language = languageOf(context, options);
  if (options.json === true) printJson(context, found);
  else if (found.differs !== null)
    print(context, say(language, "log.differs", { index: found.differs }));
  else {
    const { leaves: count, waiting } = found;
    print(context, say(language, "log.checked", { count, waiting }));
  }
  return found.differs === null ? 0 : 3;
}

async function runKey(context: CliContext, options: SharedOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  const keys = await logKeys(vault);
  const [key, sm2Key] = keys;
  if (options.json === true) printJson(context, sm2Key === undefined ? { key } : { key, sm2Key });
  else print(context, keys.join("\n"));
  return 0;
}

interface AskOptions extends SharedOptions {
  readonly about?: string;
  readonly purpose?: string;
  readonly from?: string;
  readonly to?: string;
  readonly by?: string;
  readonly before?: string;
  readonly limit: string;
  readonly as?: string;
}

function isQuestion(word: string): word is LogQuestion {
  return Object.hasOwn(LOG_QUESTIONS, word);
}

function groupOf(word: string | undefined): LogGroup | null {
  if (word === undefined) return null;
  const found = LOG_GROUPS.find((group) => group === word);
  if (found === undefined) throw new Failure("USAGE", { option: "--by" });
  return found;
}

const ALWAYS = { from: new Date(0), to: new Date("9999-12-31T00:00:00.000Z") };

function printAnswer(context: CliContext, options: AskOptions, answer: LogAnswer): void {
  if (options.json === true) {
    printJson(context, answer);
    return;
  }
  const language = languageOf(context, options);
  for (const { index, leaf } of answer.entries) print(context, `${index}  ${JSON.stringify(leaf)}`);
  for (const { value, leaves } of answer.counts) print(context, `${leaves}  ${value}`);
  if (answer.next !== null) print(context, say(language, "log.next", { index: answer.next }));
}

async function runAsk(context: CliContext, word: string, options: AskOptions): Promise<ExitCode> {
  if (!isQuestion(word)) throw new Failure("USAGE", { argument: "question" });
  const number = (option: string, text: string, max: number): number =>
    wholeOption(option, text, { min: 0, max });
  const asked = {
    question: word,
    about: options.about ?? null,
    purpose: options.purpose ?? null,
    ...(rangeOf(options) ?? ALWAYS),
    by: groupOf(options.by),
    before:
      options.before === undefined ? BEFORE_MAX : number("--before", options.before, BEFORE_MAX),
    limit: number("--limit", options.limit, LOG_PAGE_MAX),
  };
  await using vault = await context.openVault();
  const actor = await acting(context, vault, options);
  printAnswer(context, options, await askLog(vault, { ...asked, actor }));
  return 0;
}

const BEFORE_MAX = 999_999_999;

export const LOG: CommandGroup = {
  name: "log",
  text: "cli.log",
  commands: [
    typed<AskOptions>({
      usage: "ask <question>",
      text: "cli.log.ask",
      options: [
        { flags: "--about <account>", text: "cli.log.about" },
        { flags: "--purpose <purpose>", text: "cli.log.purpose" },
        { flags: "--from <day>", text: "cli.verify-log.from" },
        { flags: "--to <day>", text: "cli.verify-log.to" },
        { flags: "--by <what>", text: "cli.log.by" },
        { flags: "--before <index>", text: "cli.log.before" },
        { flags: "--limit <count>", text: "cli.log.limit", unset: "100" },
        AS,
      ],
      run: async (context, [word = ""], options) => runAsk(context, word, options),
    }),
    typed<SharedOptions>({
      usage: "recover",
      text: "cli.log.recover",
      options: [],
      run: async (context, _words, options) => runRecover(context, options),
    }),
    typed<SharedOptions>({
      usage: "check",
      text: "cli.log.check",
      options: [],
      run: async (context, _words, options) => runCheck(context, options),
    }),
    typed<SharedOptions>({
      usage: "key",
      text: "cli.log.key",
      options: [],
      run: async (context, _words, options) => runKey(context, options),
    }),
  ],
};
