/** What a parcel is to whoever asks: on the own route today, at the own branch, or neither. */
import type { Actor } from "../access/actor.ts";
import type { Circumstances } from "../access/authorise.ts";
import { isTenantWide } from "../access/place.ts";
import { dayOf } from "../rules/calendar.ts";
import { findAssignment } from "../store/assignment.ts";
import type { AssignedTo } from "../store/waybill-at.ts";
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
  return connected(vault.database, async (connection) => {
    const assigned = await findAssignment(connection, { ...shell, on });
    if (assigned === null) return circumstancesBy(actor, { shell, assigned });
    const { account, organisationId } = assigned;
    const isOwn = await isWithin(connection, organisationId, actor.organisationId);
    return circumstancesBy(actor, { shell, assigned: { account, isWithin: isOwn } });
  });
}

/** As `circumstancesOf`, where it was read already who has the parcel today. */
export function circumstancesBy(
  actor: Actor,
  { shell, assigned }: { readonly shell: FoundShell; readonly assigned: AssignedTo | null },
): Pick<Circumstances, "isAssigned" | "place" | "state"> {
  return {
    state: shell.parcelState ?? (shell.state === "erased" ? null : shell.state),
    isAssigned: assigned !== null && assigned.account === actor.pseudonym,
    place: isTenantWide(actor) || assigned?.isWithin === true ? "own" : "other-branch",
  };
}
