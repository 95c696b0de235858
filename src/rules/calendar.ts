/**
 * Days as people in a tenant's time zone count them. Everything that dies, dies by day, so days are
 * a type of their own and instants are turned into days in one place only.
 */

declare const dayBrand: unique symbol;

/** A calendar day, `YYYY-MM-DD`. Compares and sorts as text. */
export type Day = string & { readonly [dayBrand]: true };

/** Day boundaries are Beijing time unless a tenant says otherwise. */
export const DEFAULT_TIME_ZONE = "Asia/Shanghai";

const MILLISECONDS_PER_DAY = 86_400_000;
const DAY_PATTERN = /^(\d{4})-(\d{2})-(\d{2})$/;

function dayFromUtc(milliseconds: number): Day {
  // The ISO form of a valid date always begins with ten characters YYYY-MM-DD.
  return new Date(milliseconds).toISOString().slice(0, 10) as Day;
}

function utcOf(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`);
}

/** Reads `YYYY-MM-DD`; null when the text is not a day that exists (2026-02-30 does not). */
export function parseDay(text: string): Day | null {
  if (!DAY_PATTERN.test(text)) return null;
  const milliseconds = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(milliseconds) || dayFromUtc(milliseconds) !== text ? null : (text as Day);
}

/** The day that `instant` falls on in `timeZone` (an IANA name). */
export function dayOf(instant: Date, timeZone: string = DEFAULT_TIME_ZONE): Day {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  // The en-CA locale writes ISO days; the cast only names what the format guarantees.
  return parts.format(instant) as Day;
}

/** The minute that `instant` falls on in `timeZone`, for people: `YYYY-MM-DD HH:MM`. */
export function minuteOf(instant: Date, timeZone: string = DEFAULT_TIME_ZONE): string {
  const time = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return `${dayOf(instant, timeZone)} ${time.format(instant)}`;
}

/** Minutes that clocks in `timeZone` are ahead of UTC at `instant`. */
function offsetMinutes(instant: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
  const name = format.formatToParts(instant).find(({ type }) => type === "timeZoneName")?.value;
  const [, sign = "+", hours = "0", minutes = "0"] =
    /^GMT([+-])(\d{2}):(\d{2})/.exec(name ?? "") ?? [];
  return (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -1 : 1);
}

/** The instant at which `day` begins in `timeZone`. */
export function startOfDay(day: Day, timeZone: string = DEFAULT_TIME_ZONE): Date {
  const guess = utcOf(day) - offsetMinutes(utcOf(day), timeZone) * 60_000;
  // Clocks may have changed between the two: the offset that counts is that of the instant itself.
  return new Date(utcOf(day) - offsetMinutes(guess, timeZone) * 60_000);
}

/** `day` moved by a whole number of days, back if negative. */
export function addDays(day: Day, days: number): Day {
  return dayFromUtc(utcOf(day) + days * MILLISECONDS_PER_DAY);
}

/** The Monday of the week (ISO 8601) that holds `day`: weeks are named by their Monday. */
export function mondayOf(day: Day): Day {
  const weekday = (new Date(utcOf(day)).getUTCDay() + 6) % 7;
  return addDays(day, -weekday);
}

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((utcOf(to) - utcOf(from)) / MILLISECONDS_PER_DAY);
}
