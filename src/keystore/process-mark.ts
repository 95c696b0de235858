/**
 * Which process is meant: its number alone is not enough, because numbers are used again. Together
 * with the moment at which it started it names one process until the machine is started again.
 */
import { readFileSync } from "node:fs";

export interface ProcessMark {
  readonly pid: number;
  /** Start time in clock ticks since boot, field 22 of /proc/PID/stat; "" where there is no /proc. */
  readonly started: string;
}

const START_TIME_FIELD = 19;

function startedOf(pid: number): string | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return null;
  }
  // The second field is the command in brackets and may hold blanks; count from behind it.
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[START_TIME_FIELD] ?? null;
}

/** The mark of this process. */
export function ownMark(): ProcessMark {
  return { pid: process.pid, started: startedOf(process.pid) ?? "" };
}

/** Whether the marked process still runs on this machine. */
export function isAlive(mark: ProcessMark): boolean {
  if (mark.started !== "") return startedOf(mark.pid) === mark.started;
  try {
    process.kill(mark.pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Reads a mark out of parsed JSON; null when it is none. */
export function parseMark(value: unknown): ProcessMark | null {
  if (typeof value !== "object" || value === null) return null;
  const { pid, started } = value as { pid?: unknown; started?: unknown };
  if (!Number.isSafeInteger(pid) || typeof started !== "string") return null;
  // isSafeInteger has shown that it is a number.
  return { pid: pid as number, started };
}
