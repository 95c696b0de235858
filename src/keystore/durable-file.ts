/**
 * Files that are either there whole or not at all, after a crash at any moment; and files that are
 * gone. POSIX gives both through fsync of the file and of the directory that names it. What the
 * disk refuses (full, read-only, no rights) is the failure KEYSTORE_FAILED.
 */
import { constants } from "node:fs";
import { link, mkdir, open, readdir, rename, stat, unlink } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import path from "node:path";
import { Failure } from "../rules/failure.ts";

export const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
/** A file that is being written. */
const TEMPORARY = ".new";
/** A file that is being destroyed. */
const GOING = ".gone";
/** A second name of a file that is being replaced and whose bytes are to be destroyed then. */
const REPLACED = ".old";
const KEY_SUFFIX = ".key";
const OTHERS_WRITE_MASK = 0o022;
const OTHERS_MASK = 0o077;
/** A cover punctured in every other leaf has 2.4 MB; nothing else here comes near that. */
const FILE_BYTES_MAX = 4 * 1024 * 1024;

/** The code of a system error (`ENOENT` …), or null for any other error. */
export function systemCode(error: unknown): string | null {
  const code = error instanceof Error && "code" in error ? error.code : null;
  return typeof code === "string" ? code : null;
}

async function guarded<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = systemCode(error);
    if (error instanceof Failure || reason === null) throw error;
    throw new Failure("KEYSTORE_FAILED", { file: path.basename(file), reason }, { cause: error });
  }
}

/** Runs `work`; null when the file is not there, KEYSTORE_FAILED for what the system refuses. */
export async function ifPresent<T>(file: string, work: () => Promise<T>): Promise<T | null> {
  return guarded(file, async () => {
    try {
      return await work();
    } catch (error) {
      if (systemCode(error) === "ENOENT") return null;
      throw error;
    }
  });
}

async function withHandle<T>(
  file: string,
  flags: string | number,
  work: (handle: FileHandle) => Promise<T>,
): Promise<T> {
  const handle = await open(file, flags, FILE_MODE);
  try {
    return await work(handle);
  } finally {
    await handle.close();
  }
}

/** Makes names in `folder` durable. */
export async function syncFolder(folder: string): Promise<void> {
  const flags = constants.O_RDONLY | constants.O_DIRECTORY;
  await guarded(folder, () => withHandle(folder, flags, (handle) => handle.sync()));
}

/** Creates `folder` and those above it, durably and for this user only. */
export async function makeFolder(folder: string): Promise<void> {
  const make = async (): Promise<string | undefined> =>
    mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  const first = await guarded(folder, make);
  if (first === undefined) return;
  const above = path.dirname(path.resolve(first));
  for (let at = path.resolve(folder); at !== above; at = path.dirname(at)) {
    await syncFolder(path.dirname(at));
  }
}

/** The names in `folder`, in order; none when it is not there. */
export async function namesIn(folder: string): Promise<string[]> {
  return ((await ifPresent(folder, () => readdir(folder))) ?? []).toSorted();
}

/**
 * Writes `file` whole or not at all; durable when the promise resolves. Under the store's lock
 * only.
 */
export async function writeDurably(file: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${file}${TEMPORARY}`;
  await guarded(file, async () => {
    await withHandle(temporary, "w", async (handle) => {
      await handle.writeFile(bytes);
      await handle.sync();
    });
    await rename(temporary, file);
  });
  await syncFolder(path.dirname(file));
}

/** Adds `bytes` to the end of `file`, which it makes; durable when the promise resolves. */
export async function appendDurably(file: string, bytes: Uint8Array): Promise<void> {
  const isNew = (await sizeOf(file)) === null;
  await guarded(file, () =>
    withHandle(file, "a", async (handle) => {
      await handle.writeFile(bytes);
      await handle.sync();
    }),
  );
  if (isNew) await syncFolder(path.dirname(file));
}

/** Cuts `file` to its first `bytes` bytes, durably. */
export async function cutDurably(file: string, bytes: number): Promise<void> {
  await guarded(file, () =>
    withHandle(file, "r+", async (handle) => {
      await handle.truncate(bytes);
      await handle.sync();
    }),
  );
}

/** Size in bytes, or null when there is no such file. */
export async function sizeOf(file: string): Promise<number | null> {
  return (await ifPresent(file, () => stat(file)))?.size ?? null;
}

/** The bytes of `file`, or null when there is none. Throws KEYSTORE_BROKEN above 4 MiB. */
export async function readWhole(file: string): Promise<Buffer | null> {
  return ifPresent(file, () =>
    withHandle(file, "r", async (handle) => {
      const { size } = await handle.stat();
      if (size > FILE_BYTES_MAX)
        throw new Failure("KEYSTORE_BROKEN", { file: path.basename(file) });
      return handle.readFile();
    }),
  );
}

/** The bytes from `from` up to `to` of a file that only grows. */
export async function readBetween(file: string, from: number, to: number): Promise<Buffer> {
  return guarded(file, () =>
    withHandle(file, "r", async (handle) => {
      const bytes = Buffer.alloc(to - from);
      let filled = 0;
      while (filled < bytes.length) {
        const { bytesRead } = await handle.read(
          bytes,
          filled,
          bytes.length - filled,
          from + filled,
        );
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return bytes.subarray(0, filled);
    }),
  );
}

async function overwrite(file: string): Promise<void> {
  await withHandle(file, "r+", async (handle) => {
    const { size } = await handle.stat();
    await handle.write(Buffer.alloc(size), 0, size, 0);
    await handle.sync();
  });
  await unlink(file);
}

/**
 * Takes `file` out of sight, overwrites it with zeros in place, removes it and makes all of it
 * durable; false when it is gone already. On disks and file systems that write elsewhere (SSD,
 * copy-on-write) overwriting is no guarantee: what makes the bytes useless there is the rotation of
 * the generation key (P6). Under the store's lock only.
 */
export async function destroyFile(file: string): Promise<boolean> {
  const going = `${file}${GOING}`;
  const found = await ifPresent(file, async () => {
    // First out of sight, so that nobody reads a file that is half overwritten.
    await rename(file, going);
    await syncFolder(path.dirname(file));
    await overwrite(going);
    return true;
  });
  if (found === null) return false;
  await syncFolder(path.dirname(file));
  return true;
}

async function isSameFile(file: string, other: string): Promise<boolean> {
  const found = await ifPresent(file, async () => stat(file));
  const { ino } = await stat(other);
  return found?.ino === ino;
}

/** Ends a replacement: `.old` is only a second name until the new file has taken its place. */
async function finishReplaced(file: string): Promise<void> {
  const old = `${file}${REPLACED}`;
  await ifPresent(old, async () => {
    if (await isSameFile(file, old)) await unlink(old);
    else await overwrite(old);
  });
}

/**
 * As `writeDurably`, and destroys the bytes that were there in place, as `destroyFile` does. A
 * crash at any moment leaves the old file or the new one, and what `finishFiles` destroys.
 */
export async function replaceDurably(file: string, bytes: Uint8Array): Promise<void> {
  await finishReplaced(file);
  await ifPresent(file, async () => link(file, `${file}${REPLACED}`));
  await writeDurably(file, bytes);
  await finishReplaced(file);
  await syncFolder(path.dirname(file));
}

/**
 * Destroys what an interrupted `writeDurably`, `replaceDurably` or `destroyFile` left. Under the
 * store's lock only.
 */
export async function finishFiles(folder: string): Promise<void> {
  const names = await namesIn(folder);
  const replaced = names.filter((name) => name.endsWith(REPLACED));
  for (const name of replaced) {
    await finishReplaced(path.join(folder, name.slice(0, -REPLACED.length)));
  }
  const left = names.filter((name) => name.endsWith(TEMPORARY) || name.endsWith(GOING));
  // What belongs to the lock is the lock's own affair: it may be in use, and vanish meanwhile.
  for (const name of left) {
    const file = path.join(folder, name);
    if (!name.startsWith("lock")) await guarded(file, async () => overwrite(file));
  }
  if (left.length + replaced.length > 0) await syncFolder(folder);
}

/** The names in `folder` that end with `.key`, without it, in order. */
export async function keyNames(folder: string): Promise<string[]> {
  const names = await namesIn(folder);
  return names
    .filter((name) => name.endsWith(KEY_SUFFIX))
    .map((name) => name.slice(0, -KEY_SUFFIX.length));
}

/** Bytes of all files in `folder` and below. */
export async function bytesIn(folder: string): Promise<number> {
  const names = await guarded(folder, async () => readdir(folder, { recursive: true }));
  const stats = names.map(async (name) => {
    const file = path.join(folder, name);
    return ifPresent(file, async () => stat(file));
  });
  const found = await Promise.all(stats);
  return found.reduce((total, each) => total + (each?.isFile() === true ? each.size : 0), 0);
}

function refuseMode(file: string, mode: number, mask: number): void {
  if ((mode & mask) !== 0) {
    throw new Failure("KEYSTORE_PERMISSIONS", { file: path.basename(file) });
  }
}

/** Refuses the mode of a file that anyone but its owner can read or write. As `requirePrivate`. */
export function refuseOthers(file: string, mode: number): void {
  refuseMode(file, mode, OTHERS_MASK);
}

/** Refuses a file that anyone but its owner can read or write. Throws KEYSTORE_PERMISSIONS. */
export async function requirePrivate(file: string): Promise<void> {
  const found = await ifPresent(file, () => stat(file));
  if (found !== null) refuseOthers(file, found.mode);
}

/** Refuses a folder in which others can add or remove files. Throws KEYSTORE_PERMISSIONS. */
export async function requireOwnFolder(folder: string): Promise<void> {
  const found = await ifPresent(folder, () => stat(folder));
  if (found !== null) refuseMode(folder, found.mode, OTHERS_WRITE_MASK);
}
