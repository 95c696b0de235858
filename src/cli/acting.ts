/** Who acts on the command line: a machine by its key, a person who signed in, or the operator. */
import { localOperator } from "../access/actor.ts";
import type { Actor } from "../access/actor.ts";
import { openApiKey } from "../identity/api-key.ts";
import { openSession } from "../identity/session.ts";
import { Failure } from "../rules/failure.ts";
import type { Scope } from "../rules/scope.ts";
import type { Vault } from "../vault/vault.ts";
import type { CliContext } from "./context.ts";
import { readSessionFile } from "./session-file.ts";

/** What a machine's key must have been made for; any key will do for "any", none for null. */
type Wanted = Scope | "any" | null;

/** Throws SCOPE_MISSING for a machine whose key was not made for `scope`. */
export function requireScope(actor: Actor, scope: Wanted): void {
  if (actor.kind !== "machine" || scope === "any") return;
  const isMadeFor = scope !== null && actor.scopes?.includes(scope) === true;
  if (!isMadeFor) throw new Failure("SCOPE_MISSING", { scope: scope ?? "none" });
}

/**
 * The actor in whose name a command runs. Throws as `openApiKey` and `openSession`, and
 * SCOPE_MISSING: a key or session that is no longer good never becomes the local operator.
 */
export async function acting(
  context: CliContext,
  vault: Vault,
  scope: Wanted = null,
): Promise<Actor> {
  const { apiKey, sessionFile } = context.config;
  if (apiKey !== null) {
    const machine = await openApiKey(vault, apiKey);
    requireScope(machine, scope);
    return machine;
  }
  const kept = await readSessionFile(sessionFile, vault.tenant.name);
  if (kept === null) return localOperator(vault);
  return (await openSession(vault, kept.token)).actor;
}
