/**
 * Compartments (密舱) as the database mirrors them. Their keys, and the truth about their state, are
 * in the key store; the mirror says where the rows of a serial lie and what is due.
 */

import type { Day } from "../rules/calendar.ts";
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { day, instant, instantOrNull, text, wholeNumber, word } from "./row.ts";
import type { Row } from "./row.ts";
import { int8Array } from "./wire.ts";

export const COMPARTMENT_STATES = ["live", "closing", "destroyed"] as const;
export type CompartmentState = (typeof COMPARTMENT_STATES)[number];

export interface NewCompartment {
  /** 1..2^40-1. */
  readonly serial: number;
  readonly tenantId: string;
  readonly dayOfDeath: Day;
  /** The Monday of the week of `dayOfDeath`. */
  readonly deathWeek: Day;
  /** The Monday of the week in which the shells end. */
  readonly shellWeek: Day;
  readonly suite: number;
  readonly generation: number;
}

export interface CompartmentRow extends NewCompartment {
  readonly state: CompartmentState;
  readonly createdAt: Date;
  readonly destroyedAt: Date | null;
}

/** Of a `CompartmentRow`, for statements that join the table. */
export const COMPARTMENT_COLUMNS =
  "serial, tenant_id, day_of_death, death_week, shell_week, suite, generation," +
  " state, created_at, destroyed_at";

/** A row of those columns. */
export function compartmentOf(row: Row): CompartmentRow {
  return {
    serial: wholeNumber(row, "serial"),
    tenantId: text(row, "tenant_id"),
    dayOfDeath: day(row, "day_of_death"),
    deathWeek: day(row, "death_week"),
    shellWeek: day(row, "shell_week"),
    suite: wholeNumber(row, "suite"),
    generation: wholeNumber(row, "generation"),
    state: word(row, "state", COMPARTMENT_STATES),
    createdAt: instant(row, "created_at"),
    destroyedAt: instantOrNull(row, "destroyed_at"),
  };
}

/** Adds compartments in the state `live`; those whose serial exists are left as they are. */
export async function insertCompartments(
  connection: Connection,
  compartments: readonly NewCompartment[],
): Promise<number> {
  let added = 0;
  for (const compartment of compartments) {
    added += await execute(connection, {
      text: `
        insert into compartment
          (serial, tenant_id, day_of_death, death_week, shell_week, suite, generation)
        values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
      values: [
        compartment.serial,
        compartment.tenantId,
        compartment.dayOfDeath,
        compartment.deathWeek,
        compartment.shellWeek,
        compartment.suite,
        compartment.generation,
      ],
    });
  }
  return added;
}

/** The compartment of that serial, or null. */
export async function findCompartment(
  connection: Connection,
  serial: number,
): Promise<CompartmentRow | null> {
  const [first] = await findCompartments(connection, [serial]);
  return first ?? null;
}

/** The compartments of those serials, by serial; unknown ones are left out. */
export async function findCompartments(
  connection: Connection,
  serials: readonly number[],
): Promise<CompartmentRow[]> {
  const rows = await query(connection, {
    name: "compartment_find",
    text: `
      select ${COMPARTMENT_COLUMNS} from compartment
      where serial = any($1::bigint[]) order by serial`,
    values: [int8Array(serials)],
  });
  return rows.map(compartmentOf);
}

/** All compartments that the database does not count as destroyed, by serial. */
export async function undestroyedCompartments(connection: Connection): Promise<CompartmentRow[]> {
  const rows = await query(connection, {
    text: `
      select ${COMPARTMENT_COLUMNS} from compartment
      where state <> 'destroyed' order by serial`,
  });
  return rows.map(compartmentOf);
}

/** The highest serial of any compartment, or 0. */
export async function highestSerial(connection: Connection): Promise<number> {
  const rows = await query(connection, {
    text: "select coalesce(max(serial), 0) as serial from compartment",
  });
  return wholeNumber(rows[0] ?? {}, "serial");
}

/** Compartments that are not destroyed and whose day of death is `on` or earlier, oldest first. */
export async function dueCompartments(
  connection: Connection,
  on: Day,
  limit: number,
): Promise<CompartmentRow[]> {
  const rows = await query(connection, {
    text: `
      select ${COMPARTMENT_COLUMNS} from compartment
      where state <> 'destroyed' and day_of_death <= $1::date
      order by day_of_death, serial limit $2::integer`,
    values: [on, limit],
  });
  return rows.map(compartmentOf);
}

/** The tenant's compartments that die on `from` or later, oldest first: where its keys may be. */
export async function compartmentsOfTenant(
  connection: Connection,
  tenantId: string,
  options: { readonly from: Day; readonly limit: number },
): Promise<CompartmentRow[]> {
  const rows = await query(connection, {
    text: `
      select ${COMPARTMENT_COLUMNS} from compartment
      where tenant_id = $1::uuid and day_of_death >= $2::date
      order by day_of_death, serial limit $3::integer`,
    values: [tenantId, options.from, options.limit],
  });
  return rows.map(compartmentOf);
}

/** The weeks of death in which the tenant has compartments that are not destroyed, newest first. */
export async function liveDeathWeeks(connection: Connection, tenantId: string): Promise<Day[]> {
  const rows = await query(connection, {
    text: `
      select distinct death_week from compartment
      where tenant_id = $1::uuid and state <> 'destroyed' order by death_week desc`,
    values: [tenantId],
  });
  return rows.map((row) => day(row, "death_week"));
}

/**
 * Mirrors a change of state: live to closing and back, and either to destroyed, which is for good.
 * False when the row is in that state already, destroyed or unknown.
 */
export async function setCompartmentState(
  connection: Connection,
  serial: number,
  change:
    | { readonly state: "live" | "closing" }
    | { readonly state: "destroyed"; readonly at: Date },
): Promise<boolean> {
  const at = change.state === "destroyed" ? change.at : null;
  const count = await execute(connection, {
    text: `
      update compartment set state = $2, destroyed_at = $3
      where serial = $1::bigint and state <> $2 and state <> 'destroyed'`,
    values: [serial, change.state, at],
  });
  return count === 1;
}

export interface CompartmentCounts {
  readonly live: number;
  readonly closing: number;
  readonly destroyed: number;
  /** First and last day of death among those that are not destroyed. */
  readonly nextDeath: Day | null;
  readonly lastDeath: Day | null;
}

/** Counts for `status`. */
export async function countCompartments(connection: Connection): Promise<CompartmentCounts> {
  const rows = await query(connection, {
    text: `
      select count(*) filter (where state = 'live') as live,
             count(*) filter (where state = 'closing') as closing,
             count(*) filter (where state = 'destroyed') as destroyed,
             min(day_of_death) filter (where state <> 'destroyed') as next_death,
             max(day_of_death) filter (where state <> 'destroyed') as last_death
      from compartment`,
  });
  const row = rows[0] ?? {};
  return {
    live: wholeNumber(row, "live"),
    closing: wholeNumber(row, "closing"),
    destroyed: wholeNumber(row, "destroyed"),
    nextDeath: row["next_death"] === null ? null : day(row, "next_death"),
    lastDeath: row["last_death"] === null ? null : day(row, "last_death"),
  };
}
