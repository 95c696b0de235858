/** A key store in a folder, for the processes of one machine: docs/formats/key-store.md. */
import { readdir } from "node:fs/promises";
import path from "node:path";
import {
  appendDurably,
  bytesIn,
  cutDurably,
  destroyFile,
  finishFiles,
  keyNames,
  makeFolder,
  readBetween,
  readWhole,
  replaceDurably,
  requireOwnFolder,
  requirePrivate,
  sizeOf,
  writeDurably,
} from "./durable-file.ts";
import { SHELVES } from "./key-medium.ts";
import type { KeyMedium, Shelf } from "./key-medium.ts";
import { readPrivate, sizeNow } from "./prompt-read.ts";
import { isAlive, ownMark } from "./process-mark.ts";
import { locked, removeDeadLocks } from "./store-lock.ts";

/** What a store holds as soon as anything was ever kept in it. */
const TRACE = new RegExp(`^(?:tombstones$|serial$|(?:${SHELVES.join("|")})/)`, "u");

/** As many as the thread pool of Node takes without waiting, and some to spare. */
const READS_AT_ONCE = 16;

/** The medium in `folder`, which is made when it is prepared. */
export function folderMedium(folder: string): KeyMedium {
  const folders = [folder, ...SHELVES.map((shelf) => path.join(folder, shelf))];
  const serial = path.join(folder, "serial");
  const ledger = path.join(folder, "tombstones");
  const fileOf = (shelf: Shelf, name: string): string => path.join(folder, shelf, `${name}.key`);
  // The whole of a shelf is not read often, and would hold up everybody else if it were at once.
  const readUnhurried = async (shelf: Shelf, name: string): Promise<Buffer | null> => {
    const file = fileOf(shelf, name);
    const bytes = await readWhole(file);
    if (bytes !== null) await requirePrivate(file);
    return bytes;
  };
  return {
    undoesFailures: false,
    prepare: async () => {
      for (const each of folders) {
        await makeFolder(each);
        await requireOwnFolder(each);
      }
    },
    locked: async (work) => locked(folder, work),
    finishWrites: async () => {
      await removeDeadLocks(folder);
      for (const each of folders) await finishFiles(each);
    },
    isEmpty: async () => {
      const names = await readdir(folder, { recursive: true });
      return !names.some((name) => TRACE.test(name));
    },
    names: async (shelf) => keyNames(path.join(folder, shelf)),
    read: async (shelf, name) => readPrivate(fileOf(shelf, name)),
    glance: async (places) => {
      const ledgerBytes = (await sizeNow(ledger)) ?? 0;
      const found: (Buffer | null)[] = [];
      for (const { shelf, name } of places) found.push(await readPrivate(fileOf(shelf, name)));
      return { ledgerBytes, found };
    },
    readAll: async (shelf) => {
      const names = await keyNames(path.join(folder, shelf));
      const found = new Map<string, Buffer>();
      for (let from = 0; from < names.length; from += READS_AT_ONCE) {
        const some = names.slice(from, from + READS_AT_ONCE);
        const all = await Promise.all(some.map(async (name) => readUnhurried(shelf, name)));
        for (const [at, bytes] of all.entries()) {
          const name = some[at];
          if (bytes !== null && name !== undefined) found.set(name, bytes);
        }
      }
      return found;
    },
    write: async (shelf, name, bytes) => writeDurably(fileOf(shelf, name), bytes),
    replace: async (shelf, name, bytes) => replaceDurably(fileOf(shelf, name), bytes),
    destroy: async (shelf, name) => destroyFile(fileOf(shelf, name)),
    readSerial: async () => readWhole(serial),
    writeSerial: async (bytes) => writeDurably(serial, bytes),
    ledgerBytes: async () => (await sizeNow(ledger)) ?? 0,
    readLedger: async (from, to) => readBetween(ledger, from, to),
    appendLedger: async (bytes) => appendDurably(ledger, bytes),
    cutLedger: async (bytes) => {
      if ((await sizeOf(ledger)) !== null) await cutDurably(ledger, bytes);
    },
    mark: ownMark,
    living: async () => Promise.resolve(isAlive),
    sizeBytes: async () => bytesIn(folder),
    close: async () => Promise.resolve(),
  };
}
