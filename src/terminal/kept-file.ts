/**
 * Small files of a terminal that are there whole or not at all after a crash at any moment, and
 * that are for their owner alone.
 */
import { mkdir, open, readdir, readFile, rename, stat, unlink } from "node:fs/promises";
import path from "node:path";

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
const TEMPORARY = ".new";

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

async function syncFolder(folder: string): Promise<void> {
  // Directories cannot be opened there, and names are durable without it.
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
}

/** Writes `file` whole; durable when this resolves. */
export async function keep(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(`${file}${TEMPORARY}`, "w", FILE_MODE);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}${TEMPORARY}`, file);
  await syncFolder(path.dirname(file));
}

/** Adds one line to `file`; durable when this resolves. */
export async function addLine(file: string, line: string): Promise<void> {
  const handle = await open(file, "a", FILE_MODE);
  try {
    await handle.writeFile(`${line}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The bytes of `file`, or null when it is not there. */
export async function kept(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Names in `folder` that end with `suffix`, sorted; none when it is not there. */
export async function namesIn(folder: string, suffix: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith(suffix)).toSorted();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Overwrites and removes `file`, durably; nothing happens when it is not there. */
export async function forget(file: string): Promise<void> {
  try {
    const handle = await open(file, "r+");
    try {
      await handle.write(Buffer.alloc((await stat(file)).size), 0, undefined, 0);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await unlink(file);
  } catch (error) {
    if (!isMissing(error)) throw error;
    return;
  }
  await syncFolder(path.dirname(file));
}
