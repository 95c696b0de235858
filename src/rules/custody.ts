/** Bounds of searching among the parcels that a branch has (在管查找). */
import { daysBetween } from "./calendar.ts";
import type { Day } from "./calendar.ts";

/** More than this is not opened for one search: the answer says that it may be incomplete. */
export const CUSTODY_OPENED_MAX = 5_000;
/** More hits than this are no answer to anybody at a counter. */
export const CUSTODY_HITS_MAX = 50;
/** A parcel that nobody found for a month is a matter for its number, not for a search. */
export const CUSTODY_DAYS_BACK_MAX = 31;

/** Whether the custody of `day` may be searched on `today`: today, or up to a month before. */
export function isCustodyDay(day: Day, today: Day): boolean {
  const back = daysBetween(day, today);
  return back >= 0 && back <= CUSTODY_DAYS_BACK_MAX;
}

/** The last four digits of a phone as people at a counter say them. */
export function parsePhoneTail(text: string): string | null {
  return /^\d{4}$/.test(text) ? text : null;
}
