/**
 * The key store: where compartment keys live and die. A folder of its own, apart from the database and
 * from the root key (P6); docs/formats/key-store.md says what lies in it.
 *
 *   live ──markClosing──▶ closing ──destroy──▶ destroyed (a tombstone, for ever)
 *     ▲                      │
 *     └───────reopen─────────┘
 *
 * Several processes may use one folder: changes happen under a short lock, and a compartment is sealed
 * into by one live process at a time.
 */
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import type { Cover } from "../crypto/key-tree.ts";
import { SERIAL_MAX } from "../crypto/key-tree.ts";
import type { Day } from "../rules/calendar.ts";
import { Failure } from "../rules/failure.ts";
import {
  coverBytes,
  LANE_POSITIONS,
  parseCover,
  parseRecord,
  recordBytes,
  serialText,
} from "./compartment-record.ts";
import type { CompartmentRecord } from "./compartment-record.ts";
import {
  destroyFile,
  makeFolder,
  readWhole,
  removeTemporaries,
  requirePrivate,
  writeDurably,
} from "./durable-file.ts";
import { openGeneration } from "./generation.ts";
import type { Generation, OpenOptions } from "./generation.ts";
import { isAlive, ownMark } from "./process-mark.ts";
import { generationOf, openFile, sealFile, WRAP_NONCE_BYTES } from "./sealed-file.ts";
import type { Kind } from "./sealed-file.ts";
import { locked } from "./store-lock.ts";
import { appendTombstone, cutTombstones, parseTombstones } from "./tombstone.ts";
import type { Tombstone } from "./tombstone.ts";

/** How many positions of every lane one durable promise covers: 64 x 256 lanes = 16,384 slots. */
const RESERVE_POSITIONS = 64;
const KEY_BYTES = 32;
const TOMBSTONE_ID_BYTES = 16;
const FOLDERS = ["compartments", "records", "tenants", "index"] as const;
type Folder = (typeof FOLDERS)[number];

/** A tenant's lasting keys: `token` enciphers its tokens, `intake` keys order hashes and pseudonyms. */
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
  #tombstones = new Map<number, Tombstone>();
  #tombstoneText = "";

  private constructor(options: OpenOptions, generation: Generation) {
    this.#folder = options.folder;
    this.#generation = generation;
    this.#randomBytes = options.randomBytes;
  }

  /**
   * Opens the key store in `folder`, making it and the root key when both are absent, and finishes
   * destructions that a crash interrupted. Throws KEYSTORE_ROOT_MISSING, KEYSTORE_ROOT_WRONG,
   * KEYSTORE_PERMISSIONS or KEYSTORE_BROKEN; nothing can be opened or sealed until that is mended.
   */
  static async open(options: OpenOptions): Promise<KeyStore> {
    await makeFolder(options.folder);
    for (const name of FOLDERS) await makeFolder(path.join(options.folder, name));
    return locked(options.folder, async () => {
      const store = new KeyStore(options, await openGeneration(options));
      await store.#recover();
      return store;
    });
  }

  async #recover(): Promise<void> {
    for (const name of FOLDERS) await removeTemporaries(path.join(this.#folder, name));
    await this.#readTombstones();
    for (const serial of this.#tombstones.keys()) await this.#removeKeys(serial);
  }

  #file(folder: Folder, name: string): string {
    return path.join(this.#folder, folder, `${name}.key`);
  }

  get #tombstoneFile(): string {
    return path.join(this.#folder, "tombstones");
  }

  /** Brings in what other processes appended since; called under the lock and before every use. */
  async #readTombstones(): Promise<void> {
    const bytes = await readWhole(this.#tombstoneFile);
    const text = bytes?.toString("utf8") ?? "";
    if (text === this.#tombstoneText) return;
    const { tombstones, wholeBytes } = parseTombstones(text);
    if (bytes !== null && wholeBytes < bytes.length) await cutTombstones(this.#tombstoneFile, wholeBytes);
    this.#tombstones = new Map(tombstones.map((tombstone) => [tombstone.serial, tombstone]));
    this.#tombstoneText = text.slice(0, wholeBytes);
  }

  async #removeKeys(serial: number): Promise<void> {
    await destroyFile(this.#file("compartments", serialText(serial)));
    await destroyFile(this.#file("records", serialText(serial)));
  }

  async #readSecret(folder: Folder, head: { kind: Kind; identity: string }): Promise<Buffer | null> {
    const file = this.#file(folder, head.identity);
    const bytes = await readWhole(file);
    if (bytes === null) return null;
    await requirePrivate(file);
    const generation = generationOf(bytes);
    return openFile({ ...head, generation }, this.#generation.keyOf(generation), bytes);
  }

  async #writeSecret(folder: Folder, head: { kind: Kind; identity: string }, secret: Uint8Array): Promise<void> {
    const generation = this.#generation.current;
    const wrapping = {
      key: this.#generation.keyOf(generation),
      nonce: this.#randomBytes(WRAP_NONCE_BYTES),
    };
    await writeDurably(this.#file(folder, head.identity), sealFile({ ...head, generation }, wrapping, secret));
  }

  async #readRecord(serial: number): Promise<CompartmentRecord | null> {
    const bytes = await readWhole(this.#file("records", serialText(serial)));
    return bytes === null ? null : parseRecord(bytes);
  }

  async #writeRecord(record: CompartmentRecord): Promise<void> {
    await writeDurably(this.#file("records", serialText(record.serial)), recordBytes(record));
  }

  async #requireRecord(serial: number): Promise<CompartmentRecord> {
    await this.#readTombstones();
    if (this.#tombstones.has(serial)) throw new Failure("KEY_DESTROYED", { compartment: serialText(serial) });
    const record = await this.#readRecord(serial);
    if (record === null) throw new Failure("KEY_UNKNOWN", { compartment: serialText(serial) });
    return record;
  }

  /** All compartments that are not destroyed, by serial. */
  async list(): Promise<CompartmentRecord[]> {
    await this.#readTombstones();
    const records: CompartmentRecord[] = [];
    for (const name of (await readdir(path.join(this.#folder, "records"))).toSorted()) {
      const serial = Number.parseInt(path.parse(name).name, 16);
      if (!name.endsWith(".key") || this.#tombstones.has(serial)) continue;
      const record = await this.#readRecord(serial);
      if (record !== null) records.push(record);
    }
    return records;
  }

  /** Everything that was ever destroyed, oldest first. */
  async tombstones(): Promise<Tombstone[]> {
    await this.#readTombstones();
    return [...this.#tombstones.values()];
  }

  /**
   * Opens a compartment for reading. Throws KEY_DESTROYED (its waybills are dead), KEY_UNKNOWN (another
   * installation's, or an older key store) or KEYSTORE_BROKEN.
   */
  async openCompartment(serial: number): Promise<OpenCompartment> {
    const record = await this.#requireRecord(serial);
    const secret = await this.#readSecret("compartments", { kind: "compartment", identity: serialText(serial) });
    if (secret === null) throw new Failure("KEYSTORE_BROKEN", { compartment: serialText(serial) });
    return { record, cover: parseCover(secret) };
  }

  /**
   * Leases a live compartment of that tenant, day and suite to this process: one that no live process
   * holds, or a new one. The caller seals into it alone and must `reserve` before it goes past
   * `firstPosition`, and `release` it at the end.
   */
  async lease(request: LeaseRequest): Promise<Lease> {
    return locked(this.#folder, async () => {
      const free = (await this.list()).find((record) => isFree(record, request));
      const record = await this.#holdOrCreate(free, request);
      const { cover } = await this.openCompartment(record.serial);
      return { record, cover, firstPosition: free?.ceiling ?? 0 };
    });
  }

  async #holdOrCreate(free: CompartmentRecord | undefined, request: LeaseRequest): Promise<CompartmentRecord> {
    if (free === undefined) return this.#create(request);
    const ceiling = Math.min(free.ceiling + RESERVE_POSITIONS, LANE_POSITIONS);
    const record: CompartmentRecord = { ...free, holder: ownMark(), ceiling };
    await this.#writeRecord(record);
    return record;
  }

  async #create(request: LeaseRequest): Promise<CompartmentRecord> {
    const serial = (await this.#lastSerial()) + 1;
    if (serial > SERIAL_MAX) throw new RangeError("all serials are used");
    const record: CompartmentRecord = {
      ...request,
      serial,
      generation: 1,
      state: "live",
      ceiling: RESERVE_POSITIONS,
      holder: ownMark(),
    };
    const cover: Cover = [{ level: 0, index: 0, seed: this.#randomBytes(KEY_BYTES) }];
    const identity = serialText(serial);
    await writeDurably(path.join(this.#folder, "serial"), Buffer.from(identity, "latin1"));
    await this.#writeSecret("compartments", { kind: "compartment", identity }, coverBytes(cover));
    // The record comes last: a compartment without one was never promised to anybody.
    await this.#writeRecord(record);
    return record;
  }

  /** The highest serial that was ever given, also if the counter came back from an older copy. */
  async #lastSerial(): Promise<number> {
    const counter = await readWhole(path.join(this.#folder, "serial"));
    const names = await readdir(path.join(this.#folder, "compartments"));
    const seen = names.map((name) => Number.parseInt(path.parse(name).name, 16));
    const counted = counter === null ? 0 : Number.parseInt(counter.toString("latin1"), 16);
    return Math.max(counted, 0, ...seen, ...this.#tombstones.keys());
  }

  /**
   * Promises positions up to `needed` in every lane, durably, before any of them is used: after a crash
   * nobody seals there again. Returns the new ceiling.
   */
  async reserve(serial: number, needed: number): Promise<number> {
    return locked(this.#folder, async () => {
      const record = await this.#requireRecord(serial);
      const steps = Math.ceil(needed / RESERVE_POSITIONS);
      const ceiling = Math.max(record.ceiling, Math.min(steps * RESERVE_POSITIONS, LANE_POSITIONS));
      await this.#writeRecord({ ...record, ceiling });
      return ceiling;
    });
  }

  /** Ends a lease in good order; positions from `nextPosition` on are free again. */
  async release(serial: number, nextPosition: number): Promise<void> {
    await locked(this.#folder, async () => {
      await this.#readTombstones();
      const record = await this.#readRecord(serial);
      if (record === null || this.#tombstones.has(serial)) return;
      const ceiling = Math.min(record.ceiling, nextPosition);
      await this.#writeRecord({ ...record, ceiling, holder: null });
    });
  }

  /** Live to closing, or back (P7). Throws as `openCompartment`. */
  async setState(serial: number, state: CompartmentRecord["state"]): Promise<void> {
    await locked(this.#folder, async () => {
      const record = await this.#requireRecord(serial);
      if (record.state !== state) await this.#writeRecord({ ...record, state });
    });
  }

  /**
   * Destroys a compartment's keys for ever. The tombstone is durable first, so a crash at any moment
   * ends in the same place; destroying again gives the same tombstone.
   */
  async destroy(serial: number, destroyedAt: Date): Promise<Tombstone> {
    return locked(this.#folder, async () => {
      await this.#readTombstones();
      const earlier = this.#tombstones.get(serial);
      if (earlier !== undefined) {
        await this.#removeKeys(serial);
        return earlier;
      }
      const { tenant, dayOfDeath } = await this.#requireRecord(serial);
      const id = Buffer.from(this.#randomBytes(TOMBSTONE_ID_BYTES)).toString("hex");
      const tombstone: Tombstone = { serial, tenant, dayOfDeath, destroyedAt, id };
      await appendTombstone(this.#tombstoneFile, tombstone);
      await this.#removeKeys(serial);
      await this.#readTombstones();
      return tombstone;
    });
  }

  /** The tenant's lasting keys, made when they are first asked for. */
  async tenantKeys(tenant: string): Promise<TenantKeys> {
    const head = { kind: "tenant", identity: tenant } as const;
    const secret = await this.#readOrMake("tenants", head, () => this.#randomBytes(2 * KEY_BYTES));
    return { token: secret.subarray(0, KEY_BYTES), intake: secret.subarray(KEY_BYTES, 2 * KEY_BYTES) };
  }

  /**
   * The key of a tenant's blind index for one epoch (a Monday, or a season), or null when it does not
   * exist and `bits` is not given: then nothing can be found in that epoch.
   */
  async indexKey(tenant: string, epoch: string, bits: number | null): Promise<IndexKeyRecord | null> {
    const head = { kind: "index", identity: `${tenant}.${epoch}` } as const;
    const make = (): Uint8Array => Buffer.concat([Uint8Array.of(bits ?? 0), this.#randomBytes(KEY_BYTES)]);
    const secret =
      bits === null
        ? await this.#readSecret("index", head)
        : await this.#readOrMake("index", head, make);
    return secret === null ? null : { bits: secret.readUInt8(0), key: secret.subarray(1, 1 + KEY_BYTES) };
  }

  /** Destroys an epoch's index key for ever; false when there was none. The caller sees that it is due. */
  async destroyIndexKey(tenant: string, epoch: string): Promise<boolean> {
    return locked(this.#folder, async () => {
      const file = this.#file("index", `${tenant}.${epoch}`);
      const existed = (await readWhole(file)) !== null;
      await destroyFile(file);
      return existed;
    });
  }

  /** The epochs for which the tenant has an index key, in order. */
  async indexEpochs(tenant: string): Promise<string[]> {
    const names = await readdir(path.join(this.#folder, "index"));
    const prefix = `${tenant}.`;
    return names
      .filter((name) => name.startsWith(prefix) && name.endsWith(".key"))
      .map((name) => name.slice(prefix.length, -".key".length))
      .toSorted();
  }

  async #readOrMake(
    folder: Folder,
    head: { readonly kind: Kind; readonly identity: string },
    make: () => Uint8Array,
  ): Promise<Buffer> {
    const found = await this.#readSecret(folder, head);
    if (found !== null) return found;
    return locked(this.#folder, async () => {
      // Another process may have made it while this one waited.
      const again = await this.#readSecret(folder, head);
      if (again !== null) return again;
      const secret = Buffer.from(make());
      await this.#writeSecret(folder, head, secret);
      return secret;
    });
  }

  /** Bytes of all files of the store. */
  async sizeBytes(): Promise<number> {
    const entries = await readdir(this.#folder, { recursive: true, withFileTypes: true });
    const sizes = entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => (await stat(path.join(entry.parentPath, entry.name)).catch(() => null))?.size ?? 0);
    return (await Promise.all(sizes)).reduce((total, size) => total + size, 0);
  }

  /** When the key that wraps everything here was made: the age bounds how long erased keys may linger. */
  get generationMadeAt(): Date {
    return this.#generation.madeAt;
  }
}

function isFree(record: CompartmentRecord, request: LeaseRequest): boolean {
  return (
    record.state === "live" &&
    record.tenant === request.tenant &&
    record.dayOfDeath === request.dayOfDeath &&
    record.suite === request.suite &&
    record.ceiling < LANE_POSITIONS &&
    (record.holder === null || !isAlive(record.holder))
  );
}
