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

async function tellApplied(vault: Vault, count: number): Promise<void> {
  const draft = { type: "database-restored", actor: SYSTEM_ACTOR } as const;
  await transaction(vault.database, async (connection) =>
    writeEntry(vault, connection, { ...draft, mode: "decisions-applied", count }),
  );
}

/**
 * Writes an entry when `applied` decisions were taken out of the log again, and one when the
 * database in `cluster` (null: not ours) was put back from a backup, or
 * when `recovered` leaves came back out of the log's files.
 */
export async function tellRestored(
  vault: Vault,
  found: { readonly cluster: string | null; readonly recovered: number; readonly applied: number },
): Promise<void> {
  const { cluster, recovered, applied } = found;
  if (applied > 0) await toldOrLater(async () => tellApplied(vault, applied));
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
