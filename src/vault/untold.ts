/** Destructions of which the log does not know: after a crash, or in an older database. */
import { destroyedLeafId } from "../keystore/tombstone.ts";
import type { Tombstone } from "../keystore/tombstone.ts";
import { knownLeafIds } from "../store/audit-leaf.ts";
import { connected } from "../store/pool.ts";
import type { Vault } from "./vault.ts";

/** Those of `tombstones` of which the log does not tell yet. */
export async function untold<T extends Pick<Tombstone, "id">>(
  vault: Vault,
  tombstones: readonly T[],
): Promise<T[]> {
  const ids = tombstones.map(destroyedLeafId);
  const known = await connected(vault.database, async (connection) =>
    knownLeafIds(connection, ids),
  );
  return tombstones.filter((_, at) => !known.has(Buffer.from(ids[at] ?? []).toString("hex")));
}
