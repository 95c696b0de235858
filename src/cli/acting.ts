/** Who acts on the command line. */
import { localOperator, playedActor } from "../access/actor.ts";
import type { Actor } from "../access/actor.ts";
import type { Vault } from "../vault/vault.ts";
import type { CliContext } from "./context.ts";

/** The actor in whose name a command runs: whom `--as` names, else the local operator. */
export async function acting(
  _context: CliContext,
  vault: Vault,
  { as }: { readonly as?: string },
): Promise<Actor> {
  if (as === undefined) return localOperator(vault);
  return playedActor(vault, { name: as, role: "privacy-officer" });
}
