/**
 * How long a session lives: NIST SP 800-63B (revision 3) section 4.2.3 for its second level, which
 * fits access to personal data of others: half an hour without use, twelve hours in all.
 */

export const SESSION_IDLE_MINUTES = 30;
export const SESSION_HOURS_MAX = 12;
/** How often it is written down that a session is in use. */
export const SESSION_TOUCH_SECONDS = 60;
/** A one-time link that nobody used dies. */
export const INVITATION_HOURS = 24;

const MINUTE_MS = 60_000;

export interface SessionTimes {
  readonly usedAt: Date;
  readonly expiresAt: Date;
}

/** Whether a session may still be used at `now`. */
export function isSessionAlive(times: SessionTimes, now: Date): boolean {
  const idleUntil = times.usedAt.getTime() + SESSION_IDLE_MINUTES * MINUTE_MS;
  return now.getTime() < idleUntil && now < times.expiresAt;
}
