/**
 * Reading of a carrier under one scope (机关按可查范围查看): what each row of the table of scopes shows.
 * The carrier's log has an entry of each reading before anything is told. No scope opens a person.
 */
import { authorise } from "../access/authorise.ts";
import { listedOn } from "../access/authorisation-request.ts";
import type { ListedRequest } from "../access/authorisation-request.ts";
import { requireScopeInForce, tellRead } from "../access/scope-use.ts";
import { placeOver } from "../access/policy.ts";
import type { AuthorityScope } from "../rules/authority-scope.ts";
import type { Day } from "../rules/calendar.ts";
import { SETTING_NAMES } from "../rules/setting.ts";
import { countOwnLeaves } from "../store/audit-leaf.ts";
import { listRequests } from "../store/authorisation-request.ts";
import type { AuthorityScopeRow } from "../store/authority-scope.ts";
import { connected, transaction } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import type { Actor } from "../access/actor.ts";
import { todayAt } from "../access/desk.ts";
import type { Desk } from "../access/desk.ts";
import { carrierFacts } from "./responsibility.ts";

/** One figure or value, whatever the scope: all that a reader needs to tell it. */
export interface ShownFigure {
  /** Fact, setting or type of entry. */
  readonly name: string;
  /** What is set; null where it is a count. */
  readonly value: string | null;
  /** How many, and of how many; null where there is no such figure. */
  readonly count: number | null;
  readonly of: number | null;
}

export interface ScopeReading {
  readonly scope: AuthorityScope;
  /** Name of the carrier. */
  readonly tenant: string;
  readonly on: Day;
  /** Of the scope `requests`; else none. */
  readonly requests: readonly ListedRequest[];
  /** Of every other scope. */
  readonly figures: readonly ShownFigure[];
  /** Id of the carrier's entry, hex. */
  readonly entry: string;
}

type Shown = Pick<ScopeReading, "figures" | "requests">;

interface Asked {
  readonly office: Desk;
  readonly connection: Connection;
  readonly tenant: string;
  readonly on: Day;
}

const ROWS_MAX = 100_000;

async function shownRequests({ office, connection, tenant, on }: Asked): Promise<Shown> {
  const within = { tenantId: tenant, before: office.now() };
  const rows = await listRequests(connection, within, ROWS_MAX);
  return { requests: rows.map((row) => listedOn(on, office.timeZone, row)), figures: [] };
}

async function shownFacts({ connection, tenant, on }: Asked): Promise<Shown> {
  const facts = Object.entries(await carrierFacts(connection, tenant, on));
  const figures = facts.map(([name, { count, of }]) => ({ name, value: null, count, of }));
  return { requests: [], figures };
}

async function shownSettings({ connection, tenant }: Asked): Promise<Shown> {
  const place = { organisationId: null, at: null };
  const { line, policy } = await placeOver({ tenant: { id: tenant } }, connection, place);
  // Without headquarters nobody has decided anything, and defaults say nothing of a carrier.
  const names = line.length === 0 ? [] : SETTING_NAMES;
  const figures = names.map((name) => ({
    name,
    value: policy.rulingOf(name).value,
    count: null,
    of: null,
  }));
  return { requests: [], figures };
}

async function shownCounts({ connection, tenant }: Asked): Promise<Shown> {
  const counts = [...(await countOwnLeaves(connection, tenant))];
  const figures = counts
    .map(([name, count]) => ({ name, value: null, count, of: null }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  return { requests: [], figures };
}

const SHOWN: Readonly<Record<AuthorityScope, (asked: Asked) => Promise<Shown>>> = {
  requests: shownRequests,
  scores: shownFacts,
  settings: shownSettings,
  "log-counts": shownCounts,
};

async function readUnder(office: Desk, row: AuthorityScopeRow, on: Day): Promise<Shown> {
  return connected(office.database, async (connection) =>
    SHOWN[row.scope]({ office, connection, tenant: row.tenantId, on }),
  );
}

/**
 * What the authority is shown under the scope of that id today. The entry `authority-read` of the
 * carrier is durable before this resolves. Fails with ACCESS_DENIED, OFFICE_FOREIGN and an entry,
 * AUTHORITY_SCOPE_UNKNOWN, or AUTHORITY_SCOPE_OVER and an entry.
 */
export async function readScope(
  office: Desk,
  asked: { readonly id: string; readonly actor: Actor },
): Promise<ScopeReading> {
  const { actor } = asked;
  await authorise(office, { actor, verb: "read-carrier" });
  const row = await requireScopeInForce(office, asked);
  const on = todayAt(office);
  const shown = await readUnder(office, row, on);
  const count = shown.requests.length + shown.figures.length;
  const entry = await transaction(office.database, async (connection) =>
    tellRead(office, connection, { scope: row, actor, count }),
  );
  return { scope: row.scope, tenant: row.tenantName, on, ...shown, entry };
}
