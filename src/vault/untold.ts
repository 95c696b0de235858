/**
 * Destructions of which the log does not know: after a crash, or in an older database. It is asked
 * about those only that came after the last time when all were told, so that opening does not take
 * longer with every year.
 */
import { destroyedLeafId } from "../keystore/tombstone.ts";
import type { Tombstone } from "../keystore/tombstone.ts";
import { knownLeafIds } from "../store/audit-leaf.ts";
import { connected, transaction } from "../store/pool.ts";
import { setToldMark, toldMark } from "../store/told-mark.ts";
import type { TombstoneKind, ToldMark } from "../store/told-mark.ts";
import type { Vault } from "./vault.ts";

/** So many ids are asked for in one statement. */
const ASKED_AT_ONCE = 10_000;

type Identified = Pick<Tombstone, "id">;

/** How many of the oldest are told for sure: none when they are not those of the mark. */
function toldOf(tombstones: readonly Identified[], mark: ToldMark | null): number {
  const last = mark === null ? undefined : tombstones[mark.tombstones - 1];
  const isSame = last !== undefined && Buffer.from(mark?.lastId ?? []).toString("hex") === last.id;
  return isSame ? (mark?.tombstones ?? 0) : 0;
}

/** Those of `tombstones`, which come oldest first, of which the log does not tell yet. */
export async function untold<T extends Identified>(
  vault: Vault,
  kind: TombstoneKind,
  tombstones: readonly T[],
): Promise<T[]> {
  return connected(vault.database, async (connection) => {
    const from = toldOf(tombstones, await toldMark(connection, kind));
    const found: T[] = [];
    for (let at = from; at < tombstones.length; at += ASKED_AT_ONCE) {
      const some = tombstones.slice(at, at + ASKED_AT_ONCE);
      const ids = some.map(destroyedLeafId);
      const known = await knownLeafIds(connection, ids);
      found.push(
        ...some.filter((_, index) => !known.has(Buffer.from(ids[index] ?? []).toString("hex"))),
      );
    }
    return found;
  });
}

/** Remembers that all of `tombstones` are told; they are those that `untold` was asked about. */
export async function rememberTold(
  vault: Vault,
  kind: TombstoneKind,
  tombstones: readonly Identified[],
): Promise<void> {
  const last = tombstones.at(-1);
  if (last === undefined) return;
  const mark = { tombstones: tombstones.length, lastId: Buffer.from(last.id, "hex") };
  await transaction(vault.database, async (connection) => {
    const before = await toldMark(connection, kind);
    if (toldOf(tombstones, before) === tombstones.length) return;
    await setToldMark(connection, kind, mark);
  });
}
