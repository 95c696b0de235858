/** The entry of a restore drill: that it was done, and whether it passed. */
import type { Actor } from "../access/actor.ts";
import { writeEntry } from "../access/entry.ts";
import { transaction } from "../store/pool.ts";
import type { Vault } from "./vault.ts";

/** Writes one entry and returns its id, hex. `count` is how many things were checked. */
export async function recordDrill(
  vault: Vault,
  drill: { readonly passed: boolean; readonly count: number; readonly actor: Actor },
): Promise<string> {
  const actor = drill.actor;
  const { count } = drill;
  const answer = drill.passed ? "passed" : "failed";
  return transaction(vault.database, async (connection) =>
    writeEntry(vault, connection, { type: "drill-run", actor, count, answer }),
  );
}
