/** What will die on which day (P8), read from the key store and the clocks. Opens nothing. */
import { serialText } from "../keystore/compartment-record.ts";
import { addDays, dayOf, mondayOf } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { holdsEnding } from "../store/hold.ts";
import { intakeExpiries } from "../store/intake.ts";
import { accessClosings } from "../store/parcel-state.ts";
import type { CountOnDay } from "../store/parcel-state.ts";
import { weeksOf } from "../store/partition.ts";
import { connected } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import { plannedKeys } from "./planned-keys.ts";
import type { PlannedKeys } from "./planned-keys.ts";
import { dyingIn, tally } from "./tally.ts";
import type { Vault } from "./vault.ts";

/** A compartment whose persons die. */
export interface PlannedDeath {
  readonly day: Day;
  readonly compartment: string;
  /** Neither the held ones nor those that were erased before. */
  readonly waybills: number;
}

export interface RetentionPlan extends PlannedKeys {
  readonly from: Day;
  readonly to: Day;
  /** What should have died before `from` and still lives. */
  readonly overdue: readonly PlannedDeath[];
  readonly persons: readonly PlannedDeath[];
  /** Mondays of the weeks whose index and party rows go on the first day of the next week. */
  readonly indexWeeks: readonly Day[];
  /** Accesses that close, by day; deaths above happen whether access closed or not. */
  readonly access: readonly CountOnDay[];
  /** Mondays of the weeks whose shells go. */
  readonly shellWeeks: readonly Day[];
  /** Holds whose last day it is: what lived by them alone dies after it. */
  readonly holds: readonly CountOnDay[];
  /** Order numbers that are forgotten, by day. */
  readonly intake: readonly CountOnDay[];
}

export const PLAN_DAYS_MAX = 3650;

async function deathsOf(vault: Vault, connection: Connection, to: Day): Promise<PlannedDeath[]> {
  const records = (await vault.keys.list()).filter(
    ({ tenant, dayOfDeath }) => tenant === vault.tenant.id && dayOfDeath <= to,
  );
  const serials = records.map(({ serial }) => serial);
  const tallies = await tally(vault, connection, serials);
  return records
    .map(({ serial, dayOfDeath }) => ({
      day: dayOfDeath,
      compartment: serialText(serial),
      waybills: dyingIn(tallies, serial),
    }))
    .toSorted((a, b) => (a.day < b.day ? -1 : 1));
}

/** Weeks whose last day is over by `to` at the latest. */
function endingBy(weeks: readonly Day[], to: Day): Day[] {
  return weeks.filter((monday) => addDays(monday, 7) <= to);
}

/** What will go within `days` (0 to 3650) from today on, of the vault's tenant. */
export async function retentionPlan(vault: Vault, days: number): Promise<RetentionPlan> {
  const from = dayOf(vault.now(), vault.timeZone);
  const to = addDays(from, days);
  const span = { from, to };
  return connected(vault.database, async (connection) => {
    const deaths = await deathsOf(vault, connection, to);
    const weeks = deaths.map(({ day }) => mondayOf(day));
    return {
      ...span,
      overdue: deaths.filter(({ day }) => day < from),
      persons: deaths.filter(({ day }) => day >= from),
      indexWeeks: endingBy([...new Set(weeks)], to),
      access: await accessClosings(connection, vault.tenant.id, span),
      shellWeeks: endingBy(await weeksOf(connection, "shell"), to),
      holds: await holdsEnding(connection, vault.tenant.id, span),
      intake: await intakeExpiries(connection, span),
      ...(await plannedKeys(vault, connection, to)),
    };
  });
}
