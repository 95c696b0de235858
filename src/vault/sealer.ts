/** Who sealed a waybill: the actor of the `seal-batch` entry that its batch was committed with. */
import { findLeaf } from "../store/audit-leaf.ts";
import { connected } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import { sealBatchesAt } from "../store/seal-batch.ts";
import type { ShellRow } from "../store/shell.ts";
import { placeKey } from "./earlier-order.ts";
import type { Vault } from "./vault.ts";

export interface Sealer {
  readonly pseudonym: string;
  /** Ids of organisations from the top down to the sealer's own; empty for the whole tenant. */
  readonly organisationPath: readonly string[];
}

async function sealerOf(connection: Connection, batchLeaf: Uint8Array): Promise<Sealer | null> {
  const leaf = await findLeaf(connection, batchLeaf);
  if (leaf === null) return null;
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
  const sealers = new Map<string, Sealer>();
  const instants = Map.groupBy(shells, (one) => `${one.shellWeek} ${one.sealedAt.toISOString()}`);
  await connected(vault.database, async (connection) => {
    for (const [first] of instants.values()) {
      if (first === undefined) continue;
      for (const { batchLeaf, places } of await sealBatchesAt(connection, first)) {
        const sealer = await sealerOf(connection, batchLeaf);
        if (sealer === null) continue;
        for (const { compartment, slot } of places) {
          sealers.set(placeKey(compartment, slot), sealer);
        }
      }
    }
  });
  return sealers;
}
