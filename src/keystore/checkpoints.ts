/**
 * Small records that must not come back in an older state together with the database, such as the
 * last checkpoint that was signed: they lie with the keys, so that a database which is older than
 * them is noticed.
 */
import type { SealedShelf } from "./sealed-shelf.ts";

export const CHECKPOINT_BYTES_MAX = 4096;

interface CheckpointsOptions {
  readonly secrets: SealedShelf;
  /** Runs as the only process on the store. */
  readonly locked: <T>(work: () => Promise<T>) => Promise<T>;
}

export class Checkpoints {
  readonly #options: CheckpointsOptions;

  constructor(options: CheckpointsOptions) {
    this.#options = options;
  }

  /** The record that was saved last under `name` (letters, digits, dots, hyphens), or null. */
  async last(name: string): Promise<Uint8Array | null> {
    return this.#options.secrets.read(name);
  }

  /**
   * Saves `bytes` under `name` if the last record still is `before` (null: there is none); durable
   * when the promise resolves to true. False: somebody else was quicker, read again. Whether the
   * new record follows from the old one is for the caller to judge.
   */
  async save(name: string, bytes: Uint8Array, before: Uint8Array | null): Promise<boolean> {
    if (bytes.length > CHECKPOINT_BYTES_MAX) throw new RangeError("a checkpoint has 4 KiB at most");
    return this.#options.locked(async () => {
      const last = await this.last(name);
      const isSame =
        last === null || before === null ? last === before : Buffer.from(last).equals(before);
      if (isSame) await this.#options.secrets.write(name, bytes);
      return isSame;
    });
  }
}
