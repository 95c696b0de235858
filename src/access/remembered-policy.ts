/**
 * Policies and terms in memory, so that a look need not read them. Nothing is believed by its age:
 * each is kept with the mark (sql/000034_look.sql) that the tenant's policies had before it was
 * read, and counts only as long as the statement that acts by it still finds that mark. A change on
 * any server so counts for the next look on every server.
 */
import type { OrganisationRow } from "../store/organisation.ts";
import { connected } from "../store/pool.ts";
import type { Database } from "../store/pool.ts";
import { allSaidFrom, policyMark } from "../store/policy-mark.ts";
import type { Connection } from "../store/query.ts";
import { makeRoom } from "./bounded-places.ts";
import type { Desk } from "./desk.ts";
import { placeOver } from "./policy.ts";
import type { Policy } from "./policy.ts";
import { termsFor } from "./retention.ts";
import type { Terms } from "./retention.ts";

/** What counts where somebody stands. */
export interface PlacePolicy {
  /** The organisations from the top down; for the tenant as a whole its headquarters. */
  readonly line: readonly OrganisationRow[];
  readonly policy: Policy;
}

export interface MarkedPolicy extends PlacePolicy {
  /** The mark under which it was read; null where there is none, and it is not remembered. */
  readonly mark: string | null;
}

interface Memory {
  readonly mark: string;
  /** By the organisation's id; "" for the tenant as a whole. */
  readonly places: Map<string, PlacePolicy>;
  /** Terms of the tenant as a whole; `from` is when the last word on them began to count. */
  terms: { readonly terms: Terms; readonly from: Date } | null;
}

/** Places remembered of all tenants together; each holds the settings of its line, some 15 kB. */
const PLACES_MAX = 5_000;
const TENANTS_MAX = 1_000;

const MEMORIES = new WeakMap<Database, Map<string, Memory>>();

function memoriesOf({ database }: Pick<Desk, "database">): Map<string, Memory> {
  const known = MEMORIES.get(database);
  if (known !== undefined) return known;
  const made = new Map<string, Memory>();
  MEMORIES.set(database, made);
  return made;
}

/** What is remembered under `mark`; what was remembered under another one is forgotten. */
function memoryUnder(desk: Pick<Desk, "database" | "tenant">, mark: string): Memory {
  const memories = memoriesOf(desk);
  const known = memories.get(desk.tenant.id);
  if (known?.mark === mark) return known;
  if (memories.size >= TENANTS_MAX) memories.clear();
  const made: Memory = { mark, places: new Map(), terms: null };
  memories.set(desk.tenant.id, made);
  return made;
}

/** What counts for `organisationId` (null: the tenant), where `mark` was just read. */
export async function policyUnder(
  desk: Pick<Desk, "database" | "tenant">,
  connection: Connection,
  {
    organisationId,
    mark,
  }: { readonly organisationId: string | null; readonly mark: string | null },
): Promise<PlacePolicy> {
  const memory = mark === null ? null : memoryUnder(desk, mark);
  const known = memory?.places.get(organisationId ?? "");
  if (known !== undefined) return known;
  const place = await placeOver(desk, connection, { organisationId, at: null });
  if (memory !== null) makeRoom(memoriesOf(desk).values(), PLACES_MAX);
  memory?.places.set(organisationId ?? "", place);
  return place;
}

/** As `policyUnder`, over a connection of its own where it is not remembered. */
export async function policyAtMark(
  desk: Pick<Desk, "database" | "tenant">,
  at: { readonly organisationId: string | null; readonly mark: string | null },
): Promise<PlacePolicy> {
  const memory = at.mark === null ? null : memoryUnder(desk, at.mark);
  const known = memory?.places.get(at.organisationId ?? "");
  if (known !== undefined) return known;
  return connected(desk.database, async (connection) => policyUnder(desk, connection, at));
}

/** Reads the mark, and what counts under it. */
export async function readPolicy(desk: Desk, organisationId: string | null): Promise<MarkedPolicy> {
  return connected(desk.database, async (connection) => {
    const mark = await policyMark(connection, desk.tenant.id);
    return { mark, ...(await policyUnder(desk, connection, { organisationId, mark })) };
  });
}

/**
 * What was last known to count for `organisationId` (null: the tenant), whether it still does or
 * not: whoever acts by it compares the mark. Read now where nothing is known.
 */
export async function rememberedPolicy(
  desk: Desk,
  organisationId: string | null,
): Promise<MarkedPolicy> {
  const memory = memoriesOf(desk).get(desk.tenant.id);
  const known = memory?.places.get(organisationId ?? "");
  if (memory === undefined || known === undefined) return readPolicy(desk, organisationId);
  return { mark: memory.mark, ...known };
}

/** The terms of the tenant as a whole now. */
export async function termsNow(desk: Desk): Promise<Terms> {
  const mark = await connected(desk.database, async (connection) =>
    policyMark(connection, desk.tenant.id),
  );
  return termsUnder(desk, mark);
}

/** The terms of the tenant as a whole now, where the mark was just read to be `mark`. */
export async function termsUnder(
  desk: Pick<Desk, "database" | "now" | "tenant">,
  mark: string | null,
): Promise<Terms> {
  const at = desk.now();
  const memory = mark === null ? null : memoryUnder(desk, mark);
  const known = memory?.terms ?? null;
  if (known !== null && known.from <= at) return known.terms;
  return connected(desk.database, async (connection) => {
    const terms = await termsFor(desk, connection, { organisationId: null, at });
    const from = await allSaidFrom(connection, desk.tenant.id);
    if (memory !== null && from <= at) memory.terms = { terms, from };
    return terms;
  });
}
