/** `midan policy request`, `answer`, `requests`: authorisation requests (授权申请). */
import { answerAuthorisation, fileRequest } from "../access/authorisation-request.ts";
import { readAuthorisations } from "../access/policy-reading.ts";
import type { ListedRequest } from "../access/authorisation-request.ts";
import { say } from "../rules/catalogue.ts";
import type { Language } from "../rules/catalogue.ts";
import { acting } from "./acting.ts";
import { typed } from "./command.ts";
import type { CommandRow } from "./command.ts";
import { askedDay, languageOf, print, printEntry, printJson } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";

interface RequestOptions extends SharedOptions {
  readonly from: string;
  readonly delegate?: boolean;
  readonly reason: string;
}

interface AnswerOptions extends SharedOptions {
  readonly answer: string;
  readonly by: string;
  readonly reason: string;
}

interface RequestsOptions extends SharedOptions {
  readonly viewer?: string;
  readonly on?: string;
}

async function runRequest(
  context: CliContext,
  asked: { readonly setting: string; readonly wanted: string },
  options: RequestOptions,
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const { from, reason } = options;
  const filed = await fileRequest(vault, {
    ...asked,
    mode: options.delegate === true ? "delegated" : "set",
    from,
    reason,
    actor: await acting(context, vault),
  });
  if (options.json === true) {
    printJson(context, filed);
    return 0;
  }
  const language = languageOf(context, options);
  print(context, say(language, "policy.filed", { id: filed.request.id }));
  printEntry(context, language, filed.entry);
  return 0;
}

async function runAnswer(
  context: CliContext,
  id: string,
  options: AnswerOptions,
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const { answer, by, reason } = options;
  const answered = await answerAuthorisation(vault, {
    id,
    answer,
    by,
    reason,
    actor: await acting(context, vault),
  });
  if (options.json === true) {
    printJson(context, answered);
    return 0;
  }
  const language = languageOf(context, options);
  const word = say(language, `policy.answer.${answered.answer}`);
  print(context, say(language, "policy.answered", { answer: word, days: answered.waitedDays }));
  printEntry(context, language, answered.entry);
  return 0;
}

/** A request and how long it waited, a line each. */
export function requestLines(language: Language, row: ListedRequest): [string, string] {
  const { id, setting, reason, waitingDays: days, answered } = row;
  const wanted =
    row.mode === "set" ? row.wanted : say(language, "policy.wanted", { bound: row.wanted });
  const names = { tenant: row.tenantName, from: row.fromName, to: row.toName };
  const asked = { ...names, id, setting, wanted, reason, filed: row.filedOn };
  const first = say(language, "policy.request.row", asked);
  if (answered === null || row.answeredOn === null) {
    return [first, say(language, "policy.request.waiting", { days })];
  }
  const answer = say(language, `policy.answer.${answered.answer}`);
  const told = { answer, days, day: row.answeredOn, reason: answered.reason };
  return [first, say(language, "policy.request.answered", told)];
}

async function runRequests(context: CliContext, options: RequestsOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  const on = askedDay(vault, options.on);
  const { viewer = null } = options;
  const requests = await readAuthorisations(vault, {
    viewer,
    on,
    actor: await acting(context, vault),
  });
  if (options.json === true) {
    printJson(context, { on, requests });
    return 0;
  }
  const language = languageOf(context, options);
  if (requests.length === 0) print(context, say(language, "policy.requests.none"));
  for (const row of requests) {
    const [asked, answered] = requestLines(language, row);
    print(context, asked);
    print(context, `  ${answered}`);
  }
  return 0;
}

const REASON = { flags: "--reason <text>", text: "cli.policy.reason", required: true } as const;

export const REQUEST_COMMANDS: readonly CommandRow[] = [
  typed<RequestOptions>({
    usage: "request <setting> <value>",
    text: "cli.policy.request",
    options: [
      { flags: "--from <organisation>", text: "cli.policy.from", required: true },
      { flags: "--delegate", text: "cli.policy.request.delegate" },
      REASON,
    ],
    run: async (context, [setting = "", wanted = ""], options) =>
      runRequest(context, { setting, wanted }, options),
  }),
  typed<AnswerOptions>({
    usage: "answer <request>",
    text: "cli.policy.answer",
    options: [
      { flags: "--answer <answer>", text: "cli.policy.answer.answer", required: true },
      { flags: "--by <organisation>", text: "cli.policy.answer.by", required: true },
      REASON,
    ],
    run: async (context, [id = ""], options) => runAnswer(context, id, options),
  }),
  typed<RequestsOptions>({
    usage: "requests",
    text: "cli.policy.requests",
    options: [
      { flags: "--viewer <organisation>", text: "cli.policy.viewer" },
      { flags: "--on <day>", text: "cli.on" },
    ],
    run: async (context, _words, options) => runRequests(context, options),
  }),
];
