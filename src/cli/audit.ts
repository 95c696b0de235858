/** `midan audit`: questions to the log, as a table, as CSV or as JSON. */
import { minuteOf, startOfDay } from "../rules/calendar.ts";
import { say } from "../rules/catalogue.ts";
import type { TextKey } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import { LOG_GROUPS, LOG_PAGE_MAX, askAboutWaybill, askLog } from "../vault/log-query.ts";
import type { LogAnswer, LogAsked, LoggedLeaf, LogQuestion } from "../vault/log-query.ts";
import type { Vault } from "../vault/vault.ts";
import { acting } from "./acting.ts";
import { typed } from "./command.ts";
import type { CommandGroup, CommandRow } from "./command.ts";
import { languageOf, print, printJson, requiredDay, wholeOption } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";

interface PageOptions extends SharedOptions {
  readonly before?: string;
  readonly limit: string;
  readonly format: string;
}

interface AuditOptions extends PageOptions {
  readonly purpose?: string;
  readonly org?: string;
  readonly from?: string;
  readonly to?: string;
  readonly by?: string;
}

const FORMATS = ["table", "csv", "json"] as const;
type Format = (typeof FORMATS)[number];

const BEFORE_MAX = 999_999_999;
const EVER = { from: new Date(0), to: new Date("9999-12-31T00:00:00.000Z") };

/** The columns of an entry: what people read first. */
const COLUMNS = [
  "index",
  "at",
  "type",
  "actor",
  "branch",
  "purpose",
  "fields",
  "outcome",
  "rule",
  "id",
];

function formatOf(options: PageOptions): Format {
  if (options.json === true) return "json";
  const found = FORMATS.find((format) => format === options.format);
  if (found === undefined) throw new Failure("USAGE", { option: "--format" });
  return found;
}

function pageOf(options: PageOptions): { readonly before: number; readonly limit: number } {
  const { before, limit } = options;
  return {
    before:
      before === undefined
        ? BEFORE_MAX
        : wholeOption("--before", before, { min: 0, max: BEFORE_MAX }),
    limit: wholeOption("--limit", limit, { min: 1, max: LOG_PAGE_MAX }),
  };
}

function dayOption(option: string, text: string | undefined, vault: Vault): Date | null {
  return text === undefined ? null : startOfDay(requiredDay(text, option), vault.timeZone);
}

function spanOf(options: AuditOptions, vault: Vault): { readonly from: Date; readonly to: Date } {
  const from = dayOption("--from", options.from, vault) ?? EVER.from;
  const to = dayOption("--to", options.to, vault) ?? EVER.to;
  if (from >= to) throw new Failure("USAGE", { option: "--to" });
  return { from, to };
}

function groupOf(word: string | undefined): LogAsked["by"] {
  if (word === undefined) return null;
  const found = LOG_GROUPS.find((group) => group === word);
  if (found === undefined) throw new Failure("USAGE", { option: "--by" });
  return found;
}

function textIn(leaf: LoggedLeaf, name: string): string {
  const value = leaf[name];
  if (Array.isArray(value)) return value.join(" ");
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function branchOf(leaf: LoggedLeaf): string {
  const path = leaf["organisationPath"];
  return Array.isArray(path) ? String(path.at(-1) ?? "") : textIn(leaf, "organisation");
}

function cellsOf(index: number, leaf: LoggedLeaf, at: string): string[] {
  const outcome = textIn(leaf, "failure") || textIn(leaf, "count");
  const [type, actor] = [textIn(leaf, "type"), textIn(leaf, "actor")];
  const [purpose, fields] = [textIn(leaf, "purpose"), textIn(leaf, "fields")];
  const [rule, id] = [textIn(leaf, "rule"), textIn(leaf, "id")];
  return [String(index), at, type, actor, branchOf(leaf), purpose, fields, outcome, rule, id];
}

/** Cells of the log are codes, ids and numbers: nothing in them ends a cell or begins a formula. */
function printCsv(context: CliContext, { entries, counts }: LogAnswer, isCount: boolean): void {
  print(context, isCount ? "value,leaves" : COLUMNS.join(","));
  for (const { value, leaves } of counts) print(context, `${value},${leaves}`);
  for (const { index, leaf } of entries)
    print(context, cellsOf(index, leaf, textIn(leaf, "at")).join(","));
}

interface Said {
  readonly options: AuditOptions;
  readonly vault: Vault;
  readonly answer: LogAnswer;
}

function printTable(context: CliContext, { options, vault, answer }: Said): void {
  const language = languageOf(context, options);
  const { entries, counts, next, entry } = answer;
  for (const { value, leaves } of counts) print(context, `${String(leaves).padStart(9)}  ${value}`);
  const local = (leaf: LoggedLeaf): string => {
    const at = new Date(textIn(leaf, "at"));
    return minuteOf(at, vault.timeZone);
  };
  const rows = entries.map(({ index, leaf }) => cellsOf(index, leaf, local(leaf)));
  const widths = COLUMNS.map((_name, at) =>
    Math.max(0, ...rows.map((row) => row[at]?.length ?? 0)),
  );
  for (const row of rows)
    print(
      context,
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd(),
    );
  if (rows.length + counts.length === 0) print(context, say(language, "audit.none"));
  if (next !== null) print(context, say(language, "log.next", { index: next }));
  print(context, say(language, "audit.entry", { entry }));
}

function printAnswer(context: CliContext, said: Said): void {
  const format = formatOf(said.options);
  switch (format) {
    case "json":
      return printJson(context, said.answer);
    case "csv":
      return printCsv(context, said.answer, said.options.by !== undefined);
    case "table":
      return printTable(context, said);
    default:
      return format satisfies never;
  }
}

async function runQuestion(
  context: CliContext,
  asked: { readonly question: LogQuestion; readonly about: string | null },
  options: AuditOptions,
): Promise<ExitCode> {
  // Before anything is asked: a question that cannot be shown must not be logged.
  formatOf(options);
  const page = { ...pageOf(options), by: groupOf(options.by) };
  await using vault = await context.openVault();
  const actor = await acting(context, vault);
  const { purpose = null, org: organisation = null } = options;
  const question = { ...asked, ...page, ...spanOf(options, vault), actor, purpose, organisation };
  printAnswer(context, { options, vault, answer: await askLog(vault, question) });
  return 0;
}

async function runWaybill(
  context: CliContext,
  token: string,
  options: PageOptions,
): Promise<ExitCode> {
  formatOf(options);
  const page = pageOf(options);
  await using vault = await context.openVault();
  const actor = await acting(context, vault);
  const answer = await askAboutWaybill(vault, { ...page, token, actor });
  printAnswer(context, { options, vault, answer });
  return 0;
}

const PAGE_OPTIONS = [
  { flags: "--before <index>", text: "cli.log.before" },
  { flags: "--limit <count>", text: "cli.log.limit", unset: "100" },
  { flags: "--format <format>", text: "cli.audit.format", unset: "table" },
] as const;

const FILTERS = [
  { flags: "--purpose <purpose>", text: "cli.log.purpose" },
  { flags: "--org <organisation>", text: "cli.audit.org" },
  { flags: "--from <day>", text: "cli.bundle.from" },
  { flags: "--to <day>", text: "cli.bundle.to" },
  { flags: "--by <what>", text: "cli.log.by" },
] as const;

/** A question that is named by its word alone, about everybody or about `--about`. */
function questionRow(question: LogQuestion, text: TextKey): CommandRow {
  return typed<AuditOptions & { readonly about?: string }>({
    usage: question,
    text,
    options: [{ flags: "--about <account>", text: "cli.log.about" }, ...FILTERS, ...PAGE_OPTIONS],
    run: async (context, _words, options) =>
      runQuestion(context, { question, about: options.about ?? null }, options),
  });
}

export const AUDIT: CommandGroup = {
  name: "audit",
  text: "cli.audit",
  commands: [
    typed<PageOptions>({
      usage: "waybill <token>",
      text: "cli.audit.waybill",
      options: [...PAGE_OPTIONS],
      run: async (context, [token = ""], options) => runWaybill(context, token, options),
    }),
    typed<AuditOptions>({
      usage: "person <account>",
      text: "cli.audit.person",
      options: [...FILTERS, ...PAGE_OPTIONS],
      run: async (context, [about = ""], options) =>
        runQuestion(context, { question: "looks", about }, options),
    }),
    questionRow("reveals", "cli.audit.reveals"),
    questionRow("denied", "cli.audit.denied"),
    questionRow("exports", "cli.audit.exports"),
    questionRow("prints", "cli.audit.prints"),
    questionRow("seals", "cli.audit.seals"),
  ],
};
