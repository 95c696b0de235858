/**
 * Reads of small files that answer at once. The key store reads a few dozens of bytes anew at each
 * look, on purpose: what another process destroyed opens nothing here (P6), and nothing is kept in
 * memory that would have to be proved fresh. Files that are read so often lie in the system's page
 * cache, where a whole read takes a few microseconds; sending each of its steps through the thread
 * pool takes ten times as long and waits behind everything else that does. Larger files go that way
 * all the same, so that they hold up nobody.
 */
import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { ifPresent, readWhole, refuseOthers } from "./durable-file.ts";

/** A cover of 400 nodes; records, rings and index keys have a few hundred bytes. */
const PROMPT_BYTES_MAX = 16 * 1024;
/** Whoever reads in a loop lets the rest of the process have its turn after so many. */
const READS_PER_TURN = 8;

let readsInTurn = 0;

async function inTurn(): Promise<void> {
  readsInTurn += 1;
  if (readsInTurn < READS_PER_TURN) return;
  readsInTurn = 0;
  await setImmediate();
}

/** The first `size` bytes, or as many as there are. */
function readFrom(descriptor: number, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  let filled = 0;
  while (filled < size) {
    const count = readSync(descriptor, bytes, filled, size - filled, filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

/** What was read, or null for a file that is too large to be read at once. */
function readPrompt(file: string): Buffer | null {
  const descriptor = openSync(file, "r");
  try {
    const { mode, size } = fstatSync(descriptor);
    refuseOthers(file, mode);
    return size > PROMPT_BYTES_MAX ? null : readFrom(descriptor, size);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * The bytes of a file of the key store as they are now, or null when there is none. Throws
 * KEYSTORE_PERMISSIONS when others than its owner can read or write it, KEYSTORE_BROKEN above
 * 4 MiB, KEYSTORE_FAILED when the disk refuses.
 */
export async function readPrivate(file: string): Promise<Buffer | null> {
  await inTurn();
  return ifPresent(file, async () => readPrompt(file) ?? readWhole(file));
}

/** Size in bytes as it is now, or null when there is no such file. Throws KEYSTORE_FAILED. */
export async function sizeNow(file: string): Promise<number | null> {
  await inTurn();
  return ifPresent(file, async () => statSync(file, { throwIfNoEntry: false })?.size ?? null);
}
