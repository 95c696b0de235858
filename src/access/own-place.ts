/**
 * Acts in the name of an organisation: whoever belongs to a branch acts for it and for what stands
 * below it, and for nobody else (P10).
 */
import { lineOf } from "../store/organisation.ts";
import { connected } from "../store/pool.ts";
import type { Verb } from "../rules/verb.ts";
import type { Actor } from "./actor.ts";
import { authorise } from "./authorise.ts";
import type { Desk } from "./desk.ts";
import { findVisible } from "./organisation.ts";

/** Whether `reference` (id or name; null for the tenant as a whole) is the actor's own or below. */
async function isOwn(desk: Desk, actor: Actor, reference: string | null): Promise<boolean> {
  const { organisationId, organisationPath } = actor;
  if (organisationId === null || organisationPath.length <= 1) return true;
  if (reference === null) return false;
  return connected(desk.database, async (connection) => {
    const { id } = await findVisible(desk, connection, reference);
    return (await lineOf(connection, id)).some((one) => one.id === organisationId);
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
