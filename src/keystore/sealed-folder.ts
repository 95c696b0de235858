/** The sealed files of a key store's folders: one secret a file, wrapped under a generation key. */
import path from "node:path";
import { isFailure } from "../rules/failure.ts";
import {
  destroyFile,
  keyNames,
  readWhole,
  replaceDurably,
  requirePrivate,
  writeDurably,
} from "./durable-file.ts";
import type { Generation } from "./generation.ts";
import { generationOf, isSealedFile, openFile, sealFile, WRAP_NONCE_BYTES } from "./sealed-file.ts";
import type { Kind } from "./sealed-file.ts";

/** File names are made of identities, so nothing may stand in one that leads elsewhere. */
const IDENTITY = /^[0-9A-Za-z][0-9A-Za-z.-]{0,99}$/u;

export interface SealedFolderOptions {
  readonly folder: string;
  readonly kind: Kind;
  readonly generation: Generation;
  readonly randomBytes: (count: number) => Uint8Array;
}

export class SealedFolder {
  readonly #options: SealedFolderOptions;

  constructor(options: SealedFolderOptions) {
    this.#options = options;
  }

  #file(identity: string): string {
    if (!IDENTITY.test(identity)) throw new RangeError("not an identity of the key store");
    return path.join(this.#options.folder, `${identity}.key`);
  }

  /**
   * The secret of `identity`, or null when there is none. Throws KEYSTORE_BROKEN (damaged, another
   * identity's or another store's) or KEYSTORE_PERMISSIONS.
   */
  async read(identity: string): Promise<Buffer | null> {
    const file = this.#file(identity);
    const bytes = await this.#readKnown(file);
    if (bytes === null) return null;
    try {
      await requirePrivate(file);
      const generation = generationOf(bytes);
      const key = this.#options.generation.keyOf(generation);
      return openFile({ kind: this.#options.kind, generation, identity }, key, bytes);
    } catch (error) {
      // It may have been destroyed or wrapped anew between reading and opening: then look again.
      const now = isFailure(error, "KEYSTORE_BROKEN") ? await readWhole(file) : bytes;
      if (now === null) return null;
      if (!now.equals(bytes)) return this.read(identity);
      throw error;
    }
  }

  /** The file, read again if the generation that wrapped it was destroyed in between (rotation). */
  async #readKnown(file: string): Promise<Buffer | null> {
    const bytes = await readWhole(file);
    if (bytes === null || !isSealedFile(bytes)) return bytes;
    if (this.#options.generation.has(generationOf(bytes))) return bytes;
    await this.#options.generation.refresh();
    return readWhole(file);
  }

  /** Writes `secret` for `identity`, durably, in place of what was there. Only under the lock. */
  async write(identity: string, secret: Uint8Array): Promise<void> {
    await writeDurably(this.#file(identity), await this.#sealed(identity, secret));
  }

  /** As `write`, and the secret that was there before is destroyed. Only under the lock. */
  async replace(identity: string, secret: Uint8Array): Promise<void> {
    await replaceDurably(this.#file(identity), await this.#sealed(identity, secret));
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
    const bytes = await readWhole(this.#file(identity));
    if (bytes === null || generationOf(bytes) === this.#options.generation.current) return;
    const secret = await this.read(identity);
    if (secret === null) return;
    await this.write(identity, secret);
    secret.fill(0);
  }

  /** Destroys the secret of `identity`; false when there was none. Only under the lock. */
  async destroy(identity: string): Promise<boolean> {
    return destroyFile(this.#file(identity));
  }

  /** Identities that have a secret, in order. */
  async identities(): Promise<string[]> {
    return keyNames(this.#options.folder);
  }
}
