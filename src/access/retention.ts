/**
 * Retention terms of a tenant and its branches (P8): what counts, and changing it. A change is a
 * new version with its reason and its entry in one transaction. Persons and shell are fixed when a
 * waybill is sealed, so a change of theirs binds new seals only; a tighter access term counts at
 * once.
 */
import { authoriseWithin } from "./authorise-within.ts";
import { Failure } from "../rules/failure.ts";
import { effectiveDays, termRefusal } from "../rules/retention-policy.ts";
import { RETENTION, RETENTION_CLASSES } from "../rules/retention.ts";
import type { RetentionClass } from "../rules/retention.ts";
import type { OrganisationRow } from "../store/organisation.ts";
import { connected, transaction } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import { insertTerm, lastTermVersion, lockTerms, termsAt } from "../store/retention-term.ts";
import type { RetentionTermRow } from "../store/retention-term.ts";
import type { Actor } from "./actor.ts";
import type { Desk } from "./desk.ts";
import { writeEntry } from "./entry.ts";
import { findOwn } from "./organisation.ts";
import { mostOf, placeOver, policyAlong } from "./policy.ts";
import type { Policy } from "./policy.ts";
import { recordedReason } from "./recorded-text.ts";
import { digestOf } from "./setting.ts";

/** Days for each class. */
export type Terms = Readonly<Record<RetentionClass, number>>;

function baseOf(desk: Pick<Desk, "tenant">, name: RetentionClass): number {
  // A tenant was made with these two, before anybody set a term.
  if (name === "persons") return desk.tenant.personsDays;
  if (name === "shell") return desk.tenant.shellDays;
  return RETENTION[name].defaultDays;
}

/** Whose word on terms counts at the end of a line, the tenant as a whole (null) first. */
function speakersOf(
  organisationId: string | null,
  line: readonly OrganisationRow[],
): readonly (string | null)[] {
  // The tenant as a whole has its headquarters' settings, but terms of its own.
  return organisationId === null ? [null] : [null, ...line.map(({ id }) => id)];
}

function daysOver(
  desk: Pick<Desk, "tenant">,
  said: readonly RetentionTermRow[],
  asked: { readonly line: readonly (string | null)[]; readonly class: RetentionClass },
): number {
  const own = said.filter((row) => row.class === asked.class);
  const days = asked.line.map((id) => own.find((row) => row.organisationId === id)?.days ?? null);
  return effectiveDays(baseOf(desk, asked.class), days);
}

/** What a setting lets a class be kept at most; the term of the log has none. */
function capOver(policy: Policy, name: RetentionClass): number {
  return name === "audit" ? Number.POSITIVE_INFINITY : mostOf(policy, `retention-${name}`);
}

/**
 * The terms that count for an organisation (null: the tenant as a whole) at the instant `at`: what
 * was said of terms, and never more than the settings over it allow now or allowed then: what is
 * loosened later does not reach what was sealed before (P8).
 */
export async function termsFor(
  desk: Pick<Desk, "tenant">,
  connection: Connection,
  which: { readonly organisationId: string | null; readonly at: Date },
): Promise<Terms> {
  const said = await termsAt(connection, desk.tenant.id, which.at);
  const { organisationId } = which;
  const now = await placeOver(desk, connection, { organisationId, at: null });
  const then = await policyAlong(connection, now.line, which.at);
  const line = speakersOf(organisationId, now.line);
  const pairs = RETENTION_CLASSES.map((name) => {
    const days = daysOver(desk, said, { line, class: name });
    return [name, Math.min(days, capOver(now.policy, name), capOver(then, name))] as const;
  });
  // One pair for each class of the table.
  return Object.fromEntries(pairs) as Terms;
}

/** The branch that `reference` names, or null for none and for headquarters: the whole tenant. */
export async function branchIdOf(
  desk: Desk,
  connection: Connection,
  reference: string | null,
): Promise<string | null> {
  if (reference === null) return null;
  const { id, kind } = await findOwn(desk, connection, reference);
  return kind === "headquarters" ? null : id;
}

export interface ShownTerm {
  readonly class: RetentionClass;
  readonly days: number;
  readonly floorDays: number;
  readonly ceilingDays: number;
  readonly source: (typeof RETENTION)[RetentionClass]["source"];
  readonly force: (typeof RETENTION)[RetentionClass]["force"];
}

/** What counts now for `organisation` (id or name, null for the tenant), bounds and sources. */
export async function showTerms(desk: Desk, organisation: string | null): Promise<ShownTerm[]> {
  const terms = await connected(desk.database, async (connection) => {
    const organisationId = await branchIdOf(desk, connection, organisation);
    return termsFor(desk, connection, { organisationId, at: desk.now() });
  });
  return RETENTION_CLASSES.map((name) => {
    const { floorDays, ceilingDays, source, force } = RETENTION[name];
    return { class: name, days: terms[name], floorDays, ceilingDays, source, force };
  });
}

export interface TermRequest {
  readonly class: string;
  readonly days: number;
  /** Id or name of a branch; null for the tenant as a whole. */
  readonly organisation: string | null;
  readonly reason: string;
  readonly actor: Actor;
}

export interface TermChanged {
  readonly term: RetentionTermRow;
  /** Id of the audit entry, hex. */
  readonly entry: string;
}

function parseClass(name: string): RetentionClass {
  const found = RETENTION_CLASSES.find((candidate) => candidate === name);
  if (found === undefined) throw new Failure("RETENTION_UNKNOWN");
  return found;
}

type Proposal = Omit<RetentionTermRow, "version">;

/**
 * Who says a term of a branch is not kept with it, so that to the branch's own people any term that
 * it has may be headquarters' word: they only tighten it.
 */
async function requireAllowed(
  desk: Desk,
  connection: Connection,
  { class: name, days, organisationId, at, by }: Proposal & { readonly by: Actor },
): Promise<void> {
  const said = await termsAt(connection, desk.tenant.id, at);
  const place = await placeOver(desk, connection, { organisationId, at: null });
  const cap = capOver(place.policy, name);
  const line = speakersOf(organisationId, place.line);
  const isOwn = organisationId !== null && by.organisationId === organisationId;
  const over = daysOver(desk, said, { line: isOwn ? line : line.slice(0, -1), class: name });
  const most = organisationId === null ? cap : Math.min(over, cap);
  const refusal = termRefusal({ class: name, days, above: most });
  const { floorDays, ceilingDays } = RETENTION[name];
  // Where nothing is said above, nothing bounds it.
  const bound = Number.isFinite(most) ? { above: most } : {};
  if (refusal !== null)
    throw new Failure(refusal, { class: name, floorDays, ceilingDays, ...bound });
}

/**
 * Sets a term of the tenant, or a tighter one of a branch. Fails with RETENTION_UNKNOWN,
 * RETENTION_BOUNDS (outside what law and product allow), RETENTION_LOOSER (a branch may only be
 * tighter, its own people only tighter than it is by now, and nobody looser than the setting
 * `retention-…` that counts there),
 * ACCESS_DENIED (also somebody of another branch, or of a branch for the whole tenant),
 * ORGANISATION_UNKNOWN, TEXT_LENGTH or TEXT_PERSONAL, and then changes nothing.
 */
export async function setTerm(desk: Desk, request: TermRequest): Promise<TermChanged> {
  // A term of the whole tenant is headquarters' business, and a branch's that branch's.
  const asking = { actor: request.actor, verb: "set-retention" } as const;
  await authoriseWithin(desk, asking, [request.organisation]);
  const name = parseClass(request.class);
  const reason = recordedReason(request.reason, desk.gazetteer);
  const actor = request.actor.pseudonym;
  const [tenantId, at, { days }] = [desk.tenant.id, desk.now(), request];
  return transaction(desk.database, async (connection) => {
    const organisationId = await branchIdOf(desk, connection, request.organisation);
    await lockTerms(connection, tenantId);
    const proposal = { tenantId, organisationId, class: name, days, reason, actor, at };
    await requireAllowed(desk, connection, { ...proposal, by: request.actor });
    const term = { ...proposal, version: (await lastTermVersion(connection, proposal)) + 1 };
    await insertTerm(connection, term);
    const entry = await writeEntry(desk, connection, {
      type: "retention-changed",
      actor: request.actor,
      ...(organisationId === null ? {} : { organisation: organisationId }),
      setting: name,
      value: String(days),
      version: term.version,
      digest: digestOf(reason),
    });
    return { term, entry };
  });
}
