/**
 * Hand-over (移交): a parcel goes to the next branch. From then on it stands on no route of the
 * earlier branch, which opens nothing of it any more (P10); the entry names both.
 */
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/authorise.ts";
import { isTenantWide } from "../access/place.ts";
import { writeEntry } from "../access/entry.ts";
import { findOwn } from "../access/organisation.ts";
import { PARCEL_STATES } from "../rules/access-close.ts";
import { dayOf } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { Failure } from "../rules/failure.ts";
import type { Place } from "../rules/question.ts";
import { dropRoute, findAssignment, putAssignment } from "../store/assignment.ts";
import { beginCustody, custodyEndedOn, findCustody } from "../store/custody.ts";
import { withWaybill } from "../store/exclusive.ts";
import { isWithin } from "../store/organisation.ts";
import type { OrganisationRow } from "../store/organisation.ts";
import { lockParcelState } from "../store/parcel-state.ts";
import { connected } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import type { FoundShell } from "../store/shell.ts";
import { isSealedBelow } from "./own-record.ts";
import { findRecord, isPastDeath, openKey, subjectOf } from "./record.ts";
import type { Vault } from "./vault.ts";

export interface HandOverRequest {
  readonly token: string;
  /** Id or name of the branch, outlet or station that takes the parcel. */
  readonly to: string;
  readonly actor: Actor;
}

export interface HandedOver {
  readonly token: string;
  /** Id of the branch that had it; null where none was known. */
  readonly from: string | null;
  /** Id of the branch that has it now. */
  readonly to: string;
  readonly branch: string;
  readonly on: Day;
  /** Id of the audit entry, hex; null where that branch had it already and nothing changed. */
  readonly entry: string | null;
}

async function openBranch(vault: Vault, reference: string): Promise<OrganisationRow> {
  const branch = await connected(vault.database, async (connection) =>
    findOwn(vault, connection, reference),
  );
  if (branch.closedOn !== null) throw new Failure("ORGANISATION_CLOSED");
  return branch;
}

interface Handing {
  readonly shell: FoundShell;
  readonly to: OrganisationRow;
  readonly on: Day;
  readonly actor: Actor;
  /** Whether the actor's branch sealed it. */
  readonly isSealer: boolean;
}

/** Who has the parcel: by today's route, else by its custody. */
async function holderOf(connection: Connection, { shell, on }: Handing): Promise<string | null> {
  const assigned = await findAssignment(connection, { ...shell, on });
  return assigned?.organisationId ?? findCustody(connection, shell);
}

/**
 * Own to whoever stands over the holder, and to whoever sealed it while no branch has it. Where the
 * parcel is with the new branch already, it is own to whoever gave it away today too: the same word
 * a second time is no other branch's business.
 */
async function placeOf(
  connection: Connection,
  handing: Handing,
  holder: string | null,
): Promise<Place> {
  const { actor, shell, to, on } = handing;
  if (isTenantWide(actor) || (holder === null && handing.isSealer)) return "own";
  const had = holder === to.id ? await custodyEndedOn(connection, shell, on) : [];
  for (const id of [...(holder === null ? [] : [holder]), ...had]) {
    if (await isWithin(connection, id, actor.organisationId)) return "own";
  }
  return "other-branch";
}

async function requireUnderWay(connection: Connection, shell: FoundShell): Promise<void> {
  const state = await lockParcelState(connection, shell);
  if (state !== null && PARCEL_STATES[state].custody === "ends") {
    throw new Failure("HAND_OVER_ENDED");
  }
}

/** Takes it off every route from today on, and ends the custody of whoever had it. */
async function moveTo(
  vault: Vault,
  connection: Connection,
  { shell, to, on, holder }: Handing & { readonly holder: string | null },
): Promise<void> {
  const tenantId = vault.tenant.id;
  const { shellWeek, compartment, slot } = shell;
  const place = { shellWeek, compartment, slot, fromDay: on };
  await dropRoute(connection, { compartment, slot, on });
  // Whoever had it by a route alone had custody too, and shall be known to have had it.
  for (const organisationId of holder === null ? [to.id] : [holder, to.id]) {
    await beginCustody(connection, { ...place, tenantId, organisationId });
  }
  const route = { tenantId, organisationId: to.id, compartment, slot, on, account: null };
  await putAssignment(connection, route);
}

/**
 * Hands one parcel over to a branch. Of two at once the second finds it where the first put it.
 * Throws ACCESS_DENIED (also for whoever's branch does not have it), ORGANISATION_UNKNOWN,
 * ORGANISATION_CLOSED, HAND_OVER_ENDED (delivered, returned, closed or void), DATA_DEAD (also while
 * a hold keeps it past its day), or as `findRecord`; nothing is changed then. Keys that a courier's
 * handheld was given before stay there until that shift is settled.
 */
export async function handOver(vault: Vault, request: HandOverRequest): Promise<HandedOver> {
  const { actor } = request;
  const { shell, token } = await findRecord(vault, request.token);
  const to = await openBranch(vault, request.to);
  const on = dayOf(vault.now(), vault.timeZone);
  const isSealer = isTenantWide(actor) || (await isSealedBelow(vault, actor, shell));
  const handing = { shell, to, on, actor, isSealer };
  return withWaybill(vault.database, shell, async (within) => {
    const [holder, place] = await within(async (connection) => {
      const found = await holderOf(connection, handing);
      return [found, await placeOf(connection, handing, found)] as const;
    });
    await authorise(vault, { actor, verb: "hand-over" }, { place });
    if (isPastDeath(vault, shell.dayOfDeath)) throw new Failure("DATA_DEAD");
    const about = subjectOf(await openKey(vault, shell));
    return within(async (connection) => {
      await requireUnderWay(connection, shell);
      const told = { token, from: holder, to: to.id, branch: to.name, on };
      if (holder === to.id) return { ...told, entry: null };
      await moveTo(vault, connection, { ...handing, holder });
      const from = holder === null ? {} : { from: holder };
      const draft = { type: "hand-over", actor, about, organisation: to.id, on, ...from } as const;
      return { ...told, entry: await writeEntry(vault, connection, draft) };
    });
  });
}
