/**
 * The lasting keys of tenants, by number: new tokens and order hashes take the newest key, old ones
 * need the key that they were made with until none of them can live any more.
 */
import type { Day } from "../rules/calendar.ts";
import { parseRing, ringBytes } from "./key-ring.ts";
import type { Ring, RingKey, RotatedUse } from "./key-ring.ts";
import type { SealedShelf } from "./sealed-shelf.ts";

const KEY_BYTES = 32;
const FIRST = 1;

/** Keys of one use, the newest first; there is always one. */
export type NumberedKeys = readonly [RingKey, ...RingKey[]];

/**
 * A tenant's lasting keys: `token` for its tokens, `intake` for order hashes, and `pseudonym`,
 * which has no successor: what it names, staff in a log of years, can never be named anew.
 */
export interface TenantKeys {
  readonly token: NumberedKeys;
  readonly intake: NumberedKeys;
  readonly pseudonym: Uint8Array;
}

interface TenantKeysOptions {
  readonly rings: SealedShelf;
  /** Where earlier versions kept one key of each use, without a number. */
  readonly pairs: SealedShelf;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly now: () => Date;
  /** Runs as the only process on the store. */
  readonly locked: <T>(work: () => Promise<T>) => Promise<T>;
}

function keysOf(ring: Ring, use: RotatedUse): NumberedKeys {
  const [newest, ...older] = ring.filter((key) => key.use === use).toReversed();
  if (newest === undefined) throw new RangeError("a ring has a key of each use");
  return [newest, ...older];
}

/** A pair of an earlier version: what the intake key did then, the pseudonym key does now. */
function ringOfPair(pair: Buffer): Ring {
  const first = { number: FIRST, madeAt: new Date(0), neededUntil: null } as const;
  const intake = pair.subarray(KEY_BYTES);
  return [
    { use: "token", ...first, key: pair.subarray(0, KEY_BYTES) },
    { use: "intake", ...first, key: intake },
    { use: "pseudonym", ...first, key: intake },
  ];
}

export class TenantKeyRings {
  readonly #options: TenantKeysOptions;

  constructor(options: TenantKeysOptions) {
    this.#options = options;
  }

  async #read(tenant: string): Promise<Ring | null> {
    const ring = await this.#options.rings.read(tenant);
    if (ring !== null) return parseRing(ring);
    const pair = await this.#options.pairs.read(tenant);
    return pair === null ? null : ringOfPair(pair);
  }

  #fresh(use: RingKey["use"], number: number): RingKey {
    const { now, randomBytes } = this.#options;
    return { use, number, madeAt: now(), neededUntil: null, key: randomBytes(KEY_BYTES) };
  }

  /** Only under the lock. What stood there before is destroyed. */
  async #write(tenant: string, ring: Ring): Promise<void> {
    const bytes = ringBytes(ring);
    await this.#options.rings.replace(tenant, bytes);
    bytes.fill(0);
    await this.#options.pairs.destroy(tenant);
  }

  /** Only under the lock. */
  async #ring(tenant: string): Promise<Ring> {
    const found = await this.#read(tenant);
    if (found !== null) return found;
    const ring = (["token", "intake", "pseudonym"] as const).map((use) => this.#fresh(use, FIRST));
    await this.#write(tenant, ring);
    return ring;
  }

  /** The keys of `tenant` (its UUID), made when they are first asked for. */
  async of(tenant: string): Promise<TenantKeys> {
    const found = await this.#read(tenant);
    // Another process may have made it while this one waited, so it is looked for again.
    const ring = found ?? (await this.#options.locked(async () => this.#ring(tenant)));
    const pseudonym = ring.find(({ use }) => use === "pseudonym");
    if (pseudonym === undefined) throw new RangeError("a ring has a key of each use");
    return {
      token: keysOf(ring, "token"),
      intake: keysOf(ring, "intake"),
      pseudonym: pseudonym.key,
    };
  }

  /**
   * Makes the next token key and the next intake key. Those of before stay until `retire`;
   * `neededUntil` is the last day on which anything that was made with them can live. The caller
   * sees to it that nobody still uses the earlier ones for what is new.
   */
  async renew(tenant: string, neededUntil: Readonly<Record<RotatedUse, Day>>): Promise<TenantKeys> {
    await this.#options.locked(async () => {
      const ring = await this.#ring(tenant);
      const next: RingKey[] = [];
      for (const use of ["token", "intake"] as const) {
        const [newest] = keysOf(ring, use);
        next.push(this.#fresh(use, newest.number + 1));
      }
      const kept = ring.map((key) =>
        key.use === "pseudonym" || key.neededUntil !== null
          ? key
          : { ...key, neededUntil: neededUntil[key.use] },
      );
      await this.#write(tenant, [...kept, ...next]);
    });
    return this.of(tenant);
  }

  /**
   * Destroys one earlier key for ever; again changes nothing. The newest of a use is never
   * destroyed (RangeError).
   */
  async retire(tenant: string, use: RotatedUse, number: number): Promise<void> {
    await this.#options.locked(async () => {
      const ring = await this.#ring(tenant);
      const [newest] = keysOf(ring, use);
      if (number >= newest.number) throw new RangeError("the newest key of a use stays");
      const left = ring.filter((key) => key.use !== use || key.number !== number);
      if (left.length < ring.length) await this.#write(tenant, left);
    });
  }
}
