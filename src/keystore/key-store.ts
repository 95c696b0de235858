/**
 * The key store: where compartment keys live and die. A folder of its own, apart from database and
 * root key (P6); docs/formats/key-store.md says what lies in it.
 *
 *   live ◀──setState──▶ closing ──destroy──▶ destroyed (a tombstone, for ever)
 *
 * Several processes may use it: changes happen under a short lock, one seals at a time.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "../rules/failure.ts";
import { Checkpoints } from "./checkpoints.ts";
import { CompartmentShelf } from "./compartment-shelf.ts";
import type { CompartmentRecord } from "./compartment-record.ts";
import { Compartments } from "./compartments.ts";
import type { LostCompartment, OpenCompartment } from "./compartments.ts";
import { finishFiles, makeFolder, requireOwnFolder } from "./durable-file.ts";
import type { Backup } from "./backup.ts";
import { Copies } from "./copies.ts";
import { keepLease } from "./generation-lease.ts";
import { IndexKeys } from "./index-keys.ts";
import type { EpochKey, IndexKeyRecord } from "./index-keys.ts";
import type { KeyMedium } from "./key-medium.ts";
import { Leaves } from "./leaves.ts";
import type { HeldLeaves } from "./leaves.ts";
import { Leases } from "./leases.ts";
import type { LeaseRequest } from "./leases.ts";
import { mediumOf, openGeneration, rootStateOf } from "./generation.ts";
import type { Generation, OpenOptions, RootState } from "./generation.ts";
import { countByAge, secretsOver } from "./secrets.ts";
import type { Secrets, SecretsByAge } from "./secrets.ts";
import { BETWEEN_TURNS_MS } from "./store-lock.ts";
import { SigningKeys } from "./signing-keys.ts";
import { TenantKeyRings } from "./tenant-keys.ts";
import type { TenantKeys } from "./tenant-keys.ts";
import { TombstoneLog } from "./tombstone-log.ts";
import type { IndexTombstone, LeafTombstone, Tombstone } from "./tombstone.ts";

const TOMBSTONE_ID_BYTES = 16;
/** Compartments made before others get their turn. */
const MADE_AT_ONCE = 32;
export interface Lease extends OpenCompartment {
  /** The first position that is free in every lane. */
  readonly firstPosition: number;
}

export class KeyStore {
  /** Keys that sign: checkpoints, receipts, certificates. */
  readonly signing: SigningKeys;
  /** What must not grow older with the database. */
  readonly checkpoints: Checkpoints;
  /** Backups: made, listed, put back. */
  readonly copies: Copies;
  /** What keeps the root key, and how far a change of it is. */
  readonly root: () => Promise<RootState>;
  /** The lasting keys of tenants, by number. */
  readonly tenants: TenantKeyRings;
  readonly #medium: KeyMedium;
  readonly #generation: Generation;
  readonly #endLease: () => void;
  readonly #randomBytes: (count: number) => Uint8Array;
  readonly #tombstones: TombstoneLog;
  readonly #files: CompartmentShelf;
  readonly #compartments: Compartments;
  readonly #secrets: Secrets;
  readonly #indexes: IndexKeys;
  readonly #leaves: Leaves;
  readonly #leases: Leases;

  private constructor(options: OpenOptions, medium: KeyMedium, generation: Generation) {
    const { randomBytes, now } = options;
    this.root = async () => rootStateOf(options);
    this.#medium = medium;
    this.#generation = generation;
    this.#endLease = keepLease(generation);
    this.#randomBytes = randomBytes;
    const wrapping = { medium, generation, randomBytes };
    const secrets = secretsOver(wrapping);
    this.#secrets = secrets;
    const exclusive = {
      locked: async <T>(work: () => Promise<T>): Promise<T> => this.#locked(work),
    };
    const { rings, tenants: pairs } = secrets;
    this.tenants = new TenantKeyRings({ rings, pairs, randomBytes, now, ...exclusive });
    this.signing = new SigningKeys({ secrets: secrets.signing, ...exclusive });
    this.checkpoints = new Checkpoints({ secrets: secrets.checkpoints, ...exclusive });
    const tombstones = new TombstoneLog(medium);
    this.#tombstones = tombstones;
    const shared = { tombstones, newId: () => this.#newId() };
    this.copies = new Copies({ ...wrapping, secrets, now, newId: shared.newId, ...exclusive });
    this.#indexes = new IndexKeys({ ...shared, secrets: secrets.index, randomBytes, now });
    const files = new CompartmentShelf(medium, secrets.compartments);
    const leaves = new Leaves({ ...shared, compartments: files, held: secrets.held });
    this.#files = files;
    this.#leaves = leaves;
    this.#compartments = new Compartments({ ...shared, files, leaves });
    this.#leases = new Leases({ ...wrapping, tombstones, compartments: files });
  }

  /**
   * Opens the key store in `folder`, making it and the root key when both are absent, and finishes
   * destructions that a crash interrupted. Throws KEYSTORE_ROOT_MISSING, KEYSTORE_ROOT_WRONG,
   * KEYSTORE_PERMISSIONS, KEYSTORE_BROKEN or KEYSTORE_FAILED; nothing can be opened or sealed until
   * that is mended. KEYSTORE_BUSY: try again.
   */
  static async open(options: OpenOptions): Promise<KeyStore> {
    const medium = mediumOf(options);
    await makeFolder(options.folder);
    await requireOwnFolder(options.folder);
    await medium.prepare();
    return medium.locked(async () => {
      const generation = await openGeneration(options);
      const store = new KeyStore(options, medium, generation);
      const isHalf = options.putsBack !== true && (await store.copies.restoring()) !== null;
      if (isHalf) throw new Failure("KEYSTORE_RESTORING");
      await finishFiles(options.folder);
      await medium.finishWrites();
      await store.#finishDestructions();
      return store;
    });
  }

  /** Zeroes the keys that this instance holds; it is of no use afterwards. Ends no lease. */
  async close(): Promise<void> {
    this.#endLease();
    this.#generation.wipe();
    await this.#medium.close();
  }

  async #locked<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.#medium.locked(work);
    } catch (error) {
      if (this.#medium.undoesFailures) this.#tombstones.forget();
      throw error;
    }
  }

  async #finishDestructions(): Promise<void> {
    await this.#tombstones.repair();
    await this.#compartments.finish();
    await this.#indexes.finish();
    await this.signing.finish();
  }

  /** All compartments that are not destroyed, by serial. */
  async list(): Promise<CompartmentRecord[]> {
    return this.#compartments.list();
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
   * Opens a compartment for reading; of a destroyed one what is held of it. Throws KEY_DESTROYED
   * (its waybills are dead), KEY_UNKNOWN (another installation's, or an older key store) or
   * KEYSTORE_BROKEN.
   */
  async openCompartment(serial: number): Promise<OpenCompartment> {
    return this.#compartments.open(serial);
  }

  /**
   * Leases a live compartment of that tenant, day and suite to this process: one that no live
   * process holds, or a new one. The caller seals into it alone and must `reserve` before it goes
   * past the record's ceiling, and `release` it at the end.
   */
  async lease(request: LeaseRequest): Promise<Lease> {
    return this.#locked(async () => {
      const { record, firstPosition } = await this.#leases.begin(await this.list(), request);
      const { cover } = await this.openCompartment(record.serial);
      return { record, cover, firstPosition };
    });
  }

  /**
   * Makes compartments ahead of need, so that `count` are free for each of `requests`: for the days
   * of death of the coming week, one for each server that seals. Returns those it made, a few at a
   * time, so that others do not wait. Keys that exist early die on the same day; what is ahead of
   * need is only their making.
   */
  async createAhead(
    requests: readonly LeaseRequest[],
    count: number,
  ): Promise<CompartmentRecord[]> {
    const made: CompartmentRecord[] = [];
    const lacking = await this.#leases.lacking(await this.list(), requests, count);
    for (const [at, request] of requests.entries()) {
      for (let left = lacking[at] ?? 0; left > 0; left -= MADE_AT_ONCE) {
        const some = Math.min(left, MADE_AT_ONCE);
        made.push(...(await this.#locked(async () => this.#leases.make(request, some))));
        if (left > some) await sleep(BETWEEN_TURNS_MS);
      }
    }
    return made;
  }

  /**
   * Promises positions below `needed` in every lane, durably, before any of them is used: after a
   * crash nobody seals there again. Returns the new ceiling. Throws KEY_NOT_LEASED when this
   * process does not hold the compartment and KEY_CLOSING when nothing may be sealed into it any
   * more (lease another one), else as `openCompartment`.
   */
  async reserve(serial: number, needed: number): Promise<number> {
    return this.#locked(async () =>
      this.#leases.extend(await this.#compartments.require(serial), needed),
    );
  }

  /**
   * Ends a lease in good order; positions from `nextPosition` on are free again. Does nothing when
   * the compartment is destroyed or not held by this process.
   */
  async release(serial: number, nextPosition: number): Promise<void> {
    await this.#locked(async () => {
      const record = await this.#compartments.find(serial);
      if (record !== null) await this.#leases.end(record, nextPosition);
    });
  }

  /** Live to closing, or back (P7). Throws as `openCompartment`. */
  async setState(serial: number, state: CompartmentRecord["state"]): Promise<void> {
    await this.#locked(async () => {
      const record = await this.#compartments.require(serial);
      if (record.state !== state) await this.#files.writeRecord({ ...record, state });
    });
  }

  /**
   * Destroys a compartment's keys for ever, but for the leaves that are held. The tombstone is
   * durable first, so a crash at any moment ends in the same place; destroying again gives the same
   * tombstone. The brakes of P7 are the caller's. Throws KEY_UNKNOWN, KEYSTORE_BROKEN or
   * KEYSTORE_FAILED (call again).
   */
  async destroy(serial: number, destroyedAt: Date): Promise<Tombstone> {
    return this.#locked(async () => {
      const tombstone = await this.#compartments.destroy(serial, destroyedAt);
      this.#leases.forget(serial);
      return tombstone;
    });
  }

  /**
   * Writes a tombstone for a compartment whose keys this store never had or lost: they are not
   * expected back, and would not be let in. Again gives the same tombstone.
   */
  async giveUp(lost: LostCompartment, destroyedAt: Date): Promise<Tombstone> {
    return this.#locked(async () => this.#compartments.bury(lost, destroyedAt));
  }

  /** From now on new compartments have serials larger than `upTo`. */
  async skipSerials(upTo: number): Promise<void> {
    await this.#locked(async () => this.#files.skipSerials(upTo));
  }

  /**
   * Destroys the keys of single waybills for ever, tombstones first; again gives the same
   * tombstones. At most 17 nodes of the tree take the place of one. Throws KEY_HELD when one of
   * them is held (let it go first; none is destroyed then), KEY_DESTROYED when the whole
   * compartment is, else as `openCompartment`.
   */
  async puncture(
    serial: number,
    slots: readonly number[],
    destroyedAt: Date,
  ): Promise<LeafTombstone[]> {
    return this.#locked(async () =>
      this.#leaves.puncture(await this.#compartments.require(serial), slots, destroyedAt),
    );
  }

  /** Whether a waybill's key was destroyed by itself, before or after the rest. */
  async isPunctured(serial: number, slot: number): Promise<boolean> {
    await this.#tombstones.refresh();
    return this.#tombstones.ofLeaf(serial, slot) !== null;
  }

  /**
   * Keeps the keys of single waybills when the rest of their compartment dies, until `letGo`;
   * holding again changes nothing. Throws KEY_DESTROYED when one of them is dead (none is held
   * then), else as `openCompartment`.
   */
  async hold(serial: number, slots: readonly number[]): Promise<void> {
    await this.#locked(async () => {
      const record = await this.#compartments.find(serial);
      if (record !== null) return this.#leaves.hold(record, slots);
      const held = await this.#leaves.heldSlots(serial);
      if (!slots.every((slot) => held.includes(slot)))
        throw await this.#compartments.absence(serial);
      return undefined;
    });
  }

  /**
   * Ends holds: those of a compartment that lives go on living in it, those of a destroyed one die
   * now, and their tombstones come back. What is not held is passed over.
   */
  async letGo(
    serial: number,
    slots: readonly number[],
    destroyedAt: Date,
  ): Promise<LeafTombstone[]> {
    return this.#locked(async () => {
      await this.#tombstones.refresh();
      const record = await this.#files.readRecord(serial);
      return record === null ? [] : this.#leaves.letGo(record, slots, destroyedAt);
    });
  }

  /** All compartments of which leaves are held, by serial. */
  held = async (): Promise<HeldLeaves[]> => this.#leaves.allHeld();
  /** The slots of `serials` that do not die with the rest, or did not: erased early, or held. */
  singleLeaves = async (serials: readonly number[]) => this.#leaves.single(serials);

  /** Every leaf that was destroyed by itself. */
  async leafTombstones(): Promise<LeafTombstone[]> {
    await this.#tombstones.refresh();
    return this.#tombstones.allLeaves;
  }

  #newId(): string {
    return Buffer.from(this.#randomBytes(TOMBSTONE_ID_BYTES)).toString("hex");
  }

  /** The tenant's lasting keys, made when they are first asked for. */
  async tenantKeys(tenant: string): Promise<TenantKeys> {
    return this.tenants.of(tenant);
  }

  /**
   * The key of a tenant's blind index for one epoch (a Monday, or a season), or null when there is
   * none and `bits` is not given: then nothing can be found there. An epoch keeps its bits (8..32).
   * Throws KEY_DESTROYED for `bits` in an epoch whose index is destroyed.
   */
  async indexKey(
    tenant: string,
    epoch: string,
    bits: number | null,
  ): Promise<IndexKeyRecord | null> {
    await this.#tombstones.refresh();
    const found = await this.#indexes.read({ tenant, epoch });
    if (found !== null || bits === null) return found;
    return this.#locked(async () => {
      // Another process may have made it while this one waited.
      const again = await this.#indexes.read({ tenant, epoch });
      return again ?? this.#indexes.make({ tenant, epoch }, bits);
    });
  }

  /**
   * Destroys an epoch's index key for ever, tombstone first as with compartments; false when there
   * was none. Throws INDEX_KEY_NEEDED while a compartment of the tenant lives whose day of death
   * lies in that week: destroy those first.
   */
  async destroyIndexKey(tenant: string, epoch: string): Promise<boolean> {
    return this.#locked(async () => this.#indexes.destroy({ tenant, epoch }, await this.list()));
  }

  /** The epochs for which the tenant has an index key, in order. */
  indexEpochs = async (tenant: string): Promise<string[]> => this.#indexes.epochs(tenant);
  /** Those keys by epoch, asked for together. What is destroyed is not among them. */
  indexKeys = async (tenant: string): Promise<EpochKey[]> => this.#indexes.ofTenant(tenant);

  /** How many secrets still wait for a rotation. */
  async secretsByAge(): Promise<SecretsByAge> {
    await this.#generation.refresh();
    return countByAge(this.#secrets);
  }

  /**
   * Puts a backup into this store, which must be empty and opened with `putsBack`, and destroys
   * what the backup itself knows to be dead. Throws KEYSTORE_NOT_EMPTY.
   */
  async putBack(backup: Backup): Promise<void> {
    await this.copies.putBack(backup);
    await this.#locked(async () => this.#finishDestructions());
  }

  /** Nobody seals into what is here now any more: how far it was used is not known. */
  async closeToSeals(): Promise<void> {
    await this.#locked(async () => this.#leases.closeAll(await this.list()));
  }

  /** Throws KEYSTORE_FAILED or KEYSTORE_UNREACHABLE where the store cannot be read now. */
  look = async () => Promise.all([this.#generation.refresh(), this.#tombstones.refresh()]);
  sizeBytes = async (): Promise<number> => this.#medium.sizeBytes();
  /** When the oldest wrapping key was made: the bound of erasure counts from it. */
  get generationMadeAt(): Date {
    return this.#generation.madeAt;
  }
}
