/**
 * Assigning parcels to routes (派单): which branch has a parcel on a day, and who carries it. A
 * courier opens nothing but what is on the own route that day (P10).
 */
import { staffPseudonym } from "../access/actor.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/authorise.ts";
import { isTenantWide } from "../access/place.ts";
import { writeEntry } from "../access/entry.ts";
import { findOwn } from "../access/organisation.ts";
import { addDays, dayOf } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { Failure } from "../rules/failure.ts";
import type { Place } from "../rules/question.ts";
import { dropAssignments, putAssignment } from "../store/assignment.ts";
import { holdersOf } from "../store/custody.ts";
import { withWaybill } from "../store/exclusive.ts";
import { isWithin } from "../store/organisation.ts";
import type { OrganisationRow } from "../store/organisation.ts";
import { connected } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import type { FoundShell } from "../store/shell.ts";
import { isSealedBelow } from "./own-record.ts";
import { findRecord, openKey, subjectOf } from "./record.ts";
import type { Vault } from "./vault.ts";

/** How far ahead a route may be planned. */
const AHEAD_DAYS_MAX = 7;

export interface AssignRequest {
  readonly token: string;
  /** Id or name of the branch, outlet or station that has the parcel. */
  readonly branch: string;
  /** Name of the account that carries it; null for the branch alone. */
  readonly to: string | null;
  readonly on: Day;
  readonly actor: Actor;
}

export interface AssignedParcel {
  readonly token: string;
  readonly branch: string;
  readonly on: Day;
  /** Pseudonym of whoever carries it. */
  readonly account: string | null;
  /** Id of the audit entry, hex. */
  readonly entry: string;
}

function requireDay(vault: Vault, on: Day): void {
  const today = dayOf(vault.now(), vault.timeZone);
  if (on < today || on > addDays(today, AHEAD_DAYS_MAX)) throw new Failure("ASSIGNMENT_DAY");
}

/**
 * Own only when the new branch is, and the one that has the parcel too: on that day's route, or
 * else in its custody, also the last there was, so that nobody plans for tomorrow what was handed
 * over today. What no branch ever had is for whoever sealed it to give: nobody takes it for
 * themselves.
 */
async function placeOf(
  connection: Connection,
  { actor, on }: AssignRequest,
  where: {
    readonly branch: OrganisationRow;
    readonly shell: FoundShell;
    readonly isSealer: boolean;
  },
): Promise<Place> {
  if (isTenantWide(actor)) return "own";
  const { organisationId: home } = actor;
  const [holder = null] = await holdersOf(connection, [where.shell], on);
  const isTheirs = holder === null ? where.isSealer : await isWithin(connection, holder, home);
  const isOwn = isTheirs && (await isWithin(connection, where.branch.id, home));
  return isOwn ? "own" : "other-branch";
}

interface Routing {
  readonly shell: FoundShell;
  readonly branch: OrganisationRow;
  readonly account: string | null;
  readonly request: AssignRequest;
  readonly about: Uint8Array;
}

async function putOnRoute(
  vault: Vault,
  connection: Connection,
  { shell, branch, account, request, about }: Routing,
): Promise<string> {
  const { compartment, slot } = shell;
  const { actor, on } = request;
  const tenantId = vault.tenant.id;
  const row = { tenantId, organisationId: branch.id, compartment, slot, on, account };
  await putAssignment(connection, row);
  return writeEntry(vault, connection, {
    type: "parcel-assigned",
    actor,
    about,
    on,
    organisation: branch.id,
    ...(account === null ? {} : { account }),
  });
}

/**
 * Puts one parcel on a route, over an earlier word for that day. Throws ACCESS_DENIED,
 * ASSIGNMENT_DAY (before today or more than seven days ahead), ORGANISATION_UNKNOWN,
 * ORGANISATION_CLOSED, DATA_DEAD, or as `findRecord`; nothing is changed then.
 */
export async function assign(vault: Vault, request: AssignRequest): Promise<AssignedParcel> {
  const { on, actor, to } = request;
  requireDay(vault, on);
  const { shell, token } = await findRecord(vault, request.token);
  const branch = await connected(vault.database, async (connection) =>
    findOwn(vault, connection, request.branch),
  );
  if (branch.closedOn !== null) throw new Failure("ORGANISATION_CLOSED");
  const account = to === null ? null : await staffPseudonym(vault, to);
  const isSealer = isTenantWide(actor) || (await isSealedBelow(vault, actor, shell));
  // One after the other with hand-overs, so that nobody assigns what was just given away.
  return withWaybill(vault.database, shell, async (within) => {
    const place = await within(async (c) => placeOf(c, request, { branch, shell, isSealer }));
    await authorise(vault, { actor, verb: "assign" }, { place });
    const about = subjectOf(await openKey(vault, shell));
    return within(async (connection) => {
      await dropAssignments(connection, vault.tenant.id, dayOf(vault.now(), vault.timeZone));
      const entry = await putOnRoute(vault, connection, { shell, branch, account, request, about });
      return { token, branch: branch.name, on, account, entry };
    });
  });
}
