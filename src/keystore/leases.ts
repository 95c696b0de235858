/**
 * Who seals into which compartment, and how far its slots are promised away. Everything here runs
 * under the store's lock.
 */
import { Failure } from "../rules/failure.ts";
import type { Day } from "../rules/calendar.ts";
import type { CompartmentShelf } from "./compartment-shelf.ts";
import { isFree, LANE_POSITIONS, serialText } from "./compartment-record.ts";
import type { CompartmentRecord } from "./compartment-record.ts";
import type { Generation } from "./generation.ts";
import type { KeyMedium } from "./key-medium.ts";
import { isSame } from "./process-mark.ts";
import type { TombstoneLog } from "./tombstone-log.ts";

/** Positions of every lane that one durable promise covers: 64 x 256 lanes = 16,384 slots. */
const RESERVE_POSITIONS = 64;
const ROOT_BYTES = 32;

export interface LeaseRequest {
  readonly tenant: string;
  readonly dayOfDeath: Day;
  readonly suite: number;
}

interface LeasesOptions {
  readonly medium: KeyMedium;
  readonly compartments: CompartmentShelf;
  readonly tombstones: TombstoneLog;
  readonly generation: Generation;
  readonly randomBytes: (count: number) => Uint8Array;
}

export class Leases {
  readonly #options: LeasesOptions;
  /** Where this instance's leases began: below it slots are taken, whatever `end` is told. */
  readonly #from = new Map<number, number>();

  constructor(options: LeasesOptions) {
    this.#options = options;
  }

  /** Takes the first of `records` that is free, or makes a compartment. */
  async begin(
    records: readonly CompartmentRecord[],
    request: LeaseRequest,
  ): Promise<{ record: CompartmentRecord; firstPosition: number }> {
    const isAlive = await this.#options.medium.living();
    const free = records.find((each) => isFree(each, request, isAlive));
    const record = free === undefined ? await this.#makeOne(request) : await this.#take(free);
    const firstPosition = free?.ceiling ?? 0;
    this.#from.set(record.serial, firstPosition);
    return { record, firstPosition };
  }

  async #makeOne(request: LeaseRequest): Promise<CompartmentRecord> {
    const [serial = 0] = await this.#newSerials(1);
    const holder = this.#options.medium.mark();
    return this.#create(serial, request, { holder, ceiling: RESERVE_POSITIONS });
  }

  async #newSerials(count: number): Promise<number[]> {
    const { compartments, tombstones } = this.#options;
    return compartments.newSerials(
      count,
      tombstones.all.map((dead) => dead.serial),
    );
  }

  async #take(free: CompartmentRecord): Promise<CompartmentRecord> {
    const { medium, compartments } = this.#options;
    const ceiling = Math.min(free.ceiling + RESERVE_POSITIONS, LANE_POSITIONS);
    const record: CompartmentRecord = { ...free, holder: medium.mark(), ceiling };
    await compartments.writeRecord(record);
    return record;
  }

  /** For each of `requests`, how many of `records` are lacking until `count` of them are free. */
  async lacking(
    records: readonly CompartmentRecord[],
    requests: readonly LeaseRequest[],
    count: number,
  ): Promise<number[]> {
    const isAlive = await this.#options.medium.living();
    return requests.map((request) => {
      const free = records.filter((each) => isFree(each, request, isAlive)).length;
      return Math.max(0, count - free);
    });
  }

  /** Makes `count` compartments that nobody holds. */
  async make(request: LeaseRequest, count: number): Promise<CompartmentRecord[]> {
    const made: CompartmentRecord[] = [];
    for (const serial of await this.#newSerials(count)) {
      made.push(await this.#create(serial, request, { holder: null, ceiling: 0 }));
    }
    return made;
  }

  async #create(
    serial: number,
    { tenant, dayOfDeath, suite }: LeaseRequest,
    lease: Pick<CompartmentRecord, "holder" | "ceiling">,
  ): Promise<CompartmentRecord> {
    const { compartments, generation, randomBytes } = this.#options;
    const root = randomBytes(ROOT_BYTES);
    await compartments.writeCover(serial, [{ level: 0, index: 0, seed: root }]);
    root.fill(0);
    const record: CompartmentRecord = {
      serial,
      tenant,
      dayOfDeath,
      suite,
      generation: generation.current,
      state: "live",
      ...lease,
    };
    // The record comes last: a compartment without one was never promised to anybody.
    await compartments.writeRecord(record);
    return record;
  }

  #isOwn({ holder }: CompartmentRecord): boolean {
    return holder !== null && isSame(holder, this.#options.medium.mark());
  }

  /** Promises positions below `needed` in every lane. Throws KEY_NOT_LEASED or KEY_CLOSING. */
  async extend(record: CompartmentRecord, needed: number): Promise<number> {
    const compartment = serialText(record.serial);
    if (!this.#isOwn(record)) throw new Failure("KEY_NOT_LEASED", { compartment });
    if (record.state === "closing") throw new Failure("KEY_CLOSING", { compartment });
    const steps = Math.ceil(needed / RESERVE_POSITIONS);
    const ceiling = Math.max(record.ceiling, Math.min(steps * RESERVE_POSITIONS, LANE_POSITIONS));
    await this.#options.compartments.writeRecord({ ...record, ceiling });
    return ceiling;
  }

  /** Ends a lease of this process; positions from `nextPosition` on are free again. */
  async end(record: CompartmentRecord, nextPosition: number): Promise<void> {
    const { compartments, tombstones } = this.#options;
    const { serial } = record;
    if (!this.#isOwn(record)) return;
    const from = this.#from.get(serial) ?? LANE_POSITIONS;
    // Nobody may seal where a leaf is dead, also if the slot was never used.
    const dead = tombstones.deadSlots(serial).map((slot) => (slot % LANE_POSITIONS) + 1);
    const used = dead.reduce(
      (highest, each) => Math.max(highest, each),
      Math.max(nextPosition, from),
    );
    const ceiling = Math.min(record.ceiling, used);
    await compartments.writeRecord({ ...record, ceiling, holder: null });
    this.forget(serial);
  }

  /** Takes every compartment for used up, and nobody holds it. */
  async closeAll(records: readonly CompartmentRecord[]): Promise<void> {
    for (const record of records) {
      const closed = { ...record, ceiling: LANE_POSITIONS, holder: null };
      await this.#options.compartments.writeRecord(closed);
    }
  }

  /** The compartment is destroyed, or its lease over. */
  forget(serial: number): void {
    this.#from.delete(serial);
  }
}
