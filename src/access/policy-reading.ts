/**
 * Reading what counts and who said it (P10): the tree, effective settings, their changes, terms.
 * Whoever belongs to a branch reads of that branch, of those below it, and of the line above it by
 * name alone.
 */
import type { Day } from "../rules/calendar.ts";
import { connected } from "../store/pool.ts";
import type { SettingProposalRow } from "../store/setting-proposal.ts";
import type { SettingRow } from "../store/setting.ts";
import type { Actor } from "./actor.ts";
import { listAuthorisations } from "./authorisation-request.ts";
import type { ListedRequest } from "./authorisation-request.ts";
import { authorise } from "./authorise.ts";
import { authoriseWithin } from "./authorise-within.ts";
import type { Desk } from "./desk.ts";
import { findVisible, listOrganisations } from "./organisation.ts";
import type { ListedOrganisation } from "./organisation.ts";
import { idsBelow, isTenantWide, ownBranch } from "./place.ts";
import { showTerms } from "./retention.ts";
import type { ShownTerm } from "./retention.ts";
import type { Ruling } from "./ruling.ts";
import { waitingSettings } from "./setting-approval.ts";
import { explainSetting, explainSettings, historyOfSetting } from "./setting.ts";

/** Those of `rows` at the actor's own or below; all of them to whoever is of the tenant. */
async function ownOf<Row>(
  desk: Desk,
  actor: Actor,
  { rows, placeOf }: { readonly rows: readonly Row[]; readonly placeOf: (row: Row) => string },
): Promise<Row[]> {
  if (isTenantWide(actor)) return [...rows];
  const own = await idsBelow(desk, actor, rows.map(placeOf));
  return rows.filter((row) => own.has(placeOf(row)));
}

/**
 * The tree as `actor` sees it: all of it, or the line down to the own branch and what is below it;
 * and the authorities. Throws ACCESS_DENIED.
 */
export async function seenOrganisations(desk: Desk, actor: Actor): Promise<ListedOrganisation[]> {
  await authorise(desk, { actor, verb: "read-policy" }, { place: "own" });
  const listed = await listOrganisations(desk);
  if (isTenantWide(actor)) return listed;
  const ids = listed.map(({ id }) => id);
  const seen = new Set([...(await idsBelow(desk, actor, ids)), ...actor.organisationPath]);
  return listed.filter(({ id, tenantId }) => tenantId === null || seen.has(id));
}

/** As `explainSetting`, for the actor's own. Throws ACCESS_DENIED too. */
export async function readSetting(
  desk: Desk,
  asked: { readonly organisation: string; readonly name: string; readonly actor: Actor },
): Promise<Ruling> {
  const { actor, organisation } = asked;
  await authoriseWithin(desk, { actor, verb: "read-policy" }, [organisation]);
  return explainSetting(desk, asked);
}

/** As `explainSettings`, for the actor's own, who is asked once. Throws ACCESS_DENIED too. */
export async function readSettings(
  desk: Desk,
  asked: { readonly organisation: string; readonly actor: Actor },
): Promise<Ruling[]> {
  const { actor, organisation } = asked;
  await authoriseWithin(desk, { actor, verb: "read-policy" }, [organisation]);
  return explainSettings(desk, organisation);
}

/** As `historyOfSetting`, for the actor's own. Throws ACCESS_DENIED too. */
export async function readHistory(
  desk: Desk,
  asked: { readonly organisation: string; readonly name: string; readonly actor: Actor },
): Promise<SettingRow[]> {
  const { actor, organisation } = asked;
  await authoriseWithin(desk, { actor, verb: "read-decisions" }, [organisation]);
  return historyOfSetting(desk, asked);
}

/** The changes of the actor's own that wait for another person, oldest first. ACCESS_DENIED. */
export async function readProposals(desk: Desk, actor: Actor): Promise<SettingProposalRow[]> {
  await authorise(desk, { actor, verb: "read-decisions" }, { place: "own" });
  const rows = await waitingSettings(desk);
  return ownOf(desk, actor, { rows, placeOf: ({ organisationId }) => organisationId });
}

/**
 * As `listAuthorisations`: at a carrier's desk those of the actor's own that may read decisions, as
 * an authority what its own office may. Throws ACCESS_DENIED too.
 */
export async function readAuthorisations(
  desk: Desk,
  asked: { readonly viewer: string | null; readonly on: Day; readonly actor: Actor },
): Promise<ListedRequest[]> {
  const { viewer, actor } = asked;
  const isOffice =
    viewer !== null &&
    (await connected(desk.database, async (c) => findVisible(desk, c, viewer))).tenantId === null;
  if (isOffice) return listAuthorisations(desk, asked);
  await authorise(desk, { actor, verb: "read-decisions" }, { place: "own" });
  const rows = await listAuthorisations(desk, asked);
  return ownOf(desk, actor, { rows, placeOf: ({ fromOrganisation }) => fromOrganisation });
}

/**
 * As `showTerms`; without an organisation, somebody of a branch reads the own one's. Throws
 * ACCESS_DENIED too.
 */
export async function readTerms(
  desk: Desk,
  asked: { readonly organisation: string | null; readonly actor: Actor },
): Promise<ShownTerm[]> {
  const organisation = asked.organisation ?? ownBranch(asked.actor);
  await authoriseWithin(desk, { actor: asked.actor, verb: "read-policy" }, [organisation]);
  return showTerms(desk, organisation);
}
