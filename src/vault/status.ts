/** Status: counts, days, sizes, health. Opens nothing. */
import { isRotationDue } from "../keystore/rotation.ts";
import { dayOf, daysBetween, minuteOf } from "../rules/calendar.ts";
import { lifeStateOn } from "../rules/retention.ts";
import { QUEUE_WAIT_SECONDS_MAX, countLeaves } from "../store/audit-leaf.ts";
import { countCompartments } from "../store/compartment.ts";
import { queueState, readHead } from "../store/log.ts";
import type { LogId } from "../store/log.ts";
import { tableSizes } from "../store/partition.ts";
import { connected } from "../store/pool.ts";
import type { JobRunRow } from "../store/job-run.ts";
import type { Connection } from "../store/query.ts";
import { tallyShells } from "../store/shell-tally.ts";
import { countByState } from "../store/shell.ts";
import { serverVersion } from "../store/server-version.ts";
import { witnessClock } from "./clock.ts";
import { jobRuns } from "./job-record.ts";
import { livingIn, tally } from "./tally.ts";
import type { Vault } from "./vault.ts";

/**
 * Persons past their day whose keys live, a key generation that should have been replaced, jobs
 * that failed or stopped, a clock that jumped, leaves that wait too long for the log, a sequencer
 * that refuses to go on.
 */
export type Attention =
  | "shred-due"
  | "rotation-due"
  | "jobs-failed"
  | "jobs-late"
  | "clock"
  | "log-late"
  | "log-stopped";

export interface Status {
  /** All of which a shell is left. What was erased is dead; what a hold keeps lives. */
  readonly waybills: {
    readonly total: number;
    readonly live: number;
    readonly closing: number;
    readonly dead: number;
  };
  readonly compartments: {
    readonly total: number;
    readonly destroyed: number;
    readonly due: number;
  };
  readonly nextDayOfDeath: string | null;
  readonly leaves: number;
  /** The log: leaves with an index, leaves that wait, and what stops it, if anything. */
  readonly log: {
    readonly origin: string | null;
    readonly size: number;
    readonly waiting: number;
    readonly oldestSeconds: number;
    readonly failure: string | null;
    readonly witnessed: { readonly cosigned: number; readonly witnesses: number };
  };
  readonly database: {
    readonly version: string;
    readonly bytes: number;
    readonly tables: Readonly<Record<string, number>>;
  };
  /** The last run of each job; empty where the jobs never ran. */
  readonly jobs: readonly {
    readonly name: string;
    readonly endedAt: string;
    readonly done: number;
    readonly failure: string | null;
  }[];
  /** Waybills of all tenants whose keys a hold keeps. */
  readonly holds: number;
  /** What a person has to see to; empty when all is well. */
  readonly attention: readonly Attention[];
  readonly keyStore: { readonly bytes: number; readonly generationAgeDays: number };
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

async function databaseStatus(connection: Connection, log: LogId) {
  const sizes = await tableSizes(connection);
  return {
    shells: await countByState(connection),
    compartments: await countCompartments(connection),
    leaves: await countLeaves(connection),
    head: await readHead(connection, log),
    queue: await queueState(connection, log),
    version: await serverVersion(connection),
    tables: Object.fromEntries(sizes.map(({ table, bytes }) => [table, bytes])),
  };
}

/** Waybills whose compartment is destroyed and which a hold keeps. */
async function countOutliving(vault: Vault): Promise<number> {
  const outliving = (await vault.keys.held()).filter(({ isDestroyed }) => isDestroyed);
  const kept = new Map(outliving.map(({ record, slots }) => [record.serial, slots] as const));
  const tallies = await connected(vault.database, async (connection) =>
    tallyShells(connection, [...kept.keys()], { erased: new Map(), kept }),
  );
  return sum([...tallies.values()].map((one) => one.kept));
}

async function livingStatus(vault: Vault) {
  const today = dayOf(vault.now(), vault.timeZone);
  const records = await vault.keys.list();
  const serials = records.map((record) => record.serial);
  const tallies = await connected(vault.database, async (connection) =>
    tally(vault, connection, serials),
  );
  const states = records.map((record) => ({
    state: lifeStateOn(today, record.dayOfDeath),
    waybills: livingIn(tallies, record.serial),
  }));
  const closing = states.filter(({ state }) => state === "closing");
  return {
    waybills: sum(states.map(({ waybills }) => waybills)) + (await countOutliving(vault)),
    closing: sum(closing.map(({ waybills }) => waybills)),
    due: states.filter(({ state }) => state === "due").length,
  };
}

function logAttention(log: Status["log"]): Attention[] {
  if (log.oldestSeconds > QUEUE_WAIT_SECONDS_MAX) return ["log-late"];
  return log.failure === null ? [] : ["log-stopped"];
}

const JOBS_LATE_MS = 26 * 60 * 60 * 1000;

function jobAttention(runs: readonly JobRunRow[], now: Date): Attention[] {
  if (runs.length === 0) return [];
  const newest = Math.max(...runs.map(({ endedAt }) => endedAt.getTime()));
  return [
    ...(runs.some(({ failure }) => failure !== null) ? (["jobs-failed"] as const) : []),
    ...(now.getTime() - newest > JOBS_LATE_MS ? (["jobs-late"] as const) : []),
  ];
}

async function attentionOf(
  vault: Vault,
  found: { readonly due: number; readonly runs: readonly JobRunRow[] },
): Promise<Attention[]> {
  const isRotationLate = isRotationDue(vault.keys.generationMadeAt, vault.now());
  const isClockOff = !vault.clockTrusted && !(await witnessClock(vault));
  return [
    ...(found.due > 0 ? (["shred-due"] as const) : []),
    ...(isRotationLate ? (["rotation-due"] as const) : []),
    ...jobAttention(found.runs, vault.now()),
    ...(isClockOff ? (["clock"] as const) : []),
  ];
}

/** Slots that the key store keeps past their day, or would, of all tenants. */
async function countStandingHolds(vault: Vault): Promise<number> {
  return sum((await vault.keys.held()).map(({ slots }) => slots.length));
}

/** The last runs as `status` tells them, in local minutes. */
function toldRuns(vault: Vault, runs: readonly JobRunRow[]): Status["jobs"] {
  return runs.map(({ name, endedAt, done, failure }) => ({
    name,
    endedAt: minuteOf(endedAt, vault.timeZone),
    done,
    failure,
  }));
}

type DatabaseStatus = Awaited<ReturnType<typeof databaseStatus>>;

function logStatus({ log }: Vault, { head, queue }: DatabaseStatus): Status["log"] {
  return {
    origin: head?.origin ?? null,
    size: head?.size ?? 0,
    waiting: queue.leaves,
    oldestSeconds: queue.oldestSeconds,
    failure: log.keeper.failure,
    witnessed: log.keeper.witnessed,
  };
}

async function keyStoreStatus({ keys, timeZone, now }: Vault): Promise<Status["keyStore"]> {
  const madeOn = dayOf(keys.generationMadeAt, timeZone);
  return {
    bytes: await keys.sizeBytes(),
    generationAgeDays: daysBetween(madeOn, dayOf(now(), timeZone)),
  };
}

/** Reads every shell once to count them; takes about a second for each million. */
export async function status(vault: Vault): Promise<Status> {
  const found = await connected(vault.database, async (connection) =>
    databaseStatus(connection, vault.log.id),
  );
  const living = await livingStatus(vault);
  const runs = await jobRuns(vault);
  const holds = await countStandingHolds(vault);
  const total = sum(found.shells.values());
  const { live, closing, destroyed, nextDeath } = found.compartments;
  const log = logStatus(vault, found);
  return {
    waybills: {
      total,
      live: living.waybills - living.closing,
      closing: living.closing,
      dead: total - living.waybills,
    },
    compartments: { total: live + closing + destroyed, destroyed, due: living.due },
    nextDayOfDeath: nextDeath,
    leaves: sum(found.leaves.values()),
    log,
    database: {
      version: found.version,
      bytes: sum(Object.values(found.tables)),
      tables: found.tables,
    },
    jobs: toldRuns(vault, runs),
    holds,
    attention: [...(await attentionOf(vault, { due: living.due, runs })), ...logAttention(log)],
    keyStore: await keyStoreStatus(vault),
  };
}
