/**
 * Whose place something is, and in whose name somebody may act: the own organisation's and what
 * stands below it, and nobody else's (P10).
 */
import type { Place } from "../rules/question.ts";
import { isOffice } from "../rules/role.ts";
import { isWithin, lineOf, withinOf } from "../store/organisation.ts";
import type { OrganisationRow } from "../store/organisation.ts";
import { connected } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import type { Actor } from "./actor.ts";
import type { Desk } from "./desk.ts";

/**
 * Whether somebody without an organisation belongs to the tenant as a whole, as an office may.
 * Whoever works at a branch (`isOffice`) is at home there and below, and without a branch nowhere:
 * nobody becomes headquarters by having no place.
 */
export function isOfWhole({
  organisationId,
  role,
}: Pick<Actor, "organisationId" | "role">): boolean {
  return organisationId === null && isOffice(role);
}

/** An office of the tenant as a whole, or of its headquarters, is nowhere a stranger. */
export function isTenantWide({
  organisationPath,
  role,
}: Pick<Actor, "organisationPath" | "role">): boolean {
  return isOffice(role) && organisationPath.length <= 1;
}

/** Ids from the top down to that organisation; none for the tenant as a whole (null). */
export async function pathTo(
  connection: Connection,
  organisationId: string | null,
): Promise<readonly string[]> {
  if (organisationId === null) return [];
  return (await lineOf(connection, organisationId)).map(({ id }) => id);
}

/** The branch that somebody means who names none; null for the whole tenant, and for no place. */
export function ownBranch(actor: Actor): string | null {
  return isTenantWide(actor) ? null : actor.organisationId;
}

/**
 * Those of `ids` (null: the tenant as a whole) that are the actor's organisation or stand below it;
 * none to whoever has no organisation. One look at the tree, however many there are.
 */
export async function idsBelow(
  { database }: Pick<Desk, "database">,
  { organisationId }: Pick<Actor, "organisationId">,
  ids: Iterable<string | null>,
): Promise<ReadonlySet<string>> {
  const named = [...new Set(ids)].filter((id) => id !== null);
  if (organisationId === null || named.length === 0) return new Set();
  return connected(database, async (connection) => withinOf(connection, named, organisationId));
}

/** Whose the organisation of that id is to the actor; null stands for the tenant as a whole. */
export async function placeOf(
  connection: Connection,
  actor: Actor,
  organisationId: string | null,
): Promise<Place> {
  if (isTenantWide(actor)) return "own";
  const isOwn =
    organisationId !== null && (await isWithin(connection, organisationId, actor.organisationId));
  return isOwn ? "own" : "other-branch";
}

/** Whether `actor` may act in the name of `organisation`: the own one, or one that stands below. */
export async function speaksFor(
  connection: Connection,
  actor: Pick<Actor, "organisationId" | "role">,
  organisation: OrganisationRow,
): Promise<boolean> {
  return isOfWhole(actor) || isWithin(connection, organisation.id, actor.organisationId);
}
