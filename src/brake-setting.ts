/** The settings of the brakes on destruction. Looks at no environment itself: see config.ts. */
import { BRAKE_BOUNDS } from "./rules/brake.ts";
import type { Brakes } from "./rules/brake.ts";
import { Failure } from "./rules/failure.ts";
import { readAll } from "./setting-problem.ts";

/** One row per variable: the name, what it is for, and what holds when it is not set. */
export const BRAKE_SETTINGS = [
  { name: "MIDAN_SHRED_SHARE_PERCENT", what: "overdue keys that die in a day", unset: "25" },
  { name: "MIDAN_ERASURES_PER_HOUR", what: "early erasures of a tenant", unset: "100" },
  { name: "MIDAN_ERASURES_PER_DAY", what: "early erasures of a tenant", unset: "500" },
] as const;

type BrakeSettingName = (typeof BRAKE_SETTINGS)[number]["name"];
type BrakeReader = (name: BrakeSettingName) => string | undefined;

const VARIABLES = {
  sharePercent: "MIDAN_SHRED_SHARE_PERCENT",
  erasuresPerHour: "MIDAN_ERASURES_PER_HOUR",
  erasuresPerDay: "MIDAN_ERASURES_PER_DAY",
} as const satisfies Readonly<Record<keyof Brakes, BrakeSettingName>>;

function limitOf(text: BrakeReader, limit: keyof Brakes): number {
  const setting = VARIABLES[limit];
  const { min, max, unset } = BRAKE_BOUNDS[limit];
  const given = text(setting);
  if (given === undefined) return unset;
  const number = /^\d{1,6}$/.test(given) ? Number(given) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw new Failure("SETTING_INVALID", { setting });
}

/** Throws SETTING_INVALID for what is no whole number within its bounds. */
export function parseBrakes(text: BrakeReader): Brakes {
  return readAll<Brakes>({
    sharePercent: () => limitOf(text, "sharePercent"),
    erasuresPerHour: () => limitOf(text, "erasuresPerHour"),
    erasuresPerDay: () => limitOf(text, "erasuresPerDay"),
  });
}

/** Those that are not as they are by themselves, by variable: what the log tells of. */
export function toldBrakes(brakes: Brakes): Readonly<Record<string, string>> {
  // The keys of the table are the limits.
  const limits = Object.keys(VARIABLES) as (keyof Brakes)[];
  const changed = limits.filter((limit) => brakes[limit] !== BRAKE_BOUNDS[limit].unset);
  return Object.fromEntries(changed.map((limit) => [VARIABLES[limit], String(brakes[limit])]));
}
