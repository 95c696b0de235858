/** Whose people are: to somebody of a branch those with an account there or below, and oneself. */
import type { Place } from "../rules/question.ts";
import { connected } from "../store/pool.ts";
import { accountNamesWithin } from "../store/staff-account.ts";
import { staffPseudonyms } from "./actor.ts";
import type { Actor } from "./actor.ts";
import type { Desk } from "./desk.ts";
import { isTenantWide } from "./place.ts";

const STAFF_MAX = 100_000;

/** Says of a pseudonym whether it is the actor's own or of the own staff. */
export type IsOwnStaff = (pseudonym: string) => boolean;

/** The pseudonyms of the actor's branch are made once, however many are asked for. */
export async function ownStaff(desk: Desk, actor: Actor): Promise<IsOwnStaff> {
  if (isTenantWide(actor)) return () => true;
  const { organisationId } = actor;
  const own = new Set([actor.pseudonym]);
  if (organisationId !== null) {
    const within = { tenantId: desk.tenant.id, organisationId };
    const names = await connected(desk.database, async (c) =>
      accountNamesWithin(c, within, STAFF_MAX),
    );
    const pseudonymOf = await staffPseudonyms(desk);
    for (const name of names) own.add(pseudonymOf(name));
  }
  return (pseudonym) => own.has(pseudonym);
}

/** Whose the person of that pseudonym is. */
export async function placeOfStaff(desk: Desk, actor: Actor, pseudonym: string): Promise<Place> {
  return (await ownStaff(desk, actor))(pseudonym) ? "own" : "other-branch";
}
