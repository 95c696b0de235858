/** Old copies of the key store lose their worth when the key that wraps them is gone (P6). */
import { SYSTEM_ACTOR, writeEntry } from "../access/entry.ts";
import { transaction } from "../store/pool.ts";
import type { Vault } from "./vault.ts";

/** Replaces the generation key when it is due, and tells of it; whether it was. */
export async function rotateIfDue(vault: Vault): Promise<boolean> {
  if (!(await vault.rotateKeysIfDue())) return false;
  await transaction(vault.database, async (connection) =>
    writeEntry(vault, connection, { type: "keys-rotated", actor: SYSTEM_ACTOR }),
  );
  return true;
}
