/** Moments as leaves have them: RFC 3339, UTC, with milliseconds, of a day that exists. */
const MS_PER_DAY = 86_400_000;
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** `2026-11-28T08:00:00.000Z`: where a digit stands, and what stands elsewhere. */
const SHAPE = Uint8Array.from("0000-00-00T00:00:00.000Z", (character) => character.charCodeAt(0));
const ZERO = 0x30;

function isShaped(bytes: Uint8Array, from: number): boolean {
  for (let at = 0; at < SHAPE.length; at += 1) {
    const byte = bytes[from + at] ?? 0;
    if (SHAPE[at] === ZERO ? byte < ZERO || byte > ZERO + 9 : byte !== SHAPE[at]) return false;
  }
  return true;
}

function digits(bytes: Uint8Array, from: number, count: number): number {
  let value = 0;
  // The shape was looked at, so these are digits.
  for (let at = from; at < from + count; at += 1) value = value * 10 + (bytes[at] as number) - ZERO;
  return value;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Days from 1970-01-01 to a day of the Gregorian calendar; NaN for one that is none. */
function dayNumber(year: number, month: number, day: number): number {
  const isNone = month < 1 || day < 1 || day > (DAYS[month - 1] ?? 0);
  if (isNone || (month === 2 && day === 29 && !isLeap(year))) return Number.NaN;
  // Years begin in March, so that the leap day is the last one.
  const [years, months] = month > 2 ? [year, month - 3] : [year - 1, month + 9];
  const before = 365 * years + Math.floor(years / 4) - Math.floor(years / 100);
  return before + Math.floor(years / 400) + Math.floor((153 * months + 2) / 5) + day - 719_469;
}

/** Milliseconds since 1970 of the moment in the 24 bytes from `from`; NaN for anything else. */
export function instantIn(bytes: Uint8Array, from: number): number {
  if (!isShaped(bytes, from)) return Number.NaN;
  const hour = digits(bytes, from + 11, 2);
  const minute = digits(bytes, from + 14, 2);
  const second = digits(bytes, from + 17, 2);
  if (hour > 23 || minute > 59 || second > 59) return Number.NaN;
  const day = dayNumber(
    digits(bytes, from, 4),
    digits(bytes, from + 5, 2),
    digits(bytes, from + 8, 2),
  );
  const ms = ((hour * 60 + minute) * 60 + second) * 1000 + digits(bytes, from + 20, 3);
  return day * MS_PER_DAY + ms;
}
