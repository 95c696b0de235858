/** `midan retention`: terms, changing them, and what will die on which day. */
import { readTerms } from "../access/policy-reading.ts";
import { setTerm } from "../access/retention.ts";
import type { ShownTerm } from "../access/retention.ts";
import { say } from "../rules/catalogue.ts";
import type { Language } from "../rules/catalogue.ts";
import { RETENTION } from "../rules/retention.ts";
import { PLAN_DAYS_MAX, retentionPlan } from "../vault/retention-plan.ts";
import type { RetentionPlan } from "../vault/retention-plan.ts";
import { acting } from "./acting.ts";
import { typed } from "./command.ts";
import type { CommandGroup } from "./command.ts";
import { languageOf, print, printEntry, printJson, wholeOption } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";

interface ShowOptions extends SharedOptions {
  readonly for?: string;
}

interface SetOptions extends SharedOptions {
  readonly days: string;
  readonly for?: string;
  readonly reason: string;
}

interface PlanOptions extends SharedOptions {
  readonly days: string;
}

const TERM_DAYS_MAX = 36_500;

function termLine(language: Language, term: ShownTerm): string {
  const { class: name, days, floorDays: floor, ceilingDays: ceiling, source, force } = term;
  return say(language, "retention.row", {
    class: name,
    days,
    floor,
    ceiling,
    name: RETENTION[name][language],
    source: `${source.instrument} ${source.version} ${source.article}`,
    force: say(language, `retention.force.${force}`),
  });
}

async function runShow(context: CliContext, options: ShowOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  const asked = { organisation: options.for ?? null, actor: await acting(context, vault) };
  const terms = await readTerms(vault, asked);
  if (options.json === true) {
    printJson(context, { terms });
    return 0;
  }
  const language = languageOf(context, options);
  for (const term of terms) print(context, termLine(language, term));
  return 0;
}

async function runSet(context: CliContext, name: string, options: SetOptions): Promise<ExitCode> {
  const days = wholeOption("--days", options.days, { min: 0, max: TERM_DAYS_MAX });
  await using vault = await context.openVault();
  const { reason } = options;
  const organisation = options.for ?? null;
  const changed = await setTerm(vault, {
    class: name,
    days,
    organisation,
    reason,
    actor: await acting(context, vault),
  });
  if (options.json === true) {
    printJson(context, changed);
    return 0;
  }
  const language = languageOf(context, options);
  const { version } = changed.term;
  print(context, say(language, "retention.changed", { class: name, days, version }));
  printEntry(context, language, changed.entry);
  return 0;
}

function planLines(language: Language, plan: RetentionPlan): string[] {
  return [
    ...plan.overdue.map((row) => say(language, "retention.plan.overdue", { ...row })),
    ...plan.persons.map((row) => say(language, "retention.plan.persons", { ...row })),
    ...plan.indexWeeks.map((day) => say(language, "retention.plan.index", { day })),
    ...plan.access.map((row) => say(language, "retention.plan.access", { ...row })),
    ...plan.shellWeeks.map((day) => say(language, "retention.plan.shell", { day })),
    ...plan.holds.map((row) => say(language, "retention.plan.hold", { ...row })),
    ...plan.intake.map((row) => say(language, "retention.plan.intake", { ...row })),
    ...plan.seasonKeys.map(({ day, season }) =>
      say(language, "retention.plan.season", { day, season: season.replace("season-", "") }),
    ),
    ...plan.tenantKeys.map(({ day, use, number }) =>
      say(language, "retention.plan.tenantKey", {
        day,
        use: say(language, `keys.use.${use}`),
        number,
      }),
    ),
  ];
}

async function runPlan(context: CliContext, options: PlanOptions): Promise<ExitCode> {
  const days = wholeOption("--days", options.days, { min: 0, max: PLAN_DAYS_MAX });
  await using vault = await context.openVault();
  const plan = await retentionPlan(vault, days);
  if (options.json === true) {
    printJson(context, plan);
    return 0;
  }
  const language = languageOf(context, options);
  const lines = planLines(language, plan);
  print(context, say(language, "retention.plan.head", { from: plan.from, to: plan.to }));
  if (lines.length === 0) print(context, say(language, "retention.plan.none"));
  for (const line of lines) print(context, `  ${line}`);
  return 0;
}

const FOR = { flags: "--for <branch>", text: "cli.retention.for" } as const;

export const RETENTION_COMMANDS: CommandGroup = {
  name: "retention",
  text: "cli.retention",
  commands: [
    typed<ShowOptions>({
      usage: "show",
      text: "cli.retention.show",
      options: [FOR],
      run: async (context, _words, options) => runShow(context, options),
    }),
    typed<SetOptions>({
      usage: "set <class>",
      text: "cli.retention.set",
      options: [
        { flags: "--days <number>", text: "cli.retention.days", required: true },
        FOR,
        { flags: "--reason <text>", text: "cli.retention.reason", required: true },
      ],
      run: async (context, [name = ""], options) => runSet(context, name, options),
    }),
    typed<PlanOptions>({
      usage: "plan",
      text: "cli.retention.plan",
      options: [{ flags: "--days <number>", text: "cli.retention.plan.days", unset: "30" }],
      run: async (context, _words, options) => runPlan(context, options),
    }),
  ],
};
