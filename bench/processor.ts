/**
 * What a side costs in processor time, which a busy machine distorts less than the clock: of this
 * process with all its threads, and of the embedded server with all its processes.
 */
import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";
import { connected } from "../src/store/pool.ts";
import type { Database } from "../src/store/pool.ts";
import { query } from "../src/store/query.ts";
import { wholeNumber } from "../src/store/row.ts";

/** Processor seconds, user and system together. */
export interface ProcessorTime {
  readonly node: number;
  readonly server: number;
}

/** `sysconf(_SC_CLK_TCK)` is 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
/** Fields of /proc/PID/stat behind the name of the program (proc_pid_stat(5)), from 0. */
const FIELD = { parent: 1, user: 11, system: 12, childUser: 13, childSystem: 14 };

interface ProcessStat {
  readonly parent: number;
  readonly ownTicks: number;
  /** Of children that have ended and were waited for. */
  readonly endedTicks: number;
}

function statOf(pid: string): ProcessStat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const number = (at: number): number => Number(fields[at]);
    return {
      parent: number(FIELD.parent),
      ownTicks: number(FIELD.user) + number(FIELD.system),
      endedTicks: number(FIELD.childUser) + number(FIELD.childSystem),
    };
  } catch {
    // It ended while we looked.
    return null;
  }
}

/** The first process of the server, which is the parent of the one that answers us. */
export async function postmasterOf(database: Database): Promise<number> {
  const [row = {}] = await connected(database, async (connection) =>
    query(connection, { text: "select pg_backend_pid() as pid" }),
  );
  const backend = statOf(String(wholeNumber(row, "pid")));
  if (backend === null) throw new RangeError("the server is not on this machine");
  return backend.parent;
}

function serverTicks(postmaster: number): number {
  const own = statOf(String(postmaster));
  let ticks = own === null ? 0 : own.ownTicks + own.endedTicks;
  for (const name of readdirSync("/proc")) {
    const stat = /^\d+$/u.test(name) ? statOf(name) : null;
    if (stat?.parent === postmaster) ticks += stat.ownTicks;
  }
  return ticks;
}

/** Processor seconds that one process has used, without its children. */
export function secondsOf(pid: number): number {
  return (statOf(String(pid))?.ownTicks ?? 0) / TICKS_PER_SECOND;
}

/** What was used since the start; take two and subtract. */
export function processorTime(postmaster: number): ProcessorTime {
  const { user, system } = process.cpuUsage();
  return {
    node: (user + system) / 1_000_000,
    server: serverTicks(postmaster) / TICKS_PER_SECOND,
  };
}

/** Processes whose parent is `pid`. */
export function childrenOf(pid: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/u.test(name) && statOf(name)?.parent === pid)
    .map(Number);
}

const NANOSECONDS_PER_MS = 1_000_000;

function tasksOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((task) => `/proc/${pid}/task/${task}/schedstat`);
  } catch {
    return [];
  }
}

/** Time on a processor, to the nanosecond (Documentation/scheduler/sched-stats.rst of Linux). */
function onProcessorMs(file: string): number {
  try {
    const [nanoseconds = "0"] = readFileSync(file, "latin1").split(" ");
    return Number(nanoseconds) / NANOSECONDS_PER_MS;
  } catch {
    return 0;
  }
}

/** Milliseconds on a processor of these processes with all their threads, as far as they live. */
export function processorMs(pids: readonly number[]): number {
  const files = pids.flatMap(tasksOf);
  return files.reduce((sum, file) => sum + onProcessorMs(file), 0);
}
