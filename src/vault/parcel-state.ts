/**
 * Where parcels stand (运单状态): delivered, returned, closed, void or undelivered. A state fixes the
 * day on which access to the persons closes (P8); the later one counts, and each is an entry.
 */
import { tellWebhooks } from "../access/webhook.ts";
import type { Actor } from "../access/actor.ts";
import { findOwn } from "../access/organisation.ts";
import { isTenantWide, ownBranch, placeOf } from "../access/place.ts";
import { branchIdOf, termsFor } from "../access/retention.ts";
import { authorise } from "../access/authorise.ts";
import type { Circumstances } from "../access/authorise.ts";
import { writeEntry } from "../access/entry.ts";
import { MERCHANT_STATES, SUPPLIER_STATES } from "../rules/drop-ship.ts";
import { accessClosesOn, PARCEL_STATE_NAMES, PARCEL_STATES } from "../rules/access-close.ts";
import type { ParcelState } from "../rules/access-close.ts";
import { dayOf } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { Failure } from "../rules/failure.ts";
import { beginCustody, endCustody } from "../store/custody.ts";
import { withWaybill } from "../store/exclusive.ts";
import { lockParcelState, setParcelState } from "../store/parcel-state.ts";
import { connected } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import type { FoundShell } from "../store/shell.ts";
import { ownershipFor } from "./ownership.ts";
import { mayTakeIn } from "./own-record.ts";
import { findRecord, openKey, subjectOf } from "./record.ts";
import { circumstancesOf } from "./route.ts";
import type { Vault } from "./vault.ts";

export interface StateRequest {
  readonly token: string;
  readonly state: string;
  readonly on: Day;
  /**
   * Id or name of the branch that has it and whose tighter term counts, the actor's own or one
   * below; null for the actor's own, and for the tenant's where the actor belongs to no branch.
   */
  readonly organisation: string | null;
  readonly actor: Actor;
}

export interface StateRecorded {
  readonly token: string;
  readonly state: ParcelState;
  /** Null for a state that leaves access open, where no earlier one closed it. */
  readonly accessClosesOn: Day | null;
  /** Id of the audit entry, hex. */
  readonly entry: string;
}

function parseState(state: string): ParcelState {
  const found = PARCEL_STATE_NAMES.find((candidate) => candidate === state);
  if (found === undefined) throw new Failure("PARCEL_STATE_UNKNOWN");
  return found;
}

/** One state that is being recorded. */
interface Moving {
  readonly shell: FoundShell;
  readonly state: ParcelState;
  readonly request: StateRequest;
}

/** A term that was loosened since the seal binds new seals only, so the shorter of both counts. */
async function closingDay(
  vault: Vault,
  connection: Connection,
  asked: Moving,
): Promise<Day | null> {
  const { shell, request } = asked;
  const { closes } = PARCEL_STATES[asked.state];
  if (closes === null) return null;
  const organisationId = await branchIdOf(vault, connection, request.organisation);
  const days = [];
  for (const at of [shell.sealedAt, vault.now()]) {
    days.push((await termsFor(vault, connection, { organisationId, at }))[closes]);
  }
  return accessClosesOn(request.on, Math.min(...days));
}

/**
 * A branch that reports a parcel has it, unless the state says that nobody has it any more. A
 * merchant never has one: it sends. Nor has headquarters, which is no branch: what is said there
 * leaves the parcel where it lies.
 */
async function moveCustody(vault: Vault, connection: Connection, asked: Moving): Promise<void> {
  const { shell, state, request } = asked;
  const { on, organisation } = request;
  const { custody } = PARCEL_STATES[state];
  if (custody === "ends") {
    await endCustody(connection, shell, { on, unless: null });
  } else if (custody === "begins" && organisation !== null) {
    const { id: organisationId, kind } = await findOwn(vault, connection, organisation);
    if (kind === "merchant" || kind === "headquarters") return;
    const { shellWeek, compartment, slot } = shell;
    const start = { tenantId: vault.tenant.id, organisationId, fromDay: on };
    await beginCustody(connection, { ...start, shellWeek, compartment, slot });
  }
}

/** What went back already, under a waybill of its own, is at most closed. */
const AFTER_RETURNED: readonly ParcelState[] = ["returned", "closed"];

/**
 * What was cancelled never comes back: another label of it would ship a parcel nobody ordered. Nor
 * does what goes back already, nor is packed what a branch has.
 */
async function requireMovable(
  connection: Connection,
  shell: FoundShell,
  state: ParcelState,
): Promise<void> {
  const now = await lockParcelState(connection, shell);
  if (now === "void" && state !== "void") throw new Failure("WAYBILL_VOID");
  if (now === "returned" && !AFTER_RETURNED.includes(state)) throw new Failure("PARCEL_ENDED");
  const isWithSender = now === null || PARCEL_STATES[now].custody === "stays";
  if (PARCEL_STATES[state].custody === "stays" && !isWithSender)
    throw new Failure("PARCEL_STATE_LATE");
}

/**
 * What the parcel is to whoever carries it. A parcel that no branch has is its own where it is said
 * to be: so a branch takes in what arrives, and in no other way.
 */
async function carriedCircumstances(
  vault: Vault,
  { actor, state }: { readonly actor: Actor; readonly state: ParcelState },
  shell: FoundShell,
): Promise<Circumstances> {
  const found = await circumstancesOf(vault, actor, shell);
  if (found.place === "own" || PARCEL_STATES[state].custody !== "begins") return found;
  return (await mayTakeIn(vault, actor, shell)) ? { ...found, place: "own" } : found;
}

/**
 * A merchant has no route: what counts is whose it is, and what whoever sends, or a supplier, may
 * say of it. Where a parcel is on its way is said by whoever carries it.
 */
async function authoriseState(
  vault: Vault,
  { actor, state }: { readonly actor: Actor; readonly state: ParcelState },
  shell: FoundShell,
): Promise<void> {
  const asked = { actor, verb: "state" } as const;
  if (actor.role !== "merchant" && actor.role !== "erp-machine") {
    return authorise(vault, asked, await carriedCircumstances(vault, { actor, state }, shell));
  }
  await authorise(vault, asked, { place: "own" });
  const { place, supplied, isMerchant } = (await ownershipFor(vault, actor, [shell]))(shell);
  // A branch's machine says what the branch's people may say, and of what they have.
  if (!isMerchant) {
    return authorise(vault, asked, await carriedCircumstances(vault, { actor, state }, shell));
  }
  if (place !== "own") await authorise(vault, asked, { place });
  const said = supplied === null ? MERCHANT_STATES : SUPPLIER_STATES;
  if (!said.includes(state)) await authorise(vault, asked, { place: "other-branch" });
}

/**
 * Writes the state in the caller's transaction, with its entry and what webhooks are told, for a
 * verb that has asked whether it may. `about` is the waybill as entries name it.
 */
export async function writeState(
  vault: Vault,
  connection: Connection,
  { shell, state, request, about }: Moving & { readonly about: Uint8Array },
): Promise<StateRecorded> {
  const { on, actor, token } = request;
  const closing = await closingDay(vault, connection, { shell, state, request });
  // What closed for the person's sake opens again by the word of headquarters alone (P8).
  const place = { parcelState: state, stateOn: on, accessClosesOn: closing };
  const keepsClosing = !isTenantWide(actor);
  const closesOn = await setParcelState(connection, shell, { ...place, keepsClosing });
  await moveCustody(vault, connection, { shell, state, request });
  const draft = { type: "parcel-state", actor, about, orderState: state } as const;
  const entry = await writeEntry(vault, connection, draft);
  const data = { token, state, on, entry };
  await tellWebhooks(vault, connection, { event: "waybill.state", data });
  return { token, state, accessClosesOn: closesOn, entry };
}

/**
 * The branch that says so. What a branch has is for itself to say, so that nobody gives a parcel to
 * a branch that does not know of it: for that there is the hand-over.
 */
async function sayingBranch(
  vault: Vault,
  { actor, organisation }: StateRequest,
): Promise<string | null> {
  if (organisation === null) return ownBranch(actor);
  const [id, place] = await connected(vault.database, async (connection) => {
    const found = await findOwn(vault, connection, organisation);
    return [found.id, await placeOf(connection, actor, found.id)] as const;
  });
  if (place !== "own") await authorise(vault, { actor, verb: "state" }, { place });
  return id;
}

/**
 * Records the state of one parcel, and with a branch that this branch has it. Throws
 * PARCEL_STATE_UNKNOWN, PARCEL_STATE_DAY, WAYBILL_VOID (that is final), PARCEL_ENDED (returned, and
 * so at most closed), PARCEL_STATE_LATE, ACCESS_DENIED, ORGANISATION_UNKNOWN, DATA_DEAD, or as
 * `findRecord`; nothing is changed then.
 */
export async function recordState(vault: Vault, request: StateRequest): Promise<StateRecorded> {
  const state = parseState(request.state);
  const { shell: place } = await findRecord(vault, request.token);
  const { actor, on } = request;
  const sealedOn = dayOf(place.sealedAt, vault.timeZone);
  if (on < sealedOn || on > dayOf(vault.now(), vault.timeZone)) {
    throw new Failure("PARCEL_STATE_DAY");
  }
  // One after the other with hand-overs: what was just given away is for the next branch to say.
  return withWaybill(vault.database, place, async (within) => {
    const { shell, token } = await findRecord(vault, request.token);
    await authoriseState(vault, { actor, state }, shell);
    const said = { ...request, token, organisation: await sayingBranch(vault, request) };
    const about = subjectOf(await openKey(vault, shell));
    return within(async (connection) => {
      await requireMovable(connection, shell, state);
      return writeState(vault, connection, { shell, state, request: said, about });
    });
  });
}
