/**
 * Where the key store keeps its bytes. Two of them exist: a folder (folder-medium.ts), for the
 * processes of one machine, and a PostgreSQL database (postgres-medium.ts), for several servers.
 * What the bytes mean, and in which order they are written, is the same for both; generation keys
 * lie outside either, in files under the root key (P6).
 */
import type { ProcessMark } from "./process-mark.ts";

/** What is kept by name. Names are made of identities: letters, digits, dots, hyphens. */
export const SHELVES = [
  "compartments",
  "records",
  "tenants",
  "rings",
  "index",
  "held",
  "signing",
  "checkpoints",
  "copies",
] as const;
export type Shelf = (typeof SHELVES)[number];

/** Where something is kept by name. */
export interface Place {
  readonly shelf: Shelf;
  readonly name: string;
}

export interface Glance {
  readonly ledgerBytes: number;
  /** What lies at each place, in the order of the places, or null. */
  readonly found: readonly (Buffer | null)[];
}

/**
 * All methods throw KEYSTORE_FAILED or KEYSTORE_UNREACHABLE when the place cannot be read or
 * written (try again), KEYSTORE_PERMISSIONS and KEYSTORE_BROKEN when it must not be used as it is.
 * Everything that writes runs inside `locked`.
 */
export interface KeyMedium {
  /** Makes what is missing; before anything else. */
  prepare(): Promise<void>;
  /**
   * Runs `work` as the only one that changes the store, and makes what it wrote durable. Throws
   * KEYSTORE_BUSY when another holds it for longer than 15 seconds: try again.
   */
  locked<T>(work: () => Promise<T>): Promise<T>;
  /** Whether what `locked` wrote is undone when its work throws, instead of staying. */
  readonly undoesFailures: boolean;
  /** Destroys what interrupted writes left. */
  finishWrites(): Promise<void>;
  /** Whether nothing was ever kept here. */
  isEmpty(): Promise<boolean>;

  /** Names on a shelf, in order. */
  names(shelf: Shelf): Promise<string[]>;
  /** The bytes under a name, or null. */
  read(shelf: Shelf, name: string): Promise<Buffer | null>;
  /** As `ledgerBytes` and then `read` at each of `places`, in one question where that can be. */
  glance(places: readonly Place[]): Promise<Glance>;
  /** All of a shelf by name, in order. */
  readAll(shelf: Shelf): Promise<ReadonlyMap<string, Buffer>>;
  /** Puts bytes under a name, whole or not at all, in place of what was there. */
  write(shelf: Shelf, name: string, bytes: Uint8Array): Promise<void>;
  /** As `write`, and what was there is destroyed as `destroy` does. */
  replace(shelf: Shelf, name: string, bytes: Uint8Array): Promise<void>;
  /** Takes the bytes away for good, as far as the place allows; false when there were none. */
  destroy(shelf: Shelf, name: string): Promise<boolean>;

  /** The counter of serials as it was written last, or null. */
  readSerial(): Promise<Buffer | null>;
  writeSerial(bytes: Uint8Array): Promise<void>;

  /** Length of the ledger of tombstones in bytes. It only grows. */
  ledgerBytes(): Promise<number>;
  /** The ledger's bytes from `from` up to `to`. */
  readLedger(from: number, to: number): Promise<Buffer>;
  appendLedger(bytes: Uint8Array): Promise<void>;
  /** Cuts off what was never acknowledged behind the first `bytes` bytes. */
  cutLedger(bytes: number): Promise<void>;

  /** How this process is named as holder of a compartment. */
  mark(): ProcessMark;
  /** Tells whether the process of a mark still lives, as of now. */
  living(): Promise<(mark: ProcessMark) => boolean>;
  sizeBytes(): Promise<number>;
  /** Lets go of connections. */
  close(): Promise<void>;
}
