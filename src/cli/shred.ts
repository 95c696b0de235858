/** `midan shred`: destroys what is due, or lists what would be. */
import { todayAt } from "../access/desk.ts";
import { say } from "../rules/catalogue.ts";
import type { Language } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import { requireNoBrake, shred } from "../vault/shred.ts";
import type { ShredReport } from "../vault/shred.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { languageOf, print, printJson, requiredDay } from "./context.ts";

export interface ShredOptions extends SharedOptions {
  readonly due?: boolean;
  readonly on?: string;
  readonly dryRun?: boolean;
  readonly allowShare?: string;
  readonly allowClock?: boolean;
}

const SHARE_PERCENT = /^\d{1,3}$/;

function shareOf(options: ShredOptions): number | null {
  if (options.allowShare === undefined) return null;
  const percent = SHARE_PERCENT.test(options.allowShare) ? Number(options.allowShare) : Number.NaN;
  if (!(percent >= 1 && percent <= 100)) throw new Failure("USAGE", { option: "--allow-share" });
  return percent;
}

export async function runShred(context: CliContext, options: ShredOptions): Promise<ExitCode> {
  if (options.due !== true) throw new Failure("USAGE", { option: "--due" });
  const asked = options.on === undefined ? null : requiredDay(options.on, "--on");
  await using vault = await context.openVault({ clockTrusted: options.allowClock === true });
  const on = asked ?? todayAt(vault);
  const dryRun = options.dryRun === true;
  const report = await shred(vault, { on, dryRun, sharePercentMax: shareOf(options) });
  if (options.json === true) printJson(context, report);
  else printReport(context, languageOf(context, options), report);
  requireNoBrake(report);
  return 0;
}

function printReport(context: CliContext, language: Language, report: ShredReport): void {
  const { compartments, waybills, dryRun, waiting } = report;
  const { compartments: late, waybills: left } = waiting;
  if (late > 0) print(context, say(language, "shred.waiting", { late, left }));
  if (compartments.length === 0) {
    print(context, say(language, "shred.none"));
    return;
  }
  for (const { serial, dayOfDeath, waybills: count } of compartments) {
    print(
      context,
      say(language, "shred.row", { compartment: serial, day: dayOfDeath, waybills: count }),
    );
  }
  const key = dryRun ? "shred.would" : "shred.did";
  print(context, say(language, key, { compartments: compartments.length, waybills }));
  if (!dryRun) print(context, say(language, "shred.bound"));
}
