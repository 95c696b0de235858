/** `midan org`: organisations and training records. */
import {
  foundAuthority,
  foundHeadquarters,
  foundOutlets,
  listOrganisations,
} from "../access/organisation.ts";
import type { AuthorityKind, Founded } from "../access/organisation.ts";
import { listTrainings, recordTraining } from "../access/training.ts";
import type { ListedTraining } from "../access/training.ts";
import { say } from "../rules/catalogue.ts";
import type { Language } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import type { Vault } from "../vault/vault.ts";
import type { Actor } from "../access/actor.ts";
import { acting } from "./acting.ts";
import { AS, typed } from "./command.ts";
import type { CommandGroup } from "./command.ts";
import { askedDay, languageOf, print, printJson } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";

interface AddOptions extends SharedOptions {
  readonly kind: string;
  readonly under?: string;
  readonly as?: string;
}

interface TrainingOptions extends SharedOptions {
  readonly passed?: string;
  readonly course: string;
  readonly on?: string;
  readonly as?: string;
}

const INDENT = "  ";

async function runList(context: CliContext, options: SharedOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  const organisations = await listOrganisations(vault);
  if (options.json === true) {
    printJson(context, { organisations });
    return 0;
  }
  const language = languageOf(context, options);
  if (organisations.length === 0) print(context, say(language, "org.none"));
  for (const { depth, kind, name, id } of organisations) {
    print(context, `${INDENT.repeat(depth)}${name}  ${say(language, `org.kind.${kind}`)}  ${id}`);
  }
  return 0;
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
  const actor = await acting(context, vault, options);
  switch (options.kind) {
    case "headquarters": {
      const [name = "", ...outlets] = names;
      return foundHeadquarters(vault, { name, outlets, actor });
    }
    case "outlet":
      return foundOutlets(vault, { parent: options.under ?? null, outlets: names, actor });
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
  print(context, say(language, "reveal.entry", { id: entry }));
  return 0;
}

function trainingLine(language: Language, row: ListedTraining): string {
  const state = say(language, `org.training.${row.state === "none" ? "none-yet" : row.state}`);
  const { actor: person, course, passedOn: passed, validUntil: until } = row;
  return say(language, "org.training.row", { person, course, passed, until, state });
}

async function runTrainingList(context: CliContext, options: TrainingOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  const trainings = await listTrainings(vault, askedDay(vault, options.on));
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
    actor: await acting(context, vault, options),
  });
  if (options.json === true) {
    printJson(context, recorded);
    return 0;
  }
  const language = languageOf(context, options);
  const { actor: person, validUntil: day } = recorded.training;
  print(context, say(language, "org.training.done", { person, day }));
  print(context, say(language, "reveal.entry", { id: recorded.entry }));
  return 0;
}

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
        AS,
      ],
      run: async (context, names, options) => runAdd(context, names, options),
    }),
    typed<TrainingOptions>({
      usage: "training [account]",
      text: "cli.org.training",
      options: [
        { flags: "--passed <day>", text: "cli.org.training.passed" },
        { flags: "--course <name>", text: "cli.org.training.course", unset: "waybill-privacy" },
        { flags: "--on <day>", text: "cli.on" },
        AS,
      ],
      run: async (context, [trainee], options) => runTraining(context, trainee, options),
    }),
  ],
};
