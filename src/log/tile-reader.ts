/** Reads the tree back out of its tiles, for proofs and for roots of earlier sizes. */
import { HASH_BYTES } from "../audit/merkle.ts";
import { nodesInTiles, rootAt } from "../audit/proof.ts";
import type { NodeReader } from "../audit/proof.ts";
import { TILE_WIDTH, tilePath } from "../audit/tile.ts";
import { Failure } from "../rules/failure.ts";
import type { LogFolder } from "./log-folder.ts";

/** The nodes of the log in `folder` as it was at `size` entries. */
export function nodesIn(folder: LogFolder, size: number): NodeReader {
  return nodesInTiles(async (place) => {
    const bytes =
      (await folder.read(tilePath(place))) ??
      (await folder.read(tilePath({ ...place, width: TILE_WIDTH })));
    if (bytes === null) throw new Failure("LOG_FILES_BROKEN", { file: tilePath(place) });
    return Array.from({ length: Math.floor(bytes.length / HASH_BYTES) }, (_none, at) =>
      bytes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES),
    );
  }, size);
}

/** The root of the first `size` entries of a log that has `whole`. */
export async function rootInTiles(
  folder: LogFolder,
  whole: number,
  size: number,
): Promise<Uint8Array> {
  return rootAt(nodesIn(folder, whole), size);
}
