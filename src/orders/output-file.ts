/**
 * A file that comes into being whole: written as `NAME.new`, named `NAME` when it is good. So a run
 * that fails leaves what an earlier run wrote, and no link that lies at the name is followed.
 */
import { constants } from "node:fs";
import { lstat, open, rename, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { Writable } from "node:stream";
import { callbackify } from "node:util";
import { Failure } from "../rules/failure.ts";

/** What is written names places and parcels: for its owner only. */
const FILE_MODE = 0o600;
/** O_EXCL never opens what somebody put there meanwhile; O_NOFOLLOW says it for links again. */
const FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** One of `keep` and `drop` must be called; each closes the file. */
export interface OutputFile {
  readonly handle: FileHandle;
  /** Makes the file durable and gives it its name. Throws FILE_UNWRITABLE, the name as before. */
  keep(): Promise<void>;
  /** Throws away what was written; never fails. */
  drop(): Promise<void>;
}

/** Where the file `path` stands until it is whole. */
export function unfinishedPath(path: string): string {
  return `${path}.new`;
}

/** An error of the system as FILE_UNWRITABLE with the system's code; every other stays as it is. */
export function unwritable(error: unknown): unknown {
  const ofSystem = error instanceof Error && "syscall" in error && "code" in error;
  return ofSystem ? new Failure("FILE_UNWRITABLE", { reason: String(error.code) }) : error;
}

/** What lies at `path` itself, links not followed, or null when there is nothing. */
async function factsAt(path: string) {
  try {
    return await lstat(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

/** A folder at the name would make the last step fail; a pipe or device would be lost by it. */
async function refuseUnusual(path: string): Promise<void> {
  const facts = await factsAt(path);
  if (facts === null || facts.isFile() || facts.isSymbolicLink()) return;
  throw new Failure("FILE_UNWRITABLE", { reason: facts.isDirectory() ? "EISDIR" : "EEXIST" });
}

/** False once another run into the same folder has put its own file there. */
async function isOurs(handle: FileHandle, path: string): Promise<boolean> {
  const [own, found] = [await handle.stat(), await factsAt(unfinishedPath(path))];
  return found?.ino === own.ino && found.dev === own.dev;
}

async function nameIt(handle: FileHandle, path: string): Promise<void> {
  await handle.sync();
  // The other's half file must not get the name.
  if (!(await isOurs(handle, path))) throw new Failure("FILE_UNWRITABLE", { reason: "ESTALE" });
  await rename(unfinishedPath(path), path);
}

/**
 * Opens `path` for writing, mode 0600; nothing at that name changes until `keep`. Throws
 * FILE_UNWRITABLE with the system's code as `reason`.
 */
export async function openOutputFile(path: string): Promise<OutputFile> {
  const unfinished = unfinishedPath(path);
  try {
    await refuseUnusual(path);
    await rm(unfinished, { force: true });
    const handle = await open(unfinished, FLAGS, FILE_MODE);
    return {
      handle,
      keep: async () => {
        try {
          await nameIt(handle, path);
        } catch (error) {
          throw unwritable(error);
        } finally {
          await handle.close();
        }
      },
      drop: async () => {
        const ours = await isOurs(handle, path).catch(() => false);
        await handle.close().catch(() => undefined);
        if (ours) await rm(unfinished, { force: true }).catch(() => undefined);
      },
    };
  } catch (error) {
    throw unwritable(error);
  }
}

/** For what is written as a stream; the file stays open at its end, for `keep`. */
export function pageStream(handle: FileHandle): Writable {
  // The handle's own stream never lets go of it without closing it, and then `keep` cannot sync.
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      callbackify(async () => handle.writeFile(chunk))(done);
    },
  });
}

/**
 * Opens `path` before `work`, so that nothing is done whose outcome has no place, and keeps what
 * `work` wrote. Throws FILE_UNWRITABLE and what `work` throws, and then the name is as before.
 */
export async function intoOutputFile<T>(
  path: string,
  work: (handle: FileHandle) => Promise<T>,
): Promise<T> {
  const file = await openOutputFile(path);
  let made: T;
  try {
    made = await work(file.handle);
  } catch (error) {
    await file.drop();
    throw unwritable(error);
  }
  await file.keep();
  return made;
}
