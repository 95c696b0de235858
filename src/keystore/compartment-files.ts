/**
 * The two files of each compartment: `records/SERIAL.key`, in the clear, and
 * `compartments/SERIAL.key`, the sealed cover. And the counter from which serials come.
 */
import path from "node:path";
import type { Cover } from "../crypto/key-tree.ts";
import { SERIAL_MAX } from "../crypto/key-tree.ts";
import {
  coverBytes,
  parseCover,
  parseRecord,
  parseSerial,
  recordBytes,
  serialText,
} from "./compartment-record.ts";
import type { CompartmentRecord } from "./compartment-record.ts";
import { destroyFile, keyNames, readWhole, writeDurably } from "./durable-file.ts";
import { SealedFolder } from "./sealed-folder.ts";
import type { SealedFolderOptions } from "./sealed-folder.ts";

export class CompartmentFiles {
  readonly #folder: string;
  readonly #covers: SealedFolder;

  /** `folder` is the key store's own. */
  constructor(folder: string, wrapping: Pick<SealedFolderOptions, "generation" | "randomBytes">) {
    this.#folder = folder;
    const covers = path.join(folder, "compartments");
    this.#covers = new SealedFolder({ ...wrapping, folder: covers, kind: "compartment" });
  }

  #recordFile(serial: number): string {
    return path.join(this.#folder, "records", `${serialText(serial)}.key`);
  }

  /** Serials that have a record, in order. */
  async withRecord(): Promise<number[]> {
    return (await keyNames(path.join(this.#folder, "records"))).map(parseSerial);
  }

  /** Serials that have a cover, in order. */
  async withCover(): Promise<number[]> {
    return (await this.#covers.identities()).map(parseSerial);
  }

  /** The record of `serial`, or null when there is none (any more). Throws KEYSTORE_BROKEN. */
  async readRecord(serial: number): Promise<CompartmentRecord | null> {
    const file = this.#recordFile(serial);
    const bytes = await readWhole(file);
    if (bytes === null) return null;
    try {
      return parseRecord(bytes, serial);
    } catch (error) {
      // Another process may have destroyed it between opening and reading: then there is none.
      if ((await readWhole(file)) === null) return null;
      throw error;
    }
  }

  /** Only under the lock, as everything below but `readCover`. */
  async writeRecord(record: CompartmentRecord): Promise<void> {
    await writeDurably(this.#recordFile(record.serial), recordBytes(record));
  }

  /** The cover of `serial`, or null when there is none (any more). Throws KEYSTORE_BROKEN. */
  async readCover(serial: number): Promise<Cover | null> {
    const secret = await this.#covers.read(serialText(serial));
    if (secret === null) return null;
    const cover = parseCover(secret);
    secret.fill(0);
    return cover;
  }

  async writeCover(serial: number, cover: Cover): Promise<void> {
    const secret = coverBytes(cover);
    await this.#covers.write(serialText(serial), secret);
    secret.fill(0);
  }

  /** As `writeCover`, and the cover that was there is destroyed: less can be derived now. */
  async replaceCover(serial: number, cover: Cover): Promise<void> {
    const secret = coverBytes(cover);
    await this.#covers.replace(serialText(serial), secret);
    secret.fill(0);
  }

  async destroyCover(serial: number): Promise<void> {
    await this.#covers.destroy(serialText(serial));
  }

  async destroyRecord(serial: number): Promise<void> {
    await destroyFile(this.#recordFile(serial));
  }

  /**
   * A serial that nobody had before and nobody will get again, also if the counter is lost or came
   * from an older copy; `destroyed` are the serials of tombstones.
   */
  async newSerial(destroyed: readonly number[]): Promise<number> {
    const file = path.join(this.#folder, "serial");
    const counter = await readWhole(file);
    const counted = counter === null ? 0 : parseSerial(counter.toString("latin1"));
    const seen = [...(await this.withCover()), ...(await this.withRecord()), ...destroyed];
    const serial = seen.reduce((highest, each) => Math.max(highest, each), counted) + 1;
    if (serial > SERIAL_MAX) throw new RangeError("all serials are used");
    await writeDurably(file, Buffer.from(serialText(serial), "latin1"));
    return serial;
  }
}
