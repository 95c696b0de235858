/** Who sealed a waybill: the actor of the `seal-batch` entry that its batch was committed with. */
import { findLeaves } from "../store/audit-leaf.ts";
import type { LeafRow } from "../store/audit-leaf.ts";
import { connected } from "../store/pool.ts";
import { sealBatchesAt } from "../store/seal-batch.ts";
import type { ShellRow } from "../store/shell.ts";
import type { Vault } from "./vault.ts";
import { placeKey } from "./waybill-place.ts";

export interface Sealer {
  readonly pseudonym: string;
  /** Ids of organisations from the top down to the sealer's own; empty for the whole tenant. */
  readonly organisationPath: readonly string[];
}

function hexOf(id: Uint8Array): string {
  return Buffer.from(id).toString("hex");
}

function sealerOf(leaf: LeafRow): Sealer {
  // Leaves are written by encodeLeaf only, as canonical JSON objects with these members.
  const body = JSON.parse(Buffer.from(leaf.body).toString("utf8")) as Record<string, unknown>;
  const path = body["organisationPath"];
  return {
    pseudonym: String(body["actor"]),
    organisationPath: Array.isArray(path) ? path.map(String) : [],
  };
}

/** The sealers of `shells` by `placeKey`; a waybill whose entry is not there has none. */
export async function sealersOf(
  vault: Vault,
  shells: readonly ShellRow[],
): Promise<ReadonlyMap<string, Sealer>> {
  if (shells.length === 0) return new Map();
  const instants = new Map(
    shells.map((shell) => [`${shell.shellWeek} ${shell.sealedAt.toISOString()}`, shell]),
  );
  const { batches, leaves } = await connected(vault.database, async (connection) => {
    const found = await sealBatchesAt(connection, [...instants.values()]);
    const ids = found.map(({ batchLeaf }) => batchLeaf);
    return { batches: found, leaves: await findLeaves(connection, ids) };
  });
  const byLeaf = new Map(leaves.map((leaf) => [hexOf(leaf.id), sealerOf(leaf)]));
  const sealers = new Map<string, Sealer>();
  for (const { batchLeaf, places } of batches) {
    const sealer = byLeaf.get(hexOf(batchLeaf));
    if (sealer === undefined) continue;
    for (const { compartment, slot } of places) sealers.set(placeKey(compartment, slot), sealer);
  }
  return sealers;
}
