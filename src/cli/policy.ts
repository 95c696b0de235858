/** `midan policy`: settings that headquarters can lock. Requests: policy-request.ts. */
import { headquartersName } from "../access/organisation.ts";
import type { Ruling, Step } from "../access/ruling.ts";
import { ownBranch } from "../access/place.ts";
import { readProposals, readSetting, readSettings, readTerms } from "../access/policy-reading.ts";
import type { ShownTerm } from "../access/retention.ts";
import { approveSetting } from "../access/setting-approval.ts";
import { decideSetting } from "../access/setting-change.ts";
import type { SettingProposed } from "../access/setting-change.ts";
import type { SettingChange } from "../access/setting-decision.ts";
import { minuteOf } from "../rules/calendar.ts";
import { say } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import { valuesText } from "../rules/setting-kind.ts";
import { SETTINGS } from "../rules/setting.ts";
import type { Language } from "../rules/catalogue.ts";
import { acting } from "./acting.ts";
import { typed } from "./command.ts";
import type { CommandGroup } from "./command.ts";
import { REQUEST_COMMANDS } from "./policy-request.ts";
import { SIMULATE } from "./policy-simulate.ts";
import { languageOf, print, printEntry, printJson } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";

interface ShowOptions extends SharedOptions {
  readonly said?: boolean;
}

interface ExplainOptions extends SharedOptions {
  readonly setting: string;
}

interface SetOptions extends SharedOptions {
  readonly for: string;
  readonly by?: string;
  readonly loosest?: string;
  readonly after?: string;
  readonly reason: string;
}

const LEGACY = "legacy-clear";

function sourceText(language: Language, ruling: Ruling): string {
  if (ruling.source === null) {
    return say(language, ruling.mode === "locked" ? "policy.unset.locked" : "policy.unset");
  }
  const mode = say(language, `policy.mode.${ruling.mode}`);
  const { name: source, id } = ruling.source;
  if (ruling.by?.id === id) return say(language, "policy.source", { source, mode });
  return say(language, "policy.source.above", { source, by: sayerText(language, ruling), mode });
}

/** Who said something of an organisation below. */
function sayerText(language: Language, { by }: Pick<Step, "by">): string {
  return by?.name ?? say(language, "policy.before");
}

function rulingLine(language: Language, ruling: Ruling): string {
  return say(language, "policy.counts", {
    organisation: ruling.steps.at(-1)?.organisation.name ?? "–",
    setting: ruling.name,
    value: ruling.value,
    source: sourceText(language, ruling),
  });
}

function modeText(language: Language, { mode, bound }: SettingChange["setting"]): string {
  const text = say(language, `policy.mode.${mode}`);
  return bound === null ? text : say(language, "policy.bound", { mode: text, bound });
}

function stepLine(language: Language, step: Step): string {
  const { name: organisation, id } = step.organisation;
  const { setting } = step;
  if (setting === null) return say(language, "policy.step.unsaid", { organisation });
  const by = sayerText(language, step);
  return say(language, "policy.step", {
    organisation:
      step.by?.id === id ? organisation : say(language, "policy.step.above", { organisation, by }),
    value: setting.value,
    mode: modeText(language, setting),
    version: setting.version,
    person: [setting.actor, setting.approvedBy ?? ""].filter((one) => one !== "").join(" + "),
    at: minuteOf(setting.at),
    reason: setting.reason,
    outcome: say(language, `policy.outcome.${step.outcome}`),
  });
}

/** How long is kept what a setting bounds; null for one that bounds no term. */
function daysOf(terms: readonly ShownTerm[], { name }: Ruling): number | null {
  return terms.find((term) => `retention-${term.class}` === name)?.days ?? null;
}

function shownLines(language: Language, ruling: Ruling, terms: readonly ShownTerm[]): string[] {
  const rule = SETTINGS[ruling.name];
  const values = valuesText(rule.values);
  const named = { name: rule[language], values };
  const lines = [
    rulingLine(language, ruling),
    `  ${say(language, `policy.values.${rule.values.kind}`, named)}`,
  ];
  const days = daysOf(terms, ruling);
  return days === null ? lines : [...lines, `  ${say(language, "policy.term", { days })}`];
}

async function runShow(
  context: CliContext,
  organisation: string | undefined,
  options: ShowOptions,
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const actor = await acting(context, vault);
  const asked = organisation ?? ownBranch(actor) ?? (await headquartersName(vault));
  const all = await readSettings(vault, { organisation: asked, actor });
  const rulings = options.said === true ? all.filter(({ source }) => source !== null) : all;
  const terms = await readTerms(vault, { organisation: asked, actor });
  if (options.json === true) {
    const settings = rulings.map((ruling) => {
      const days = daysOf(terms, ruling);
      const term = days === null ? {} : { effectiveDays: days };
      return { ...ruling, ...term, rule: SETTINGS[ruling.name] };
    });
    printJson(context, { settings });
    return 0;
  }
  const language = languageOf(context, options);
  if (rulings.length === 0) print(context, say(language, "policy.show.none"));
  for (const ruling of rulings) {
    for (const line of shownLines(language, ruling, terms)) print(context, line);
  }
  if (rulings.some(({ value }) => value === LEGACY)) print(context, say(language, "policy.legacy"));
  return 0;
}

async function runExplain(
  context: CliContext,
  organisation: string,
  options: ExplainOptions,
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const actor = await acting(context, vault);
  const ruling = await readSetting(vault, { organisation, name: options.setting, actor });
  if (options.json === true) {
    printJson(context, ruling);
    return 0;
  }
  const language = languageOf(context, options);
  print(context, rulingLine(language, ruling));
  for (const step of ruling.steps) print(context, `  ${stepLine(language, step)}`);
  if (ruling.value === LEGACY) print(context, say(language, "policy.legacy"));
  return 0;
}

/** The version that the asker has seen; null when it does not matter. */
function versionOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^\d{1,9}$/.test(text)) throw new Failure("USAGE", { option: "--after" });
  return Number(text);
}

function tellChange(context: CliContext, change: SettingChange, options: SharedOptions): void {
  if (options.json === true) {
    printJson(context, { setting: change.setting, entry: change.entry });
    return;
  }
  const language = languageOf(context, options);
  const { name: setting, value, version } = change.setting;
  const organisation = change.organisation.name;
  print(context, say(language, "policy.changed", { organisation, setting, value, version }));
  printEntry(context, language, change.entry);
}

function tellProposed(context: CliContext, told: SettingProposed, options: SharedOptions): void {
  if (options.json === true) {
    printJson(context, told);
    return;
  }
  const language = languageOf(context, options);
  const { id, expiresAt } = told.proposal;
  print(context, say(language, "policy.proposed", { id, until: minuteOf(expiresAt) }));
  printEntry(context, language, told.entry);
}

async function runSet(
  context: CliContext,
  asked: { readonly name: string; readonly value: string; readonly mode: string },
  options: SetOptions,
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const outcome = await decideSetting(vault, {
    ...asked,
    organisation: options.for,
    by: options.by ?? null,
    bound: options.loosest ?? null,
    afterVersion: versionOf(options.after),
    reason: options.reason,
    actor: await acting(context, vault),
  });
  if ("change" in outcome) tellChange(context, outcome.change, options);
  else tellProposed(context, outcome.proposed, options);
  return 0;
}

async function runApprove(
  context: CliContext,
  id: string,
  options: SharedOptions,
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const change = await approveSetting(vault, { id, actor: await acting(context, vault) });
  tellChange(context, change, options);
  return 0;
}

async function runProposals(context: CliContext, options: SharedOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  const proposals = await readProposals(vault, await acting(context, vault));
  if (options.json === true) {
    printJson(context, { proposals });
    return 0;
  }
  const language = languageOf(context, options);
  if (proposals.length === 0) print(context, say(language, "policy.proposals.none"));
  for (const { id, name: setting, value, mode, reason, proposedBy, expiresAt } of proposals) {
    const told = { id, setting, value, mode: say(language, `policy.mode.${mode}`), reason };
    const until = minuteOf(expiresAt);
    print(context, say(language, "policy.proposal.row", { ...told, person: proposedBy, until }));
  }
  return 0;
}

const SETTING = { flags: "--setting <name>", text: "cli.policy.setting" } as const;
const REASON = { flags: "--reason <text>", text: "cli.policy.reason", required: true } as const;
const FOR = { flags: "--for <organisation>", text: "cli.policy.for", required: true } as const;
const BY = { flags: "--by <organisation>", text: "cli.policy.by" } as const;
const AFTER = { flags: "--after <version>", text: "cli.policy.after" } as const;
const LOOSEST = { flags: "--loosest <value>", text: "cli.policy.loosest" } as const;

export const POLICY: CommandGroup = {
  name: "policy",
  text: "cli.policy",
  commands: [
    typed<ShowOptions>({
      usage: "show [organisation]",
      text: "cli.policy.show",
      options: [{ flags: "--said", text: "cli.policy.show.said" }],
      run: async (context, [organisation], options) => runShow(context, organisation, options),
    }),
    typed<ExplainOptions>({
      usage: "explain <organisation>",
      text: "cli.policy.explain",
      options: [{ ...SETTING, unset: "mask-profile" }],
      run: async (context, [organisation = ""], options) =>
        runExplain(context, organisation, options),
    }),
    typed<SetOptions>({
      usage: "set <setting> <value>",
      text: "cli.policy.set",
      options: [FOR, BY, REASON, AFTER],
      run: async (context, [name = "", value = ""], options) =>
        runSet(context, { name, value, mode: "set" }, options),
    }),
    typed<SetOptions>({
      usage: "delegate <setting> <value>",
      text: "cli.policy.delegate",
      options: [FOR, BY, REASON, LOOSEST, AFTER],
      run: async (context, [name = "", value = ""], options) =>
        runSet(context, { name, value, mode: "delegated" }, options),
    }),
    typed<SetOptions>({
      usage: "lock <setting> <value>",
      text: "cli.policy.lock",
      options: [FOR, BY, REASON, AFTER],
      run: async (context, [name = "", value = ""], options) =>
        runSet(context, { name, value, mode: "locked" }, options),
    }),
    typed<SharedOptions>({
      usage: "approve <proposal>",
      text: "cli.policy.approve",
      options: [],
      run: async (context, [id = ""], options) => runApprove(context, id, options),
    }),
    typed<SharedOptions>({
      usage: "proposals",
      text: "cli.policy.proposals",
      options: [],
      run: async (context, _words, options) => runProposals(context, options),
    }),
    SIMULATE,
    ...REQUEST_COMMANDS,
  ],
};
