/**
 * The ledger of tombstones. It only grows; each process remembers how far it has read. Other
 * processes append at any time, so an unfinished last line is either being written or was cut off
 * by a crash, and only who holds the store's lock can tell that it is the latter.
 */
import { Failure } from "../rules/failure.ts";
import type { Glance, KeyMedium, Place } from "./key-medium.ts";
import { parseTombstone, tombstoneLine } from "./tombstone.ts";
import type { AnyTombstone, IndexTombstone, LeafTombstone, Tombstone } from "./tombstone.ts";

/** How an index is named among tombstones and in file names: tenant, dot, epoch. */
export function indexName(tenant: string, epoch: string): string {
  return `${tenant}.${epoch}`;
}

export class TombstoneLog {
  readonly #medium: KeyMedium;
  readonly #compartments = new Map<number, Tombstone>();
  readonly #indexes = new Map<string, IndexTombstone>();
  readonly #leaves = new Map<number, Map<number, LeafTombstone>>();
  readonly #leavesInOrder: LeafTombstone[] = [];
  #bytesRead = 0;

  constructor(medium: KeyMedium) {
    this.#medium = medium;
  }

  /** The tombstone of a compartment as of the last `refresh`, or null. */
  of(serial: number): Tombstone | null {
    return this.#compartments.get(serial) ?? null;
  }

  /** The tombstone of an index as of the last `refresh`, or null. */
  ofIndex(tenant: string, epoch: string): IndexTombstone | null {
    return this.#indexes.get(indexName(tenant, epoch)) ?? null;
  }

  /** The tombstone of a leaf as of the last `refresh`, or null. */
  ofLeaf(serial: number, slot: number): LeafTombstone | null {
    return this.#leaves.get(serial)?.get(slot) ?? null;
  }

  /** Slots of a compartment whose leaves died before the rest, or after it, as of `refresh`. */
  deadSlots(serial: number): number[] {
    return [...(this.#leaves.get(serial)?.keys() ?? [])];
  }

  /** Those of leaves as of the last `refresh`, oldest first. */
  get allLeaves(): LeafTombstone[] {
    return [...this.#leavesInOrder];
  }

  /** Serials of compartments of which single leaves died. */
  get serialsWithLeaves(): number[] {
    return [...this.#leaves.keys()];
  }

  /** Those of compartments as of the last `refresh`, oldest first. */
  get all(): Tombstone[] {
    return [...this.#compartments.values()];
  }

  /** Those of indexes as of the last `refresh`, oldest first. */
  get allIndexes(): IndexTombstone[] {
    return [...this.#indexes.values()];
  }

  /**
   * Reads what was appended since. Throws KEYSTORE_BROKEN when a whole line does not fit its
   * checksum or the file has shrunk: somebody put an older copy back, and what is dead might be
   * taken for alive.
   */
  async refresh(): Promise<void> {
    const from = this.#bytesRead;
    await this.#catchUp(from, await this.#medium.ledgerBytes());
  }

  /** As `refresh`, and gives what lies at `places`, which is not older. */
  async glance(places: readonly Place[]): Promise<Glance["found"]> {
    const from = this.#bytesRead;
    const { ledgerBytes, found } = await this.#medium.glance(places);
    await this.#catchUp(from, ledgerBytes);
    return found;
  }

  /** Reads up to `size` what follows `from`, which was read before the size was asked for. */
  async #catchUp(from: number, size: number): Promise<void> {
    if (size === from) return undefined;
    if (size < from) throw new Failure("KEYSTORE_BROKEN", { file: "tombstones" });
    const bytes = await this.#medium.readLedger(from, size);
    // Another call of this process read the same lines meanwhile, and perhaps more.
    if (this.#bytesRead !== from) return this.refresh();
    const end = bytes.lastIndexOf(0x0a) + 1;
    const lines = bytes.subarray(0, end).toString("utf8").split("\n").slice(0, -1);
    for (const line of lines) {
      const tombstone = parseTombstone(line);
      if (tombstone === null) throw new Failure("KEYSTORE_BROKEN", { file: "tombstones" });
      this.#remember(tombstone);
    }
    this.#bytesRead += end;
    return undefined;
  }

  #remember(tombstone: AnyTombstone): void {
    if ("epoch" in tombstone) {
      this.#indexes.set(indexName(tombstone.tenant, tombstone.epoch), tombstone);
    } else if ("slot" in tombstone) {
      this.#rememberLeaf(tombstone);
    } else if (!this.#compartments.has(tombstone.serial)) {
      this.#compartments.set(tombstone.serial, tombstone);
    }
  }

  #rememberLeaf(tombstone: LeafTombstone): void {
    const leaves = this.#leaves.get(tombstone.serial) ?? new Map<number, LeafTombstone>();
    if (leaves.has(tombstone.slot)) return;
    leaves.set(tombstone.slot, tombstone);
    this.#leavesInOrder.push(tombstone);
    this.#leaves.set(tombstone.serial, leaves);
  }

  /** Forgets everything, so that the next `refresh` reads it anew: what was appended was undone. */
  forget(): void {
    this.#compartments.clear();
    this.#indexes.clear();
    this.#leaves.clear();
    this.#leavesInOrder.length = 0;
    this.#bytesRead = 0;
  }

  /** Cuts off an unfinished last line: its destruction never began. Under the store's lock only. */
  async repair(): Promise<void> {
    await this.refresh();
    const size = await this.#medium.ledgerBytes();
    if (size > this.#bytesRead) await this.#medium.cutLedger(this.#bytesRead);
  }

  /**
   * Adds tombstones; durable when the lock is given back. Under the store's lock only. They are
   * known here at once, but where a lock is a transaction they do not count as read: others of this
   * process do not see them yet and would think that they were taken away.
   */
  async append(...tombstones: readonly AnyTombstone[]): Promise<void> {
    await this.repair();
    const lines = tombstones.map(tombstoneLine).join("");
    await this.#medium.appendLedger(Buffer.from(lines, "utf8"));
    for (const tombstone of tombstones) this.#remember(tombstone);
    if (!this.#medium.undoesFailures) await this.refresh();
  }
}
