/**
 * Keys with which the installation signs: checkpoints, receipts, certificates. A name has one key
 * in use, and while it is being changed two: the next is announced, then in use beside the one
 * before, then alone, and what was before it is destroyed, so that nothing can be signed with it.
 * Each step is one write, whole or not at all; the last one is finished by whoever opens the store.
 */
import { Failure } from "../rules/failure.ts";
import type { SealedShelf } from "./sealed-shelf.ts";

export interface SigningKey {
  /** Counts the keys of a name, from 1; never given twice. */
  readonly number: number;
  /** As its maker gave it, e.g. 32 bytes of an Ed25519 seed or an SM2 scalar. */
  readonly secret: Uint8Array;
}

interface SigningKeysOptions {
  readonly secrets: SealedShelf;
  /** Runs as the only process on the store. */
  readonly locked: <T>(work: () => Promise<T>) => Promise<T>;
}

/** First byte of the secret: what may be done with the key. */
const ANNOUNCED = 0;
const IN_USE = 1;
/** In use, and all keys with lower numbers are over: they are destroyed wherever they turn up. */
const ALONE = 2;
const SECRET_BYTES_MAX = 512;
const NUMBER_MAX = 999_999;
const NAME = /^[0-9A-Za-z][0-9A-Za-z-]{0,79}$/u;

interface Stored extends SigningKey {
  readonly use: number;
}

/** How many private keys of a name there are, in use and to come. */
export interface SigningState {
  /** Number of the key that signs; 0 when none was made yet. */
  readonly number: number;
  readonly announced: number | null;
  /** Earlier private keys that are still there. */
  readonly old: number;
}

function requireName(name: string): void {
  if (!NAME.test(name)) throw new RangeError("a signing key's name has letters, digits, hyphens");
}

function bytesOf(secret: Uint8Array, use: number): Buffer {
  if (secret.length === 0 || secret.length > SECRET_BYTES_MAX) {
    throw new RangeError("a signing key has 1 to 512 bytes");
  }
  return Buffer.concat([Uint8Array.of(use), secret]);
}

/** The number in `identity` when it is one of `name`, or 0. */
function numberIn(identity: string, name: string): number {
  const number = Number(/^([0-9A-Za-z-]+)\.([1-9]\d{0,5})$/u.exec(identity)?.[2] ?? 0);
  return identity === `${name}.${number}` ? number : 0;
}

function plain(found: Stored | undefined): SigningKey | null {
  return found === undefined ? null : { number: found.number, secret: found.secret };
}

export class SigningKeys {
  readonly #options: SigningKeysOptions;

  constructor(options: SigningKeysOptions) {
    this.#options = options;
  }

  async #all(name: string): Promise<Stored[]> {
    requireName(name);
    const { secrets } = this.#options;
    const found: Stored[] = [];
    for (const identity of await secrets.identities()) {
      const number = numberIn(identity, name);
      const bytes = number === 0 ? null : await secrets.read(identity);
      if (bytes === null) continue;
      found.push({ number, secret: bytes.subarray(1), use: bytes[0] ?? ANNOUNCED });
    }
    return found.toSorted((a, b) => a.number - b.number);
  }

  async #write(name: string, key: SigningKey, use: number): Promise<void> {
    const bytes = bytesOf(key.secret, use);
    await this.#options.secrets.replace(`${name}.${key.number}`, bytes);
    bytes.fill(0);
  }

  async #make(name: string, secret: Uint8Array, use: number): Promise<SigningKey> {
    const all = await this.#all(name);
    const number = Math.max(0, ...all.map((key) => key.number)) + 1;
    if (number > NUMBER_MAX) throw new RangeError("all numbers of this signing key are used");
    const key = { number, secret };
    await this.#write(name, key, use);
    return key;
  }

  async #announced(name: string): Promise<SigningKey | null> {
    return plain((await this.#all(name)).findLast(({ use }) => use === ANNOUNCED));
  }

  /**
   * The keys of `name` that sign, the newest first; none when none was made yet. More than one only
   * while the key is being changed.
   */
  async inUse(name: string): Promise<readonly SigningKey[]> {
    const all = (await this.#all(name)).filter(({ use }) => use !== ANNOUNCED);
    const alone = all.findLast(({ use }) => use === ALONE)?.number ?? 0;
    const signing = all.filter(({ number }) => number >= alone);
    return signing.toReversed().map(({ number, secret }) => ({ number, secret }));
  }

  async #newest(name: string): Promise<SigningKey | null> {
    return (await this.inUse(name))[0] ?? null;
  }

  /**
   * The key of `name` that is in use; made by `make` when there is none yet. Throws as every read
   * of the key store; nothing may be signed then.
   */
  async current(name: string, make: () => Uint8Array): Promise<SigningKey> {
    const found = await this.#newest(name);
    if (found !== null) return found;
    return this.#options.locked(
      async () => (await this.#newest(name)) ?? this.#make(name, make(), IN_USE),
    );
  }

  /**
   * The key that will follow the one in use; made when there is none. It signs no checkpoint before
   * `use`: time to publish its public half.
   */
  async announced(name: string, make: () => Uint8Array): Promise<SigningKey> {
    return this.#options.locked(
      async () => (await this.#announced(name)) ?? this.#make(name, make(), ANNOUNCED),
    );
  }

  /** The state of a name; no key is in it. */
  async state(name: string): Promise<SigningState> {
    const announced = (await this.#announced(name))?.number ?? null;
    const [newest, ...old] = await this.inUse(name);
    return { number: newest?.number ?? 0, announced, old: old.length };
  }

  /**
   * Takes the announced key into use beside the one before it; returns it. Throws KEY_UNKNOWN when
   * none was announced.
   */
  async use(name: string): Promise<SigningKey> {
    return this.#options.locked(async () => {
      const next = await this.#announced(name);
      if (next === null) throw new Failure("KEY_UNKNOWN", { name });
      await this.#write(name, next, IN_USE);
      return next;
    });
  }

  /**
   * Destroys every key of `name` but the newest in use. Interrupted, it is finished by the next
   * opening of the store; earlier keys that come back with an older file are destroyed again.
   */
  async retire(name: string): Promise<void> {
    await this.#options.locked(async () => {
      const newest = await this.#newest(name);
      if (newest === null) return;
      await this.#write(name, newest, ALONE);
      await this.#finish(name);
    });
  }

  async #finish(name: string): Promise<void> {
    const all = await this.#all(name);
    const alone = all.findLast(({ use }) => use === ALONE)?.number ?? 0;
    for (const { number } of all)
      if (number < alone) await this.#options.secrets.destroy(`${name}.${number}`);
  }

  /** Destroys what an interrupted change or an older copy left. Only under the lock. */
  async finish(): Promise<void> {
    const identities = await this.#options.secrets.identities();
    const names = identities.map((identity) => identity.slice(0, identity.lastIndexOf(".")));
    for (const name of new Set(names)) await this.#finish(name);
  }
}
