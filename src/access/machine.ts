/** What a machine may ask for: what its key was made for, and nothing else. */
import { Failure } from "../rules/failure.ts";
import type { Scope } from "../rules/scope.ts";
import type { Actor } from "./actor.ts";

/** What a key must have been made for; any key will do for "any", none for null. */
export type WantedScope = Scope | "any" | null;

/** Throws SCOPE_MISSING for a machine whose key was not made for `scope`. */
export function requireScope(actor: Actor, scope: WantedScope): void {
  if (actor.kind !== "machine" || scope === "any") return;
  const isMadeFor = scope !== null && actor.scopes?.includes(scope) === true;
  if (!isMadeFor) throw new Failure("SCOPE_MISSING", { scope: scope ?? "none" });
}
