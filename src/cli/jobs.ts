/** `midan jobs run`: what runs on a clock. */
import { JOBS } from "../jobs/job.ts";
import { runJobs, runJobsUntil } from "../jobs/run.ts";
import type { JobOutcome } from "../jobs/run.ts";
import { say } from "../rules/catalogue.ts";
import { typed } from "./command.ts";
import type { CommandGroup } from "./command.ts";
import { languageOf, print, printJson, wholeOption } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";

interface RunOptions extends SharedOptions {
  readonly once?: boolean;
  readonly everyMinutes: string;
  readonly allowClock?: boolean;
}

const MINUTE_MS = 60_000;
const EVERY_MINUTES_MAX = 1440;

function tell(context: CliContext, options: RunOptions, outcomes: JobOutcome[] | null): void {
  if (options.json === true) {
    printJson(context, { ran: outcomes !== null, jobs: outcomes ?? [] });
    return;
  }
  const language = languageOf(context, options);
  if (outcomes === null) print(context, say(language, "jobs.elsewhere"));
  for (const { name, done, failure } of outcomes ?? []) {
    const what = JOBS.find((job) => job.name === name)?.[language] ?? name;
    const row = { what, done, failure: failure ?? "" };
    print(context, say(language, failure === null ? "jobs.done" : "jobs.failed", row));
  }
}

async function runOnce(context: CliContext, options: RunOptions): Promise<ExitCode> {
  await using vault = await context.openVault({ clockTrusted: options.allowClock === true });
  const outcomes = await runJobs(vault);
  tell(context, options, outcomes);
  return (outcomes ?? []).some(({ failure }) => failure !== null) ? 1 : 0;
}

async function runForever(context: CliContext, options: RunOptions): Promise<ExitCode> {
  const bounds = { min: 1, max: EVERY_MINUTES_MAX };
  const everyMs = wholeOption("--every-minutes", options.everyMinutes, bounds) * MINUTE_MS;
  await using vault = await context.openVault();
  const ending = new AbortController();
  const end = (): void => ending.abort();
  process.once("SIGINT", end).once("SIGTERM", end);
  try {
    const told = (outcomes: JobOutcome[] | null): void => tell(context, options, outcomes);
    await runJobsUntil(vault, { everyMs, signal: ending.signal, told });
  } finally {
    process.removeListener("SIGINT", end).removeListener("SIGTERM", end);
  }
  return 0;
}

export const JOBS_COMMANDS: CommandGroup = {
  name: "jobs",
  text: "cli.jobs",
  commands: [
    typed<RunOptions>({
      usage: "run",
      text: "cli.jobs.run",
      options: [
        { flags: "--once", text: "cli.jobs.once" },
        { flags: "--every-minutes <number>", text: "cli.jobs.every", unset: "15" },
        { flags: "--allow-clock", text: "cli.shred.clock" },
      ],
      run: async (context, _words, options) =>
        options.once === true ? runOnce(context, options) : runForever(context, options),
    }),
  ],
};
