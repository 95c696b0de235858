/**
 * Keys of blind indexes, one for each tenant and epoch (P18). They die with what they index: an
 * epoch of a week lives while a compartment of that tenant and week does.
 */
import { TAG_BITS_MAX, TAG_BITS_MIN } from "../crypto/blind-index.ts";
import { mondayOf } from "../rules/calendar.ts";
import { Failure } from "../rules/failure.ts";
import type { CompartmentRecord } from "./compartment-record.ts";
import type { SealedShelf } from "./sealed-shelf.ts";
import { indexName } from "./tombstone-log.ts";
import type { TombstoneLog } from "./tombstone-log.ts";

const KEY_BYTES = 32;

/** A key of blind indexes for one tenant and epoch, and how many bits of its tags are kept. */
export interface IndexKeyRecord {
  readonly key: Uint8Array;
  readonly bits: number;
}

export interface Epoch {
  readonly tenant: string;
  /** The Monday of a week of death, or a season. */
  readonly epoch: string;
}

export interface EpochKey extends IndexKeyRecord {
  readonly epoch: string;
}

function keyIn(secret: Buffer): IndexKeyRecord {
  return { bits: secret.readUInt8(0), key: secret.subarray(1) };
}

interface IndexKeysOptions {
  readonly tombstones: TombstoneLog;
  readonly secrets: SealedShelf;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly now: () => Date;
  /** 32 hex characters, random. */
  readonly newId: () => string;
}

export class IndexKeys {
  readonly #options: IndexKeysOptions;

  constructor(options: IndexKeysOptions) {
    this.#options = options;
  }

  /** The key of an epoch, or null when there is none (any more). */
  async read({ tenant, epoch }: Epoch): Promise<IndexKeyRecord | null> {
    const { tombstones, secrets } = this.#options;
    if (tombstones.ofIndex(tenant, epoch) !== null) return null;
    const secret = await secrets.read(indexName(tenant, epoch));
    return secret === null ? null : keyIn(secret);
  }

  /**
   * Makes the key of an epoch that has none. Only under the lock. Throws KEY_DESTROYED when it had
   * one that is dead, RangeError for bits outside 8..32.
   */
  async make({ tenant, epoch }: Epoch, bits: number): Promise<IndexKeyRecord> {
    const { tombstones, secrets, randomBytes } = this.#options;
    await tombstones.refresh();
    const isDead = tombstones.ofIndex(tenant, epoch) !== null;
    if (isDead) throw new Failure("KEY_DESTROYED", { epoch });
    if (!Number.isInteger(bits) || bits < TAG_BITS_MIN || bits > TAG_BITS_MAX) {
      throw new RangeError("a tag has 8 to 32 bits");
    }
    const key = randomBytes(KEY_BYTES);
    await secrets.write(indexName(tenant, epoch), Buffer.concat([Uint8Array.of(bits), key]));
    return { bits, key };
  }

  /**
   * Destroys an epoch's key; false when there was none. Only under the lock. Throws
   * INDEX_KEY_NEEDED while one of `living` needs it.
   */
  async destroy({ tenant, epoch }: Epoch, living: readonly CompartmentRecord[]): Promise<boolean> {
    const { tombstones, secrets, now, newId } = this.#options;
    const own = living.filter((record) => record.tenant === tenant);
    if (own.some((record) => mondayOf(record.dayOfDeath) === epoch)) {
      throw new Failure("INDEX_KEY_NEEDED", { week: epoch });
    }
    const identity = indexName(tenant, epoch);
    if (!(await secrets.identities()).includes(identity)) return false;
    await tombstones.append({ tenant, epoch, destroyedAt: now(), id: newId() });
    return secrets.destroy(identity);
  }

  /** Destroys what an interrupted destruction or an older copy left. Only under the lock. */
  async finish(): Promise<void> {
    for (const { tenant, epoch } of this.#options.tombstones.allIndexes) {
      await this.#options.secrets.destroy(indexName(tenant, epoch));
    }
  }

  /** The keys of all epochs for which the tenant has one, in order. */
  async ofTenant(tenant: string): Promise<EpochKey[]> {
    const { tombstones, secrets } = this.#options;
    const epochs = await this.epochs(tenant);
    const names = epochs.map((epoch) => indexName(tenant, epoch));
    const found = await tombstones.glance(names.map((name) => ({ shelf: "index", name })));
    const keys: EpochKey[] = [];
    for (const [at, epoch] of epochs.entries()) {
      if (tombstones.ofIndex(tenant, epoch) !== null) continue;
      const secret = secrets.opened(names[at] ?? "", found[at] ?? null);
      const key = secret === null ? await this.read({ tenant, epoch }) : keyIn(secret);
      if (key !== null) keys.push({ ...key, epoch });
    }
    return keys;
  }

  /** The epochs for which the tenant has a key, in order. */
  async epochs(tenant: string): Promise<string[]> {
    const prefix = indexName(tenant, "");
    return (await this.#options.secrets.identities())
      .filter((identity) => identity.startsWith(prefix))
      .map((identity) => identity.slice(prefix.length));
  }
}
