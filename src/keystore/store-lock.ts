/**
 * One writer at a time over a key store's folder, for a few milliseconds. The lock is a file that only
 * one process can create; a lock whose process is dead is taken over.
 */
import { readFile, stat, unlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "../rules/failure.ts";
import { FILE_MODE } from "./durable-file.ts";
import { isAlive, ownMark, parseMark } from "./process-mark.ts";

const WAIT_TIMEOUT_MS = 15_000;
const RETRY_MS = 10;
/** A process may die between creating the file and writing its mark into it. */
const UNMARKED_STALE_MS = 2_000;

async function tryCreate(file: string): Promise<boolean> {
  try {
    await writeFile(file, JSON.stringify(ownMark()), { flag: "wx", mode: FILE_MODE });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

async function isStale(file: string): Promise<boolean> {
  try {
    const text = await readFile(file, "utf8");
    const mark = text === "" ? null : parseMark(JSON.parse(text));
    if (mark !== null) return !isAlive(mark);
    return Date.now() - (await stat(file)).mtimeMs > UNMARKED_STALE_MS;
  } catch {
    // It has just been removed by its holder, or is half written: look again at the next attempt.
    return false;
  }
}

/** Removes a dead process's lock; a second lock sees to it that only one process does so at a time. */
async function takeOver(file: string): Promise<void> {
  const breaking = `${file}.break`;
  if (!(await tryCreate(breaking))) {
    if (await isStale(breaking)) await unlink(breaking).catch(() => undefined);
    return;
  }
  try {
    if (await isStale(file)) await unlink(file);
  } finally {
    await unlink(breaking).catch(() => undefined);
  }
}

/**
 * Runs `work` as the only process on the key store in `folder`. Throws KEYSTORE_BUSY when another
 * holds it for longer than 15 seconds: try again.
 */
export async function locked<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const file = path.join(folder, "lock");
  const deadline = performance.now() + WAIT_TIMEOUT_MS;
  while (!(await tryCreate(file))) {
    if (await isStale(file)) await takeOver(file);
    if (performance.now() > deadline) throw new Failure("KEYSTORE_BUSY");
    await sleep(RETRY_MS);
  }
  try {
    return await work();
  } finally {
    await unlink(file);
  }
}
