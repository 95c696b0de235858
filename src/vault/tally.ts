/** What the death of compartments takes, and what it leaves (P7): key store and shells together. */
import type { Connection } from "../store/query.ts";
import { tallyShells } from "../store/shell-tally.ts";
import type { ShellTally } from "../store/shell-tally.ts";
import type { Vault } from "./vault.ts";

/** The tallies of `serials`, by serial; each is there, also where nothing was sealed. */
export type Tallies = ReadonlyMap<number, ShellTally>;

/**
 * Counts the waybills of compartments, living or destroyed, as the key store has them now. Reads
 * all their shells; throws as the stores do.
 */
export async function tally(
  { keys }: Pick<Vault, "keys">,
  connection: Connection,
  serials: readonly number[],
): Promise<Tallies> {
  return tallyShells(connection, serials, await keys.singleLeaves(serials));
}

/** How many waybills die with that compartment; 0 for one that was not counted. */
export function dyingIn(tallies: Tallies, serial: number): number {
  return tallies.get(serial)?.dying ?? 0;
}

/** How many waybills of that compartment have a key as long as it lives, the held ones too. */
export function livingIn(tallies: Tallies, serial: number): number {
  const { dying, kept } = tallies.get(serial) ?? { dying: 0, kept: 0 };
  return dying + kept;
}
