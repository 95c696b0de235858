/**
 * Whose place something is, and in whose name somebody may act: the own organisation's and what
 * stands below it, and nobody else's (P10).
 */
import type { Verb } from "../rules/verb.ts";
import { isWithin } from "../store/organisation.ts";
import type { OrganisationRow } from "../store/organisation.ts";
import { connected } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import type { Actor } from "./actor.ts";
import { authorise } from "./authorise.ts";
import type { Desk } from "./desk.ts";
import { findVisible } from "./organisation.ts";

/** Whoever belongs to the tenant as a whole, or to its headquarters, is nowhere a stranger. */
export function isTenantWide({ organisationId, organisationPath }: Actor): boolean {
  return organisationId === null || organisationPath.length <= 1;
}

/**
 * Whether `actor` may act in the name of `organisation`. Whoever has no organisation belongs to the
 * whole tenant, but a branch manager is nowhere headquarters.
 */
export async function speaksFor(
  connection: Connection,
  actor: Pick<Actor, "organisationId" | "role">,
  organisation: OrganisationRow,
): Promise<boolean> {
  const { organisationId, role } = actor;
  if (organisationId === null) return role !== "branch-manager" || organisation.parentId !== null;
  return isWithin(connection, organisation.id, organisationId);
}

/** Whether `reference` (id or name; null for the tenant as a whole) is the actor's own or below. */
async function isOwn(desk: Desk, actor: Actor, reference: string | null): Promise<boolean> {
  if (isTenantWide(actor)) return true;
  if (reference === null) return false;
  return connected(desk.database, async (connection) => {
    const { id } = await findVisible(desk, connection, reference);
    return isWithin(connection, id, actor.organisationId);
  });
}

/**
 * As `authorise`, for an act on each of `references`: what is not the actor's own is another
 * branch's, and refused as such. Throws ORGANISATION_UNKNOWN for what is none.
 */
export async function authoriseWithin(
  desk: Desk,
  asked: { readonly actor: Actor; readonly verb: Verb },
  references: readonly (string | null)[],
): Promise<void> {
  for (const reference of references) {
    const place = (await isOwn(desk, asked.actor, reference)) ? "own" : "other-branch";
    await authorise(desk, asked, { place });
  }
}
