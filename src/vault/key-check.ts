/**
 * Whether key store and database belong together (P6). A database that came back from an older
 * backup is fine: what died since is dead. A key store that is empty, foreign or older is not: it
 * would count the living as dead, or bring back the dead, so nothing is served with it.
 */
import { differencesOf, requireNone, serialsOf } from "./reconcile.ts";
import type { Vault } from "./vault.ts";

/**
 * Throws KEYSTORE_DIFFERS when the database holds living compartments that the key store never
 * heard of (`missing`), or when the key store still has keys of compartments that are known to be
 * destroyed (`revived`), or of waybills that were erased (`unerased`), does not keep what a hold
 * keeps (`unheld`), or knows less of a change of signing keys than the log tells (`signing`),
 * because it is an older copy.
 */
export async function requireKeys(vault: Pick<Vault, "database" | "keys">): Promise<void> {
  requireNone(await differencesOf(vault, await serialsOf(vault)));
}
