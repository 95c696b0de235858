/**
 * Keys with which the installation signs: checkpoints, receipts, certificates. Each name has one
 * key in use; the next one may be made and announced before it is. What follows a key in use
 * destroys it, so that nothing can be signed with it any more.
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

/** First byte of the secret: whether the key is in use, or only announced. */
const ANNOUNCED = 0;
const IN_USE = 1;
const SECRET_BYTES_MAX = 512;
const NUMBER_MAX = 999_999;
const NAME = /^[0-9A-Za-z][0-9A-Za-z-]{0,79}$/u;

interface Stored extends SigningKey {
  readonly isInUse: boolean;
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
      found.push({ number, secret: bytes.subarray(1), isInUse: bytes[0] === IN_USE });
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

  async #find(name: string, isInUse: boolean): Promise<SigningKey | null> {
    const found = (await this.#all(name)).findLast((key) => key.isInUse === isInUse);
    return found === undefined ? null : { number: found.number, secret: found.secret };
  }

  /**
   * The key of `name` that is in use; made by `make` when there is none yet. Throws as every read
   * of the key store; nothing may be signed then.
   */
  async current(name: string, make: () => Uint8Array): Promise<SigningKey> {
    const found = await this.#find(name, true);
    if (found !== null) return found;
    return this.#options.locked(
      async () => (await this.#find(name, true)) ?? this.#make(name, make(), IN_USE),
    );
  }

  /**
   * The key that will follow the one in use; made when there is none. It signs nothing before
   * `change`: time to publish its public half, signed with the key in use.
   */
  async announced(name: string, make: () => Uint8Array): Promise<SigningKey> {
    return this.#options.locked(
      async () => (await this.#find(name, false)) ?? this.#make(name, make(), ANNOUNCED),
    );
  }

  /**
   * Takes the announced key into use and destroys the ones before it; returns it. Interrupted, it
   * is finished by the next opening of the store. Throws KEY_UNKNOWN when none was announced.
   */
  async change(name: string): Promise<SigningKey> {
    return this.#options.locked(async () => {
      const next = await this.#find(name, false);
      if (next === null) throw new Failure("KEY_UNKNOWN", { name });
      await this.#write(name, next, IN_USE);
      await this.#retire(name);
      return next;
    });
  }

  async #retire(name: string): Promise<void> {
    const all = await this.#all(name);
    const newest = all.findLast((key) => key.isInUse)?.number ?? 0;
    for (const { number } of all) {
      if (number < newest) await this.#options.secrets.destroy(`${name}.${number}`);
    }
  }

  /** Destroys what an interrupted change or an older copy left. Only under the lock. */
  async finish(): Promise<void> {
    const identities = await this.#options.secrets.identities();
    const names = identities.map((identity) => identity.slice(0, identity.lastIndexOf(".")));
    for (const name of new Set(names)) await this.#retire(name);
  }
}
