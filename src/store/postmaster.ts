/** The server's main process: is it there, start it, stop it. */

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { open, readFile, rename, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { constants } from "node:fs";
import { totalmem } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { spawnAs } from "./account.ts";
import type { Account } from "./account.ts";
import { HERE, SERVER_ENVIRONMENT } from "./cluster.ts";
import { identityArguments, isServerOf } from "./server-process.ts";
import { SERVER_PORT, settingArguments } from "./server-settings.ts";

/** The machine's memory, or the share of it that this process's group may use. */
function memoryBytes(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

const POLL_MS = 25;
const LOG_BYTES_MAX = 8 * 1024 * 1024;
const LOG_TAIL_BYTES = 4096;
const REASON_LENGTH_MAX = 300;

/* Both begin with the server's process id, and PostgreSQL believes both. */
const LOCK_NAMES = ["postmaster.pid", `.s.PGSQL.${SERVER_PORT}.lock`] as const;
type LockName = (typeof LOCK_NAMES)[number];

/* Above the largest process id that Linux can give out (PID_MAX_LIMIT, 2^22). */
const IMPOSSIBLE_PID = 4_194_305;

/* The directory is the server's: where root writes in it, no link of its may lead elsewhere. */
const READ_AND_WRITE = constants.O_RDWR | constants.O_NOFOLLOW;

/**
 * The process id of a living server of the data directory `directory`, or null. The file may be
 * left from a crash, and its number may belong to another program by now.
 */
export async function postmasterPid(directory: string): Promise<number | null> {
  const pid = await writtenPid(directory);
  return pid !== null && (await isServerOf(pid, directory)) ? pid : null;
}

async function writtenPid(
  directory: string,
  name: LockName = "postmaster.pid",
): Promise<number | null> {
  return pidIn(await readFile(join(directory, name), "utf8").catch(() => ""));
}

function pidIn(content: string): number | null {
  const pid = Number.parseInt(content.split("\n", 1)[0] ?? "", 10);
  return Number.isSafeInteger(pid) && pid > 1 ? pid : null;
}

/*
 * After a crash the number in the lock files may have been given to another program of ours (usual
 * in containers, where numbers are small), and PostgreSQL would take that for a running server. The
 * number is replaced, not the file removed, so that PostgreSQL still looks for backends that live
 * on.
 */
async function disownPid(directory: string, name: LockName): Promise<void> {
  const pid = await writtenPid(directory, name);
  if (pid === null || (await isServerOf(pid, directory))) return;
  const file = await open(join(directory, name), READ_AND_WRITE).catch(() => null);
  if (file === null) return;
  try {
    const content = await file.readFile("utf8");
    // A faster process may have started a server since; this is its file then, and in order.
    if (pidIn(content) !== pid) return;
    const rest = content.slice(content.indexOf("\n"));
    await file.truncate(0);
    await file.write(`${IMPOSSIBLE_PID}${rest}`, 0);
  } finally {
    await file.close();
  }
}

/** Where the next line of the log will stand, in bytes. */
export async function logEnd(path: string): Promise<number> {
  return stat(path).then(
    (info) => info.size,
    () => 0,
  );
}

async function openLog(path: string): Promise<FileHandle> {
  if ((await logEnd(path)) > LOG_BYTES_MAX) await rename(path, `${path}.1`);
  const file = await open(path, "a", 0o600);
  // When root comes by, the log stays with the owner of its directory, who starts the server next.
  const { uid, gid } = await stat(dirname(path));
  if (process.getuid?.() === 0) await file.chown(uid, gid);
  return file;
}

/** The last FATAL or PANIC that the log tells of from byte `from` on, cut to one short line. */
export async function reasonIn(logFile: string, from: number): Promise<string> {
  const file = await open(logFile, "r").catch(() => null);
  if (file === null) return "";
  try {
    const { size } = await file.stat();
    const tail = Buffer.alloc(Math.min(Math.max(size - from, 0), LOG_TAIL_BYTES));
    await file.read(tail, 0, tail.length, size - tail.length);
    const lines = tail.toString("utf8").split("\n");
    const last = lines.findLast((line) => /FATAL|PANIC|error while loading/.test(line)) ?? "";
    return last.slice(0, REASON_LENGTH_MAX);
  } finally {
    await file.close();
  }
}

export interface ServerPlace {
  readonly directory: string;
  readonly account: Account;
  readonly programs: string;
  readonly logFile: string;
}

/**
 * Starts a server in the background; it outlives this process. PostgreSQL itself sees to it that a
 * data directory has one server: of two starts at once, one exits.
 */
export async function startPostmaster(place: ServerPlace): Promise<ChildProcess> {
  for (const name of LOCK_NAMES) await disownPid(place.directory, name);
  const identity = await identityArguments(place.directory);
  const words = ["-D", HERE, ...settingArguments(memoryBytes()), ...identity];
  const log = await openLog(place.logFile);
  try {
    const child = spawn(join(place.programs, "bin/postgres"), words, {
      cwd: place.directory,
      env: SERVER_ENVIRONMENT,
      // A session of its own: Ctrl-C in the terminal is for midan, not for the server.
      detached: true,
      stdio: ["ignore", "ignore", log.fd],
      ...spawnAs(place.account),
    });
    // A failed start shows in `exitCode` or in the missing pid; the caller waits for the socket.
    child.once("error", () => undefined);
    child.unref();
    return child;
  } finally {
    await log.close();
  }
}

/** Whether a process that `startPostmaster` returned is over, or never came to life. */
export function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

/**
 * What can be said of a start of which the log says nothing. `child` is the last server that was
 * started, null when there was one already.
 */
export async function silentReason(directory: string, child: ChildProcess | null): Promise<string> {
  const pid = await postmasterPid(directory);
  if (pid !== null) return `the server (process ${pid}) lives and does not answer`;
  if (child === null) return "another server went away and none followed in time";
  if (child.pid === undefined) return "the program cannot be run";
  if (child.signalCode !== null) return `the server was ended by ${child.signalCode}`;
  if (child.exitCode !== null) return `the server ended with status ${child.exitCode}`;
  return "the server did not come up in time";
}

/*
 * Waits for that one process: a newcomer may start the next server of the directory before we look
 * again.
 */
async function waitUntilGone(pid: number, directory: string, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (await isServerOf(pid, directory)) {
    if (Date.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}

/**
 * Asks for a fast shutdown: open transactions are rolled back, data is flushed, no recovery later.
 * False when the server still runs after `timeoutMs`; it goes on stopping.
 */
export async function stopPostmaster(directory: string, timeoutMs: number): Promise<boolean> {
  const pid = await postmasterPid(directory);
  if (pid === null) return true;
  try {
    process.kill(pid, "SIGINT");
  } catch {
    // It went away between the look and the signal.
  }
  return waitUntilGone(pid, directory, timeoutMs);
}
