/** What a supervisor draws curves of: small counts that are cheap to ask for again and again. */
import { queueState } from "../store/log.ts";
import { connected } from "../store/pool.ts";
import { jobRuns } from "./job-record.ts";
import { readiness } from "./readiness.ts";
import type { Readiness } from "./readiness.ts";
import type { Vault } from "./vault.ts";

export interface VaultFigures {
  readonly parts: Readiness;
  /** Leaves of the log that wait for an index, and for how long the oldest has; null: unknown. */
  readonly log: { readonly waiting: number; readonly oldestSeconds: number } | null;
  /** Since the oldest key was made under which the key store is wrapped. */
  readonly generationAgeSeconds: number;
  /** The last run of each job; empty where the jobs never ran, or the database is away. */
  readonly jobs: readonly {
    readonly name: string;
    readonly endedAt: Date;
    readonly isFailed: boolean;
  }[];
}

/** Asks for all of them; what cannot be had is said so, and nothing is thrown. */
export async function vaultFigures(vault: Vault): Promise<VaultFigures> {
  const parts = await readiness(vault);
  const isThere = parts.database === "ok";
  const queue = isThere
    ? await connected(vault.database, async (connection) =>
        queueState(connection, vault.log.id),
      ).catch(() => null)
    : null;
  const runs = isThere ? await jobRuns(vault).catch(() => []) : [];
  return {
    parts,
    log: queue === null ? null : { waiting: queue.leaves, oldestSeconds: queue.oldestSeconds },
    generationAgeSeconds: (vault.now().getTime() - vault.keys.generationMadeAt.getTime()) / 1000,
    jobs: runs.map(({ name, endedAt, failure }) => {
      return { name, endedAt, isFailed: failure !== null };
    }),
  };
}
