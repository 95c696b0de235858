/**
 * What a parcel is to whoever asks: on the own route today, at the own branch, or neither. It is at
 * a branch that has it on a route today, and at one that has it in custody.
 */
import type { Actor } from "../access/actor.ts";
import type { Circumstances } from "../access/authorise.ts";
import { isTenantWide } from "../access/place.ts";
import { dayOf } from "../rules/calendar.ts";
import { findAssignment } from "../store/assignment.ts";
import { findCustody } from "../store/custody.ts";
import type { AssignedTo } from "../store/waybill-at.ts";
import { isWithin } from "../store/organisation.ts";
import { connected } from "../store/pool.ts";
import type { FoundShell } from "../store/shell.ts";
import type { Vault } from "./vault.ts";

/** What was read of a parcel. */
interface Standing {
  readonly shell: FoundShell;
  /** Who has it today; null when nobody was given it. */
  readonly assigned: AssignedTo | null;
  /** Whether it lies in custody at the actor's organisation or below. */
  readonly isKeptWithin: boolean;
}

/**
 * The circumstances that come from the parcel. One that nobody has been given today and that lies
 * nowhere belongs to no branch, so to somebody of a branch it is another's.
 */
export async function circumstancesOf(
  vault: Vault,
  actor: Actor,
  shell: FoundShell,
): Promise<Pick<Circumstances, "isAssigned" | "place" | "state">> {
  const on = dayOf(vault.now(), vault.timeZone);
  const { organisationId } = actor;
  return connected(vault.database, async (connection) => {
    const found = await findAssignment(connection, { ...shell, on });
    const keeper = await findCustody(connection, shell);
    const isOwn = async (id: string): Promise<boolean> => isWithin(connection, id, organisationId);
    const assigned =
      found === null
        ? null
        : { account: found.account, isWithin: await isOwn(found.organisationId) };
    const isKeptWithin = keeper !== null && (await isOwn(keeper));
    return circumstancesBy(actor, { shell, assigned, isKeptWithin });
  });
}

/**
 * As `circumstancesOf`, where it was read already. A courier goes by the route alone. What lies at
 * a station is its own as what is on its route: it was handed to its counter.
 */
export function circumstancesBy(
  actor: Actor,
  { shell, assigned, isKeptWithin }: Standing,
): Pick<Circumstances, "isAssigned" | "place" | "state"> {
  const { role, pseudonym } = actor;
  const isHere = isKeptWithin && role !== "courier";
  const isOnRoute = assigned !== null && assigned.account === pseudonym;
  return {
    state: shell.parcelState ?? (shell.state === "erased" ? null : shell.state),
    isAssigned: isOnRoute || (isHere && role === "station"),
    place: isTenantWide(actor) || assigned?.isWithin === true || isHere ? "own" : "other-branch",
  };
}
