/**
 * Split (拆单): one order goes in several parcels. Each further parcel has the same persons under a
 * key of its own, so that one can be erased, or die, without the other.
 */
import type { Actor } from "../access/actor.ts";
import { Failure } from "../rules/failure.ts";
import { reseal } from "./reseal.ts";
import type { Opened, OrderSaid, Resealed } from "./reseal.ts";
import type { Vault } from "./vault.ts";

export const SPLIT_PARCELS_MIN = 2;
export const SPLIT_PARCELS_MAX = 50;

function furtherParcels({ parties, view }: Opened, parcels: number): OrderSaid[] {
  const { recipient, sender, remark } = parties;
  const { goods, sortCode } = view;
  const same = { recipient, sender, remark, goods, sortCode };
  return Array.from({ length: parcels - 1 }, (_, at) => {
    return { ...same, orderNumber: `${view.orderNumber}-${at + SPLIT_PARCELS_MIN}` };
  });
}

/**
 * The waybills of the further parcels when an order goes in `parcels` (2 to 50); the waybill at
 * hand stays the first. With a higher number later only the missing ones are sealed. Throws
 * SPLIT_PARCELS, or as `reseal`.
 */
export async function split(
  vault: Vault,
  asked: { readonly token: string; readonly parcels: number; readonly actor: Actor },
): Promise<readonly Resealed[]> {
  const { token, parcels, actor } = asked;
  const isCount = Number.isSafeInteger(parcels);
  if (!isCount || parcels < SPLIT_PARCELS_MIN || parcels > SPLIT_PARCELS_MAX) {
    throw new Failure("SPLIT_PARCELS");
  }
  const ordersOf = (opened: Opened) => furtherParcels(opened, parcels);
  return reseal(vault, { token, actor, verb: "split", how: "split", ordersOf });
}
