/** Whose route a parcel is on, by day. */
import type { Day } from "../rules/calendar.ts";
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { text, textOrNull } from "./row.ts";

export interface AssignmentRow {
  readonly tenantId: string;
  readonly compartment: number;
  readonly slot: number;
  readonly on: Day;
  /** The branch, outlet or station that has the parcel that day. */
  readonly organisationId: string;
  /** Pseudonym of whoever carries it; null while only the branch is known. */
  readonly account: string | null;
}

/** Writes an assignment over an earlier one of that day. */
export async function putAssignment(connection: Connection, row: AssignmentRow): Promise<void> {
  await execute(connection, {
    text: `
      insert into assignment (tenant_id, organisation_id, compartment, on_day, slot, account)
      values ($1::uuid, $2::uuid, $3::bigint, $4::date, $5::integer, $6)
      on conflict (compartment, slot, on_day)
      do update set organisation_id = excluded.organisation_id, account = excluded.account`,
    values: [row.tenantId, row.organisationId, row.compartment, row.on, row.slot, row.account],
  });
}

/** Takes away what a tenant assigned for days before `before`. */
export async function dropAssignments(
  connection: Connection,
  tenantId: string,
  before: Day,
): Promise<void> {
  await execute(connection, {
    text: "delete from assignment where tenant_id = $1::uuid and on_day < $2::date",
    values: [tenantId, before],
  });
}

/** Takes a parcel off the routes of a day and of all days after it. */
export async function dropRoute(
  connection: Connection,
  { compartment, slot, on }: Pick<AssignmentRow, "compartment" | "slot" | "on">,
): Promise<void> {
  await execute(connection, {
    text: `
      delete from assignment
      where compartment = $1::bigint and slot = $2::integer and on_day >= $3::date`,
    values: [compartment, slot, on],
  });
}

export type Assigned = Pick<AssignmentRow, "organisationId" | "account">;

/** Who has a parcel on that day; null when nobody was named. */
export async function findAssignment(
  connection: Connection,
  place: Pick<AssignmentRow, "compartment" | "slot" | "on">,
): Promise<Assigned | null> {
  const rows = await query(connection, {
    name: "assignment_of_day",
    text: `
      select organisation_id, account from assignment
      where compartment = $1::bigint and slot = $2::integer and on_day = $3::date`,
    values: [place.compartment, place.slot, place.on],
  });
  const [row] = rows;
  if (row === undefined) return null;
  return { organisationId: text(row, "organisation_id"), account: textOrNull(row, "account") };
}
