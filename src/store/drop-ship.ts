/** Which supplier may print which waybill's label (一件代发), how often and until when. */
import type { Day } from "../rules/calendar.ts";
import { BEFORE_PICK_UP } from "../rules/question.ts";
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { day, text, wholeNumber } from "./row.ts";
import type { ShellPlace } from "./shell.ts";
import { int4Array } from "./wire.ts";

export interface DropShipRow extends ShellPlace {
  readonly tenantId: string;
  /** The organisation that packs and sends. */
  readonly supplierId: string;
  /** Pseudonym of whoever handed it over. */
  readonly givenBy: string;
  readonly givenAt: Date;
  /** The last day on which it counts. */
  readonly untilDay: Day;
  /** Name of the paper. */
  readonly size: string;
  readonly printsMax: number;
}

type Place = Pick<ShellPlace, "compartment" | "slot">;

/** Hands a waybill to a supplier in place of whoever had it; its prints count anew. */
export async function putDropShip(connection: Connection, row: DropShipRow): Promise<void> {
  await execute(connection, {
    text: `
      insert into drop_ship (tenant_id, supplier_id, compartment, shell_week, until_day, given_at,
        slot, prints_max, given_by, label_size)
      values ($1::uuid, $2::uuid, $3::bigint, $4::date, $5::date, $6, $7::integer, $8::smallint,
        $9, $10)
      on conflict (compartment, slot) do update set supplier_id = excluded.supplier_id,
        until_day = excluded.until_day, given_at = excluded.given_at, withdrawn_at = null,
        prints = 0, prints_max = excluded.prints_max, given_by = excluded.given_by,
        label_size = excluded.label_size`,
    values: [
      row.tenantId,
      row.supplierId,
      row.compartment,
      row.shellWeek,
      row.untilDay,
      row.givenAt,
      row.slot,
      row.printsMax,
      row.givenBy,
      row.size,
    ],
  });
}

/** Takes a waybill back; the supplier that had it, or null where none had it any more. */
export async function endDropShip(
  connection: Connection,
  { compartment, slot }: Place,
  at: { readonly now: Date; readonly today: Day },
): Promise<string | null> {
  const [row] = await query(connection, {
    text: `
      update drop_ship set withdrawn_at = $3
      where compartment = $1::bigint and slot = $2::integer and withdrawn_at is null
        and until_day >= $4::date
      returning supplier_id`,
    values: [compartment, slot, at.now, at.today],
  });
  return row === undefined ? null : text(row, "supplier_id");
}

/** Whether a parcel left its sender: a state says so, or a branch has it or is to have it today. */
function isPickedUp(parameters: { readonly today: string; readonly before: string }): string {
  return `(
        exists (select 1 from shell
          where shell.shell_week = drop_ship.shell_week
            and shell.compartment = drop_ship.compartment and shell.slot = drop_ship.slot
            and shell.parcel_state <> all(string_to_array(${parameters.before}, ',')))
        or exists (select 1 from custody
          where custody.compartment = drop_ship.compartment and custody.slot = drop_ship.slot
            and custody.until_day is null)
        or exists (select 1 from assignment
          where assignment.compartment = drop_ship.compartment
            and assignment.slot = drop_ship.slot and on_day = ${parameters.today}::date))`;
}

const BEFORE = BEFORE_PICK_UP.join(",");

export interface StandingDropShip {
  readonly supplierId: string;
  readonly untilDay: Day;
  /** Name of the paper. */
  readonly size: string;
  readonly prints: number;
  readonly printsMax: number;
  /** Whether it left whoever packs it, so that no further label of it is wanted. */
  readonly isPickedUp: boolean;
}

/** Those of several slots of one compartment that a supplier has on `today`, by slot. */
export async function standingDropShips(
  connection: Connection,
  { compartment, today }: { readonly compartment: number; readonly today: Day },
  slots: readonly number[],
): Promise<ReadonlyMap<number, StandingDropShip>> {
  const rows = await query(connection, {
    name: "drop_ship_standing",
    text: `
      select slot, supplier_id, until_day, label_size, prints, prints_max,
        ${isPickedUp({ today: "$3", before: "$4" })} as is_picked_up
      from drop_ship
      where compartment = $1::bigint and slot = any($2::integer[]) and withdrawn_at is null
        and until_day >= $3::date`,
    values: [compartment, int4Array(slots), today, BEFORE],
  });
  return new Map(
    rows.map((row) => [
      wholeNumber(row, "slot"),
      {
        supplierId: text(row, "supplier_id"),
        untilDay: day(row, "until_day"),
        size: text(row, "label_size"),
        prints: wholeNumber(row, "prints"),
        printsMax: wholeNumber(row, "prints_max"),
        isPickedUp: row["is_picked_up"] === true,
      },
    ]),
  );
}

/**
 * Counts a print of each of `slots` by the supplier, in the transaction of the prints; how many
 * could be counted. What was withdrawn, is over, picked up or was printed often enough cannot.
 */
export async function countSupplierPrints(
  connection: Connection,
  within: {
    readonly compartment: number;
    readonly supplierId: string;
    readonly size: string;
    readonly today: Day;
  },
  slots: readonly number[],
): Promise<number> {
  const { compartment, supplierId, size, today } = within;
  return execute(connection, {
    text: `
      update drop_ship set prints = prints + 1
      where compartment = $1::bigint and slot = any($2::integer[]) and supplier_id = $3::uuid
        and label_size = $4 and withdrawn_at is null and until_day >= $5::date
        and prints < prints_max and not ${isPickedUp({ today: "$5", before: "$6" })}`,
    values: [compartment, int4Array(slots), supplierId, size, today, BEFORE],
  });
}
