/**
 * The key store: where compartment keys live and die. A folder of its own, apart from database and
 * root key (P6); docs/formats/key-store.md says what lies in it.
 *
 *   live ◀──setState──▶ closing ──destroy──▶ destroyed (a tombstone, for ever)
 *
 * Several processes may use one folder: changes happen under a short lock, one seals at a time.
 */
import path from "node:path";
import type { Cover } from "../crypto/key-tree.ts";
import { TAG_BITS_MAX, TAG_BITS_MIN } from "../crypto/blind-index.ts";
import { mondayOf } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { Failure, isFailure } from "../rules/failure.ts";
import { CompartmentFiles } from "./compartment-files.ts";
import { isFree, isOwn, LANE_POSITIONS, serialText } from "./compartment-record.ts";
import type { CompartmentRecord } from "./compartment-record.ts";
import { bytesIn, finishFiles, makeFolder, requireOwnFolder } from "./durable-file.ts";
import { openGeneration } from "./generation.ts";
import type { Generation, OpenOptions } from "./generation.ts";
import { ownMark } from "./process-mark.ts";
import { SealedFolder } from "./sealed-folder.ts";
import { locked, removeDeadLocks } from "./store-lock.ts";
import { indexName, TombstoneLog } from "./tombstone-log.ts";
import type { IndexTombstone, Tombstone } from "./tombstone.ts";

/** Positions of every lane that one durable promise covers: 64 x 256 lanes = 16,384 slots. */
const RESERVE_POSITIONS = 64;
const KEY_BYTES = 32;
const TOMBSTONE_ID_BYTES = 16;
const FOLDERS = ["compartments", "records", "tenants", "index"] as const;

/** A tenant's lasting keys: `token` for its tokens, `intake` for order hashes and pseudonyms. */
export interface TenantKeys {
  readonly token: Uint8Array;
  readonly intake: Uint8Array;
}

/** A key of blind indexes for one tenant and epoch, and how many bits of its tags are kept. */
export interface IndexKeyRecord {
  readonly key: Uint8Array;
  readonly bits: number;
}

export interface OpenCompartment {
  readonly record: CompartmentRecord;
  readonly cover: Cover;
}

export interface Lease extends OpenCompartment {
  /** The first position that is free in every lane. */
  readonly firstPosition: number;
}

export interface LeaseRequest {
  readonly tenant: string;
  readonly dayOfDeath: Day;
  readonly suite: number;
}

export class KeyStore {
  readonly #folder: string;
  readonly #generation: Generation;
  readonly #randomBytes: (count: number) => Uint8Array;
  readonly #now: () => Date;
  readonly #tombstones: TombstoneLog;
  readonly #compartments: CompartmentFiles;
  readonly #tenants: SealedFolder;
  readonly #indexes: SealedFolder;
  /** Where this instance's leases began: below it slots are taken, whatever `release` is told. */
  readonly #leasedFrom = new Map<number, number>();

  private constructor(options: OpenOptions, generation: Generation) {
    const { folder, randomBytes } = options;
    this.#folder = folder;
    this.#generation = generation;
    this.#randomBytes = randomBytes;
    this.#now = options.now;
    this.#tombstones = new TombstoneLog(path.join(folder, "tombstones"));
    const wrapping = { generation, randomBytes };
    this.#compartments = new CompartmentFiles(folder, wrapping);
    const tenants = path.join(folder, "tenants");
    this.#tenants = new SealedFolder({ ...wrapping, folder: tenants, kind: "tenant" });
    const indexes = path.join(folder, "index");
    this.#indexes = new SealedFolder({ ...wrapping, folder: indexes, kind: "index" });
  }

  /**
   * Opens the key store in `folder`, making it and the root key when both are absent, and finishes
   * destructions that a crash interrupted. Throws KEYSTORE_ROOT_MISSING, KEYSTORE_ROOT_WRONG,
   * KEYSTORE_PERMISSIONS, KEYSTORE_BROKEN or KEYSTORE_FAILED; nothing can be opened or sealed until
   * that is mended. KEYSTORE_BUSY: try again.
   */
  static async open(options: OpenOptions): Promise<KeyStore> {
    const folders = [options.folder, ...FOLDERS.map((name) => path.join(options.folder, name))];
    for (const folder of folders) {
      await makeFolder(folder);
      await requireOwnFolder(folder);
    }
    return locked(options.folder, async () => {
      const store = new KeyStore(options, await openGeneration(options));
      await removeDeadLocks(options.folder);
      for (const folder of folders) await finishFiles(folder);
      await store.#finishDestructions();
      return store;
    });
  }

  /** Zeroes the keys that this instance holds; it is of no use afterwards. Leases are not ended. */
  close(): void {
    this.#generation.wipe();
  }

  async #finishDestructions(): Promise<void> {
    await this.#tombstones.repair();
    const present = [
      ...(await this.#compartments.withCover()),
      ...(await this.#compartments.withRecord()),
    ];
    for (const serial of new Set(present)) {
      if (this.#tombstones.of(serial) !== null) await this.#compartments.destroy(serial);
    }
    for (const { tenant, epoch } of this.#tombstones.allIndexes) {
      await this.#indexes.destroy(indexName(tenant, epoch));
    }
  }

  /** Why there is nothing under `serial`: it was destroyed, or it was never here. */
  async #absence(serial: number): Promise<Failure> {
    await this.#tombstones.refresh();
    const isDead = this.#tombstones.of(serial) !== null;
    return new Failure(isDead ? "KEY_DESTROYED" : "KEY_UNKNOWN", {
      compartment: serialText(serial),
    });
  }

  /** The record of `serial`, or null when it is destroyed or was never here. */
  async #findRecord(serial: number): Promise<CompartmentRecord | null> {
    await this.#tombstones.refresh();
    return this.#tombstones.of(serial) === null ? this.#compartments.readRecord(serial) : null;
  }

  async #requireRecord(serial: number): Promise<CompartmentRecord> {
    const record = await this.#findRecord(serial);
    if (record === null) throw await this.#absence(serial);
    return record;
  }

  /** All compartments that are not destroyed, by serial. */
  async list(): Promise<CompartmentRecord[]> {
    await this.#tombstones.refresh();
    const records: CompartmentRecord[] = [];
    for (const serial of await this.#compartments.withRecord()) {
      if (this.#tombstones.of(serial) !== null) continue;
      const record = await this.#compartments.readRecord(serial);
      if (record !== null) records.push(record);
    }
    return records;
  }

  /** Everything that was ever destroyed, oldest first. */
  async tombstones(): Promise<Tombstone[]> {
    await this.#tombstones.refresh();
    return this.#tombstones.all;
  }

  /** Every index key that was ever destroyed, oldest first. */
  async indexTombstones(): Promise<IndexTombstone[]> {
    await this.#tombstones.refresh();
    return [...this.#tombstones.allIndexes];
  }

  /**
   * Opens a compartment for reading. Throws KEY_DESTROYED (its waybills are dead), KEY_UNKNOWN
   * (another installation's, or an older key store) or KEYSTORE_BROKEN.
   */
  async openCompartment(serial: number): Promise<OpenCompartment> {
    const record = await this.#requireRecord(serial);
    const cover = await this.#compartments.readCover(serial);
    if (cover !== null) return { record, cover };
    const absence = await this.#absence(serial);
    if (isFailure(absence, "KEY_DESTROYED")) throw absence;
    // A record without its cover was never written by this program: the key file is lost.
    throw new Failure("KEYSTORE_BROKEN", { compartment: serialText(serial) });
  }

  /**
   * Leases a live compartment of that tenant, day and suite to this process: one that no live
   * process holds, or a new one. The caller seals into it alone and must `reserve` before it goes
   * past the record's ceiling, and `release` it at the end.
   */
  async lease(request: LeaseRequest): Promise<Lease> {
    return locked(this.#folder, async () => {
      const free = (await this.list()).find((record) => isFree(record, request));
      const record = await this.#holdOrCreate(free, request);
      const { cover } = await this.openCompartment(record.serial);
      const firstPosition = free?.ceiling ?? 0;
      this.#leasedFrom.set(record.serial, firstPosition);
      return { record, cover, firstPosition };
    });
  }

  async #holdOrCreate(
    free: CompartmentRecord | undefined,
    request: LeaseRequest,
  ): Promise<CompartmentRecord> {
    if (free === undefined) return this.#create(request);
    const ceiling = Math.min(free.ceiling + RESERVE_POSITIONS, LANE_POSITIONS);
    const record: CompartmentRecord = { ...free, holder: ownMark(), ceiling };
    await this.#compartments.writeRecord(record);
    return record;
  }

  async #create({ tenant, dayOfDeath, suite }: LeaseRequest): Promise<CompartmentRecord> {
    const destroyed = this.#tombstones.all.map((tombstone) => tombstone.serial);
    const serial = await this.#compartments.newSerial(destroyed);
    const root = this.#randomBytes(KEY_BYTES);
    await this.#compartments.writeCover(serial, [{ level: 0, index: 0, seed: root }]);
    root.fill(0);
    const record: CompartmentRecord = {
      serial,
      tenant,
      dayOfDeath,
      suite,
      generation: this.#generation.current,
      state: "live",
      ceiling: RESERVE_POSITIONS,
      holder: ownMark(),
    };
    // The record comes last: a compartment without one was never promised to anybody.
    await this.#compartments.writeRecord(record);
    return record;
  }

  /**
   * Promises positions below `needed` in every lane, durably, before any of them is used: after a
   * crash nobody seals there again. Returns the new ceiling. Throws KEY_NOT_LEASED when this
   * process does not hold the compartment and KEY_CLOSING when nothing may be sealed into it any
   * more (lease another one), else as `openCompartment`.
   */
  async reserve(serial: number, needed: number): Promise<number> {
    return locked(this.#folder, async () => {
      const record = await this.#requireRecord(serial);
      const compartment = serialText(serial);
      if (!isOwn(record)) throw new Failure("KEY_NOT_LEASED", { compartment });
      if (record.state === "closing") throw new Failure("KEY_CLOSING", { compartment });
      const steps = Math.ceil(needed / RESERVE_POSITIONS);
      const ceiling = Math.max(record.ceiling, Math.min(steps * RESERVE_POSITIONS, LANE_POSITIONS));
      await this.#compartments.writeRecord({ ...record, ceiling });
      return ceiling;
    });
  }

  /**
   * Ends a lease in good order; positions from `nextPosition` on are free again. Does nothing when
   * the compartment is destroyed or not held by this process.
   */
  async release(serial: number, nextPosition: number): Promise<void> {
    await locked(this.#folder, async () => {
      const record = await this.#findRecord(serial);
      if (record === null || !isOwn(record)) return;
      const used = Math.max(nextPosition, this.#leasedFrom.get(serial) ?? LANE_POSITIONS);
      const ceiling = Math.min(record.ceiling, used);
      await this.#compartments.writeRecord({ ...record, ceiling, holder: null });
      this.#leasedFrom.delete(serial);
    });
  }

  /** Live to closing, or back (P7). Throws as `openCompartment`. */
  async setState(serial: number, state: CompartmentRecord["state"]): Promise<void> {
    await locked(this.#folder, async () => {
      const record = await this.#requireRecord(serial);
      if (record.state !== state) await this.#compartments.writeRecord({ ...record, state });
    });
  }

  /**
   * Destroys a compartment's keys for ever. The tombstone is durable first, so a crash at any
   * moment ends in the same place; destroying again gives the same tombstone. The brakes of P7 are
   * the caller's. Throws KEY_UNKNOWN, KEYSTORE_BROKEN or KEYSTORE_FAILED (call again).
   */
  async destroy(serial: number, destroyedAt: Date): Promise<Tombstone> {
    return locked(this.#folder, async () => {
      await this.#tombstones.refresh();
      const earlier = this.#tombstones.of(serial);
      const tombstone = earlier ?? (await this.#newTombstone(serial, destroyedAt));
      if (earlier === null) await this.#tombstones.append(tombstone);
      await this.#compartments.destroy(serial);
      this.#leasedFrom.delete(serial);
      return tombstone;
    });
  }

  async #newTombstone(serial: number, destroyedAt: Date): Promise<Tombstone> {
    const { tenant, dayOfDeath } = await this.#requireRecord(serial);
    return { serial, tenant, dayOfDeath, destroyedAt, id: this.#newId() };
  }

  #newId(): string {
    return Buffer.from(this.#randomBytes(TOMBSTONE_ID_BYTES)).toString("hex");
  }

  /** The tenant's lasting keys, made when they are first asked for. */
  async tenantKeys(tenant: string): Promise<TenantKeys> {
    const make = (): Uint8Array => this.#randomBytes(2 * KEY_BYTES);
    const secret = await this.#readOrMake(this.#tenants, tenant, make);
    return { token: secret.subarray(0, KEY_BYTES), intake: secret.subarray(KEY_BYTES) };
  }

  /**
   * The key of a tenant's blind index for one epoch (a Monday, or a season), or null when it does
   * not exist and `bits` is not given: then nothing can be found in that epoch. An epoch keeps the
   * bits (8..32) that it was made with. Throws KEY_DESTROYED for `bits` in an epoch whose index is
   * destroyed.
   */
  async indexKey(
    tenant: string,
    epoch: string,
    bits: number | null,
  ): Promise<IndexKeyRecord | null> {
    await this.#tombstones.refresh();
    const isDead = this.#tombstones.ofIndex(tenant, epoch) !== null;
    if (isDead && bits === null) return null;
    const identity = indexName(tenant, epoch);
    const secret =
      bits === null
        ? await this.#indexes.read(identity)
        : await this.#readOrMake(this.#indexes, identity, async () => {
            await this.#requireLiveIndex(tenant, epoch);
            return this.#newIndexSecret(bits);
          });
    return secret === null ? null : { bits: secret.readUInt8(0), key: secret.subarray(1) };
  }

  async #requireLiveIndex(tenant: string, epoch: string): Promise<void> {
    await this.#tombstones.refresh();
    const isDead = this.#tombstones.ofIndex(tenant, epoch) !== null;
    if (isDead) throw new Failure("KEY_DESTROYED", { epoch });
  }

  #newIndexSecret(bits: number): Uint8Array {
    if (!Number.isInteger(bits) || bits < TAG_BITS_MIN || bits > TAG_BITS_MAX) {
      throw new RangeError("a tag has 8 to 32 bits");
    }
    return Buffer.concat([Uint8Array.of(bits), this.#randomBytes(KEY_BYTES)]);
  }

  /**
   * Destroys an epoch's index key for ever, tombstone first as with compartments; false when there
   * was none. Throws INDEX_KEY_NEEDED while a compartment of the tenant lives whose day of death
   * lies in that week: destroy those first.
   */
  async destroyIndexKey(tenant: string, epoch: string): Promise<boolean> {
    return locked(this.#folder, async () => {
      const living = (await this.list()).filter((record) => record.tenant === tenant);
      if (living.some((record) => mondayOf(record.dayOfDeath) === epoch)) {
        throw new Failure("INDEX_KEY_NEEDED", { week: epoch });
      }
      const identity = indexName(tenant, epoch);
      if (!(await this.#indexes.identities()).includes(identity)) return false;
      const tombstone = { tenant, epoch, destroyedAt: this.#now(), id: this.#newId() };
      await this.#tombstones.append(tombstone);
      return this.#indexes.destroy(identity);
    });
  }

  /** The epochs for which the tenant has an index key, in order. */
  async indexEpochs(tenant: string): Promise<string[]> {
    const prefix = indexName(tenant, "");
    return (await this.#indexes.identities())
      .filter((identity) => identity.startsWith(prefix))
      .map((identity) => identity.slice(prefix.length));
  }

  async #readOrMake(
    folder: SealedFolder,
    identity: string,
    make: () => Uint8Array | Promise<Uint8Array>,
  ): Promise<Buffer> {
    const found = await folder.read(identity);
    if (found !== null) return found;
    return locked(this.#folder, async () => {
      // Another process may have made it while this one waited.
      const again = await folder.read(identity);
      if (again !== null) return again;
      const secret = Buffer.from(await make());
      await folder.write(identity, secret);
      return secret;
    });
  }

  /** Bytes of all files of the store. */
  sizeBytes = async (): Promise<number> => bytesIn(this.#folder);

  /** When the oldest wrapping key was made: the bound of erasure counts from it. */
  get generationMadeAt(): Date {
    return this.#generation.madeAt;
  }
}
