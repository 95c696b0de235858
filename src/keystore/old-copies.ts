/**
 * What of the key store as it once was may still open what died since (P6): single files, copies of
 * the whole folder, and the backups and copies that are listed. Copies that nobody listed are not
 * known here, and whoever says something from this says that too.
 */
import type { KeyCopy } from "./copies.ts";
import type { KeyStore } from "./key-store.ts";
import { rootChangedAt } from "./root-change.ts";

/**
 * A death is dated before it has its turn at the store, and may wait for it behind a backup or a
 * rotation; so what was made a minute later may hold its key too.
 */
const TURN_MS = 60_000;

export interface OldCopies {
  /** When the generation was made that opens single files from before; null once it is gone. */
  readonly filesUnder: Date | null;
  /** When the root key was changed last. */
  readonly rootChangedAt: Date | null;
  /** Whether today's root key opens copies of the whole folder from before. */
  readonly foldersOpen: boolean;
  /** Listed copies from before, oldest first. */
  readonly listed: readonly KeyCopy[];
}

function isAfter(at: Date | null, death: Date): boolean {
  return at !== null && at.getTime() - death.getTime() > TURN_MS;
}

/** What may still hold the key of something that died at `death`. Throws as the store does. */
export async function oldCopiesOf(
  keys: Pick<KeyStore, "copies" | "checkpoints" | "generationMadeAt">,
  death: Date,
): Promise<OldCopies> {
  const changed = await rootChangedAt(keys.checkpoints);
  const madeAt = keys.generationMadeAt;
  return {
    filesUnder: isAfter(madeAt, death) ? null : madeAt,
    rootChangedAt: changed,
    foldersOpen: !isAfter(changed, death),
    listed: (await keys.copies.list()).filter((copy) => !isAfter(copy.madeAt, death)),
  };
}
