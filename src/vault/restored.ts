/** Tells that the database is an older copy: put back by `midan restore`, or behind its own log. */
import { createHash } from "node:crypto";
import { SYSTEM_ACTOR, writeEntry } from "../access/entry.ts";
import { LEAF_ID_BYTES } from "../audit/leaf.ts";
import { transaction } from "../store/pool.ts";
import { dropRestoredMark, restoredMark } from "../store/restored-mark.ts";
import { toldOrLater } from "./told-later.ts";
import type { Vault } from "./vault.ts";

/** Each tenant's entry has an id of its own, the same however often it is told. */
function idFor(vault: Vault, mark: Uint8Array): Uint8Array {
  const { id } = vault.tenant;
  return createHash("sha256").update(mark).update(id).digest().subarray(0, LEAF_ID_BYTES);
}

/**
 * Writes an entry when the database in `cluster` (null: not ours) was put back from a backup, or
 * when `recovered` leaves came back out of the log's files.
 */
export async function tellRestored(
  vault: Vault,
  { cluster, recovered }: { readonly cluster: string | null; readonly recovered: number },
): Promise<void> {
  const mark = cluster === null ? null : await restoredMark(cluster);
  if (mark === null && recovered === 0) return;
  await toldOrLater(async () => {
    await transaction(vault.database, async (connection) =>
      writeEntry(vault, connection, {
        type: "database-restored",
        actor: SYSTEM_ACTOR,
        ...(mark === null ? {} : { id: idFor(vault, mark) }),
        mode: mark === null ? "found-older" : "backup",
        count: recovered,
      }),
    );
    if (cluster !== null) await dropRestoredMark(cluster);
  });
}
