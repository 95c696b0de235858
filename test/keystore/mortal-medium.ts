/**
 * The key store in PostgreSQL for a process that kills itself with SIGKILL at a chosen step: before
 * each statement that changes something, before the commit, and after it. Renaming and unlinking of
 * files are steps too, since generation keys lie beside the database.
 */
import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import type { Shelf } from "../../src/keystore/key-medium.ts";
import { PostgresMedium } from "../../src/keystore/postgres-medium.ts";

let left = Number.POSITIVE_INFINITY;
let isArmed = false;

function step(): void {
  if (!isArmed) return;
  left -= 1;
  if (left === 0) process.kill(process.pid, "SIGKILL");
}

/** From now on steps are counted; the process dies at the `at`th. */
export function arm(at: number): void {
  left = at;
  isArmed = true;
  const { rename, unlink } = fs;
  Object.assign(fs, {
    rename: async (from: string, to: string) => {
      step();
      await rename(from, to);
    },
    unlink: async (file: string) => {
      step();
      await unlink(file);
    },
  });
  syncBuiltinESMExports();
}

/** From now on nothing is a step any more: what follows belongs to the test. */
export function disarm(): void {
  isArmed = false;
}

export class MortalMedium extends PostgresMedium {
  override async locked<T>(work: () => Promise<T>): Promise<T> {
    const result = await super.locked(async () => {
      const done = await work();
      step();
      return done;
    });
    step();
    return result;
  }

  override async write(shelf: Shelf, name: string, bytes: Uint8Array): Promise<void> {
    step();
    await super.write(shelf, name, bytes);
  }

  override async replace(shelf: Shelf, name: string, bytes: Uint8Array): Promise<void> {
    step();
    await super.replace(shelf, name, bytes);
  }

  override async destroy(shelf: Shelf, name: string): Promise<boolean> {
    step();
    return super.destroy(shelf, name);
  }

  override async writeSerial(bytes: Uint8Array): Promise<void> {
    step();
    await super.writeSerial(bytes);
  }

  override async appendLedger(bytes: Uint8Array): Promise<void> {
    step();
    await super.appendLedger(bytes);
  }
}
