/** The number in a label's barcode: the carrier's if it gave one, else one of ours. */
import { hash } from "node:crypto";
import type { Order } from "../orders/order.ts";

/** Ours: `MD` and 13 digits, which no carrier's pattern uses. */
const DIGITS = 13;

/**
 * The carrier's number, or ours, derived from the token: a scanner can then find the parcel, and
 * two parcels share a number with a chance of one in ten million million.
 */
export function waybillNumberFor(order: Order, token: string): string {
  if (order.waybillNumber !== "") return order.waybillNumber;
  const digest = hash("sha256", `midan.number\0${token}`, "buffer");
  const number = digest.readBigUInt64BE(0) % 10n ** BigInt(DIGITS);
  return `MD${number.toString().padStart(DIGITS, "0")}`;
}
