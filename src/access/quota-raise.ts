/**
 * Raising a quota for some hours (临时提额): one person asks with a reason, another approves, and
 * nobody approves for himself (four eyes).
 */
import { randomUUID } from "node:crypto";
import { dayOf } from "../rules/calendar.ts";
import { Failure } from "../rules/failure.ts";
import {
  personOf,
  QUOTA_RAISE_EXTRA_MAX,
  QUOTA_RAISE_HOURS_MAX,
  QUOTA_SPAN_NAMES,
  TENANT_KEY,
} from "../rules/quota.ts";
import type { Place } from "../rules/question.ts";
import { UUID } from "../rules/uuid.ts";
import { connected, transaction } from "../store/pool.ts";
import { approveQuotaRaise, insertQuotaRaise, lockQuotaRaise } from "../store/quota.ts";
import type { Connection } from "../store/query.ts";
import type { NewQuotaRaise, QuotaRaiseRow } from "../store/quota.ts";
import type { Actor } from "./actor.ts";
import { authorise } from "./authorise.ts";
import type { Desk } from "./desk.ts";
import { writeEntry } from "./entry.ts";
import { findNamed, requireNamed } from "./named-row.ts";
import { placeOfStaff } from "./own-staff.ts";
import { placeOf } from "./place.ts";
import { recordedReason } from "./recorded-text.ts";
import { requirePerson } from "./person.ts";
import { digestOf } from "./setting.ts";

const RAISED_SCOPES = ["person", "purpose", "branch", "tenant"] as const;
const STAFF = /^st-[0-9a-f]{16}$/;
const STAFF_FOR_PURPOSE = /^st-[0-9a-f]{16}\/[a-z-]{1,40}$/;
const HOUR_MS = 3_600_000;

export interface RaiseRequest {
  readonly scope: string;
  /** Whose counter, as `midan quota show` prints it; nothing for the tenant. */
  readonly key: string | null;
  readonly span: string;
  readonly extra: number;
  readonly hours: number;
  readonly reason: string;
  readonly actor: Actor;
}

const KEY_SHAPES: Readonly<Record<(typeof RAISED_SCOPES)[number], RegExp>> = {
  person: STAFF,
  purpose: STAFF_FOR_PURPOSE,
  branch: UUID,
  tenant: new RegExp(`^${TENANT_KEY}$`),
};

function isCount(value: number, max: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= max;
}

function outOfBounds(field: "extra" | "hours" | "key" | "scope" | "span"): Failure {
  return new Failure("QUOTA_RAISE_BOUNDS", { field });
}

/** The counter that is to be raised. Fails with QUOTA_RAISE_BOUNDS. */
function readRaise(
  request: RaiseRequest,
): Pick<NewQuotaRaise, "scope" | "key" | "span" | "extra" | "hours"> {
  const { extra, hours } = request;
  const scope = RAISED_SCOPES.find((candidate) => candidate === request.scope);
  const span = QUOTA_SPAN_NAMES.find((candidate) => candidate === request.span);
  if (scope === undefined) throw outOfBounds("scope");
  if (span === undefined) throw outOfBounds("span");
  const key = request.key ?? (scope === "tenant" ? TENANT_KEY : "");
  if (!KEY_SHAPES[scope].test(key)) throw outOfBounds("key");
  if (!isCount(extra, QUOTA_RAISE_EXTRA_MAX)) throw outOfBounds("extra");
  if (!isCount(hours, QUOTA_RAISE_HOURS_MAX)) throw outOfBounds("hours");
  return { scope, key, span, extra, hours };
}

/** Whose a counter is: that of the tenant, of a branch, or of somebody of the staff. */
async function placeOfCounter(
  desk: Desk,
  actor: Actor,
  { scope, key }: Pick<NewQuotaRaise, "scope" | "key">,
): Promise<Place> {
  if (scope === "person" || scope === "purpose") {
    return placeOfStaff(desk, actor, personOf(key));
  }
  const organisationId = scope === "branch" ? key : null;
  return connected(desk.database, async (c) => placeOf(c, actor, organisationId));
}

/**
 * Asks for more of one quota; nothing counts until somebody else approves. Fails with
 * SIGN_IN_NEEDED, PERSON_REQUIRED, ACCESS_DENIED, QUOTA_RAISE_BOUNDS, TEXT_LENGTH, FIELD_CONTROL
 * or TEXT_PERSONAL.
 */
export async function askQuotaRaise(desk: Desk, request: RaiseRequest): Promise<NewQuotaRaise> {
  requirePerson(request.actor);
  const { actor } = request;
  await authorise(desk, { actor, verb: "raise-quota" }, { place: "own" });
  const asked = readRaise(request);
  await authorise(
    desk,
    { actor, verb: "raise-quota" },
    { place: await placeOfCounter(desk, actor, asked) },
  );
  const raise = {
    ...asked,
    id: randomUUID(),
    tenantId: desk.tenant.id,
    askedAt: desk.now(),
    askedBy: request.actor.pseudonym,
    reason: recordedReason(request.reason, desk.gazetteer),
  };
  await transaction(desk.database, async (c) => insertQuotaRaise(c, raise));
  return raise;
}

/** Neither who asked nor whose quota it is may be the second pair of eyes. */
function requireOther(raise: QuotaRaiseRow, approver: string): void {
  const isOwn = raise.askedBy === approver || personOf(raise.key) === approver;
  if (isOwn) throw new Failure("QUOTA_RAISE_SELF");
}

type Approval = NonNullable<QuotaRaiseRow["approved"]>;

/** The entry of a raise that counts until `until`. */
async function tellRaised(
  desk: Desk,
  connection: Connection,
  { raise, approved }: { readonly raise: QuotaRaiseRow; readonly approved: Approval },
): Promise<string> {
  const account = personOf(raise.key);
  return writeEntry(desk, connection, {
    type: "quota-raised",
    actor: raise.askedBy,
    approvedBy: [approved.by],
    ...(STAFF.test(account) ? { account } : {}),
    ...(raise.scope === "branch" ? { organisation: raise.key } : {}),
    request: raise.id,
    setting: `${raise.scope}.${raise.span}`,
    count: raise.extra,
    value: `PT${raise.hours}H`,
    validUntil: dayOf(approved.until, desk.timeZone),
    digest: digestOf(raise.reason),
  });
}

export interface ApprovedRaise {
  readonly raise: QuotaRaiseRow;
  /** Id of the audit entry, hex. */
  readonly entry: string;
}

/**
 * Approves a raise, which counts from now for its hours on every server. Fails with
 * SIGN_IN_NEEDED, PERSON_REQUIRED, ACCESS_DENIED, QUOTA_RAISE_UNKNOWN, QUOTA_RAISE_SELF or
 * QUOTA_RAISE_APPROVED.
 */
export async function approveRaise(
  desk: Desk,
  given: { readonly id: string; readonly actor: Actor },
): Promise<ApprovedRaise> {
  requirePerson(given.actor);
  const { actor } = given;
  const found = await findNamed(given.id, async (id) =>
    transaction(desk.database, async (c) => lockQuotaRaise(c, desk.tenant.id, id)),
  );
  // What is none is nobody's, so that somebody of a branch cannot tell it from another's.
  const place = found === null ? {} : { place: await placeOfCounter(desk, actor, found) };
  await authorise(desk, { actor, verb: "approve-quota" }, place);
  const by = actor.pseudonym;
  return transaction(desk.database, async (connection) => {
    const raise = await requireNamed(given.id, "QUOTA_RAISE_UNKNOWN", async (id) =>
      lockQuotaRaise(connection, desk.tenant.id, id),
    );
    requireOther(raise, by);
    if (raise.approved !== null) throw new Failure("QUOTA_RAISE_APPROVED");
    const at = desk.now();
    const approved = { at, until: new Date(at.getTime() + raise.hours * HOUR_MS), by };
    await approveQuotaRaise(connection, raise.id, approved);
    const entry = await tellRaised(desk, connection, { raise, approved });
    return { raise: { ...raise, approved }, entry };
  });
}
