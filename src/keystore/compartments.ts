/** Which compartments there are, what opens of them, and how one of them ends. */
import type { Cover } from "../crypto/key-tree.ts";
import { Failure } from "../rules/failure.ts";
import type { CompartmentShelf } from "./compartment-shelf.ts";
import { serialText } from "./compartment-record.ts";
import type { CompartmentRecord } from "./compartment-record.ts";
import type { Leaves } from "./leaves.ts";
import type { TombstoneLog } from "./tombstone-log.ts";
import type { Tombstone } from "./tombstone.ts";

export interface OpenCompartment {
  readonly record: CompartmentRecord;
  readonly cover: Cover;
}

/** What is known of a compartment whose keys are lost. */
export type LostCompartment = Pick<CompartmentRecord, "serial" | "tenant" | "dayOfDeath">;

interface CompartmentsOptions {
  readonly tombstones: TombstoneLog;
  readonly files: CompartmentShelf;
  readonly leaves: Leaves;
  /** 32 hex characters, random. */
  readonly newId: () => string;
}

export class Compartments {
  readonly #options: CompartmentsOptions;

  constructor(options: CompartmentsOptions) {
    this.#options = options;
  }

  /** Why there is nothing under `serial`: it was destroyed, or it was never here. */
  async absence(serial: number): Promise<Failure> {
    const { tombstones } = this.#options;
    await tombstones.refresh();
    const isDead = tombstones.of(serial) !== null;
    return new Failure(isDead ? "KEY_DESTROYED" : "KEY_UNKNOWN", {
      compartment: serialText(serial),
    });
  }

  /** The record of `serial`, or null when it is destroyed or was never here. */
  async find(serial: number): Promise<CompartmentRecord | null> {
    const { tombstones, files } = this.#options;
    await tombstones.refresh();
    return tombstones.of(serial) === null ? files.readRecord(serial) : null;
  }

  /** As `find`. Throws KEY_DESTROYED or KEY_UNKNOWN. */
  async require(serial: number): Promise<CompartmentRecord> {
    const record = await this.find(serial);
    if (record === null) throw await this.absence(serial);
    return record;
  }

  /** All that are not destroyed, by serial. */
  async list(): Promise<CompartmentRecord[]> {
    const { tombstones, files } = this.#options;
    await tombstones.refresh();
    return files.readRecords((serial) => tombstones.of(serial) !== null);
  }

  /** As `KeyStore.openCompartment`. */
  async open(serial: number): Promise<OpenCompartment> {
    return (await this.#openAtOnce(serial)) ?? this.#openInTurn(serial);
  }

  /** With one question to the medium; null where anything is not as with those that live. */
  async #openAtOnce(serial: number): Promise<OpenCompartment | null> {
    const { tombstones, files, leaves } = this.#options;
    const found = await tombstones.glance(files.placesOf(serial));
    const opened = tombstones.of(serial) === null ? files.opened(serial, found) : null;
    if (opened === null) return null;
    const { record, cover } = opened;
    return { record, cover: leaves.survivors(record, cover) };
  }

  async #openInTurn(serial: number): Promise<OpenCompartment> {
    const { files, leaves } = this.#options;
    const record = await this.find(serial);
    const cover = record === null ? null : await files.readCover(serial);
    if (record !== null && cover !== null) {
      return { record, cover: leaves.survivors(record, cover) };
    }
    const absence = await this.absence(serial);
    if (absence.code === "KEY_DESTROYED") return this.#openHeld(serial, absence);
    // A record without its cover was never written by this program: the key file is lost.
    throw record === null
      ? absence
      : new Failure("KEYSTORE_BROKEN", { compartment: serialText(serial) });
  }

  /** What is held of a destroyed compartment. Throws `absence` when nothing is. */
  async #openHeld(serial: number, absence: Failure): Promise<OpenCompartment> {
    const { files, leaves } = this.#options;
    const cover = await leaves.readHeld(serial);
    const record = cover === null ? null : await files.readRecord(serial);
    if (cover === null || record === null) throw absence;
    return { record, cover };
  }

  /** As `KeyStore.giveUp`. Only under the lock, as everything below. */
  async bury(lost: LostCompartment, destroyedAt: Date): Promise<Tombstone> {
    const { tombstones, newId } = this.#options;
    const { serial, tenant, dayOfDeath } = lost;
    await tombstones.refresh();
    const earlier = tombstones.of(serial);
    if (earlier !== null) return earlier;
    const tombstone = { serial, tenant, dayOfDeath, destroyedAt, id: newId(), kept: [] };
    await tombstones.append(tombstone);
    await this.#finish(serial);
    return tombstone;
  }

  /** As `KeyStore.destroy`. */
  async destroy(serial: number, destroyedAt: Date): Promise<Tombstone> {
    const { tombstones } = this.#options;
    await tombstones.refresh();
    const earlier = tombstones.of(serial);
    const tombstone = earlier ?? (await this.#newTombstone(serial, destroyedAt));
    if (earlier === null) await tombstones.append(tombstone);
    await this.#finish(serial);
    return tombstone;
  }

  async #newTombstone(serial: number, destroyedAt: Date): Promise<Tombstone> {
    const { tenant, dayOfDeath } = await this.require(serial);
    const { leaves, newId } = this.#options;
    const kept = await leaves.heldSlots(serial);
    return { serial, tenant, dayOfDeath, destroyedAt, id: newId(), kept };
  }

  /** Everything of a compartment but the leaves that its tombstone kept. */
  async #finish(serial: number): Promise<void> {
    await this.#options.files.destroyCover(serial);
    await this.#options.leaves.finishHeld(serial);
  }

  /** Destroys what an interrupted destruction or an older copy left. */
  async finish(): Promise<void> {
    const { tombstones, files, leaves } = this.#options;
    const present = [
      ...(await files.withCover()),
      ...(await files.withRecord()),
      ...(await leaves.withHeld()),
    ];
    for (const serial of new Set(present)) {
      if (tombstones.of(serial) !== null) await this.#finish(serial);
    }
    await leaves.finishPunctures();
  }
}
