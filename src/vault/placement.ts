/**
 * Where the next orders go: leases compartments, hands out their slots lane by lane, and promises
 * positions durably before they are used.
 */
import { tagBitsFor } from "../crypto/blind-index.ts";
import { LEASE_MS } from "../keystore/generation-lease.ts";
import { SlotAllocator } from "../keystore/slot-allocator.ts";
import type { Lease } from "../keystore/key-store.ts";
import type { Day } from "../rules/calendar.ts";
import type { Lifetime } from "../rules/retention.ts";
import { ensurePartitions } from "../store/partition.ts";
import type { SealingCompartment } from "./batch-sealer.ts";
import { leaseFitting } from "./lease.ts";
import type { Vault } from "./vault.ts";

export interface Place {
  readonly serial: number;
  readonly slot: number;
}

/** How many waybills of one tenant a week is expected to hold: decides how long index tags are. */
const ROWS_PER_WEEK_EXPECTED = 4_000_000;

interface Open {
  readonly lease: Lease;
  readonly slots: SlotAllocator;
  readonly sealing: SealingCompartment;
  ceiling: number;
  /** When the key store last said that the compartment is ours, on the process's clock. */
  confirmedAtMs: number;
}

/** The season whose key indexes recipients sealed on `day`: a quarter of a year. */
export function seasonOf(day: Day): string {
  return `season-${day.slice(0, 4)}Q${Math.floor((Number(day.slice(5, 7)) - 1) / 3) + 1}`;
}

/** Compartments of one day of death, leased to this process until `close`. */
export class Placement {
  readonly #vault: Vault;
  readonly #lifetime: Lifetime;
  readonly #sealedOn: Day;
  readonly #all: Open[] = [];

  constructor(vault: Vault, when: { readonly lifetime: Lifetime; readonly sealedOn: Day }) {
    this.#vault = vault;
    this.#lifetime = when.lifetime;
    this.#sealedOn = when.sealedOn;
  }

  /** A place in `lane` that no order had before. */
  async take(lane: number): Promise<Place> {
    for (const open of this.#all.toReversed()) {
      const slot = open.slots.take(lane);
      if (slot === null) continue;
      await this.#promise(open);
      return { serial: open.lease.record.serial, slot };
    }
    this.#all.push(await this.#lease());
    return this.take(lane);
  }

  /** Gives back a place under which nothing was sealed. */
  giveBack(place: Place): void {
    this.#all.find((open) => open.lease.record.serial === place.serial)?.slots.giveBack(place.slot);
  }

  /** What the sealing side needs to know of every compartment in use. */
  get compartments(): readonly SealingCompartment[] {
    return this.#all.map((open) => open.sealing);
  }

  async #promise(open: Open): Promise<void> {
    const isFresh = performance.now() - open.confirmedAtMs < LEASE_MS / 2;
    if (open.slots.highest <= open.ceiling && isFresh) return;
    open.ceiling = await this.#vault.keys.reserve(open.lease.record.serial, open.slots.highest);
    open.confirmedAtMs = performance.now();
  }

  async #lease(): Promise<Open> {
    const { database } = this.#vault;
    const { deathWeek, shellWeek } = this.#lifetime;
    await ensurePartitions(database, { deathWeek, shellWeek });
    const lease = await leaseFitting(this.#vault, this.#lifetime);
    const { serial, suite, generation, ceiling } = lease.record;
    const sealing: SealingCompartment = {
      serial,
      suite,
      generation,
      cover: lease.cover,
      phoneKey: await this.#indexKey(deathWeek),
      fingerprintKey: await this.#indexKey(seasonOf(this.#sealedOn)),
    };
    return {
      lease,
      slots: new SlotAllocator(lease.firstPosition),
      sealing,
      ceiling,
      confirmedAtMs: performance.now(),
    };
  }

  async #indexKey(epoch: string) {
    const bits = tagBitsFor(ROWS_PER_WEEK_EXPECTED);
    const found = await this.#vault.keys.indexKey(this.#vault.tenant.id, epoch, bits);
    if (found === null) throw new RangeError("an index key that may be made is always found");
    return found;
  }

  /** Ends the leases in good order, so that the next run goes on where this one stopped. */
  async close(): Promise<void> {
    for (const { lease, slots } of this.#all) {
      await this.#vault.keys.release(lease.record.serial, slots.highest);
    }
  }
}
