/** `midan request`: requests of the person concerned, from intake to answer. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Readable } from "node:stream";
import { subjectAnswerPdf } from "../oversight/subject-answer-pdf.ts";
import { say } from "../rules/catalogue.ts";
import type { Language } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import { OUTCOMES, REQUEST_KINDS } from "../rules/subject-request.ts";
import type { SubjectAnswer } from "../rules/subject-answer.ts";
import { commandCodeSender, fileCodeSender } from "../vault/code-sender.ts";
import type { CodeSender } from "../vault/code-sender.ts";
import type { Correction } from "../vault/correct.ts";
import { answerRequest } from "../vault/subject-answer.ts";
import {
  listRequests,
  openRequest,
  refuseRequest,
  sendCode,
  verifyRequest,
} from "../vault/subject-request.ts";
import type { ListedRequest } from "../vault/subject-request.ts";
import { acting } from "./acting.ts";
import { typed } from "./command.ts";
import type { CommandGroup } from "./command.ts";
import { languageOf, print, printEntry, printJson } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { valueOf } from "./input-line.ts";

interface OpenOptions extends SharedOptions {
  readonly kind: string;
  readonly token?: string;
  readonly phone?: string;
  readonly party: string;
}

interface ActOptions extends SharedOptions {}

interface VerifyOptions extends ActOptions {
  readonly code: string;
}

interface AnswerOptions extends ActOptions {
  readonly out: string;
  readonly change?: string;
}

interface RefuseOptions extends ActOptions {
  readonly reason: string;
}

interface ListOptions extends SharedOptions {
  readonly all?: boolean;
}

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
const CODES_FILE = "codes.ndjson";

/** How one-time codes leave this installation. */
export function senderOf({ config }: CliContext): CodeSender {
  return config.codeCommand === null
    ? fileCodeSender(path.join(config.outboxDir, CODES_FILE))
    : commandCodeSender(config.codeCommand);
}

/** Prints `done` as JSON, or a sentence with the entry that tells of it. */
function told(
  context: CliContext,
  options: SharedOptions,
  done: { readonly json: { readonly entry: string }; readonly text: string },
): ExitCode {
  if (options.json === true) {
    printJson(context, done.json);
    return 0;
  }
  print(context, done.text);
  printEntry(context, languageOf(context, options), done.json.entry);
  return 0;
}

async function runOpen(context: CliContext, options: OpenOptions): Promise<ExitCode> {
  const { kind, token = null, party } = options;
  const given = options.phone;
  const phone = given === undefined ? null : await valueOf(context.stdin, "--phone", given);
  await using vault = await context.openVault();
  const asked = { kind, token, phone, party, actor: await acting(context, vault) };
  const taken = await openRequest(vault, asked, senderOf(context));
  const language = languageOf(context, options);
  const text = say(language, "request.taken", { id: taken.id, day: taken.dueOn });
  return told(context, options, { json: taken, text });
}

async function runCode(context: CliContext, id: string, options: ActOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  await sendCode(vault, { id, actor: await acting(context, vault) }, senderOf(context));
  if (options.json === true) printJson(context, { id });
  else print(context, say(languageOf(context, options), "request.code"));
  return 0;
}

async function runVerify(
  context: CliContext,
  id: string,
  options: VerifyOptions,
): Promise<ExitCode> {
  const code = await valueOf(context.stdin, "--code", options.code);
  await using vault = await context.openVault();
  const entry = await verifyRequest(vault, {
    id,
    code,
    actor: await acting(context, vault),
  });
  const text = say(languageOf(context, options), "request.verified");
  return told(context, options, { json: { entry }, text });
}

const CHANGE_FIELDS = ["name", "phone", "address"] as const;

/** `{"name":"…","phone":"…","address":"…"}`, each of them or some. Fails with USAGE. */
async function readChange(stdin: Readable, given: string | undefined): Promise<Correction | null> {
  if (given === undefined) return null;
  const usage = new Failure("USAGE", { option: "--change" });
  let parsed: unknown;
  try {
    parsed = JSON.parse(await valueOf(stdin, "--change", given));
  } catch {
    throw usage;
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) throw usage;
  const change: Partial<Record<(typeof CHANGE_FIELDS)[number], string>> = {};
  for (const [name, value] of Object.entries(parsed)) {
    const field = CHANGE_FIELDS.find((known) => known === name);
    if (field === undefined || typeof value !== "string") throw usage;
    change[field] = value;
  }
  if (Object.keys(change).length === 0) throw usage;
  return change;
}

async function writeAnswer(
  context: CliContext,
  answer: SubjectAnswer,
  written: { readonly out: string; readonly createdAt: Date },
): Promise<string> {
  const { out, createdAt } = written;
  const base = path.join(out, `answer-${answer.request}`);
  await mkdir(out, { recursive: true, mode: FOLDER_MODE });
  const pdf = await subjectAnswerPdf(answer, { fonts: context.fonts(), createdAt });
  await writeFile(`${base}.json`, `${JSON.stringify(answer, null, 2)}\n`, { mode: FILE_MODE });
  await writeFile(`${base}.pdf`, pdf, { mode: FILE_MODE });
  return base;
}

async function runAnswer(
  context: CliContext,
  id: string,
  options: AnswerOptions,
): Promise<ExitCode> {
  const change = await readChange(context.stdin, options.change);
  await using vault = await context.openVault();
  const answer = await answerRequest(vault, {
    id,
    actor: await acting(context, vault),
    change,
  });
  const written = { out: options.out, createdAt: vault.now() };
  const base = await writeAnswer(context, answer, written);
  const outcomes = answer.waybills.map(({ token, outcome, certificate }) => ({
    token,
    outcome,
    certificate,
  }));
  const { entry } = answer;
  const language = languageOf(context, options);
  const json = { entry, pdf: `${base}.pdf`, json: `${base}.json`, waybills: outcomes };
  const lines = outcomes.map(({ token, outcome }) => `${token}  ${OUTCOMES[outcome][language]}`);
  const text = [...lines, say(language, "request.answered", { path: base })].join("\n");
  return told(context, options, { json, text });
}

async function runRefuse(
  context: CliContext,
  id: string,
  options: RefuseOptions,
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const { reason } = options;
  const entry = await refuseRequest(vault, {
    id,
    reason,
    actor: await acting(context, vault),
  });
  const text = say(languageOf(context, options), "request.refused");
  return told(context, options, { json: { entry }, text });
}

function requestLine(language: Language, row: ListedRequest): string {
  const { id, state, receivedOn: received, dueOn: due } = row;
  const kind = REQUEST_KINDS[row.kind][language];
  const late = row.overdue ? say(language, "request.overdue") : "";
  const named = { id, kind, state: say(language, `request.state.${state}`), received, due, late };
  return say(language, "request.row", named);
}

async function runList(context: CliContext, options: ListOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  const asked = { closed: options.all === true, actor: await acting(context, vault) };
  const requests = await listRequests(vault, asked);
  if (options.json === true) {
    printJson(context, { requests });
    return 0;
  }
  const language = languageOf(context, options);
  if (requests.length === 0) print(context, say(language, "request.none"));
  for (const row of requests) print(context, requestLine(language, row));
  return 0;
}

export const REQUEST: CommandGroup = {
  name: "request",
  text: "cli.request",
  commands: [
    typed<OpenOptions>({
      usage: "open",
      text: "cli.request.open",
      options: [
        { flags: "--kind <kind>", text: "cli.request.kind", required: true },
        { flags: "--token <token>", text: "cli.request.token" },
        { flags: "--phone <number>", text: "cli.search.phone" },
        { flags: "--party <party>", text: "cli.request.party", unset: "recipient" },
      ],
      run: async (context, _words, options) => runOpen(context, options),
    }),
    typed<ActOptions>({
      usage: "code <id>",
      text: "cli.request.code",
      options: [],
      run: async (context, [id = ""], options) => runCode(context, id, options),
    }),
    typed<VerifyOptions>({
      usage: "verify <id>",
      text: "cli.request.verify",
      options: [{ flags: "--code <digits>", text: "cli.request.digits", required: true }],
      run: async (context, [id = ""], options) => runVerify(context, id, options),
    }),
    typed<AnswerOptions>({
      usage: "answer <id>",
      text: "cli.request.answer",
      options: [
        { flags: "--out <dir>", text: "cli.request.out", required: true },
        { flags: "--change <json>", text: "cli.request.change" },
      ],
      run: async (context, [id = ""], options) => runAnswer(context, id, options),
    }),
    typed<RefuseOptions>({
      usage: "refuse <id>",
      text: "cli.request.refuse",
      options: [{ flags: "--reason <reason>", text: "cli.request.reason", required: true }],
      run: async (context, [id = ""], options) => runRefuse(context, id, options),
    }),
    typed<ListOptions>({
      usage: "list",
      text: "cli.request.list",
      options: [{ flags: "--all", text: "cli.request.all" }],
      run: async (context, _words, options) => runList(context, options),
    }),
  ],
};
