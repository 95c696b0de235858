/**
 * One pass over all jobs, by one process at a time however many servers there are. A job that fails
 * is recorded and does not stop the others.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { isFailure } from "../rules/failure.ts";
import { witnessClock } from "../vault/clock.ts";
import { asJobRunner, keepJobRun } from "../vault/job-record.ts";
import type { Vault } from "../vault/vault.ts";
import { JOBS } from "./job.ts";
import type { JobRow } from "./job.ts";

export interface JobOutcome {
  readonly name: JobRow["name"];
  readonly done: number;
  /** Code of the failure that ended it, or null. */
  readonly failure: string | null;
}

async function outcomeOf(vault: Vault, job: JobRow): Promise<JobOutcome> {
  try {
    return { name: job.name, done: await job.run(vault), failure: null };
  } catch (error) {
    // A fault of the program ends the run; what a store or a brake says is for the next pass.
    if (!isFailure(error)) throw error;
    return { name: job.name, done: 0, failure: error.code };
  }
}

async function runJob(vault: Vault, job: JobRow): Promise<JobOutcome> {
  const beganAt = vault.now();
  const outcome = await outcomeOf(vault, job);
  await keepJobRun(vault, { ...outcome, beganAt, endedAt: vault.now() });
  return outcome;
}

/**
 * Runs every job once, in order; null when another runner is at it. Throws when the database cannot
 * be reached, or a fault of the program itself.
 */
export async function runJobs(vault: Vault): Promise<JobOutcome[] | null> {
  return asJobRunner(vault, async () => {
    if (!vault.clockTrusted) await witnessClock(vault);
    const outcomes: JobOutcome[] = [];
    for (const job of JOBS) outcomes.push(await runJob(vault, job));
    return outcomes;
  });
}

/** Runs the jobs again and again, `everyMs` apart, until `signal` is aborted. */
export async function runJobsUntil(
  vault: Vault,
  options: {
    readonly everyMs: number;
    readonly signal: AbortSignal;
    readonly told: (outcomes: JobOutcome[] | null) => void;
  },
): Promise<void> {
  const { everyMs, signal, told } = options;
  while (!signal.aborted) {
    told(await runJobs(vault));
    // An aborted sleep is the end that was asked for.
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
}
