/** Where parcels stand, on their shells, and how many accesses close on which day. */
import type { Day } from "../rules/calendar.ts";
import { query } from "./query.ts";
import type { Connection } from "./query.ts";
import { day, dayOrNull, textOrNull, wholeNumber } from "./row.ts";
import type { ParcelPlace, ShellPlace } from "./shell.ts";

/**
 * Writes where a parcel stands. Returns the day on which access closes now: the one given, or with
 * `keepsClosing` and none given the one that was fixed before.
 */
export async function setParcelState(
  connection: Connection,
  place: ShellPlace,
  asked: ParcelPlace & { readonly keepsClosing?: boolean },
): Promise<Day | null> {
  const { parcelState, stateOn, accessClosesOn, keepsClosing = false } = asked;
  const { shellWeek, compartment, slot } = place;
  const [row] = await query(connection, {
    text: `
      update shell set parcel_state = $4, state_on = $5::date,
        access_closes_on = coalesce($6::date, case when $7::boolean then access_closes_on end)
      where shell_week = $1::date and compartment = $2::bigint and slot = $3::integer
      returning access_closes_on`,
    values: [shellWeek, compartment, slot, parcelState, stateOn, accessClosesOn, keepsClosing],
  });
  return row === undefined ? null : dayOrNull(row, "access_closes_on");
}

/** Where a parcel stands; it stands there until the caller's transaction ends. */
export async function lockParcelState(
  connection: Connection,
  place: ShellPlace,
): Promise<ParcelPlace["parcelState"]> {
  const [row] = await query(connection, {
    text: `
      select parcel_state from shell
      where shell_week = $1::date and compartment = $2::bigint and slot = $3::integer for update`,
    values: [place.shellWeek, place.compartment, place.slot],
  });
  // The column's check keeps it to the table's rows.
  return row === undefined ? null : (textOrNull(row, "parcel_state") as ParcelPlace["parcelState"]);
}

export interface CountOnDay {
  readonly day: Day;
  readonly waybills: number;
}

/** How many accesses of a tenant close on each day from `from` up to `to`. Reads every shell. */
export async function accessClosings(
  connection: Connection,
  tenantId: string,
  days: { readonly from: Day; readonly to: Day },
): Promise<CountOnDay[]> {
  const rows = await query(connection, {
    text: `
      select access_closes_on, count(*) as waybills from shell
      where tenant_id = $1::uuid and access_closes_on between $2::date and $3::date
      group by 1 order by 1`,
    values: [tenantId, days.from, days.to],
  });
  return rows.map((row) => ({
    day: day(row, "access_closes_on"),
    waybills: wholeNumber(row, "waybills"),
  }));
}
