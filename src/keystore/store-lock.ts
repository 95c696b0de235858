/**
 * One writer at a time over a key store's folder, for a few milliseconds. The lock is a file that
 * names its holder; a lock whose holder is dead is broken by whoever finds it.
 *
 * Breaking is the delicate part: two that find the same dead lock must not both remove it, or the
 * second would remove the lock that the first has just taken. So who breaks lock N must first hold
 * the lock `break-N`, and looks again under it; as nobody lives who could remove N otherwise, what
 * it then sees stays so. A dead holder of `break-N` is broken in the same way.
 */
import { link, readFile, stat, unlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { threadId } from "node:worker_threads";
import { Failure } from "../rules/failure.ts";
import { FILE_MODE, namesIn, systemCode } from "./durable-file.ts";
import { isAlive, ownMark, parseMark } from "./process-mark.ts";

const WAIT_TIMEOUT_MS = 15_000;
const RETRY_MS = 10;
/** Who takes the lock again and again pauses: without it those who wait would not find it free. */
export const BETWEEN_TURNS_MS = 25;
let attempts = 0;

interface Holder {
  /** Names this very lock file: no other ever had or will have it. */
  readonly nonce: string;
  readonly isAlive: boolean;
}

/** Null for `codes`, which mean that another process was quicker. */
async function unless<T>(codes: readonly string[], work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    const code = systemCode(error);
    if (code !== null && codes.includes(code)) return null;
    if (code === null) throw error;
    throw new Failure("KEYSTORE_FAILED", { file: "lock", reason: code }, { cause: error });
  }
}

/** Creates the lock with its content in one step, which `link` alone can do. */
async function tryCreate(file: string): Promise<boolean> {
  attempts += 1;
  const mark = ownMark();
  const nonce = `${mark.pid}-${mark.started}-${threadId}-${attempts}`;
  const temporary = `${file}.${nonce}.new`;
  await unless([], () =>
    writeFile(temporary, JSON.stringify({ ...mark, nonce }), { mode: FILE_MODE }),
  );
  const made = await unless(["EEXIST", "ENOENT"], async () => {
    await link(temporary, file);
    return true;
  });
  await unless(["ENOENT"], () => unlink(temporary));
  return made ?? false;
}

function parsedHolder(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Who holds the lock; null when nobody does any more. */
async function holderOf(file: string): Promise<Holder | null> {
  return unless(["ENOENT"], async () => {
    const text = await readFile(file, "utf8");
    const value = parsedHolder(text);
    const mark = parseMark(value);
    if (mark !== null && typeof value === "object" && value !== null && "nonce" in value) {
      return { nonce: String(value.nonce), isAlive: isAlive(mark) };
    }
    // Content appears in one step, so only a power failure leaves a lock without it: nobody holds
    // it.
    return { nonce: `inode-${(await stat(file)).ino}`, isAlive: false };
  });
}

async function tryLock(file: string): Promise<boolean> {
  if (await tryCreate(file)) return true;
  const holder = await holderOf(file);
  if (holder === null || holder.isAlive) return false;
  const breaking = `${file}.break-${holder.nonce}`;
  if (!(await tryLock(breaking))) return false;
  try {
    const still = await holderOf(file);
    if (still?.nonce === holder.nonce) await unless(["ENOENT"], () => unlink(file));
  } finally {
    await unless(["ENOENT"], () => unlink(breaking));
  }
  return tryCreate(file);
}

/**
 * What `tryCreate` links from: `lock`, perhaps the lock it is to break, and the mark of its
 * process.
 */
const TEMPORARY_NAME = /^lock\.(?:.*\.)?(\d+)-(\d*(?:\.[0-9a-f]*)?)-\d+\.new$/u;

async function isLeft(folder: string, name: string): Promise<boolean> {
  const [, pid, started] = TEMPORARY_NAME.exec(name) ?? [];
  if (pid !== undefined) return !isAlive({ pid: Number(pid), started: started ?? "" });
  const holder = await holderOf(path.join(folder, name));
  return holder !== null && !holder.isAlive;
}

/** Removes what processes left that died over the lock. Only for the lock's holder. */
export async function removeDeadLocks(folder: string): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (!name.startsWith("lock.") || !(await isLeft(folder, name))) continue;
    await unless(["ENOENT"], () => unlink(path.join(folder, name)));
  }
}

/**
 * Runs `work` as the only process on the key store in `folder`. Throws KEYSTORE_BUSY when another
 * holds it for longer than 15 seconds: try again.
 */
export async function locked<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const file = path.join(folder, "lock");
  const deadline = performance.now() + WAIT_TIMEOUT_MS;
  while (!(await tryLock(file))) {
    if (performance.now() > deadline) throw new Failure("KEYSTORE_BUSY");
    await sleep(RETRY_MS);
  }
  try {
    return await work();
  } finally {
    await unlink(file);
  }
}
