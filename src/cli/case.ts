/** `midan case`: open, move, show, order, prove, link. Letters: case-letter.ts. */
import { casesOf, showCase } from "../oversight/case-file.ts";
import type { CaseFile } from "../oversight/case-file.ts";
import { isDeadlineName, meet, moveOn, openCase, stateName } from "../oversight/case-record.ts";
import type { Lateness, Moved } from "../oversight/case-record.ts";
import { fileProof, issueOrder } from "../oversight/correction-order.ts";
import { linkSuggestion, noteAnswer } from "../oversight/linked-suggestion.ts";
import type { Day } from "../rules/calendar.ts";
import { parseCaseState } from "../rules/case-state.ts";
import { say } from "../rules/catalogue.ts";
import type { DeadlineState } from "../rules/deadline.ts";
import type { Language } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import type { Vault } from "../vault/vault.ts";
import { acting } from "./acting.ts";
import { askedDay, languageOf, print, printJson, requiredDay } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";

export interface CaseOptions extends SharedOptions {
  readonly on?: string;
}

export interface CaseOpenOptions extends CaseOptions {
  readonly title: string;
  readonly procuratorate: string;
  readonly agency: string;
  readonly campaign?: string;
  readonly note?: string;
}

export interface CaseMoveOptions extends CaseOptions {
  readonly to: string;
  readonly note?: string;
  readonly urgent?: boolean;
}

export interface CaseMetOptions extends CaseOptions {
  readonly deadline: string;
}

export interface CaseOrderOptions extends CaseOptions {
  readonly addressee: string;
  readonly kind: string;
  readonly due: string;
}

export interface CaseProveOptions extends CaseOptions {
  readonly addressee: string;
  readonly proof: string;
}

export interface CaseLinkOptions extends CaseOptions {
  readonly title: string;
  readonly deputy: string;
  readonly direction: string;
  readonly difficult?: boolean;
}

const KINDS = ["carrier", "platform", "merchant"] as const;
const DIRECTIONS = ["to-case", "from-case"] as const;

/** The word that an option holds. Fails with USAGE naming the option for any other. */
export function oneOf<W extends string>(given: string, words: readonly W[], option: string): W {
  const found = words.find((word) => word === given);
  if (found === undefined) throw new Failure("USAGE", { option });
  return found;
}

/** Opens the vault, does `act`, and prints its result as JSON or by `tell`. */
export async function acted<T extends object>(
  context: CliContext,
  options: CaseOptions,
  steps: {
    readonly act: (vault: Vault, on: Day) => Promise<T>;
    readonly tell: (done: T, language: Language) => readonly string[];
  },
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const done = await steps.act(vault, askedDay(vault, options.on));
  if (options.json === true) printJson(context, done);
  else for (const line of steps.tell(done, languageOf(context, options))) print(context, line);
  return 0;
}

function movedLines(moved: Moved, language: Language): string[] {
  const { number, basis, entry } = moved;
  const state = stateName(moved.state)[language];
  return [
    say(language, "case.moved", { number, state, basis, entry }),
    ...moved.started.map(({ name, dueOn }) => `  ${dueOn}  ${name}`),
    `  → ${moved.next.join(" · ")}`,
  ];
}

function recordedLines({ entry }: { readonly entry: string }, language: Language): string[] {
  return [say(language, "case.recorded", { entry })];
}

/** What was recorded, and that it came late where it did. */
function datedLines(
  done: { readonly entry: string } & Lateness,
  language: Language,
): readonly string[] {
  const { dueOn: due, daysLate: days } = done;
  const late = days > 0 ? [say(language, "case.late", { due, days })] : [];
  return [...recordedLines(done, language), ...late];
}

export async function runCaseOpen(
  context: CliContext,
  number: string,
  options: CaseOpenOptions,
): Promise<ExitCode> {
  const { title, procuratorate, agency, campaign = null, note = "" } = options;
  const about = { number, title, procuratorate, agency, campaign, note };
  return acted(context, options, {
    act: async (vault, on) =>
      openCase(vault, { ...about, on, actor: await acting(context, vault) }),
    tell: movedLines,
  });
}

export async function runCaseMove(
  context: CliContext,
  number: string,
  options: CaseMoveOptions,
): Promise<ExitCode> {
  const { note = "", urgent = false } = options;
  const to = parseCaseState(options.to);
  if (to === null) throw new Failure("USAGE", { option: "--to" });
  return acted(context, options, {
    act: async (vault, on) =>
      moveOn(vault, { number, to, on, note, urgent, actor: await acting(context, vault) }),
    tell: movedLines,
  });
}

export async function runCaseMet(
  context: CliContext,
  number: string,
  options: CaseMetOptions,
): Promise<ExitCode> {
  const { deadline: name } = options;
  if (!isDeadlineName(name)) throw new Failure("USAGE", { option: "--deadline" });
  return acted(context, options, {
    act: async (vault, on) =>
      meet(vault, { number, name, on, actor: await acting(context, vault) }),
    tell: datedLines,
  });
}

function fileLines(file: CaseFile, language: Language): string[] {
  const { number, state, events, deadlines, orders, suggestions } = file;
  const { basis = "", entry = "" } = events.at(-1) ?? {};
  const moved = { number, state: stateName(state)[language], basis, entry };
  const stands = (term: { readonly state: DeadlineState }): string =>
    say(language, `deadline.${term.state}`);
  return [
    say(language, "case.moved", moved),
    ...deadlines.map((deadline) => {
      const { dueOn: due, daysLeft: days, basis: source } = deadline;
      const values = { due, name: deadline[language], state: stands(deadline), days };
      return say(language, "case.term", { ...values, basis: source });
    }),
    ...orders.map(({ addressee, dueOn: due, state: word }) =>
      say(language, "case.order", { addressee, due, state: stands({ state: word }) }),
    ),
    ...suggestions.map(({ id, title, deputyRole: role, dueOn: due, state: word }) =>
      say(language, "case.suggestion", { id, title, role, due, state: stands({ state: word }) }),
    ),
    `  → ${file.next.join(" · ")}`,
  ];
}

export async function runCaseShow(
  context: CliContext,
  number: string,
  options: CaseOptions,
): Promise<ExitCode> {
  return acted(context, options, {
    act: async (vault, on) => showCase(vault, { number, on, actor: await acting(context, vault) }),
    tell: fileLines,
  });
}

export async function runCaseList(context: CliContext, options: CaseOptions): Promise<ExitCode> {
  return acted(context, options, {
    act: async (vault) => ({ cases: await casesOf(vault) }),
    tell: ({ cases }) =>
      cases.map(({ number, openedOn, state, title }) =>
        [number, openedOn, state, title].join("  "),
      ),
  });
}

export async function runCaseOrder(
  context: CliContext,
  number: string,
  options: CaseOrderOptions,
): Promise<ExitCode> {
  const { addressee } = options;
  const kind = oneOf(options.kind, KINDS, "--kind");
  const due = requiredDay(options.due, "--due");
  return acted(context, options, {
    act: async (vault, on) =>
      issueOrder(vault, {
        number,
        addressee,
        kind,
        on,
        due,
        actor: await acting(context, vault),
      }),
    tell: recordedLines,
  });
}

export async function runCaseProve(
  context: CliContext,
  number: string,
  options: CaseProveOptions,
): Promise<ExitCode> {
  const { addressee, proof } = options;
  return acted(context, options, {
    act: async (vault, on) =>
      fileProof(vault, {
        number,
        addressee,
        proof,
        on,
        actor: await acting(context, vault),
      }),
    tell: datedLines,
  });
}

export async function runCaseLink(
  context: CliContext,
  number: string,
  options: CaseLinkOptions,
): Promise<ExitCode> {
  const { title, deputy: deputyRole, difficult = false } = options;
  const direction = oneOf(options.direction, DIRECTIONS, "--direction");
  const about = { number, title, deputyRole, direction, difficult };
  return acted(context, options, {
    act: async (vault, assignedOn) =>
      linkSuggestion(vault, { ...about, assignedOn, actor: await acting(context, vault) }),
    tell: ({ id, dueOn: due, entry }, language) => [
      say(language, "case.linked", { id, due, entry }),
    ],
  });
}

export async function runCaseAnswer(
  context: CliContext,
  id: string,
  options: CaseOptions,
): Promise<ExitCode> {
  return acted(context, options, {
    act: async (vault, on) => noteAnswer(vault, { id, on, actor: await acting(context, vault) }),
    tell: recordedLines,
  });
}
