/**
 * Responsibility scores (安全管理责任考核) of carriers' headquarters and of the outlets that a spot
 * check drew, from measured facts: labels for every carrier, what it records itself only where it
 * granted the authority the scopes `scores` and `requests`; what is not shown is not measured.
 * Erasure, training and reveals are recorded by carrier and not by outlet: an outlet's score takes
 * its carrier's figures for them, and says so.
 */
import { scopesInForce, tellRead } from "../access/scope-use.ts";
import type { AuthorityScope } from "../rules/authority-scope.ts";
import { ACKNOWLEDGE_DAYS } from "../rules/break-glass.ts";
import { addDays, dayOf, DEFAULT_TIME_ZONE, parseDay, startOfDay } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { dueOn } from "../rules/deadline.ts";
import { responsibilityScore } from "../rules/score.ts";
import type { ResponsibilityScore, ScoreFacts, Tally } from "../rules/score.ts";
import { isTrainingValid } from "../rules/training.ts";
import { authoritiesOf } from "../store/authority-office.ts";
import type { AuthorityScopeRow } from "../store/authority-scope.ts";
import { countOwnLeaves } from "../store/audit-leaf.ts";
import { listRequests } from "../store/authorisation-request.ts";
import type { NamedRequestRow } from "../store/authorisation-request.ts";
import { breakGlassTally } from "../store/break-glass.ts";
import { compartmentsOfTenant } from "../store/compartment.ts";
import { findHeadquarters, findOrganisation } from "../store/organisation.ts";
import { connected, transaction } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import { listTraining } from "../store/training.ts";
import { campaignResult } from "./campaign-result.ts";
import type { CampaignResult, CarrierFound, Found } from "./campaign-result.ts";
import type { Office } from "./office.ts";
import type { Actor } from "../access/actor.ts";

/** Facts that an outlet shares with its whole carrier. */
export const SHARED_FACTS = [
  "overdueErasures",
  "deniedReveals",
  "badEmergencies",
  "trainedStaff",
] as const;

export interface Scored {
  readonly organisation: string;
  readonly name: string;
  readonly kind: "headquarters" | "outlet";
  readonly carrierTenant: string;
  readonly facts: ScoreFacts;
  readonly score: ResponsibilityScore;
  /** Which of the facts are the carrier's as a whole; none for a headquarters. */
  readonly shared: readonly (keyof ScoreFacts)[];
  /** Which facts the carrier does not show to the authority; they stand as 0 of 0. */
  readonly withheld: readonly (keyof ScoreFacts)[];
}

const ROWS_MAX = 100_000;
const NOTHING: Tally = { count: 0, of: 0 };

const NO_CARRIER_FACTS = {
  overdueErasures: NOTHING,
  deniedReveals: NOTHING,
  badEmergencies: NOTHING,
  trainedStaff: NOTHING,
} as const;

type CarrierFacts = Pick<ScoreFacts, (typeof SHARED_FACTS)[number]>;

/** Compartments due before `on`, and how many of them still live. */
async function erasuresOf(connection: Connection, tenant: string, on: Day): Promise<Tally> {
  const from = parseDay("2000-01-01");
  if (from === null) throw new RangeError("the literal is a day");
  const rows = await compartmentsOfTenant(connection, tenant, { from, limit: ROWS_MAX });
  const due = rows.filter(({ dayOfDeath }) => dayOfDeath < on);
  return { count: due.filter(({ state }) => state !== "destroyed").length, of: due.length };
}

async function revealsOf(connection: Connection, tenant: string): Promise<Tally> {
  const counts = await countOwnLeaves(connection, tenant);
  const count = counts.get("reveal-denied") ?? 0;
  return { count, of: count + (counts.get("reveal") ?? 0) };
}

/** People with a record of training, and how many hold a valid one. */
async function trainedOf(connection: Connection, tenant: string, on: Day): Promise<Tally> {
  const rows = await listTraining(connection, tenant, ROWS_MAX);
  const people = Map.groupBy(rows, ({ actor }) => actor);
  const valid = [...people.values()].filter((own) => own.some((row) => isTrainingValid(row, on)));
  return { count: valid.length, of: people.size };
}

/** Before this moment an emergency should have been judged by the morning of `on`. */
function daysBefore(on: Day): Date {
  return startOfDay(addDays(on, -ACKNOWLEDGE_DAYS), DEFAULT_TIME_ZONE);
}

/** What a carrier records itself and its scores rest on, as it stands on the morning of `on`. */
export async function carrierFacts(
  connection: Connection,
  tenant: string,
  on: Day,
): Promise<CarrierFacts> {
  return {
    overdueErasures: await erasuresOf(connection, tenant, on),
    deniedReveals: await revealsOf(connection, tenant),
    badEmergencies: await breakGlassTally(connection, tenant, daysBefore(on)),
    trainedStaff: await trainedOf(connection, tenant, on),
  };
}

function labelsOf({ figure }: Found): Tally {
  return figure === null ? NOTHING : { count: figure.x, of: figure.n };
}

/** Requests to `organisation` whose term is over, and how many were not answered within it. */
function requestsTo(
  organisation: string,
  requests: readonly NamedRequestRow[],
  when: { readonly on: Day; readonly timeZone: string },
): Tally {
  const judged = requests
    .filter(({ toOrganisation }) => toOrganisation === organisation)
    .map(({ filedAt, answered }) => ({
      due: dueOn("headquarters-answer", dayOf(filedAt, when.timeZone)),
      answeredOn: answered === null ? null : dayOf(answered.at, when.timeZone),
    }))
    .filter(({ due, answeredOn }) => answeredOn !== null || due < when.on);
  const late = judged.filter(({ due, answeredOn }) => answeredOn === null || answeredOn > due);
  return { count: late.length, of: judged.length };
}

interface Measured {
  readonly connection: Connection;
  readonly result: CampaignResult;
  readonly requests: readonly NamedRequestRow[];
  readonly when: { readonly on: Day; readonly timeZone: string };
  readonly shown: Shown;
}

async function scoredCarrier(measured: Measured, carrier: CarrierFound): Promise<Scored[]> {
  const { connection, requests, when, result, shown } = measured;
  const { carrierTenant } = carrier;
  const [isScored, isAsked] = [shown.scores.has(carrierTenant), shown.requests.has(carrierTenant)];
  const common = isScored
    ? await carrierFacts(connection, carrierTenant, when.on)
    : NO_CARRIER_FACTS;
  const withheld = [
    ...(isScored ? [] : SHARED_FACTS),
    ...(isAsked ? [] : (["unansweredRequests"] as const)),
  ];
  const headquarters = await findHeadquarters(connection, carrierTenant);
  const scored: Scored[] = [];
  const add = (place: Pick<Scored, "organisation" | "name" | "kind">, found: Found): void => {
    const unansweredRequests = isAsked ? requestsTo(place.organisation, requests, when) : NOTHING;
    const facts = { ...common, unansweredRequests, compliantLabels: labelsOf(found) };
    const shared = place.kind === "outlet" ? SHARED_FACTS : [];
    const score = responsibilityScore(facts, result.level);
    scored.push({ ...place, carrierTenant, facts, score, shared, withheld });
  };
  if (headquarters !== null) {
    add({ organisation: headquarters.id, name: headquarters.name, kind: "headquarters" }, carrier);
  }
  for (const outlet of carrier.outlets) {
    const name = (await findOrganisation(connection, outlet.outlet))?.name ?? outlet.outlet;
    add({ organisation: outlet.outlet, name, kind: "outlet" }, outlet);
  }
  return scored;
}

/** Under which scope each carrier shows what it records itself, and its requests. */
interface Shown {
  readonly scores: ReadonlyMap<string, AuthorityScopeRow>;
  readonly requests: ReadonlyMap<string, AuthorityScopeRow>;
}

async function shownTo(
  office: Office,
  connection: Connection,
  carriers: readonly string[],
): Promise<Shown> {
  const authorities = await authoritiesOf(connection, office.tenant.id);
  const of = async (scope: AuthorityScope): Promise<Shown["scores"]> => {
    const granted = await scopesInForce(office, connection, { authorities, scope });
    return new Map([...granted].filter(([tenantId]) => carriers.includes(tenantId)));
  };
  return { scores: await of("scores"), requests: await of("requests") };
}

async function tellShown(office: Office, shown: Shown, actor: Actor | null): Promise<void> {
  const scopes = [...shown.scores.values(), ...shown.requests.values()];
  await transaction(office.database, async (connection) => {
    for (const scope of scopes) {
      const count = scope.scope === "scores" ? SHARED_FACTS.length : 1;
      await tellRead(office, connection, { scope, actor, count });
    }
  });
}

/**
 * The scores on `on`, by the coverage that a campaign found; each headquarters comes before its
 * outlets. Each carrier that is looked into has an entry of it. Throws CAMPAIGN_UNKNOWN.
 */
export async function scoresOf(
  office: Office,
  request: { readonly campaign: string; readonly on: Day; readonly actor?: Actor | null },
): Promise<Scored[]> {
  const { actor = null } = request;
  const result = await campaignResult(office, request.campaign, actor);
  const when = { on: request.on, timeZone: office.timeZone };
  const { scored, shown } = await connected(office.database, async (connection) => {
    const carriers = result.carriers.map(({ carrierTenant }) => carrierTenant);
    const may = await shownTo(office, connection, carriers);
    const within = { tenantId: null, before: office.now() };
    const requests = await listRequests(connection, within, ROWS_MAX);
    const found: Scored[] = [];
    for (const carrier of result.carriers) {
      const measured = { connection, result, requests, when, shown: may };
      found.push(...(await scoredCarrier(measured, carrier)));
    }
    return { scored: found, shown: may };
  });
  await tellShown(office, shown, actor);
  return scored;
}
