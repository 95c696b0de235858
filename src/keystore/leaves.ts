/**
 * Single leaves of a compartment (P7): punctured ones, which die before the rest, and held ones,
 * which outlive it. A leaf's tombstone is durable before any key is touched; the held leaves of a
 * compartment lie in a file of their own, so that destroying the compartment leaves them alone.
 */
import { holdLeaf, punctureAll, TREE_DEPTH } from "../crypto/key-tree.ts";
import type { Cover, Tree } from "../crypto/key-tree.ts";
import { suiteOf } from "../crypto/suites.ts";
import { Failure } from "../rules/failure.ts";
import type { CompartmentShelf } from "./compartment-shelf.ts";
import {
  coverBytes,
  LANE_POSITIONS,
  parseCover,
  parseSerial,
  serialText,
} from "./compartment-record.ts";
import type { CompartmentRecord } from "./compartment-record.ts";
import type { SealedShelf } from "./sealed-shelf.ts";
import type { TombstoneLog } from "./tombstone-log.ts";
import type { LeafTombstone } from "./tombstone.ts";

/** A compartment of which leaves are held. */
export interface HeldLeaves {
  readonly record: CompartmentRecord;
  /** In order. */
  readonly slots: readonly number[];
  /** Whether everything else of the compartment is destroyed. */
  readonly isDestroyed: boolean;
}

/** Slots of single leaves, by the serial of their compartment. */
export interface SingleLeaves {
  /** They died by themselves, before the rest. */
  readonly erased: ReadonlyMap<number, readonly number[]>;
  /** A hold keeps them when the rest dies, or kept them when it died. */
  readonly kept: ReadonlyMap<number, readonly number[]>;
}

interface LeavesOptions {
  readonly tombstones: TombstoneLog;
  readonly compartments: CompartmentShelf;
  readonly held: SealedShelf;
  /** 32 hex characters, random. */
  readonly newId: () => string;
}

function treeOf(record: CompartmentRecord): Tree {
  return { suite: suiteOf(record.suite), serial: record.serial };
}

/** Those of `slots` that `cover` can still derive. Both are walked once, from the left. */
function derivable(cover: Cover, slots: readonly number[]): number[] {
  let at = 0;
  return slots
    .toSorted((a, b) => a - b)
    .filter((slot) => {
      const end = (node: Cover[number]): number =>
        (node.index + 1) * 2 ** (TREE_DEPTH - node.level);
      let node = cover[at];
      while (node !== undefined && end(node) <= slot) node = cover[(at += 1)];
      return node !== undefined && node.index * 2 ** (TREE_DEPTH - node.level) <= slot;
    });
}

/** `cover` without what is below `dead`; the same cover when nothing of them is left in it. */
export function withoutLeaves(record: CompartmentRecord, cover: Cover, dead: number[]): Cover {
  const left = derivable(cover, dead);
  return left.length === 0 ? cover : punctureAll(treeOf(record), cover, left);
}

const slotOf = (node: Cover[number]): number => node.index;

/** Everything here but `readHeld` and `survivors` runs under the store's lock. */
export class Leaves {
  readonly #options: LeavesOptions;

  constructor(options: LeavesOptions) {
    this.#options = options;
  }

  /**
   * The held leaves of a compartment, or null when there are none. Once the compartment is
   * destroyed only what its tombstone names, and what was not let go since.
   */
  async readHeld(serial: number): Promise<Cover | null> {
    const secret = await this.#options.held.read(serialText(serial));
    if (secret === null) return null;
    const cover = parseCover(secret);
    secret.fill(0);
    const { tombstones } = this.#options;
    const tombstone = tombstones.of(serial);
    const kept = new Set(tombstone?.kept ?? cover.map(slotOf));
    const alive = cover.filter(
      (node) => kept.has(slotOf(node)) && tombstones.ofLeaf(serial, slotOf(node)) === null,
    );
    return alive.length === 0 ? null : alive;
  }

  /** `cover` as the tombstones of leaves leave it, also when an older cover was put back. */
  survivors(record: CompartmentRecord, cover: Cover): Cover {
    return withoutLeaves(record, cover, this.#options.tombstones.deadSlots(record.serial));
  }

  /** Slots of held leaves, in order: what is left of a compartment once it is destroyed. */
  async heldSlots(serial: number): Promise<number[]> {
    return ((await this.readHeld(serial)) ?? []).map(slotOf);
  }

  async #writeHeld(serial: number, cover: Cover): Promise<void> {
    const identity = serialText(serial);
    if (cover.length === 0) {
      await this.#options.held.destroy(identity);
      return;
    }
    const secret = coverBytes(cover);
    await this.#options.held.replace(identity, secret);
    secret.fill(0);
  }

  #buried(record: CompartmentRecord, slots: readonly number[], destroyedAt: Date) {
    const { serial, tenant } = record;
    return slots.map((slot): LeafTombstone => {
      const earlier = this.#options.tombstones.ofLeaf(serial, slot);
      return earlier ?? { serial, slot, tenant, destroyedAt, id: this.#options.newId() };
    });
  }

  /** Writes down those tombstones that are new. */
  async #bury(buried: readonly LeafTombstone[]): Promise<void> {
    const { tombstones } = this.#options;
    const fresh = buried.filter(({ serial, slot }) => tombstones.ofLeaf(serial, slot) === null);
    if (fresh.length > 0) await tombstones.append(...fresh);
  }

  /** Leaves of a compartment that lives die. Throws KEY_HELD, and nothing dies then. */
  async puncture(
    record: CompartmentRecord,
    slots: readonly number[],
    destroyedAt: Date,
  ): Promise<LeafTombstone[]> {
    const { serial } = record;
    const held = new Set(await this.heldSlots(serial));
    const compartment = serialText(serial);
    if (slots.some((slot) => held.has(slot))) throw new Failure("KEY_HELD", { compartment });
    await this.#raiseCeiling(record, slots);
    const buried = this.#buried(record, [...new Set(slots)], destroyedAt);
    await this.#bury(buried);
    await this.#finishCover(record);
    return buried;
  }

  /** Nobody may seal where a leaf is dead, also in a store that forgot that the slot was used. */
  async #raiseCeiling(record: CompartmentRecord, slots: readonly number[]): Promise<void> {
    const above = slots.map((slot) => (slot % LANE_POSITIONS) + 1);
    const ceiling = Math.max(record.ceiling, ...above);
    if (ceiling > record.ceiling) {
      await this.#options.compartments.writeRecord({ ...record, ceiling });
    }
  }

  async #finishCover(record: CompartmentRecord): Promise<void> {
    const { compartments } = this.#options;
    const cover = await compartments.readCover(record.serial);
    if (cover === null) return;
    const rest = this.survivors(record, cover);
    if (rest !== cover) await compartments.replaceCover(record.serial, rest);
  }

  /** Keeps leaves of a compartment that lives. Throws KEY_DESTROYED when one of them is dead. */
  async hold(record: CompartmentRecord, slots: readonly number[]): Promise<void> {
    const { serial } = record;
    const cover = await this.#options.compartments.readCover(serial);
    const before = (await this.readHeld(serial)) ?? [];
    const known = new Set(before.map(slotOf));
    const fresh = [...new Set(slots)].filter((slot) => !known.has(slot));
    if (fresh.length === 0) return;
    const rest = this.survivors(record, cover ?? []);
    const added = fresh.flatMap((slot) => holdLeaf(treeOf(record), rest, slot));
    const all = [...before, ...added].toSorted((a, b) => slotOf(a) - slotOf(b));
    await this.#writeHeld(serial, all);
  }

  /**
   * Ends holds. Leaves of a compartment that lives stay in its tree; those of a destroyed one die
   * now, and their tombstones come back.
   */
  async letGo(
    record: CompartmentRecord,
    slots: readonly number[],
    destroyedAt: Date,
  ): Promise<LeafTombstone[]> {
    const { serial } = record;
    const { tombstones } = this.#options;
    const going = new Set(slots);
    const held = (await this.readHeld(serial)) ?? [];
    const dying = held.map(slotOf).filter((slot) => going.has(slot));
    const isDestroyed = tombstones.of(serial) !== null;
    const buried = isDestroyed ? this.#buried(record, dying, destroyedAt) : [];
    await this.#bury(buried);
    if (isDestroyed) await this.finishHeld(serial);
    else if (dying.length > 0) {
      const rest = held.filter((node) => !going.has(slotOf(node)));
      await this.#writeHeld(serial, rest);
    }
    return buried;
  }

  /** Brings the held leaves of a destroyed compartment in line with the tombstones. */
  async finishHeld(serial: number): Promise<void> {
    const { compartments, held } = this.#options;
    const secret = await held.read(serialText(serial));
    const rest = (await this.readHeld(serial)) ?? [];
    if (secret !== null) {
      const before = parseCover(secret);
      secret.fill(0);
      if (before.length !== rest.length) await this.#writeHeld(serial, rest);
    }
    if (rest.length === 0) await compartments.destroyRecord(serial);
  }

  /** Punctures again what an interrupted puncture or an older copy left. */
  async finishPunctures(): Promise<void> {
    const { tombstones, compartments } = this.#options;
    for (const serial of tombstones.serialsWithLeaves) {
      if (tombstones.of(serial) !== null) continue;
      const record = await compartments.readRecord(serial);
      if (record !== null) await this.#finishCover(record);
    }
  }

  /** Serials that have a file of held leaves, in order. */
  async withHeld(): Promise<number[]> {
    return (await this.#options.held.identities()).map(parseSerial);
  }

  /** What of `serials` does not die with the rest, or did not. */
  async single(serials: readonly number[]): Promise<SingleLeaves> {
    const { tombstones } = this.#options;
    await tombstones.refresh();
    const withHeld = new Set(await this.withHeld());
    const erased = new Map<number, number[]>();
    const kept = new Map<number, readonly number[]>();
    for (const serial of serials) {
      const held = withHeld.has(serial) ? await this.heldSlots(serial) : [];
      const keeps = tombstones.of(serial)?.kept ?? held;
      if (keeps.length > 0) kept.set(serial, keeps);
      // What a hold kept and was let go since has a tombstone too.
      const outlived = new Set(keeps);
      const dead = tombstones.deadSlots(serial).filter((slot) => !outlived.has(slot));
      if (dead.length > 0) erased.set(serial, dead);
    }
    return { erased, kept };
  }

  /** All compartments of which leaves are held, by serial. */
  async allHeld(): Promise<HeldLeaves[]> {
    const { compartments, tombstones } = this.#options;
    await tombstones.refresh();
    const found: HeldLeaves[] = [];
    for (const serial of await this.withHeld()) {
      const slots = await this.heldSlots(serial);
      const record = slots.length === 0 ? null : await compartments.readRecord(serial);
      const isDestroyed = tombstones.of(serial) !== null;
      if (record !== null) found.push({ record, slots, isDestroyed });
    }
    return found;
  }
}
