/** `midan policy simulate`: what a role could have seen, and what a change would have denied. */
import { minuteOf } from "../rules/calendar.ts";
import { say } from "../rules/catalogue.ts";
import type { Language } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import { PURPOSES } from "../rules/purposes.ts";
import { QUOTA_SCOPES, QUOTA_SPANS } from "../rules/quota.ts";
import type { Glimpse, PurposeGlimpse } from "../vault/glimpse.ts";
import type { DeniedLook } from "../vault/replay.ts";
import { couldHaveSeen, wouldHaveDenied, yesterday } from "../vault/simulate.ts";
import type { Vault } from "../vault/vault.ts";
import { acting } from "./acting.ts";
import { typed } from "./command.ts";
import { askedDay, languageOf, print, printEntry, printJson } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";

interface SimulateOptions extends SharedOptions {
  readonly role?: string;
  readonly branch?: string;
  readonly for?: string;
  readonly lock?: boolean;
  readonly on?: string;
}

/** Hours as people say them: runs of them, such as `5-22`. */
function hoursText(hours: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const hour of hours) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === hour - 1) last[1] = hour;
    else runs.push([hour, hour]);
  }
  return runs.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(",");
}

function purposeLine(language: Language, told: PurposeGlimpse): string {
  const { purpose, fields, hours, isAfterHandOver, needs } = told;
  const until = say(language, isAfterHandOver ? "policy.simulate.any" : "policy.simulate.way");
  const takes = needs.map((one) => say(language, `policy.simulate.needs.${one}`)).join(", ");
  return say(language, "policy.simulate.purpose", {
    purpose: `${purpose} (${PURPOSES[purpose][language]})`,
    fields: fields.join(","),
    hours: hoursText(hours),
    until,
    takes: takes === "" ? "–" : takes,
  });
}

function limitsLine(language: Language, { limits }: Glimpse): string {
  const told = limits.map(({ scope, span, limit }) => {
    const words = { scope: QUOTA_SCOPES[scope][language], span: QUOTA_SPANS[span][language] };
    return say(language, "policy.simulate.limit", { ...words, limit });
  });
  return say(language, "policy.simulate.limits", { limits: told.join("; ") });
}

function glimpseLines(vault: Vault, language: Language, glimpse: Glimpse): string[] {
  const { from, profile, isTrainingRequired, purposes } = glimpse;
  const training = say(language, isTrainingRequired ? "policy.yes" : "policy.no");
  const head = say(language, "policy.simulate.from", {
    from: minuteOf(from, vault.timeZone),
    profile,
    training,
  });
  const none = say(language, "policy.simulate.nothing");
  const lines = purposes.map((told) => purposeLine(language, told));
  const set = say(language, "policy.simulate.set", { digest: glimpse.policySet });
  const limits = `  ${limitsLine(language, glimpse)}`;
  return [
    head,
    limits,
    `  ${set}`,
    ...(lines.length === 0 ? [none] : lines).map((line) => `  ${line}`),
  ];
}

async function runSeen(
  context: CliContext,
  vault: Vault,
  options: SimulateOptions & { readonly role: string },
): Promise<ExitCode> {
  const { role, branch: organisation = null } = options;
  const on = options.on === undefined ? yesterday(vault) : askedDay(vault, options.on);
  const actor = await acting(context, vault);
  const answer = await couldHaveSeen(vault, { role, organisation, on, actor });
  if (options.json === true) {
    printJson(context, answer);
    return 0;
  }
  const language = languageOf(context, options);
  const told = { organisation: answer.organisation, role: answer.role, day: on };
  print(context, say(language, "policy.simulate.seen", told));
  for (const glimpse of answer.glimpses) {
    for (const line of glimpseLines(vault, language, glimpse)) print(context, line);
  }
  printEntry(context, language, answer.entry);
  return 0;
}

function deniedLine(vault: Vault, language: Language, denied: DeniedLook): string {
  const { entry, actor: person, organisation, purpose, code } = denied;
  return say(language, "policy.simulate.denied.row", {
    entry,
    at: minuteOf(new Date(denied.at), vault.timeZone),
    person,
    organisation: organisation ?? "–",
    purpose,
    code,
  });
}

async function runReplay(
  context: CliContext,
  change: { readonly vault: Vault; readonly name: string; readonly value: string },
  options: SimulateOptions & { readonly for: string },
): Promise<ExitCode> {
  const { vault, name, value } = change;
  const on = options.on === undefined ? yesterday(vault) : askedDay(vault, options.on);
  const mode = options.lock === true ? "locked" : "set";
  const actor = await acting(context, vault);
  const asked = { name, value, mode, organisation: options.for, on, actor };
  const answer = await wouldHaveDenied(vault, asked);
  if (options.json === true) {
    printJson(context, answer);
    return 0;
  }
  const language = languageOf(context, options);
  const { looked, denied } = answer;
  print(
    context,
    say(language, "policy.simulate.denied", { day: on, looked, count: denied.length }),
  );
  for (const digest of answer.policySets)
    print(context, `  ${say(language, "policy.simulate.set", { digest })}`);
  for (const one of denied) print(context, `  ${deniedLine(vault, language, one)}`);
  const notes = [
    answer.isAboutReveals ? null : "policy.simulate.other",
    answer.isWhole ? null : "policy.simulate.part",
    answer.unknownRoles === 0 ? null : "policy.simulate.unknown",
  ] as const;
  const unsure = { count: answer.notJudged };
  if (unsure.count > 0) print(context, say(language, "policy.simulate.virtual", unsure));
  for (const note of notes) {
    if (note !== null) print(context, say(language, note, { count: answer.unknownRoles }));
  }
  printEntry(context, language, answer.entry);
  return 0;
}

async function runSimulate(
  context: CliContext,
  [name, value]: readonly string[],
  options: SimulateOptions,
): Promise<ExitCode> {
  const { role, for: organisation } = options;
  const isChange = name !== undefined && value !== undefined;
  if (isChange === (role !== undefined)) throw new Failure("USAGE", { option: "--role" });
  if (isChange && organisation === undefined) throw new Failure("USAGE", { option: "--for" });
  await using vault = await context.openVault();
  if (role !== undefined) return await runSeen(context, vault, { ...options, role });
  const change = { vault, name: name ?? "", value: value ?? "" };
  return await runReplay(context, change, { ...options, for: organisation ?? "" });
}

export const SIMULATE = typed<SimulateOptions>({
  usage: "simulate [setting] [value]",
  text: "cli.policy.simulate",
  options: [
    { flags: "--role <role>", text: "cli.policy.simulate.role" },
    { flags: "--branch <organisation>", text: "cli.policy.simulate.branch" },
    { flags: "--for <organisation>", text: "cli.policy.for" },
    { flags: "--lock", text: "cli.policy.simulate.lock" },
    { flags: "--on <day>", text: "cli.policy.simulate.on" },
  ],
  run: async (context, words, options) => runSimulate(context, words, options),
});
