/**
 * Sealing the persons of a waybill once more for another parcel, with a key and a day of death of
 * its own. What the merchant asked for counts for the new one too, and nobody sees anything plain:
 * what was opened is sealed again in memory (P12).
 */
import { keyedDigest } from "../access/about.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/authorise.ts";
import { writeEntry } from "../access/entry.ts";
import { effectiveProfile, tighterProfile } from "../access/print-profile.ts";
import type { Order } from "../orders/order.ts";
import { profileOf } from "../privacy/mask-profile.ts";
import type { MaskedParty } from "../privacy/plain.ts";
import type { ParcelState } from "../rules/access-close.ts";
import { Failure } from "../rules/failure.ts";
import type { Purpose } from "../rules/purposes.ts";
import { transaction } from "../store/pool.ts";
import { findRecord, openKey, openRecord, subjectOf } from "./record.ts";
import type { WaybillRecord } from "./record.ts";
import { circumstancesOf } from "./route.ts";
import { seal } from "./seal.ts";
import { requireAccess } from "./standing.ts";
import type { Vault } from "./vault.ts";
import type { Parties, View } from "./view.ts";
import type { SealedRow } from "./sealed-row.ts";
import type { Rejection } from "./order-batch.ts";

/** How the persons of a waybill come to another parcel. */
export type Resealing = "return" | "split";

interface ResealRow {
  /** For what they are opened inside: when access closed for it, nothing is sealed again. */
  readonly purpose: Purpose;
  /** States of the parcel in which nothing is left to be sealed again. */
  readonly ended: readonly ParcelState[];
}

const RESEALINGS: Readonly<Record<Resealing, ResealRow>> = {
  return: { purpose: "return", ended: ["void", "closed"] },
  split: { purpose: "deliver", ended: ["void", "closed", "returned", "delivered"] },
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

/** Seals under what rules now and what ruled then, whichever is stricter. Throws what refuses. */
async function sealed(
  vault: Vault,
  actor: Actor,
  { orders, profile }: { readonly orders: readonly Order[]; readonly profile: string },
): Promise<readonly SealedRow[]> {
  const organisation = actor.organisationId;
  const ruling = await effectiveProfile(vault, organisation);
  const rows: SealedRow[] = [];
  const rejected: Rejection[] = [];
  await seal(vault, once(orders), {
    actor,
    organisation,
    profile: tighterProfile(ruling, profileOf(profile)).name,
    sink: {
      committed: async (some, refused) => {
        rows.push(...some);
        rejected.push(...refused);
        return Promise.resolve();
      },
    },
  });
  const [first] = rejected;
  if (first !== undefined) throw refusal(first);
  return rows;
}

/** One entry about the old waybill for each new one: the same entry, however often it is asked. */
async function linked(
  vault: Vault,
  asked: ResealRequest & { readonly about: Uint8Array },
  { token }: SealedRow,
): Promise<string> {
  const { shell } = await findRecord(vault, token);
  const next = Buffer.from(subjectOf(await openKey(vault, shell))).toString("hex");
  const id = await keyedDigest(vault, "midan.about", `reseal ${asked.token} ${token}`);
  const { actor, about, how: mode } = asked;
  const draft = { type: "resealed", id, actor, about, next, mode } as const;
  return transaction(vault.database, async (connection) => writeEntry(vault, connection, draft));
}

async function requireResealable(
  vault: Vault,
  { actor, how }: ResealRequest,
  { shell }: WaybillRecord,
): Promise<void> {
  const { purpose, ended } = RESEALINGS[how];
  await authorise(vault, { actor, verb: "reseal" }, await circumstancesOf(vault, actor, shell));
  if (shell.parcelState !== null && ended.includes(shell.parcelState)) {
    throw new Failure("PARCEL_ENDED");
  }
  await requireAccess(vault, shell, purpose);
}

/**
 * Opens the waybill inside and seals its persons again, each new order with a key and a day of
 * death of its own; an entry links each to the old. Asked twice, or twice at once, it gives the
 * same tokens. Throws ACCESS_DENIED, PARCEL_ENDED, ACCESS_CLOSED, DATA_DEAD, ORDER_CHANGED (the old
 * one was corrected since), what sealing refuses, or as `findRecord`. What was sealed before a
 * failure stays, and the same call completes it.
 */
export async function reseal(vault: Vault, request: ResealRequest): Promise<readonly Resealed[]> {
  const record = await findRecord(vault, request.token);
  await requireResealable(vault, request, record);
  const { key, view: openView, parties } = await openRecord(vault, record);
  const view = openView();
  const { carrier } = record.shell;
  const said = request.ordersOf({ parties: parties(), view, carrier });
  // The shop's name is not kept with a waybill; its own token keeps the numbers of these apart. No
  // order file can say this name first: what is read has no control characters.
  const merchant = `\u0001${request.how} ${record.token}`;
  const orders = said.map((one, at) => {
    return { ...one, line: at + 1, merchant, carrier, waybillNumber: "" };
  });
  const { actor } = request;
  const rows = await sealed(vault, actor, { orders, profile: view.profile });
  const about = subjectOf(key);
  const resealed: Resealed[] = [];
  for (const row of rows) {
    const entry = await linked(vault, { ...request, token: record.token, about }, row);
    const { token, waybillNumber, orderNumber, recipient, state } = row;
    resealed.push({ token, waybillNumber, orderNumber, recipient, state, entry });
  }
  return resealed;
}
