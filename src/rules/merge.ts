/** Bounds of finding out which parcels go to the same recipient (合单). */

/** What the platforms' own calls for merging take at most, and what one answer can hold. */
export const MERGE_TOKENS_MAX = 1_000;

/**
 * A comparison tells less than a look and is needed for whole lists of orders, so this many
 * waybills weigh one look: a full call weighs 10, a person's day of 300 looks holds 30,000.
 */
export const MERGE_TOKENS_PER_LOOK = 100;

/** How many looks it weighs to compare `tokens` waybills, at least 1. */
export function mergeLooks(tokens: number): number {
  return Math.max(1, Math.ceil(tokens / MERGE_TOKENS_PER_LOOK));
}
