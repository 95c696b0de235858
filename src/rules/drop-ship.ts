/** Bounds of drop shipping (一件代发): what a merchant may hand to a supplier, and for how long. */
import type { ParcelState } from "./access-close.ts";

/** Waybills in one call; what platforms hand to a factory at once is of that order. */
export const DROP_SHIP_TOKENS_MAX = 1_000;
/** A handing tells less than a look, so this many weigh one look of the quota. */
export const DROP_SHIP_TOKENS_PER_LOOK = 100;
export const DROP_SHIP_PRINTS_MAX = 10;
/** A supplier packs in days; what lies longer is handed anew. */
export const DROP_SHIP_DAYS_MAX = 30;

/** What a merchant says of its own parcel; the rest is for whoever carries it. */
export const MERCHANT_STATES: readonly ParcelState[] = ["packed", "handed-in", "void"];

/** What a supplier says of a parcel; the rest is for whoever carries it. */
export const SUPPLIER_STATES: readonly ParcelState[] = ["packed", "handed-in"];

/** How many looks it weighs to hand over `tokens` waybills, at least 1. */
export function dropShipLooks(tokens: number): number {
  return Math.max(1, Math.ceil(tokens / DROP_SHIP_TOKENS_PER_LOOK));
}
