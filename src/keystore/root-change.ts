/**
 * When the root key was changed last: a record of the store's own, since a root key in a device
 * tells nobody its age. It counts from when the first generation was made under the new root key,
 * so that whatever died before lay in no copy that this root key opens.
 */
import type { Checkpoints } from "./checkpoints.ts";
import type { SealedShelf } from "./sealed-shelf.ts";

/** Its name on the shelf of checkpoints. No backup brings it: it is of this store's root key. */
export const ROOT_CHANGED = "midan.root-changed";

/** Keeps the moment. Only under the lock, once the old root key is destroyed. */
export async function keepRootChange(checkpoints: SealedShelf, at: Date): Promise<void> {
  await checkpoints.write(ROOT_CHANGED, Buffer.from(at.toISOString(), "latin1"));
}

/** The moment; null when the root key was never changed, or that is not known. */
export async function rootChangedAt(checkpoints: Pick<Checkpoints, "last">): Promise<Date | null> {
  const bytes = await checkpoints.last(ROOT_CHANGED);
  return bytes === null ? null : new Date(Buffer.from(bytes).toString("latin1"));
}
