/** Custody (保管): which branch has which parcel on which days. */
import type { Day } from "../rules/calendar.ts";
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { day, text, textOrNull, wholeNumber } from "./row.ts";
import type { ShellPlace } from "./shell.ts";
import { int4Array, int8Array } from "./wire.ts";

export interface CustodyStart extends ShellPlace {
  readonly tenantId: string;
  readonly organisationId: string;
  readonly fromDay: Day;
}

/** Ends whoever has the parcel, but a branch that is named; never before its first day. */
export async function endCustody(
  connection: Connection,
  place: Pick<ShellPlace, "compartment" | "slot">,
  ended: { readonly on: Day; readonly unless: string | null },
): Promise<void> {
  await execute(connection, {
    text: `
      update custody set until_day = greatest(from_day, $3::date)
      where compartment = $1::bigint and slot = $2::integer and until_day is null
        and organisation_id is distinct from $4::uuid`,
    values: [place.compartment, place.slot, ended.on, ended.unless],
  });
}

/** Gives the parcel to a branch; whoever had it before ends that day. Again changes nothing. */
export async function beginCustody(connection: Connection, start: CustodyStart): Promise<void> {
  const { tenantId, organisationId, compartment, shellWeek, slot, fromDay } = start;
  await endCustody(connection, start, { on: fromDay, unless: organisationId });
  await execute(connection, {
    text: `
      insert into custody (tenant_id, organisation_id, compartment, shell_week, from_day, slot)
      select $1::uuid, $2::uuid, $3::bigint, $4::date, $5::date, $6::integer
      where not exists (
        select from custody
        where compartment = $3::bigint and slot = $6::integer and until_day is null)
      on conflict (compartment, slot, organisation_id, from_day)
      do update set until_day = null`,
    values: [tenantId, organisationId, compartment, shellWeek, fromDay, slot],
  });
}

/** The branch that has a parcel now; null when none is known. */
export async function findCustody(
  connection: Connection,
  place: Pick<ShellPlace, "compartment" | "slot">,
): Promise<string | null> {
  const [row] = await query(connection, {
    text: `
      select organisation_id from custody
      where compartment = $1::bigint and slot = $2::integer and until_day is null`,
    values: [place.compartment, place.slot],
  });
  return row === undefined ? null : text(row, "organisation_id");
}

/** The branches that gave a parcel away on a day. */
export async function custodyEndedOn(
  connection: Connection,
  place: Pick<ShellPlace, "compartment" | "slot">,
  on: Day,
): Promise<string[]> {
  const rows = await query(connection, {
    text: `
      select organisation_id from custody
      where compartment = $1::bigint and slot = $2::integer and until_day = $3::date`,
    values: [place.compartment, place.slot, on],
  });
  return rows.map((row) => text(row, "organisation_id"));
}

/** A parcel that a branch has, with what its rows are found by. */
export interface InCustody extends ShellPlace {
  readonly deathWeek: Day;
}

/** The parcels in a branch's custody on a day, by place, at most `limit`. */
export async function custodyOn(
  connection: Connection,
  asked: { readonly tenantId: string; readonly organisationId: string; readonly on: Day },
  limit: number,
): Promise<InCustody[]> {
  const rows = await query(connection, {
    text: `
      select custody.compartment, custody.slot, custody.shell_week, compartment.death_week
      from custody join compartment on compartment.serial = custody.compartment
      where custody.tenant_id = $1::uuid and organisation_id = $2::uuid and from_day <= $3::date
        and (until_day is null or until_day >= $3::date) and compartment.state <> 'destroyed'
      order by custody.compartment, custody.slot limit $4::integer`,
    values: [asked.tenantId, asked.organisationId, asked.on, limit],
  });
  return rows.map((row) => ({
    compartment: wholeNumber(row, "compartment"),
    slot: wholeNumber(row, "slot"),
    shellWeek: day(row, "shell_week"),
    deathWeek: day(row, "death_week"),
  }));
}

/**
 * The branch that each place stands with, in the order given: that of the day's route, else whoever
 * has it in custody, else whoever had it last; null where no branch ever had it.
 */
export async function holdersOf(
  connection: Connection,
  places: readonly Pick<ShellPlace, "compartment" | "slot">[],
  on: Day,
): Promise<(string | null)[]> {
  const rows = await query(connection, {
    name: "custody_holders",
    text: `
      select coalesce(
        (select organisation_id from assignment
          where compartment = asked.compartment and slot = asked.slot and on_day = $3::date),
        (select organisation_id from custody
          where compartment = asked.compartment and slot = asked.slot
          order by until_day desc nulls first, from_day desc limit 1)) as holder
      from unnest($1::bigint[], $2::integer[]) with ordinality as asked (compartment, slot, at)
      order by at`,
    values: [
      int8Array(places.map(({ compartment }) => compartment)),
      int4Array(places.map(({ slot }) => slot)),
      on,
    ],
  });
  return rows.map((row) => textOrNull(row, "holder"));
}
