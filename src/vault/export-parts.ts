/** The file of an export in parts: written as it is made, read from any byte on. */
import { createHash } from "node:crypto";
import { Failure } from "../rules/failure.ts";
import { EXPORT_PART_BYTES, exportPart, insertExportPart } from "../store/export.ts";
import { connected } from "../store/pool.ts";
import type { Vault } from "./vault.ts";

/** The most that one export holds. */
export const EXPORT_BYTES_MAX = 256 * 1024 * 1024;

export interface WrittenFile {
  readonly bytes: number;
  readonly sha256: Uint8Array;
}

/** Takes a file in pieces of any size; never more than a part and a piece lie in memory. */
export class ExportParts {
  readonly #vault: Vault;
  readonly #id: string;
  readonly #hash = createHash("sha256");
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #bytes = 0;
  #part = 0;

  constructor(vault: Vault, id: string) {
    this.#vault = vault;
    this.#id = id;
  }

  /** Throws EXPORT_TOO_LARGE. */
  async write(piece: Uint8Array): Promise<void> {
    this.#bytes += piece.length;
    if (this.#bytes > EXPORT_BYTES_MAX)
      throw new Failure("EXPORT_TOO_LARGE", { bytesMax: EXPORT_BYTES_MAX });
    this.#hash.update(piece);
    this.#held.push(piece);
    this.#heldBytes += piece.length;
    if (this.#heldBytes >= EXPORT_PART_BYTES) await this.#store(false);
  }

  /** Stores what is left. */
  async end(): Promise<WrittenFile> {
    await this.#store(true);
    return { bytes: this.#bytes, sha256: this.#hash.digest() };
  }

  async #store(isLast: boolean): Promise<void> {
    const all = Buffer.concat(this.#held);
    let at = 0;
    while (all.length - at >= EXPORT_PART_BYTES || (isLast && at < all.length)) {
      const content = all.subarray(at, at + EXPORT_PART_BYTES);
      const part = { id: this.#id, part: this.#part, content };
      await connected(this.#vault.database, async (c) => insertExportPart(c, part));
      this.#part += 1;
      at += content.length;
    }
    this.#held = [all.subarray(at)];
    this.#heldBytes = all.length - at;
  }
}

/** The bytes from `from` up to `to`. Throws EXPORT_UNKNOWN when it is taken away meanwhile. */
export async function* readParts(
  vault: Vault,
  id: string,
  { from, to }: { readonly from: number; readonly to: number },
): AsyncGenerator<Uint8Array> {
  for (let at = from; at < to;) {
    const part = Math.floor(at / EXPORT_PART_BYTES);
    const begin = part * EXPORT_PART_BYTES;
    const content = await connected(vault.database, async (connection) =>
      exportPart(connection, id, part),
    );
    if (content === null) throw new Failure("EXPORT_UNKNOWN");
    const piece = content.subarray(at - begin, to - begin);
    yield piece;
    at += piece.length;
  }
}
