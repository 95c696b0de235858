/**
 * What an authority may be shown of a carrier (机关可查范围): a scope with first and last day, legal
 * basis and document. The carrier's owner or privacy officer grants it, or whoever runs the
 * installation; where the setting `authority-grant` says so another person approves it first.
 */
import { randomUUID } from "node:crypto";
import {
  AUTHORITY_SCOPE_APPROVAL_HOURS,
  AUTHORITY_SCOPE_DAYS_MAX,
  AUTHORITY_SCOPE_NAMES,
  AUTHORITY_SCOPE_TEXT_CHARACTERS_MAX,
} from "../rules/authority-scope.ts";
import type { AuthorityScope } from "../rules/authority-scope.ts";
import { daysBetween, parseDay } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { Failure } from "../rules/failure.ts";
import { authoritiesOf } from "../store/authority-office.ts";
import {
  approveScopeRow,
  insertScope,
  lockScope,
  revokeScopeRow,
  scopesOf,
} from "../store/authority-scope.ts";
import type { AuthorityScopeRow, NewAuthorityScope } from "../store/authority-scope.ts";
import { connected, transaction } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import type { Actor } from "./actor.ts";
import { todayAt } from "./desk.ts";
import type { Desk } from "./desk.ts";
import { writeEntry } from "./entry.ts";
import { findVisible } from "./organisation.ts";
import { requireNamed } from "./named-row.ts";
import { requirePerson } from "./person.ts";
import { policyOver } from "./policy.ts";
import { authoriseWithin } from "./authorise-within.ts";
import { recordedText } from "./recorded-text.ts";
import { digestOf } from "./setting.ts";

const LIST_MAX = 10_000;
const HOUR_MS = 3_600_000;

export interface ScopeGrant {
  /** Id or name of the authority. */
  readonly authority: string;
  readonly scope: string;
  /** First day; null for today. */
  readonly from: string | null;
  /** Last day. */
  readonly until: string;
  readonly basis: string;
  readonly document: string;
  readonly actor: Actor;
}

/** Where a scope stands: only what counts is looked at by anything. */
export type ScopeState = "counts" | "waiting" | "revoked" | "over";

export interface ListedScope extends AuthorityScopeRow {
  readonly state: ScopeState;
}

export interface GrantedScope {
  readonly id: string;
  readonly state: ScopeState;
  /** Id of the audit entry, hex. */
  readonly entry: string;
}

/** Where the scope stands on that day. */
export function scopeState(row: AuthorityScopeRow, today: Day): ScopeState {
  if (row.revokedAt !== null) return "revoked";
  if (row.needsApproval && row.approvedAt === null) return "waiting";
  return row.fromDay <= today && today <= row.untilDay ? "counts" : "over";
}

function parseScope(name: string): AuthorityScope {
  const found = AUTHORITY_SCOPE_NAMES.find((candidate) => candidate === name);
  if (found === undefined) throw new Failure("AUTHORITY_SCOPE_UNKNOWN");
  return found;
}

function daysOf(desk: Desk, { from, until }: ScopeGrant): { fromDay: Day; untilDay: Day } {
  const fromDay = from === null ? todayAt(desk) : parseDay(from);
  const untilDay = parseDay(until);
  if (fromDay === null || untilDay === null) throw new Failure("AUTHORITY_SCOPE_BOUNDS");
  const isFit = todayAt(desk) <= fromDay && fromDay <= untilDay;
  const isShort = daysBetween(fromDay, untilDay) < AUTHORITY_SCOPE_DAYS_MAX;
  if (!isFit || !isShort) throw new Failure("AUTHORITY_SCOPE_BOUNDS");
  return { fromDay, untilDay };
}

async function needsApproval(desk: Desk, connection: Connection): Promise<boolean> {
  const policy = await policyOver(desk, connection, { organisationId: null, at: null });
  return policy.rulingOf("authority-grant").value === "two";
}

/** Binds basis and document, which stay in the table, to the entry. */
function digestOfGrant({ basis, document }: NewAuthorityScope): string {
  return digestOf(JSON.stringify([basis, document]));
}

interface Told {
  readonly row: NewAuthorityScope;
  readonly mode: "granted" | "proposed" | "approved" | "revoked";
  readonly actor: Actor;
}

async function tell(desk: Desk, connection: Connection, told: Told): Promise<string> {
  const { row, mode, actor } = told;
  return writeEntry(desk, connection, {
    type: "authority-scope",
    actor,
    mode,
    organisation: row.authority,
    request: row.id,
    value: row.scope,
    on: row.fromDay,
    validUntil: row.untilDay,
    digest: digestOfGrant(row),
    ...(mode === "approved" ? { asked: row.grantedBy } : {}),
  });
}

function newScope(desk: Desk, given: ScopeGrant): Omit<NewAuthorityScope, "authority"> {
  const text = (field: string, value: string): string =>
    recordedText(
      value,
      { field, charactersMax: AUTHORITY_SCOPE_TEXT_CHARACTERS_MAX },
      desk.gazetteer,
    );
  return {
    id: randomUUID(),
    tenantId: desk.tenant.id,
    grantedAt: desk.now(),
    ...daysOf(desk, given),
    needsApproval: false,
    scope: parseScope(given.scope),
    source: given.actor.kind === "operator" ? "installation" : "tenant",
    basis: text("basis", given.basis),
    document: text("document", given.document),
    grantedBy: given.actor.pseudonym,
  };
}

/**
 * Grants an authority a scope over the desk's tenant; it counts from its first day, or from when
 * another person approved it where `authority-grant` is `two`. Fails with ACCESS_DENIED,
 * AUTHORITY_SCOPE_UNKNOWN, AUTHORITY_SCOPE_BOUNDS, ORGANISATION_UNKNOWN (no authority),
 * OFFICE_OF_CARRIER (an office has nothing to show), TEXT_LENGTH, TEXT_PERSONAL or FIELD_CONTROL.
 */
export async function grantScope(desk: Desk, given: ScopeGrant): Promise<GrantedScope> {
  const { actor } = given;
  await authoriseWithin(desk, { actor, verb: "grant-scope" }, [null]);
  const fresh = newScope(desk, given);
  return transaction(desk.database, async (connection) => {
    const authority = await findVisible(desk, connection, given.authority);
    if (authority.tenantId !== null) throw new Failure("ORGANISATION_UNKNOWN");
    const isOffice = (await authoritiesOf(connection, desk.tenant.id)).length > 0;
    if (isOffice) throw new Failure("OFFICE_OF_CARRIER");
    const waits = await needsApproval(desk, connection);
    const row = { ...fresh, authority: authority.id, needsApproval: waits };
    await insertScope(connection, row);
    const mode = waits ? "proposed" : "granted";
    const entry = await tell(desk, connection, { row, mode, actor });
    const named = { authorityName: authority.name, tenantName: desk.tenant.name };
    const whole = { ...row, ...named, approvedAt: null, revokedAt: null };
    return { id: row.id, state: scopeState(whole, todayAt(desk)), entry };
  });
}

interface Given {
  readonly id: string;
  readonly actor: Actor;
}

async function ownScope(
  desk: Desk,
  connection: Connection,
  id: string,
): Promise<AuthorityScopeRow> {
  return requireNamed(id, "AUTHORITY_SCOPE_UNKNOWN", async (named) => {
    const row = await lockScope(connection, named);
    return row?.tenantId === desk.tenant.id ? row : null;
  });
}

/**
 * Approves a grant that waits, within 72 hours, as another person than who granted it. Fails with
 * SIGN_IN_NEEDED, PERSON_REQUIRED, ACCESS_DENIED, AUTHORITY_SCOPE_UNKNOWN, AUTHORITY_SCOPE_SELF or
 * AUTHORITY_SCOPE_SETTLED (it waits for nobody, was revoked, or lapsed: grant it anew).
 */
export async function approveScope(desk: Desk, { id, actor }: Given): Promise<GrantedScope> {
  requirePerson(actor);
  await authoriseWithin(desk, { actor, verb: "grant-scope" }, [null]);
  return transaction(desk.database, async (connection) => {
    const row = await ownScope(desk, connection, id);
    const at = desk.now();
    const waitedMs = at.getTime() - row.grantedAt.getTime();
    const isLate = waitedMs > AUTHORITY_SCOPE_APPROVAL_HOURS * HOUR_MS;
    if (isLate || scopeState(row, todayAt(desk)) !== "waiting") {
      throw new Failure("AUTHORITY_SCOPE_SETTLED");
    }
    if (row.grantedBy === actor.pseudonym) throw new Failure("AUTHORITY_SCOPE_SELF");
    await approveScopeRow(connection, id, { at, by: actor.pseudonym });
    const entry = await tell(desk, connection, { row, mode: "approved", actor });
    return { id, state: scopeState({ ...row, approvedAt: at }, todayAt(desk)), entry };
  });
}

/**
 * Revokes a scope; from the next read on nobody is shown anything by it. Fails with ACCESS_DENIED,
 * AUTHORITY_SCOPE_UNKNOWN or AUTHORITY_SCOPE_SETTLED (it was revoked before).
 */
export async function revokeScope(desk: Desk, { id, actor }: Given): Promise<GrantedScope> {
  await authoriseWithin(desk, { actor, verb: "revoke-scope" }, [null]);
  return transaction(desk.database, async (connection) => {
    const row = await ownScope(desk, connection, id);
    if (row.revokedAt !== null) throw new Failure("AUTHORITY_SCOPE_SETTLED");
    await revokeScopeRow(connection, id, { at: desk.now(), by: actor.pseudonym });
    const entry = await tell(desk, connection, { row, mode: "revoked", actor });
    return { id, state: "revoked", entry };
  });
}

/**
 * Every scope that the desk's tenant ever granted; for the office of an authority those that it was
 * granted. Fails with ACCESS_DENIED.
 */
export async function listScopes(desk: Desk, actor: Actor): Promise<ListedScope[]> {
  await authoriseWithin(desk, { actor, verb: "list-scopes" }, [null]);
  const rows = await connected(desk.database, async (connection) => {
    const authorities = await authoritiesOf(connection, desk.tenant.id);
    const whose = authorities.length > 0 ? { authorities } : { tenantId: desk.tenant.id };
    return scopesOf(connection, whose, LIST_MAX);
  });
  return rows.map((row) => ({ ...row, state: scopeState(row, todayAt(desk)) }));
}
