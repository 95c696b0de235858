/**
 * A machine that stops dead at a chosen step. Every call by which the key store changes its disk is
 * a step; at the chosen one and at all later ones nothing happens any more, and what was written
 * but never synced is cut in half, as a power failure does. What the program does while it falls
 * has no effect, so the disk is as after kill -9, or worse.
 */
import { existsSync, rmSync, statSync, truncateSync } from "node:fs";
import fs from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import path from "node:path";

const STOPPED = "the machine stopped";

type Call = (...parameters: never[]) => Promise<unknown>;

const real = {
  rename: fs.rename,
  unlink: fs.unlink,
  link: fs.link,
  writeFile: fs.writeFile,
  open: fs.open,
};

export class DeadDisk {
  /** Steps that were asked for since the last `run`. */
  steps = 0;
  #stopAt = Number.POSITIVE_INFINITY;
  /** Files with bytes that were never synced, and how many bytes of each are safe. */
  readonly #unsynced = new Map<string, number>();

  #step(): void {
    this.steps += 1;
    if (this.steps === this.#stopAt) this.#losePages();
    if (this.steps >= this.#stopAt) throw new Error(STOPPED);
  }

  #losePages(): void {
    for (const [file, safe] of this.#unsynced) {
      if (!existsSync(file)) continue;
      const lost = Math.max(0, statSync(file).size - safe);
      truncateSync(file, safe + Math.floor(lost / 2));
    }
  }

  #stepping<F extends Call>(call: F): F {
    // The wrapper takes and gives what the call does.
    return (async (...parameters: never[]) => {
      this.#step();
      return call(...parameters);
    }) as F;
  }

  /** `call` as one step more, for what the machine asks of a device or a service. */
  calling<In extends unknown[], Out>(
    call: (...parameters: In) => Promise<Out>,
  ): (...parameters: In) => Promise<Out> {
    return async (...parameters) => {
      this.#step();
      return call(...parameters);
    };
  }

  /** The handle with its calls as steps; what it wrote and did not sync is remembered. */
  #watched(handle: FileHandle, file: string): FileHandle {
    const safe = existsSync(file) ? statSync(file).size : 0;
    const dirty = (): void => {
      this.#step();
      this.#unsynced.set(file, safe);
    };
    return Object.assign(Object.create(handle) as FileHandle, {
      close: async () => handle.close(),
      stat: async () => handle.stat(),
      read: async (...parameters: Parameters<FileHandle["read"]>) => handle.read(...parameters),
      readFile: async () => handle.readFile(),
      write: async (...parameters: [Uint8Array, number, number, number]) => {
        dirty();
        return handle.write(...parameters);
      },
      writeFile: async (bytes: Uint8Array) => {
        dirty();
        return handle.writeFile(bytes);
      },
      truncate: async (length: number) => {
        dirty();
        return handle.truncate(length);
      },
      sync: async () => {
        this.#step();
        await handle.sync();
        this.#unsynced.delete(file);
      },
    });
  }

  /**
   * Runs `work` and stops the machine at step `stopAt`; true when it stopped before the work was
   * done. The lock of the dead is taken away, as the next process does (KS-9).
   */
  async run(folder: string, stopAt: number, work: () => Promise<unknown>): Promise<boolean> {
    this.steps = 0;
    this.#stopAt = stopAt;
    this.#unsynced.clear();
    const watched = async (...parameters: Parameters<typeof fs.open>): Promise<FileHandle> =>
      this.#watched(await real.open(...parameters), String(parameters[0]));
    Object.assign(fs, {
      rename: async (from: string, to: string): Promise<void> => {
        this.#step();
        await real.rename(from, to);
        // What was not synced under the old name is not safe under the new one either.
        const safe = this.#unsynced.get(from);
        this.#unsynced.delete(from);
        if (safe !== undefined) this.#unsynced.set(to, safe);
      },
      unlink: this.#stepping(real.unlink as Call),
      link: this.#stepping(real.link as Call),
      writeFile: this.#stepping(real.writeFile as Call),
      open: watched,
    });
    syncBuiltinESMExports();
    try {
      await work();
      return false;
    } catch (error) {
      if (this.steps < stopAt) throw error;
      return true;
    } finally {
      Object.assign(fs, real);
      syncBuiltinESMExports();
      rmSync(path.join(folder, "lock"), { force: true });
    }
  }
}
