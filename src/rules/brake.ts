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

const CLOCK_SLACK_MS = 48 * 60 * 60 * 1000;

/**
 * How the clock stands to the newest entry of the log: more than 48 hours ahead (nobody was here
 * for that long, or the clock jumped) or behind it (it was set back). Null when it is neither.
 */
export function clockFault(now: Date, newestEntry: Date): "ahead" | "behind" | null {
  const difference = now.getTime() - newestEntry.getTime();
  if (difference > CLOCK_SLACK_MS) return "ahead";
  return difference < -CLOCK_SLACK_MS ? "behind" : null;
}

/** Whether a run must stop and ask. `sharePercentMax` is 1 to 100. */
export function mustBrake(run: Destruction, sharePercentMax: number): boolean {
  if (run.dueWaybills < WAYBILLS_MIN) return false;
  return run.dueWaybills * 100 > run.liveWaybills * sharePercentMax;
}
