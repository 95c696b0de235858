/** What the jobs keep of themselves: who runs, and how the last run of each ended. */
import { asOnlyRunner } from "../store/exclusive.ts";
import { lastJobRuns, recordJobRun } from "../store/job-run.ts";
import type { JobRunRow } from "../store/job-run.ts";
import { connected } from "../store/pool.ts";
import type { Vault } from "./vault.ts";

/** Runs `work` unless a runner of another process or server is at it; null then. */
export async function asJobRunner<T>(vault: Vault, work: () => Promise<T>): Promise<T | null> {
  return asOnlyRunner(vault.database, work);
}

/** Keeps how the run of a job ended. */
export async function keepJobRun(vault: Vault, run: JobRunRow): Promise<void> {
  await connected(vault.database, async (connection) => recordJobRun(connection, run));
}

/** How the last run of each job ended, by name. */
export async function jobRuns(vault: Pick<Vault, "database">): Promise<JobRunRow[]> {
  return connected(vault.database, lastJobRuns);
}
