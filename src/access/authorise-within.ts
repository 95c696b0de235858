/** Asking for an act on organisations: each has to be the actor's own, or stand below it (P10). */
import type { Purpose } from "../rules/purposes.ts";
import type { Verb } from "../rules/verb.ts";
import { connected } from "../store/pool.ts";
import type { Actor } from "./actor.ts";
import { authorise } from "./authorise.ts";
import type { Desk } from "./desk.ts";
import { findVisible } from "./organisation.ts";
import { isTenantWide, ownBranch, placeOf } from "./place.ts";

/**
 * As `authorise`, for an act on each of `references` (id or name; null for the tenant as a whole)
 * that is for `purpose`: what is not the actor's own is another branch's, and refused as such.
 * Throws ORGANISATION_UNKNOWN for what is none.
 */
export async function authoriseWithin(
  desk: Desk,
  asked: { readonly actor: Actor; readonly verb: Verb; readonly purpose?: Purpose },
  references: readonly (string | null)[],
): Promise<void> {
  const { actor, purpose = null } = asked;
  await authorise(desk, asked, { place: "own", purpose });
  if (isTenantWide(actor)) return;
  for (const reference of references) {
    const place = await connected(desk.database, async (connection) => {
      if (reference === null) return "other-branch";
      const { id } = await findVisible(desk, connection, reference);
      return placeOf(connection, actor, id);
    });
    await authorise(desk, asked, { place, purpose });
  }
}

/**
 * As `authoriseWithin`, for an act by what rules over one organisation: the one that is named (id
 * or name), else the actor's own branch; null for the tenant as a whole. What is returned is what
 * the act goes by, so that nobody leaves a lock by leaving the branch out.
 */
export async function authoriseFor(
  desk: Desk,
  asked: { readonly actor: Actor; readonly verb: Verb },
  reference: string | null,
): Promise<string | null> {
  const organisation = reference ?? ownBranch(asked.actor);
  await authoriseWithin(desk, asked, [organisation]);
  return organisation;
}
