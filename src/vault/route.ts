/** What a parcel is to whoever asks: on the own route today, at the own branch, or neither. */
import type { Actor } from "../access/actor.ts";
import type { Circumstances } from "../access/authorise.ts";
import { dayOf } from "../rules/calendar.ts";
import { findAssignment } from "../store/assignment.ts";
import type { Assigned } from "../store/assignment.ts";
import { lineOf } from "../store/organisation.ts";
import { connected } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import type { FoundShell } from "../store/shell.ts";
import type { Vault } from "./vault.ts";

/** Whoever belongs to the tenant as a whole, or to its headquarters, is nowhere a stranger. */
export function isTenantWide({ organisationId, organisationPath }: Actor): boolean {
  return organisationId === null || organisationPath.length <= 1;
}

async function isBelow(connection: Connection, actor: Actor, assigned: Assigned): Promise<boolean> {
  const line = await lineOf(connection, assigned.organisationId);
  return line.some(({ id }) => id === actor.organisationId);
}

/**
 * The circumstances that come from the parcel. A parcel that nobody has been given today belongs to
 * no branch, so to somebody of a branch it is another's.
 */
export async function circumstancesOf(
  vault: Vault,
  actor: Actor,
  shell: FoundShell,
): Promise<Pick<Circumstances, "isAssigned" | "place" | "state">> {
  const on = dayOf(vault.now(), vault.timeZone);
  const state = shell.parcelState ?? (shell.state === "erased" ? null : shell.state);
  return connected(vault.database, async (connection) => {
    const assigned = await findAssignment(connection, { ...shell, on });
    const isOwn =
      isTenantWide(actor) || (assigned !== null && (await isBelow(connection, actor, assigned)));
    return {
      state,
      isAssigned: assigned !== null && assigned.account === actor.pseudonym,
      place: isOwn ? "own" : "other-branch",
    };
  });
}
