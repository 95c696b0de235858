/** `midan quota`: how much was looked at, where it leads to, and raises with four eyes. */
import { quotaOverview } from "../access/quota.ts";
import type { QuotaOverview, ShownQuota } from "../access/quota.ts";
import { approveRaise, askQuotaRaise } from "../access/quota-raise.ts";
import { minuteOf } from "../rules/calendar.ts";
import { say } from "../rules/catalogue.ts";
import type { Language } from "../rules/catalogue.ts";
import {
  QUOTA_RAISE_EXTRA_MAX,
  QUOTA_RAISE_HOURS_MAX,
  QUOTA_SCOPES,
  QUOTA_SPANS,
} from "../rules/quota.ts";
import { acting } from "./acting.ts";
import { typed } from "./command.ts";
import type { CommandGroup } from "./command.ts";
import { languageOf, print, printEntry, printJson, wholeOption } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";

interface RaiseOptions extends SharedOptions {
  readonly key?: string;
  readonly extra: string;
  readonly hours: string;
  readonly reason: string;
}

interface Reading {
  readonly language: Language;
  readonly timeZone: string;
}

function named({ language }: Reading, row: Pick<ShownQuota, "scope" | "key" | "span">) {
  const { scope, key, span } = row;
  return { scope: QUOTA_SCOPES[scope][language], key, span: QUOTA_SPANS[span][language] };
}

function counterLine(reading: Reading, row: ShownQuota): string {
  const { spent, limit, endsAt } = row;
  const until = minuteOf(endsAt, reading.timeZone);
  return say(reading.language, "quota.row", { ...named(reading, row), spent, limit, until });
}

function forecastLine(reading: Reading, row: ShownQuota): string {
  const { limit, forecast } = row;
  const { language, timeZone } = reading;
  const words = { ...named(reading, row), limit, atEnd: forecast.atEnd };
  const line = say(language, "quota.forecast.row", words);
  const { reachedAt } = forecast;
  if (reachedAt === null) return line;
  return line + say(language, "quota.forecast.reached", { at: minuteOf(reachedAt, timeZone) });
}

function standingLines({ language, timeZone }: Reading, overview: QuotaOverview): string[] {
  const raises = overview.raises.map((raise) => {
    const until = raise.approved === null ? null : minuteOf(raise.approved.until, timeZone);
    const state =
      until === null
        ? say(language, "quota.raise.waiting")
        : say(language, "quota.raise.until", { until });
    const { id, extra, hours, reason } = raise;
    const words = { ...named({ language, timeZone }, raise), id, extra, hours, reason, state };
    return say(language, "quota.raise.row", words);
  });
  const alarms = overview.alarms.map(({ onDay: day, actor, step }) =>
    say(language, "quota.alarm.row", { day, actor, step }),
  );
  return [...raises, ...alarms];
}

async function runShow(
  context: CliContext,
  options: SharedOptions,
  what: "show" | "forecast",
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const overview = await quotaOverview(vault, await acting(context, vault));
  if (options.json === true) {
    printJson(context, overview);
    return 0;
  }
  const reading = { language: languageOf(context, options), timeZone: vault.timeZone };
  const { counters } = overview;
  if (counters.length === 0) print(context, say(reading.language, "quota.none"));
  const line = what === "show" ? counterLine : forecastLine;
  for (const row of counters) print(context, line(reading, row));
  if (what === "show") for (const text of standingLines(reading, overview)) print(context, text);
  return 0;
}

async function runRaise(
  context: CliContext,
  [scope = "", span = ""]: readonly string[],
  options: RaiseOptions,
): Promise<ExitCode> {
  const extra = wholeOption("--extra", options.extra, { min: 1, max: QUOTA_RAISE_EXTRA_MAX });
  const hours = wholeOption("--hours", options.hours, { min: 1, max: QUOTA_RAISE_HOURS_MAX });
  await using vault = await context.openVault();
  const actor = await acting(context, vault);
  const { key = null, reason } = options;
  const raise = await askQuotaRaise(vault, { scope, key, span, extra, hours, reason, actor });
  if (options.json === true) printJson(context, { raise });
  else print(context, say(languageOf(context, options), "quota.asked", { id: raise.id }));
  return 0;
}

async function runApprove(
  context: CliContext,
  id: string,
  options: SharedOptions,
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const approved = await approveRaise(vault, { id, actor: await acting(context, vault) });
  if (options.json === true) {
    printJson(context, approved);
    return 0;
  }
  const language = languageOf(context, options);
  const until = approved.raise.approved?.until ?? vault.now();
  print(context, say(language, "quota.approved", { until: minuteOf(until, vault.timeZone) }));
  printEntry(context, language, approved.entry);
  return 0;
}

export const QUOTA: CommandGroup = {
  name: "quota",
  text: "cli.quota",
  commands: [
    typed<SharedOptions>({
      usage: "show",
      text: "cli.quota.show",
      options: [],
      run: async (context, _words, options) => runShow(context, options, "show"),
    }),
    typed<SharedOptions>({
      usage: "forecast",
      text: "cli.quota.forecast",
      options: [],
      run: async (context, _words, options) => runShow(context, options, "forecast"),
    }),
    typed<RaiseOptions>({
      usage: "raise <scope> <span>",
      text: "cli.quota.raise",
      options: [
        { flags: "--key <key>", text: "cli.quota.key" },
        { flags: "--extra <number>", text: "cli.quota.extra", required: true },
        { flags: "--hours <hours>", text: "cli.quota.hours", required: true },
        { flags: "--reason <text>", text: "cli.quota.reason", required: true },
      ],
      run: runRaise,
    }),
    typed<SharedOptions>({
      usage: "approve <id>",
      text: "cli.quota.approve",
      options: [],
      run: async (context, [id = ""], options) => runApprove(context, id, options),
    }),
  ],
};
