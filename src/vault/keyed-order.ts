/** Orders as intake knows them: by keyed hashes of their number and of everything they say. */
import { bodyKeyOf, orderKeyOf } from "../crypto/blind-index.ts";
import type { IndexKey } from "../crypto/blind-index.ts";
import type { Order } from "../orders/order.ts";
import type { ClaimResult } from "../store/intake.ts";
import type { EarlierOrder } from "./earlier-order.ts";

/** Everything of an order that makes it the same order when it comes again. */
function bodyOf(order: Order): string {
  const { recipient, sender, goods, remark, sortCode, waybillNumber, carrier } = order;
  return JSON.stringify([recipient, sender, goods, remark, sortCode, waybillNumber, carrier]);
}

export interface KeyedOrder {
  readonly order: Order;
  readonly orderKey: Uint8Array;
  readonly bodyKey: Uint8Array;
}

/** The first byte of a keyed hash: which of 256 lanes an order goes to. */
export function bucketOf(orderKey: Uint8Array): number {
  return orderKey[0] ?? 0;
}

/** Those of `keyed` for which a claim stands. */
export function earlierOrders(keyed: readonly KeyedOrder[], known: ClaimResult): EarlierOrder[] {
  return keyed.flatMap(({ order, bodyKey }, index) => {
    const earlier = known[index] ?? null;
    return earlier === null ? [] : [{ order, bodyKey, earlier }];
  });
}

/** Both hashes of one order, under the tenant's intake key. */
export function keyedOrder(intake: IndexKey, order: Order): KeyedOrder {
  return {
    order,
    orderKey: orderKeyOf(intake, order.merchant, order.orderNumber),
    bodyKey: bodyKeyOf(intake, bodyOf(order)),
  };
}
