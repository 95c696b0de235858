/**
 * Whose a request of a person concerned is: to somebody of a branch what the own desk took in, or
 * what is about waybills of that branch alone. Another branch's request is as unknown as none.
 */
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/authorise.ts";
import { isTenantWide } from "../access/place.ts";
import { UUID } from "../rules/uuid.ts";
import { connected } from "../store/pool.ts";
import { findSubjectRequest, placesOfRequests } from "../store/subject-request.ts";
import type { SubjectRequestRow } from "../store/subject-request.ts";
import { ownOf, refuseUnknown } from "./own-record.ts";
import type { Vault } from "./vault.ts";
import { placeKey } from "./waybill-place.ts";

/** Those of `rows` that are the actor's own; all of them to whoever is of the whole tenant. */
export async function ownRequests(
  vault: Vault,
  actor: Actor,
  rows: readonly SubjectRequestRow[],
): Promise<SubjectRequestRow[]> {
  if (isTenantWide(actor)) return [...rows];
  const ids = rows.map(({ id }) => id);
  const places = await connected(vault.database, async (c) => placesOfRequests(c, ids));
  const own = await ownOf(vault, actor, [...places.values()].flat());
  const keys = new Set(own.map(({ compartment, slot }) => placeKey(compartment, slot)));
  return rows.filter(({ id, actor: taken }) => {
    const about = places.get(id) ?? [];
    const isOwn = about.every(({ compartment, slot }) => keys.has(placeKey(compartment, slot)));
    return taken === actor.pseudonym || (about.length > 0 && isOwn);
  });
}

/**
 * As `authorise`, for an act on one request. Throws ACCESS_DENIED, or SUBJECT_REQUEST_UNKNOWN, to
 * somebody of a branch with an entry.
 */
export async function requireOwnRequest(
  vault: Vault,
  { id, actor }: { readonly id: string; readonly actor: Actor },
): Promise<void> {
  const asked = { actor, verb: "subject-request" } as const;
  await authorise(vault, asked, { place: "own" });
  if (isTenantWide(actor)) return;
  const tenantId = vault.tenant.id;
  const row = UUID.test(id)
    ? await connected(vault.database, async (c) => findSubjectRequest(c, tenantId, id))
    : null;
  const own = row === null ? [] : await ownRequests(vault, actor, [row]);
  if (own.length !== 1) await refuseUnknown(vault, asked, "SUBJECT_REQUEST_UNKNOWN");
}
