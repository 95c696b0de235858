/**
 * What is kept of each compartment: its record, in the clear, and its cover, sealed. And the
 * counter from which serials come.
 */
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
import type { Glance, KeyMedium, Place } from "./key-medium.ts";
import type { SealedShelf } from "./sealed-shelf.ts";

export interface KeptCompartment {
  readonly record: CompartmentRecord;
  readonly cover: Cover;
}

export class CompartmentShelf {
  readonly #medium: KeyMedium;
  readonly #covers: SealedShelf;

  constructor(medium: KeyMedium, covers: SealedShelf) {
    this.#medium = medium;
    this.#covers = covers;
  }

  /** Serials that have a record, in order. */
  async withRecord(): Promise<number[]> {
    return (await this.#medium.names("records")).map(parseSerial);
  }

  /** Serials that have a cover, in order. */
  async withCover(): Promise<number[]> {
    return (await this.#covers.identities()).map(parseSerial);
  }

  /** The record of `serial`, or null when there is none (any more). Throws KEYSTORE_BROKEN. */
  async readRecord(serial: number): Promise<CompartmentRecord | null> {
    const name = serialText(serial);
    const bytes = await this.#medium.read("records", name);
    if (bytes === null) return null;
    try {
      return parseRecord(bytes, serial);
    } catch (error) {
      // Another process may have destroyed it between opening and reading: then there is none.
      if ((await this.#medium.read("records", name)) === null) return null;
      throw error;
    }
  }

  /** All records but those of `dead` serials, by serial. */
  async readRecords(isDead: (serial: number) => boolean): Promise<CompartmentRecord[]> {
    const records: CompartmentRecord[] = [];
    for (const [name, bytes] of await this.#medium.readAll("records")) {
      const serial = parseSerial(name);
      if (isDead(serial)) continue;
      const record = this.#parsed(bytes, serial) ?? (await this.readRecord(serial));
      if (record !== null) records.push(record);
    }
    return records;
  }

  /** Null for bytes that are no record, perhaps because they are being destroyed. */
  #parsed(bytes: Buffer, serial: number): CompartmentRecord | null {
    try {
      return parseRecord(bytes, serial);
    } catch {
      return null;
    }
  }

  /** Only under the lock, as everything below but `readCover` and `opened`. */
  async writeRecord(record: CompartmentRecord): Promise<void> {
    await this.#medium.write("records", serialText(record.serial), recordBytes(record));
  }

  /** The cover of `serial`, or null when there is none (any more). Throws KEYSTORE_BROKEN. */
  async readCover(serial: number): Promise<Cover | null> {
    const secret = await this.#covers.read(serialText(serial));
    if (secret === null) return null;
    const cover = parseCover(secret);
    secret.fill(0);
    return cover;
  }

  /** Where what is kept of `serial` lies, for `opened`. */
  placesOf(serial: number): readonly [record: Place, cover: Place] {
    const name = serialText(serial);
    return [
      { shelf: "records", name },
      { shelf: "compartments", name },
    ];
  }

  /** What lay at the places of `serial`, or null where each part has to be read by itself. */
  opened(serial: number, [record, cover]: Glance["found"]): KeptCompartment | null {
    const parsed = record === null || record === undefined ? null : this.#parsed(record, serial);
    const secret = this.#covers.opened(serialText(serial), cover ?? null);
    if (parsed === null || secret === null) return null;
    const nodes = parseCover(secret);
    secret.fill(0);
    return { record: parsed, cover: nodes };
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
    await this.#medium.destroy("records", serialText(serial));
  }

  async #counted(): Promise<number> {
    const counter = await this.#medium.readSerial();
    return counter === null ? 0 : parseSerial(counter.toString("latin1"));
  }

  /** From now on serials are larger than `upTo`. */
  async skipSerials(upTo: number): Promise<void> {
    if (upTo <= (await this.#counted())) return;
    await this.#medium.writeSerial(Buffer.from(serialText(upTo), "latin1"));
  }

  /**
   * `count` serials that nobody had before and nobody will get again, also if the counter is lost
   * or came from an older copy; `destroyed` are the serials of tombstones. They follow each other
   * and are taken together, since every name in the store is looked at for them.
   */
  async newSerials(count: number, destroyed: readonly number[]): Promise<number[]> {
    const counted = await this.#counted();
    const seen = [...(await this.withCover()), ...(await this.withRecord()), ...destroyed];
    const highest = seen.reduce((most, each) => Math.max(most, each), counted);
    const last = highest + count;
    if (last > SERIAL_MAX) throw new RangeError("all serials are used");
    await this.#medium.writeSerial(Buffer.from(serialText(last), "latin1"));
    return Array.from({ length: count }, (_, at) => highest + 1 + at);
  }
}
