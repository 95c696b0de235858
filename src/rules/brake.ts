/** Brakes on destruction (P7): a wrong clock or term must not destroy everything in one run. */

/** The largest share of all waybills that one run may destroy unless a person says otherwise. */
export const SHARE_PERCENT_MAX = 25;
/**
 * Below this many waybills the share says nothing: small installations die as a whole quite
 * rightly.
 */
const WAYBILLS_MIN = 10_000;

export interface Destruction {
  readonly dueWaybills: number;
  /** All waybills whose keys live, those that are due included. */
  readonly liveWaybills: number;
}

/** Whether a run must stop and ask. `sharePercentMax` is 1 to 100. */
export function mustBrake(run: Destruction, sharePercentMax: number): boolean {
  if (run.dueWaybills < WAYBILLS_MIN) return false;
  return run.dueWaybills * 100 > run.liveWaybills * sharePercentMax;
}
