/** `midan sweep plan|run|verify`: readable personal data in an old table of another system. */
import { addDays, dayOf } from "../rules/calendar.ts";
import { say } from "../rules/catalogue.ts";
import type { Language } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import { profileOf } from "../privacy/mask-profile.ts";
import { openOutside } from "../sweep/outside.ts";
import type { Vacuum } from "../sweep/follow-up.ts";
import { remainsTexts } from "../sweep/remains-text.ts";
import type { SweepReport } from "../sweep/run.ts";
import { runSweep } from "../sweep/run.ts";
import { OBSTACLES } from "../sweep/survey.ts";
import type { ObstacleKind } from "../sweep/survey.ts";
import type { Pace, SweepPlan } from "../sweep/tally.ts";
import { planSweep } from "../sweep/tally.ts";
import type { SweepTarget } from "../sweep/target.ts";
import { parseTarget } from "../sweep/target.ts";
import type { Veil } from "../sweep/veil.ts";
import { authorise } from "../access/authorise.ts";
import { writeSweepEntry } from "../vault/sweep-entry.ts";
import { acting } from "./acting.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { languageOf, print, printJson, printPair } from "./context.ts";
import { openProgress } from "./progress.ts";

export interface SweepCommandOptions extends SharedOptions {
  readonly url: string;
  readonly table: string;
  readonly columns: string;
  readonly key?: string;
  readonly olderThanDays?: string;
  readonly dateColumn?: string;
  readonly profile: string;
  readonly accept?: string;
  readonly chunkRows: string;
  readonly pauseMs: string;
  readonly vacuum?: string;
}

const STEPS = ["plan", "run", "verify"] as const;
const URL_SHAPE = /^postgres(?:ql)?:\/\//;
const WHOLE_NUMBER = /^\d{1,6}$/;
const VACUUMS: readonly Vacuum[] = ["none", "plain", "full"];

function whole(text: string, option: string): number {
  if (!WHOLE_NUMBER.test(text)) throw new Failure("USAGE", { option });
  return Number(text);
}

function beforeOf(options: SweepCommandOptions, now: Date): SweepTarget["before"] {
  const { olderThanDays, dateColumn } = options;
  if (olderThanDays === undefined && dateColumn === undefined) return null;
  if (olderThanDays === undefined) throw new Failure("USAGE", { option: "--older-than-days" });
  if (dateColumn === undefined) throw new Failure("USAGE", { option: "--date-column" });
  const days = whole(olderThanDays, "--older-than-days");
  return { column: dateColumn, day: addDays(dayOf(now), -days) };
}

function targetOf(options: SweepCommandOptions, now: Date): SweepTarget {
  const { table, columns, key } = options;
  const words = { table, columns, ...(key === undefined ? {} : { key }) };
  return parseTarget(words, beforeOf(options, now));
}

function isObstacleKind(word: string): word is ObstacleKind {
  return Object.hasOwn(OBSTACLES, word);
}

function acceptedOf({ accept }: SweepCommandOptions): ReadonlySet<ObstacleKind> {
  const words = accept === undefined ? [] : accept.split(",").map((word) => word.trim());
  const kinds = words.filter(isObstacleKind).filter((kind) => OBSTACLES[kind].acceptable);
  if (kinds.length !== words.length) throw new Failure("USAGE", { option: "--accept" });
  return new Set(kinds);
}

function vacuumOf({ vacuum = "none" }: SweepCommandOptions): Vacuum {
  const found = VACUUMS.find((known) => known === vacuum);
  if (found === undefined) throw new Failure("USAGE", { option: "--vacuum" });
  return found;
}

function paceOf(options: SweepCommandOptions): Pace {
  return {
    chunkRows: whole(options.chunkRows, "--chunk-rows"),
    pauseMs: whole(options.pauseMs, "--pause-ms"),
  };
}

function printPlan(context: CliContext, language: Language, plan: SweepPlan): void {
  const { rows, readableRows, undatedRows, columns, obstacles } = plan;
  printPair(context, language, { key: "sweep.rows", value: String(rows) });
  printPair(context, language, { key: "sweep.readableRows", value: String(readableRows) });
  if (undatedRows > 0) {
    printPair(context, language, { key: "sweep.undated", value: String(undatedRows) });
  }
  for (const { name, filled, readable } of columns) {
    print(context, `  ${say(language, "sweep.column", { name, filled, readable })}`);
  }
  for (const { kind, name } of obstacles) {
    const key = OBSTACLES[kind].acceptable ? "sweep.acceptable" : "sweep.obstacle";
    print(context, `  ${say(language, key, { kind, name })}`);
  }
  if (readableRows === 0) print(context, say(language, "sweep.clean"));
}

function printReport(context: CliContext, language: Language, report: SweepReport): void {
  const { maskedRows, leftRows, chunks, entry, columns, resumed } = report;
  print(context, say(language, "sweep.done", { rows: maskedRows, chunks, entry }));
  if (resumed) print(context, say(language, "sweep.resumed"));
  for (const { name, masked, left } of columns) {
    const swept = { name, before: masked + left, after: left };
    print(context, `  ${say(language, "sweep.swept", swept)}`);
  }
  if (leftRows > 0) print(context, say(language, "sweep.left", { rows: leftRows }));
  print(context, say(language, "sweep.remains"));
  for (const texts of remainsTexts(report)) print(context, `  - ${texts[language]}`);
}

interface Asked {
  readonly options: SweepCommandOptions;
  readonly veil: Veil;
  readonly pace: Pace;
}

async function count(context: CliContext, { options, veil, pace }: Asked): Promise<SweepPlan> {
  const target = targetOf(options, new Date());
  const database = openOutside(options.url);
  try {
    const found = await planSweep(database, target, { veil, pace });
    if (options.json === true) printJson(context, found);
    else printPlan(context, languageOf(context, options), found);
    return found;
  } finally {
    await database.close();
  }
}

async function mask(context: CliContext, { options, veil, pace }: Asked): Promise<SweepReport> {
  const [accepted, vacuum] = [acceptedOf(options), vacuumOf(options)];
  await using vault = await context.openVault();
  const actor = await acting(context, vault);
  await authorise(vault, { actor, verb: "sweep" });
  const target = targetOf(options, vault.now());
  const database = openOutside(options.url);
  const progress = openProgress(context, languageOf(context, options), options.json !== true);
  progress.stage("sweep.progress");
  try {
    return await runSweep(database, target, {
      veil,
      pace: { ...pace, onRows: (rows) => progress.update(rows, null, rows) },
      accepted,
      vacuum,
      record: async (done) => writeSweepEntry(vault, actor, done),
    });
  } finally {
    progress.end();
    await database.close();
  }
}

/** Exit code 1: something is still readable, after `verify` or because others held it. */
export async function runSweepCommand(
  context: CliContext,
  step: string,
  options: SweepCommandOptions,
): Promise<ExitCode> {
  const known = STEPS.find((name) => name === step);
  if (known === undefined) throw new Failure("USAGE", { option: STEPS.join("|") });
  if (!URL_SHAPE.test(options.url)) throw new Failure("USAGE", { option: "--url" });
  const veil: Veil = { profile: profileOf(options.profile), gazetteer: context.gazetteer() };
  const asked: Asked = { options, veil, pace: paceOf(options) };
  if (known !== "run") {
    const { readableRows } = await count(context, asked);
    return known === "verify" && readableRows > 0 ? 1 : 0;
  }
  const report = await mask(context, asked);
  if (options.json === true) printJson(context, { ...report, remainsTexts: remainsTexts(report) });
  else printReport(context, languageOf(context, options), report);
  return report.leftRows > 0 ? 1 : 0;
}
