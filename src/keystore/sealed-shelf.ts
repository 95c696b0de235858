/** The sealed secrets on a shelf of the key store, each wrapped under a generation key. */
import { isFailure } from "../rules/failure.ts";
import type { Generation } from "./generation.ts";
import type { KeyMedium, Shelf } from "./key-medium.ts";
import { generationOf, isSealedFile, openFile, sealFile, WRAP_NONCE_BYTES } from "./sealed-file.ts";
import type { Kind } from "./sealed-file.ts";

/** File names are made of identities, so nothing may stand in one that leads elsewhere. */
const IDENTITY = /^[0-9A-Za-z][0-9A-Za-z.-]{0,99}$/u;

export interface SealedShelfOptions {
  readonly medium: KeyMedium;
  readonly shelf: Shelf;
  readonly kind: Kind;
  readonly generation: Generation;
  readonly randomBytes: (count: number) => Uint8Array;
}

export class SealedShelf {
  readonly #options: SealedShelfOptions;

  constructor(options: SealedShelfOptions) {
    this.#options = options;
  }

  async #bytes(identity: string): Promise<Buffer | null> {
    return this.#options.medium.read(this.#options.shelf, this.#name(identity));
  }

  #name(identity: string): string {
    if (!IDENTITY.test(identity)) throw new RangeError("not an identity of the key store");
    return identity;
  }

  /**
   * The secret of `identity`, or null when there is none. Throws KEYSTORE_BROKEN (damaged, another
   * identity's or another store's) or KEYSTORE_PERMISSIONS.
   */
  async read(identity: string): Promise<Buffer | null> {
    const bytes = await this.#readKnown(identity);
    if (bytes === null) return null;
    try {
      const generation = generationOf(bytes);
      const key = this.#options.generation.keyOf(generation);
      return openFile({ kind: this.#options.kind, generation, identity }, key, bytes);
    } catch (error) {
      // It may have been destroyed or wrapped anew between reading and opening: then look again.
      const now = isFailure(error, "KEYSTORE_BROKEN") ? await this.#bytes(identity) : bytes;
      if (now === null) return null;
      if (!now.equals(bytes)) return this.read(identity);
      throw error;
    }
  }

  /** The secret in `bytes` of `identity`, or null where `read` has to look closer. */
  opened(identity: string, bytes: Buffer | null): Buffer | null {
    const { generation: keys, kind } = this.#options;
    if (bytes === null || !isSealedFile(bytes)) return null;
    const generation = generationOf(bytes);
    if (!keys.has(generation)) return null;
    try {
      return openFile({ kind, generation, identity }, keys.keyOf(generation), bytes);
    } catch (error) {
      if (isFailure(error, "KEYSTORE_BROKEN")) return null;
      throw error;
    }
  }

  /** The bytes, read again if the generation that wrapped them was destroyed in between. */
  async #readKnown(identity: string): Promise<Buffer | null> {
    const bytes = await this.#bytes(identity);
    if (bytes === null || !isSealedFile(bytes)) return bytes;
    if (this.#options.generation.has(generationOf(bytes))) return bytes;
    await this.#options.generation.refresh();
    return this.#bytes(identity);
  }

  /** Writes `secret` for `identity`, durably, in place of what was there. Only under the lock. */
  async write(identity: string, secret: Uint8Array): Promise<void> {
    const { medium, shelf } = this.#options;
    await medium.write(shelf, this.#name(identity), await this.#sealed(identity, secret));
  }

  /** As `write`, and the secret that was there before is destroyed. Only under the lock. */
  async replace(identity: string, secret: Uint8Array): Promise<void> {
    const { medium, shelf } = this.#options;
    await medium.replace(shelf, this.#name(identity), await this.#sealed(identity, secret));
  }

  async #sealed(identity: string, secret: Uint8Array): Promise<Uint8Array> {
    const { kind, generation, randomBytes } = this.#options;
    // What is wrapped under a generation that was destroyed meanwhile would be lost.
    await generation.refresh();
    const wrapping = {
      key: generation.keyOf(generation.current),
      nonce: randomBytes(WRAP_NONCE_BYTES),
    };
    const head = { kind, generation: generation.current, identity };
    return sealFile(head, wrapping, secret);
  }

  /**
   * Wraps the secret of `identity` under the current generation if it is not. Only under the lock.
   */
  async rewrap(identity: string): Promise<void> {
    const bytes = await this.#bytes(identity);
    if (bytes === null || generationOf(bytes) === this.#options.generation.current) return;
    const secret = await this.read(identity);
    if (secret === null) return;
    await this.write(identity, secret);
    secret.fill(0);
  }

  /** How many secrets the current generation wraps, and the identities of the others. */
  async byAge(): Promise<{ current: number; older: string[] }> {
    const { medium, shelf, generation } = this.#options;
    const all = await medium.readAll(shelf);
    const older = [...all]
      .filter(([, bytes]) => isSealedFile(bytes) && generationOf(bytes) !== generation.current)
      .map(([identity]) => identity);
    return { current: all.size - older.length, older };
  }

  /** Destroys the secret of `identity`; false when there was none. Only under the lock. */
  async destroy(identity: string): Promise<boolean> {
    return this.#options.medium.destroy(this.#options.shelf, this.#name(identity));
  }

  /** Identities that have a secret, in order. */
  async identities(): Promise<string[]> {
    return this.#options.medium.names(this.#options.shelf);
  }
}
