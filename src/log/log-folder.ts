/**
 * The files of the log. Each is there whole or not at all after a crash at any moment: written
 * beside its name, synced, renamed, and the folder synced (POSIX gives no less and promises no
 * more). What the disk refuses is LOG_FILES_FAILED; the sequencer tries again by itself.
 */
import { constants } from "node:fs";
import { mkdir, open, readFile, readdir, rename, rm, unlink } from "node:fs/promises";
import path from "node:path";
import { Failure } from "../rules/failure.ts";

/** Told before each step that reaches the disk, so that tests can let it fail or die there. */
export type DiskStep = (step: "write" | "sync" | "rename" | "sync-folder" | "remove") => void;

export interface LogFile {
  /** Relative to the folder, with forward slashes. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

const TEMPORARY = ".new";
/** Tiles and checkpoints are public; the folder still belongs to its writer alone. */
const FILE_MODE = 0o644;
const FOLDER_MODE = 0o755;
const FILES_AT_ONCE = 16;

function codeOf(error: unknown): string | null {
  const code = error instanceof Error && "code" in error ? error.code : null;
  return typeof code === "string" ? code : null;
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = codeOf(error);
    if (error instanceof Failure || reason === null) throw error;
    throw new Failure("LOG_FILES_FAILED", { reason }, { cause: error });
  }
}

export class LogFolder {
  readonly #folder: string;
  readonly #onStep: DiskStep;
  readonly #made = new Set<string>();

  constructor(folder: string, onStep: DiskStep = () => undefined) {
    this.#folder = folder;
    this.#onStep = onStep;
  }

  /** The bytes of a file, or null when there is none. */
  async read(file: string): Promise<Uint8Array | null> {
    return guarded(async () => {
      try {
        return await readFile(path.join(this.#folder, file));
      } catch (error) {
        if (codeOf(error) === "ENOENT") return null;
        throw error;
      }
    });
  }

  async #syncFolder(folder: string): Promise<void> {
    const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      this.#onStep("sync-folder");
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  /** Makes `folder` and makes it durable in the folders above it. */
  async #make(folder: string): Promise<void> {
    if (this.#made.has(folder)) return;
    const first = await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    if (first !== undefined) {
      const above = path.dirname(path.resolve(first));
      for (let at = path.resolve(folder); at !== above; at = path.dirname(at))
        await this.#syncFolder(path.dirname(at));
    }
    this.#made.add(folder);
  }

  async #place(file: LogFile): Promise<string> {
    const name = path.join(this.#folder, file.path);
    const folder = path.dirname(name);
    await this.#make(folder);
    const handle = await open(`${name}${TEMPORARY}`, "w", FILE_MODE);
    try {
      this.#onStep("write");
      await handle.writeFile(file.bytes);
      this.#onStep("sync");
      await handle.sync();
    } finally {
      await handle.close();
    }
    this.#onStep("rename");
    await rename(`${name}${TEMPORARY}`, name);
    return folder;
  }

  /** Writes all of `files`; they are durable when the promise resolves. */
  async write(files: readonly LogFile[]): Promise<void> {
    await guarded(async () => {
      const folders = new Set<string>();
      for (let at = 0; at < files.length; at += FILES_AT_ONCE) {
        const group = files.slice(at, at + FILES_AT_ONCE);
        const settled = await Promise.allSettled(group.map(async (file) => this.#place(file)));
        for (const outcome of settled) {
          if (outcome.status === "rejected") throw outcome.reason;
          folders.add(outcome.value);
        }
      }
      for (const folder of folders) await this.#syncFolder(folder);
    });
  }

  /** Removes a folder of partial tiles that a full tile has replaced. */
  async removePartials(folder: string): Promise<void> {
    await guarded(async () => {
      this.#onStep("remove");
      const name = path.join(this.#folder, folder);
      this.#made.delete(name);
      await rm(name, { recursive: true, force: true });
    });
  }

  /** Removes what an interrupted write left in the log's top folder. */
  async finish(): Promise<void> {
    await guarded(async () => {
      await this.#make(this.#folder);
      for (const name of await readdir(this.#folder))
        if (name.endsWith(TEMPORARY)) await unlink(path.join(this.#folder, name));
    });
  }
}
