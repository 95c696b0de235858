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

/** What a clock on the wall shows: the locale, and which parts of the instant. */
const FORMATS = {
  // The en-CA locale writes ISO days.
  day: ["en-CA", { year: "numeric", month: "2-digit", day: "2-digit" }],
  time: ["en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }],
  hour: ["en-GB", { hour: "2-digit", hourCycle: "h23" }],
  offset: ["en-US", { timeZoneName: "longOffset" }],
} as const satisfies Record<string, readonly [string, Intl.DateTimeFormatOptions]>;

/** Making one takes as long as using it 150 times; there are few time zones. */
const made = new Map<string, Intl.DateTimeFormat>();

function formatOf(name: keyof typeof FORMATS, timeZone: string): Intl.DateTimeFormat {
  const key = `${name} ${timeZone}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const [locale, parts] = FORMATS[name];
  const format = new Intl.DateTimeFormat(locale, { ...parts, timeZone });
  made.set(key, format);
  return format;
}

/** The day that `instant` falls on in `timeZone` (an IANA name). */
export function dayOf(instant: Date, timeZone: string = DEFAULT_TIME_ZONE): Day {
  // The cast only names what the format guarantees.
  return formatOf("day", timeZone).format(instant) as Day;
}

/** The hour that `instant` falls in in `timeZone`, 0 to 23. */
export function hourOf(instant: Date, timeZone: string = DEFAULT_TIME_ZONE): number {
  return Number(formatOf("hour", timeZone).format(instant));
}

/** The minute that `instant` falls on in `timeZone`, for people: `YYYY-MM-DD HH:MM`. */
export function minuteOf(instant: Date, timeZone: string = DEFAULT_TIME_ZONE): string {
  return `${dayOf(instant, timeZone)} ${formatOf("time", timeZone).format(instant)}`;
}

/** Minutes that clocks in `timeZone` are ahead of UTC at `instant`. */
function offsetMinutes(instant: number, timeZone: string): number {
  const parts = formatOf("offset", timeZone).formatToParts(instant);
  const name = parts.find(({ type }) => type === "timeZoneName")?.value;
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
