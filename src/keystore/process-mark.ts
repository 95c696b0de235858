/**
 * Which process is meant: its number alone is not enough, because numbers are used again. Together
 * with the moment at which it started and the boot of the machine it names one process for good.
 * Processes that share a key store must see each other under /proc: one machine, one container.
 */
import { readFileSync } from "node:fs";

export interface ProcessMark {
  readonly pid: number;
  /**
   * Start time in clock ticks since boot (field 22 of /proc/PID/stat), a dot, and the first eight
   * characters of the boot's id; "" where there is no /proc.
   */
  readonly started: string;
}

const START_TIME_FIELD = 19;
const BOOT_ID_CHARACTERS = 8;

function readText(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

const bootId = readText("/proc/sys/kernel/random/boot_id")?.slice(0, BOOT_ID_CHARACTERS) ?? "";

function startedOf(pid: number): string | null {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The second field is the command in brackets and may hold blanks; count from behind it.
  const ticks = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[START_TIME_FIELD];
  return ticks === undefined ? null : `${ticks}.${bootId}`;
}

/** The mark of this process. */
export function ownMark(): ProcessMark {
  return { pid: process.pid, started: startedOf(process.pid) ?? "" };
}

/** Whether two marks name one process. */
export function isSame(mark: ProcessMark, other: ProcessMark): boolean {
  return mark.pid === other.pid && mark.started === other.started;
}

/**
 * Whether the marked process still runs on this machine. Processes that cannot see each other
 * (other machines, other PID namespaces) look dead to each other: they must not share a key store.
 */
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
