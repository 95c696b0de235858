/**
 * Files that are either there whole or not at all, after a crash at any moment; and files that are
 * gone. POSIX gives both through fsync of the file and of the directory that names it. What the disk
 * refuses (full, read-only, no rights) is the failure KEYSTORE_FAILED.
 */
import { constants } from "node:fs";
import { mkdir, open, readdir, rename, stat, unlink } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import path from "node:path";
import { Failure } from "../rules/failure.ts";

export const FILE_MODE = 0o600;
export const FOLDER_MODE = 0o700;
const TEMPORARY = ".new";
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

/** As `guarded`, and null when the file is not there. */
async function ifPresent<T>(file: string, work: () => Promise<T>): Promise<T | null> {
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

/** Creates `folder` and those above it, for this user only. */
export async function makeFolder(folder: string): Promise<void> {
  await guarded(folder, () => mkdir(folder, { recursive: true, mode: FOLDER_MODE }));
}

/** The names in `folder`, in order; none when it is not there. */
export async function namesIn(folder: string): Promise<string[]> {
  return ((await ifPresent(folder, () => readdir(folder))) ?? []).toSorted();
}

/** Writes `file` whole or not at all; durable when the promise resolves. Under the store's lock only. */
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

/**
 * Overwrites `file` with zeros in place, removes it and makes both durable; false when it is gone
 * already. On disks and file systems that write elsewhere (SSD, copy-on-write) the overwriting is no
 * guarantee: what makes the bytes useless there is the rotation of the generation key (P6).
 */
export async function destroyFile(file: string): Promise<boolean> {
  const found = await ifPresent(file, async () => {
    await withHandle(file, "r+", async (handle) => {
      const { size } = await handle.stat();
      await handle.writeFile(Buffer.alloc(size));
      await handle.sync();
    });
    await unlink(file);
    return true;
  });
  if (found !== null) await syncFolder(path.dirname(file));
  return found !== null;
}

const KEY_SUFFIX = ".key";

/** The names of the key files in `folder`, without their ending, in order. */
export async function keyNames(folder: string): Promise<string[]> {
  const names = await namesIn(folder);
  return names
    .filter((name) => name.endsWith(KEY_SUFFIX))
    .map((name) => name.slice(0, -KEY_SUFFIX.length));
}

async function isZeroed(file: string): Promise<boolean> {
  const bytes = await readWhole(file);
  return bytes !== null && bytes.every((byte) => byte === 0);
}

/**
 * Finishes in `folder` what a crash interrupted: removes what `writeDurably` had not yet named, and
 * what `destroyFile` had overwritten and not yet removed. Under the store's lock only.
 */
export async function finishFiles(folder: string): Promise<void> {
  for (const name of await namesIn(folder)) {
    const file = path.join(folder, name);
    const isCut = name.endsWith(TEMPORARY);
    if (isCut || (name.endsWith(KEY_SUFFIX) && (await isZeroed(file)))) await destroyFile(file);
  }
}

/** Refuses a folder into which others may write or look. Throws KEYSTORE_PERMISSIONS. */
export async function requireOwnFolder(folder: string): Promise<void> {
  await requirePrivate(folder);
}

/** Refuses a file that anyone but its owner can read. Throws KEYSTORE_PERMISSIONS. */
export async function requirePrivate(file: string): Promise<void> {
  const found = await ifPresent(file, () => stat(file));
  if (found !== null && (found.mode & OTHERS_MASK) !== 0) {
    throw new Failure("KEYSTORE_PERMISSIONS", { file: path.basename(file) });
  }
}
