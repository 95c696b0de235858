/** In whose name somebody may speak: of the own organisation and of those below it. */
import { lineOf } from "../store/organisation.ts";
import type { OrganisationRow } from "../store/organisation.ts";
import type { Connection } from "../store/query.ts";
import type { Actor } from "./actor.ts";

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
  const line = await lineOf(connection, organisation.id);
  return line.some(({ id }) => id === organisationId);
}
