/** Who acts on the command line: a machine by its key, a person who signed in, or the operator. */
import { localOperator } from "../access/actor.ts";
import type { Actor } from "../access/actor.ts";
import { requireScope } from "../access/machine.ts";
import type { WantedScope } from "../access/machine.ts";
import { openApiKey } from "../identity/api-key.ts";
import { openSession } from "../identity/session.ts";
import { Failure } from "../rules/failure.ts";
import type { Vault } from "../vault/vault.ts";
import type { CliContext } from "./context.ts";
import { readSessionFile } from "./session-file.ts";

/**
 * The actor in whose name a command runs. Throws as `openApiKey` and `openSession`,
 * SCOPE_MISSING, and OPERATOR_OFF where the installation has no local operator: a key or session
 * that is no longer good never becomes that.
 */
export async function acting(
  context: CliContext,
  vault: Vault,
  scope: WantedScope = null,
): Promise<Actor> {
  const { apiKey, mayOperate, sessionFile } = context.config;
  if (apiKey !== null) {
    const machine = await openApiKey(vault, apiKey);
    requireScope(machine, scope);
    return machine;
  }
  const kept = await readSessionFile(sessionFile, vault.tenant.name);
  if (kept === null && !mayOperate) throw new Failure("OPERATOR_OFF");
  if (kept === null) return localOperator(vault);
  return (await openSession(vault, kept.token)).actor;
}
