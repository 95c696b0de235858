/** Personal data is opened by people who signed in, never by a key or the machine alone (P10). */
import { Failure } from "../rules/failure.ts";
import type { Actor } from "./actor.ts";

/** Throws SIGN_IN_NEEDED for the local operator and PERSON_REQUIRED for a machine. */
export function requirePerson(actor: Actor): void {
  if (actor.kind === "operator") throw new Failure("SIGN_IN_NEEDED");
  if (actor.kind === "machine") throw new Failure("PERSON_REQUIRED");
}
