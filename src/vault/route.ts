/** What a parcel is to whoever asks: on the own route today, at the own branch, or neither. */
import type { Actor } from "../access/actor.ts";
import type { Circumstances } from "../access/authorise.ts";
import { isTenantWide } from "../access/place.ts";
import { dayOf } from "../rules/calendar.ts";
import { findAssignment } from "../store/assignment.ts";
import { isWithin } from "../store/organisation.ts";
import { connected } from "../store/pool.ts";
import type { FoundShell } from "../store/shell.ts";
import type { Vault } from "./vault.ts";

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
      isTenantWide(actor) ||
      (assigned !== null &&
        (await isWithin(connection, assigned.organisationId, actor.organisationId)));
    return {
      state,
      isAssigned: assigned !== null && assigned.account === actor.pseudonym,
      place: isOwn ? "own" : "other-branch",
    };
  });
}
