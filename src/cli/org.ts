/** `midan org`: organisations and training records. */
import { foundAuthority, foundBelow, foundHeadquarters } from "../access/organisation.ts";
import type { Founded, ListedOrganisation } from "../access/organisation.ts";
import { closeOrganisation, moveOrganisation } from "../access/organisation-move.ts";
import type { Changed } from "../access/organisation-move.ts";
import { listTrainings, recordTraining } from "../access/training.ts";
import type { ListedTraining } from "../access/training.ts";
import { say } from "../rules/catalogue.ts";
import type { Language } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import { hasForm, lowerKindOf, ORGANISATION_FORMS } from "../rules/organisation-kind.ts";
import type { AuthorityKind, OrganisationForm } from "../rules/organisation-kind.ts";
import type { Vault } from "../vault/vault.ts";
import type { Actor } from "../access/actor.ts";
import { acting } from "./acting.ts";
import { seenOrganisations } from "../access/policy-reading.ts";
import { typed } from "./command.ts";
import type { CommandGroup } from "./command.ts";
import { askedDay, languageOf, print, printEntry, printJson } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";

interface AddOptions extends SharedOptions {
  readonly kind: string;
  readonly under?: string;
  readonly form?: string;
}

interface CloseOptions extends SharedOptions {
  readonly reason: string;
}

interface MoveOptions extends CloseOptions {
  readonly under: string;
}

interface TrainingOptions extends SharedOptions {
  readonly passed?: string;
  readonly course: string;
  readonly on?: string;
}

const INDENT = "  ";

async function runList(context: CliContext, options: SharedOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  const organisations = await seenOrganisations(vault, await acting(context, vault));
  if (options.json === true) {
    printJson(context, { organisations });
    return 0;
  }
  const language = languageOf(context, options);
  if (organisations.length === 0) print(context, say(language, "org.none"));
  for (const row of organisations) print(context, organisationLine(language, row));
  return 0;
}

function organisationLine(language: Language, row: ListedOrganisation): string {
  const { depth, kind, form, name, id, closedOn } = row;
  const parts = [`${INDENT.repeat(depth)}${name}`, say(language, `org.kind.${kind}`)];
  if (form !== null) parts.push(say(language, `org.form.${form}`));
  if (closedOn !== null) parts.push(say(language, "org.closed", { day: closedOn }));
  return [...parts, id].join("  ");
}

/** Null where none is given; only kinds that are run directly or by a franchisee have one. */
function formOf(kind: string, text: string | undefined): OrganisationForm | null {
  if (text === undefined) return null;
  const lower = lowerKindOf(kind);
  const found = ORGANISATION_FORMS.find((form) => form === text);
  const fits = lower !== null && hasForm(lower);
  if (found === undefined || !fits) throw new Failure("USAGE", { option: "--form" });
  return found;
}

async function addAuthorities(
  vault: Vault,
  kind: AuthorityKind,
  given: { readonly names: readonly string[]; readonly actor: Actor },
): Promise<Founded> {
  const { names, actor } = given;
  const [name, ...others] = names;
  // One at a time: a second name that fails must not leave the first one behind unsaid.
  if (name === undefined || others.length > 0) throw new Failure("USAGE", { names: names.length });
  return foundAuthority(vault, { kind, name, actor });
}

async function addAll(
  { context, vault }: { readonly context: CliContext; readonly vault: Vault },
  names: readonly string[],
  options: AddOptions,
): Promise<Founded> {
  const actor = await acting(context, vault);
  const lower = lowerKindOf(options.kind);
  const form = formOf(options.kind, options.form);
  if (lower !== null) {
    const { under: parent = null } = options;
    return foundBelow(vault, { kind: lower, parent, names, actor, ...(form && { form }) });
  }
  switch (options.kind) {
    case "headquarters": {
      const [name = "", ...outlets] = names;
      return foundHeadquarters(vault, { name, outlets, actor });
    }
    case "postal-authority":
    case "procuratorate":
      return addAuthorities(vault, options.kind, { names, actor });
    default:
      throw new Failure("USAGE", { option: "--kind" });
  }
}

async function runAdd(
  context: CliContext,
  names: readonly string[],
  options: AddOptions,
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const { organisations, entry } = await addAll({ context, vault }, names, options);
  if (options.json === true) {
    printJson(context, { organisations, entry });
    return 0;
  }
  const language = languageOf(context, options);
  print(context, say(language, "org.founded", { count: organisations.length }));
  for (const { name, id } of organisations) print(context, `  ${name}  ${id}`);
  printEntry(context, language, entry);
  return 0;
}

function printChanged(
  context: CliContext,
  { organisation, entry }: Changed,
  options: SharedOptions,
): ExitCode {
  if (options.json === true) {
    printJson(context, { organisation, entry });
    return 0;
  }
  const language = languageOf(context, options);
  const { name, closedOn: day } = organisation;
  const told =
    day === null ? say(language, "org.moved", { name }) : `${name}  ${closedText(language, day)}`;
  print(context, told);
  printEntry(context, language, entry);
  return 0;
}

function closedText(language: Language, day: string): string {
  return say(language, "org.closed", { day });
}

async function runMove(
  context: CliContext,
  organisation: string,
  options: MoveOptions,
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const actor = await acting(context, vault);
  const { under, reason } = options;
  const moved = await moveOrganisation(vault, { organisation, under, reason, actor });
  return printChanged(context, moved, options);
}

async function runClose(
  context: CliContext,
  organisation: string,
  options: CloseOptions,
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const actor = await acting(context, vault);
  const closed = await closeOrganisation(vault, { organisation, reason: options.reason, actor });
  return printChanged(context, closed, options);
}

function trainingLine(language: Language, row: ListedTraining): string {
  const state = say(language, `org.training.${row.state === "none" ? "none-yet" : row.state}`);
  const { actor: person, course, passedOn: passed, validUntil: until } = row;
  return say(language, "org.training.row", { person, course, passed, until, state });
}

async function runTrainingList(context: CliContext, options: TrainingOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  const on = askedDay(vault, options.on);
  const trainings = await listTrainings(vault, { on, actor: await acting(context, vault) });
  if (options.json === true) {
    printJson(context, { trainings });
    return 0;
  }
  const language = languageOf(context, options);
  if (trainings.length === 0) print(context, say(language, "org.training.none"));
  for (const row of trainings) print(context, trainingLine(language, row));
  return 0;
}

async function runTraining(
  context: CliContext,
  trainee: string | undefined,
  options: TrainingOptions,
): Promise<ExitCode> {
  if (trainee === undefined) return runTrainingList(context, options);
  if (options.passed === undefined) throw new Failure("USAGE", { option: "--passed" });
  await using vault = await context.openVault();
  const { course, passed: passedOn } = options;
  const recorded = await recordTraining(vault, {
    trainee,
    course,
    passedOn,
    actor: await acting(context, vault),
  });
  if (options.json === true) {
    printJson(context, recorded);
    return 0;
  }
  const language = languageOf(context, options);
  const { actor: person, validUntil: day } = recorded.training;
  print(context, say(language, "org.training.done", { person, day }));
  printEntry(context, language, recorded.entry);
  return 0;
}

const REASON = { flags: "--reason <text>", text: "cli.policy.reason", required: true } as const;

export const ORG: CommandGroup = {
  name: "org",
  text: "cli.org",
  commands: [
    typed<SharedOptions>({
      usage: "list",
      text: "cli.org.list",
      options: [],
      run: async (context, _words, options) => runList(context, options),
    }),
    typed<AddOptions>({
      usage: "add <names...>",
      text: "cli.org.add",
      options: [
        { flags: "--kind <kind>", text: "cli.org.add.kind", required: true },
        { flags: "--under <organisation>", text: "cli.org.add.under" },
        { flags: "--form <form>", text: "cli.org.add.form" },
      ],
      run: async (context, names, options) => runAdd(context, names, options),
    }),
    typed<MoveOptions>({
      usage: "move <organisation>",
      text: "cli.org.move",
      options: [
        { flags: "--under <organisation>", text: "cli.org.move.under", required: true },
        REASON,
      ],
      run: async (context, [organisation = ""], options) => runMove(context, organisation, options),
    }),
    typed<CloseOptions>({
      usage: "close <organisation>",
      text: "cli.org.close",
      options: [REASON],
      run: async (context, [organisation = ""], options) =>
        runClose(context, organisation, options),
    }),
    typed<TrainingOptions>({
      usage: "training [account]",
      text: "cli.org.training",
      options: [
        { flags: "--passed <day>", text: "cli.org.training.passed" },
        { flags: "--course <name>", text: "cli.org.training.course", unset: "waybill-privacy" },
        { flags: "--on <day>", text: "cli.on" },
      ],
      run: async (context, [trainee], options) => runTraining(context, trainee, options),
    }),
  ],
};
