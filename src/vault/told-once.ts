/**
 * Entries whose ids come from tombstones (LEAF-5). Two may be about to tell of one death: who
 * brought it about, and a server that opens meanwhile and finds it untold.
 */
import { newEntry } from "../access/entry.ts";
import type { EntryDraft } from "../access/entry.ts";
import { insertLeaves } from "../store/audit-leaf.ts";
import type { Connection } from "../store/query.ts";
import type { Vault } from "./vault.ts";

export interface ToldOnce {
  /** Id of the entry, hex. */
  readonly entry: string;
  /** False when somebody told of it before: what follows from it followed then. */
  readonly isNew: boolean;
}

/**
 * Writes the entry in the caller's transaction, having waited for whoever is at it. What must
 * happen once with it (a certificate, a webhook) comes after this, and only when it is new.
 */
export async function tellOnce(
  vault: Vault,
  connection: Connection,
  draft: EntryDraft & { readonly id: Uint8Array },
): Promise<ToldOnce> {
  const leaf = newEntry(vault, draft);
  const added = await insertLeaves(connection, [leaf], vault.isOpening);
  return { entry: Buffer.from(leaf.id).toString("hex"), isNew: added === 1 };
}
