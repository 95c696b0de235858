/** Whose a counter of a quota is: the tenant's, a branch's, or that of somebody of the staff. */
import { personOf } from "../rules/quota.ts";
import type { QuotaScope } from "../rules/quota.ts";
import { connected } from "../store/pool.ts";
import { accountsOf } from "../store/staff-account.ts";
import { staffPseudonyms } from "./actor.ts";
import type { Actor } from "./actor.ts";
import type { Desk } from "./desk.ts";
import { idsBelow, isTenantWide } from "./place.ts";

const ACCOUNTS_MAX = 100_000;

interface Counter {
  readonly scope: QuotaScope;
  readonly key: string;
}

export interface QuotaOwners {
  /** The organisation that a counter's limits come from; null for the whole tenant. */
  readonly placeOf: (counter: Counter) => string | null;
  /** Whether the counter is the actor's, or of the own branch and below. */
  readonly isOwn: (counter: Counter) => boolean;
}

/** The places of all accounts by pseudonym. */
async function staffPlaces(desk: Desk): Promise<ReadonlyMap<string, string | null>> {
  const accounts = await connected(desk.database, async (c) =>
    accountsOf(c, desk.tenant.id, ACCOUNTS_MAX),
  );
  const pseudonymOf = await staffPseudonyms(desk);
  return new Map(
    accounts.map(({ name, organisationId }) => [pseudonymOf(name), organisationId] as const),
  );
}

/** Reads accounts and tree once, however many counters are asked about. */
export async function quotaOwners(desk: Desk, actor: Actor): Promise<QuotaOwners> {
  const places = await staffPlaces(desk);
  const { organisationId: home, pseudonym } = actor;
  const placeOf = ({ scope, key }: Counter): string | null => {
    if (scope === "tenant") return null;
    if (scope === "branch") return key;
    const person = personOf(key);
    return person === pseudonym ? home : (places.get(person) ?? null);
  };
  if (isTenantWide(actor)) return { placeOf, isOwn: () => true };
  const own = await idsBelow(desk, actor, [...places.values(), home]);
  const isOwn = (counter: Counter): boolean => {
    const isSelf = counter.scope !== "branch" && personOf(counter.key) === pseudonym;
    const place = placeOf(counter);
    return isSelf || (place !== null && own.has(place));
  };
  return { placeOf, isOwn };
}
