/** Who sealed a waybill: the actor of the `seal-batch` entry that its batch was committed with. */
import type { WaybillPlace } from "../store/hold.ts";
import { connected } from "../store/pool.ts";
import { batchEntriesOf } from "../store/seal-batch.ts";
import { placeKey } from "./waybill-place.ts";
import type { Vault } from "./vault.ts";

export interface Sealer {
  readonly pseudonym: string;
  /** Ids of organisations from the top down to the sealer's own; empty for the whole tenant. */
  readonly organisationPath: readonly string[];
}

/** Entries are written by encodeLeaf only, as canonical JSON objects with these members. */
function sealerOf(body: Uint8Array): Sealer {
  const entry = JSON.parse(Buffer.from(body).toString("utf8")) as Record<string, unknown>;
  const path = entry["organisationPath"];
  return {
    pseudonym: String(entry["actor"]),
    organisationPath: Array.isArray(path) ? path.map(String) : [],
  };
}

/**
 * The sealers of waybills of the tenant by `placeKey`, with others of their batches; a waybill that
 * is gone, or whose entry is not there, has none. One statement, however many there are.
 */
export async function sealersOf(
  vault: Vault,
  waybills: readonly WaybillPlace[],
): Promise<ReadonlyMap<string, Sealer>> {
  const batches = await connected(vault.database, async (connection) =>
    batchEntriesOf(connection, vault.tenant.id, waybills),
  );
  const sealers = new Map<string, Sealer>();
  for (const { body, places } of batches) {
    const sealer = sealerOf(body);
    for (const { compartment, slot } of places) sealers.set(placeKey(compartment, slot), sealer);
  }
  return sealers;
}
