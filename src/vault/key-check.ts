/**
 * Whether key store and database belong together (P6). A database that came back from an older
 * backup is fine: what died since is dead. A key store that is empty, foreign or older is not: it
 * would count the living as dead, or bring back the dead, so nothing is served with it.
 */
import { Failure } from "../rules/failure.ts";
import { findCompartments, undestroyedSerials } from "../store/compartment.ts";
import { connected } from "../store/pool.ts";
import type { Vault } from "./vault.ts";

/**
 * Throws KEYSTORE_DIFFERS when the database holds living compartments that the key store never
 * heard of (`missing`), or when the key store still has keys of compartments that are known to be
 * destroyed (`revived`), because it is an older copy.
 */
export async function requireKeys(vault: Pick<Vault, "database" | "keys">): Promise<void> {
  const living = (await vault.keys.list()).map((record) => record.serial);
  const dead = (await vault.keys.tombstones()).map((tombstone) => tombstone.serial);
  const known = new Set([...living, ...dead]);
  const [serials, mirrored] = await connected(vault.database, async (connection) => [
    await undestroyedSerials(connection),
    await findCompartments(connection, living),
  ]);
  const missing = serials.filter((serial) => !known.has(serial)).length;
  const revived = mirrored.filter((row) => row.state === "destroyed").length;
  if (missing + revived > 0) throw new Failure("KEYSTORE_DIFFERS", { missing, revived });
}
