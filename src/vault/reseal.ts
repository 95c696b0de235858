/**
 * Sealing the persons of a waybill once more for another parcel, with a key and a day of death of
 * its own. What the merchant asked for counts for the new one too, and nobody sees anything plain:
 * what was opened is sealed again in memory (P12).
 */
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/authorise.ts";
import { writeEntry } from "../access/entry.ts";
import { effectiveProfile, tighterProfile } from "../access/print-profile.ts";
import type { Order } from "../orders/order.ts";
import { profileOf } from "../privacy/mask-profile.ts";
import type { MaskedParty } from "../privacy/plain.ts";
import type { ParcelState } from "../rules/access-close.ts";
import { dayOf } from "../rules/calendar.ts";
import { Failure, isFailure } from "../rules/failure.ts";
import type { Purpose } from "../rules/purposes.ts";
import type { OrderState } from "../rules/question.ts";
import type { Verb } from "../rules/verb.ts";
import type { Connection } from "../store/query.ts";
import { lockShells } from "../store/shell-lock.ts";
import { resealEntry } from "./origin.ts";
import { writeState } from "./parcel-state.ts";
import { findRecord, findRecordWithin, openKey, openRecord, subjectOf } from "./record.ts";
import type { OpenedWaybill, WaybillRecord } from "./record.ts";
import { flowCircumstances, requireNotPickedUp } from "./ownership.ts";
import { seal } from "./seal.ts";
import { requireAccess } from "./standing.ts";
import type { Vault } from "./vault.ts";
import type { Parties, View } from "./view.ts";
import type { Rejection } from "./order-batch.ts";
import { anewWhile } from "./outdated.ts";

/** How the persons of a waybill come to another parcel. */
export type Resealing = "return" | "split";

interface ResealRow {
  /** For what they are opened inside: when access closed for it, nothing is sealed again. */
  readonly purpose: Purpose;
  /** States of the parcel in which nothing is left to be sealed again. */
  readonly ended: readonly ParcelState[];
  /** Where the old parcel stands from then on; null where it goes on as it was. */
  readonly state: ParcelState | null;
}

const RESEALINGS: Readonly<Record<Resealing, ResealRow>> = {
  return: { purpose: "return", ended: ["void", "closed"], state: "returned" },
  split: {
    purpose: "deliver",
    ended: ["void", "closed", "returned", "delivered"],
    state: null,
  },
};

/** A parcel that was sealed out of another's persons; masked, as whoever seals is given it. */
export interface Resealed {
  readonly token: string;
  readonly waybillNumber: string;
  readonly orderNumber: string;
  readonly recipient: MaskedParty;
  /** `repeated` where the same was asked before: it kept its token. */
  readonly state: "sealed" | "repeated";
  /** Id of the entry that links it to the old waybill, hex. */
  readonly entry: string;
}

/** What the new orders are made of; the texts are those that were sealed. */
export interface Opened {
  readonly parties: Parties;
  readonly view: View;
  readonly carrier: string;
}

/** What a new order says beside its line and its merchant. */
export type OrderSaid = Omit<Order, "line" | "merchant" | "waybillNumber" | "carrier">;

export interface ResealRequest {
  readonly token: string;
  readonly actor: Actor;
  readonly verb: Extract<Verb, Resealing>;
  readonly how: Resealing;
  /** The orders of the new parcels; their numbers tell them apart, and make the call repeatable. */
  readonly ordersOf: (opened: Opened) => readonly OrderSaid[];
}

async function* once(orders: readonly Order[]) {
  yield await Promise.resolve(orders.map((order) => ({ ok: true, order }) as const));
}

function refusal({ code, field }: Rejection): Failure {
  return new Failure(code, { field });
}

/** The waybill that others are sealed out of, open. */
interface Origin {
  readonly request: ResealRequest;
  readonly record: WaybillRecord;
  readonly opened: OpenedWaybill;
  /** Where the parcel stood when this was allowed. */
  readonly state: OrderState | null | undefined;
}

function requireNotEnded(how: Resealing, state: ParcelState | null): void {
  if (state !== null && RESEALINGS[how].ended.includes(state)) throw new Failure("PARCEL_ENDED");
}

/** What was cancelled, erased, corrected or picked up since it was opened is not sealed again. */
async function lockedState(
  vault: Vault,
  connection: Connection,
  { request, record, opened, state }: Origin,
): Promise<ParcelState | null> {
  const { shell, compartment } = record;
  const within = { ...shell, deathWeek: compartment.deathWeek, compartment: compartment.serial };
  const now = (await lockShells(connection, within, [shell.slot])).get(shell.slot);
  if (now === undefined || now.state === "erased") throw new Failure("DATA_DEAD");
  requireNotEnded(request.how, now.parcelState);
  const isSame = now.head === null || Buffer.from(now.head).equals(opened.head);
  if (!isSame) throw new Failure("WAYBILL_MOVING");
  const allowed = { actor: request.actor, state };
  const found = { ...shell, parcelState: now.parcelState };
  await requireNotPickedUp(vault, connection, { allowed, shell: found });
  return now.parcelState;
}

/** One entry about the old waybill for each new one: the same entry, however often it is asked. */
async function linked(
  vault: Vault,
  connection: Connection,
  { origin: { request, record, opened }, token }: { readonly origin: Origin; token: string },
): Promise<string> {
  const { shell } = await findRecordWithin(vault, connection, token);
  const next = Buffer.from(subjectOf(await openKey(vault, shell))).toString("hex");
  const id = await resealEntry(vault, record.token, token);
  const { actor, how: mode } = request;
  const about = subjectOf(opened.key);
  return writeEntry(vault, connection, { type: "resealed", id, actor, about, next, mode });
}

/** With a parcel that goes back the old one is returned, so that its access clock runs. */
async function endOrigin(
  vault: Vault,
  connection: Connection,
  { origin: { request, record, opened }, now }: { readonly origin: Origin; now: string | null },
): Promise<void> {
  const { state } = RESEALINGS[request.how];
  if (state === null || now === state) return;
  const { token, shell } = record;
  const on = dayOf(vault.now(), vault.timeZone);
  const recorded = { token, state, on, organisation: null, actor: request.actor };
  const about = subjectOf(opened.key);
  await writeState(vault, connection, { shell, state, request: recorded, about });
}

/**
 * Seals under what rules now and what ruled then, whichever is stricter; all of it in one
 * transaction with the links and the state of the old one, or none of it.
 */
async function sealedFrom(vault: Vault, origin: Origin): Promise<readonly Resealed[]> {
  const { request, record, opened } = origin;
  const { organisationId: organisation } = request.actor;
  const view = opened.view();
  const ruling = await effectiveProfile(vault, organisation);
  const resealed: Resealed[] = [];
  await seal(vault, once(ordersOf(origin, view)), {
    actor: request.actor,
    organisation,
    profile: tighterProfile(ruling, profileOf(view.profile)).name,
    origin: { how: request.how, token: record.token },
    within: async (connection, { rows, rejected }) => {
      const now = await lockedState(vault, connection, origin);
      const [refused] = rejected;
      if (refused !== undefined) throw refusal(refused);
      resealed.length = 0;
      for (const { token, waybillNumber, orderNumber, recipient, state } of rows) {
        const entry = await linked(vault, connection, { origin, token });
        resealed.push({ token, waybillNumber, orderNumber, recipient, state, entry });
      }
      await endOrigin(vault, connection, { origin, now });
    },
    sink: { committed: async () => Promise.resolve() },
  });
  return resealed;
}

/** One batch: the parcels of a split are fewer than any batch holds. */
function ordersOf({ request, record, opened }: Origin, view: View): readonly Order[] {
  const { carrier } = record.shell;
  const said = request.ordersOf({ parties: opened.parties(), view, carrier });
  // The shop's name is not kept with a waybill; its own token keeps the numbers of these apart. No
  // order file can say this name first: what is read has no control characters.
  const merchant = `\u0001${request.how} ${record.token}`;
  return said.map((one, at) => ({ ...one, line: at + 1, merchant, carrier, waybillNumber: "" }));
}

async function requireResealable(
  vault: Vault,
  { actor, verb, how }: ResealRequest,
  { shell }: WaybillRecord,
): Promise<Pick<Origin, "state">> {
  const { purpose } = RESEALINGS[how];
  const circumstances = await flowCircumstances(vault, actor, shell);
  await authorise(vault, { actor, verb }, circumstances);
  requireNotEnded(how, shell.parcelState);
  await requireAccess(vault, shell, purpose);
  return { state: circumstances.state };
}

/** Somebody corrected or picked it up while it was opened. */
const isOutdated = (error: unknown): boolean => isFailure(error, "WAYBILL_MOVING");

/**
 * Opens the waybill inside and seals its persons again, each new order with a key and a day of
 * death of its own; an entry links each to the old. Asked twice, or twice at once, it gives the
 * same tokens. All or nothing: what refuses one parcel, or ends the old one meanwhile, refuses all
 * and leaves nothing. Throws ACCESS_DENIED, PARCEL_ENDED, ACCESS_CLOSED, DATA_DEAD, ORDER_CHANGED
 * (the old one was corrected since a part of it was sealed), WAYBILL_MOVING, what sealing refuses,
 * or as `findRecord`.
 */
export async function reseal(vault: Vault, request: ResealRequest): Promise<readonly Resealed[]> {
  return anewWhile(isOutdated, async () => {
    const record = await findRecord(vault, request.token);
    const { state } = await requireResealable(vault, request, record);
    const opened = await openRecord(vault, record);
    return sealedFrom(vault, { request, record, opened, state });
  });
}
