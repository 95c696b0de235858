/**
 * Files that are either there whole or not at all, after a crash at any moment; and files that are
 * gone. POSIX gives both through fsync of the file and of the directory that names it.
 */
import { constants } from "node:fs";
import { mkdir, open, readdir, rename, stat, unlink } from "node:fs/promises";
import path from "node:path";
import { Failure } from "../rules/failure.ts";

export const FILE_MODE = 0o600;
export const FOLDER_MODE = 0o700;
const TEMPORARY = ".new";
const OTHERS_MASK = 0o077;
const FILE_BYTES_MAX = 1024 * 1024;

/** Makes names in `folder` durable. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Creates `folder` and those above it, for this user only. */
export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
}

/** Writes `file` whole or not at all; durable when the promise resolves. */
export async function writeDurably(file: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${file}${TEMPORARY}`;
  const handle = await open(temporary, "w", FILE_MODE);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
  await syncFolder(path.dirname(file));
}

/** The bytes of `file`, or null when there is none. */
export async function readWhole(file: string): Promise<Buffer | null> {
  let handle;
  try {
    handle = await open(file, "r");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
  try {
    const { size } = await handle.stat();
    if (size > FILE_BYTES_MAX) throw new Failure("KEYSTORE_BROKEN", { file: path.basename(file) });
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/**
 * Overwrites `file` with zeros in place, removes it and makes both durable; nothing when it is gone
 * already. On disks and file systems that write elsewhere (SSD, copy-on-write) the overwriting is no
 * guarantee: what makes the bytes useless there is the rotation of the generation key (P6).
 */
export async function destroyFile(file: string): Promise<void> {
  let handle;
  try {
    handle = await open(file, "r+");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return;
    throw error;
  }
  try {
    const { size } = await handle.stat();
    await handle.write(Buffer.alloc(size), 0, size, 0);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await unlink(file);
  await syncFolder(path.dirname(file));
}

/** Removes what an interrupted `writeDurably` left in `folder`. */
export async function removeTemporaries(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.endsWith(TEMPORARY)) await destroyFile(path.join(folder, name));
  }
}

/** Refuses a file that anyone but its owner can read. Throws KEYSTORE_PERMISSIONS. */
export async function requirePrivate(file: string): Promise<void> {
  const { mode } = await stat(file);
  if ((mode & OTHERS_MASK) !== 0) {
    throw new Failure("KEYSTORE_PERMISSIONS", { file: path.basename(file) });
  }
}
