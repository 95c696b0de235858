/** Shells (运单骨架): what is left of a waybill without its persons, on a clock of its own (P8). */

import { PARCEL_STATE_NAMES } from "../rules/access-close.ts";
import type { ParcelState } from "../rules/access-close.ts";
import type { Day } from "../rules/calendar.ts";
import { columnsOf } from "./column.ts";
import { copyRows, textBytesMax } from "./copy.ts";
import type { CopyTarget } from "./copy.ts";
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import {
  bytes,
  bytesOrNull,
  day,
  dayOrNull,
  instant,
  text,
  wholeNumber,
  word,
  wordOrNull,
} from "./row.ts";
import { slotsByCompartment } from "./slots.ts";
import type { SlotsByCompartment } from "./slots.ts";
import type { Row } from "./row.ts";
import { int4Array, int8Array, uuidBytes } from "./wire.ts";

export const SHELL_STATES = ["sealed", "printed", "held", "erased"] as const;
export type ShellState = (typeof SHELL_STATES)[number];

/** Where a shell lies. `shellWeek` is the Monday of the week in which the shell itself ends. */
export interface ShellPlace {
  readonly shellWeek: Day;
  readonly compartment: number;
  readonly slot: number;
}

export interface ShellRow extends ShellPlace {
  readonly bucket: number;
  readonly dayOfDeath: Day;
  /** UUID text. */
  readonly tenantId: string;
  /** The token's 56 random bits: compared, never indexed. */
  readonly tokenRandom: Uint8Array;
  /** Number of the token key that its token was made with. */
  readonly tokenKey: number;
  /** Keyed hash of the merchant, 8 bytes. */
  readonly merchantKey: Uint8Array | null;
  /** At most 40 characters; empty when unknown. */
  readonly carrier: string;
  /** At most 64 characters; empty when the carrier has not given one yet. */
  readonly waybillNumber: string;
  /** GB/T 2260 code of the recipient's division, 0 when unknown. */
  readonly divisionCode: number;
  readonly state: ShellState;
  readonly sealedAt: Date;
}

/** Where the parcel stands; all null while it is on its way. */
export interface ParcelPlace {
  readonly parcelState: ParcelState | null;
  readonly stateOn: Day | null;
  /** The first day on which access to the persons is closed. */
  readonly accessClosesOn: Day | null;
}

export interface FoundShell extends ShellRow, ParcelPlace {}

const FIXED_BYTES = 8 + 8 + 4 + 4 + 4 + 4 + 4 + 2 + 16 + 7 + 8;

const TARGET: CopyTarget<ShellRow> = {
  into:
    "shell (compartment, sealed_at, shell_week, day_of_death, slot, division_code, token_key," +
    " bucket, tenant_id, token_random, merchant_key, carrier, waybill_number, state)",
  write(writer, row) {
    const texts =
      textBytesMax(row.carrier) + textBytesMax(row.waybillNumber) + textBytesMax(row.state);
    writer.startRow(14, FIXED_BYTES + texts);
    writer.int8(row.compartment);
    writer.timestamp(row.sealedAt);
    writer.date(row.shellWeek);
    writer.date(row.dayOfDeath);
    writer.int4(row.slot);
    writer.int4(row.divisionCode);
    writer.int4(row.tokenKey);
    writer.int2(row.bucket);
    writer.bytes(uuidBytes(row.tenantId));
    writer.bytes(row.tokenRandom);
    if (row.merchantKey === null) writer.nothing();
    else writer.bytes(row.merchantKey);
    writer.text(row.carrier);
    writer.text(row.waybillNumber);
    writer.text(row.state);
  },
};

/** Of a `FoundShell`, for statements that join the table. */
export const SHELL_COLUMNS =
  "compartment, sealed_at, shell_week, day_of_death, slot, division_code, token_key, bucket," +
  " tenant_id, token_random, merchant_key, carrier, waybill_number, state, parcel_state," +
  " state_on, access_closes_on";

/** A row of those columns. */
export function shellOf(row: Row): FoundShell {
  return {
    shellWeek: day(row, "shell_week"),
    compartment: wholeNumber(row, "compartment"),
    slot: wholeNumber(row, "slot"),
    bucket: wholeNumber(row, "bucket"),
    dayOfDeath: day(row, "day_of_death"),
    tenantId: text(row, "tenant_id"),
    tokenRandom: bytes(row, "token_random"),
    tokenKey: wholeNumber(row, "token_key"),
    merchantKey: bytesOrNull(row, "merchant_key"),
    carrier: text(row, "carrier"),
    waybillNumber: text(row, "waybill_number"),
    divisionCode: wholeNumber(row, "division_code"),
    state: word(row, "state", SHELL_STATES),
    sealedAt: instant(row, "sealed_at"),
    parcelState: wordOrNull(row, "parcel_state", PARCEL_STATE_NAMES),
    stateOn: dayOrNull(row, "state_on"),
    accessClosesOn: dayOrNull(row, "access_closes_on"),
  };
}

/**
 * Stores `rows` in the caller's transaction; their weeks must have partitions (`ensurePartitions`).
 * DATABASE_FAILED with `sqlstate` 23505 when a place is taken already.
 */
export async function copyShells(connection: Connection, rows: readonly ShellRow[]): Promise<void> {
  await copyRows(connection, TARGET, rows);
}

/** One shell, or null when there is none at that place. Reads one partition. */
export async function findShell(
  connection: Connection,
  place: ShellPlace,
): Promise<FoundShell | null> {
  const [first] = await findShells(connection, place, [place.slot]);
  return first ?? null;
}

/**
 * The shells of several slots of one compartment, by slot; those that do not exist are left out.
 */
export async function findShells(
  connection: Connection,
  within: Pick<ShellPlace, "shellWeek" | "compartment">,
  slots: readonly number[],
): Promise<FoundShell[]> {
  const rows = await query(connection, {
    name: "shell_find",
    text: `
      select ${SHELL_COLUMNS} from shell
      where shell_week = $1::date and compartment = $2::bigint and slot = any($3::integer[])
      order by slot`,
    values: [within.shellWeek, within.compartment, int4Array(slots)],
  });
  return rows.map(shellOf);
}

/** The tenant's shells at places of any compartments; those that do not exist are left out. */
export async function findShellsAt(
  connection: Connection,
  tenantId: string,
  places: readonly Pick<ShellPlace, "compartment" | "slot">[],
): Promise<FoundShell[]> {
  const rows = await query(connection, {
    name: "shells_at",
    text: `
      select ${columnsOf("s", SHELL_COLUMNS)}
      from unnest($2::bigint[], $3::integer[]) as asked (serial, slot)
        join compartment c on c.serial = asked.serial and c.tenant_id = $1::uuid
        cross join lateral shell_at(c.shell_week, asked.serial, asked.slot) s`,
    values: [
      tenantId,
      int8Array(places.map(({ compartment }) => compartment)),
      int4Array(places.map(({ slot }) => slot)),
    ],
  });
  return rows.map(shellOf);
}

/** Moves shells of one compartment to `state`; returns how many there were to move. */
export async function setShellState(
  connection: Connection,
  within: Pick<ShellPlace, "shellWeek" | "compartment"> & { readonly slots: readonly number[] },
  state: ShellState,
): Promise<number> {
  return execute(connection, {
    text: `
      update shell set state = $4::text
      where shell_week = $1::date and compartment = $2::bigint and slot = any($3::integer[])
        and state <> $4::text`,
    values: [within.shellWeek, within.compartment, int4Array(within.slots), state],
  });
}

/** The recipient lives in another division; returns whether there was such a shell. */
export async function setDivision(
  connection: Connection,
  place: ShellPlace,
  divisionCode: number,
): Promise<boolean> {
  const changed = await execute(connection, {
    text: `
      update shell set division_code = $4::integer
      where shell_week = $1::date and compartment = $2::bigint and slot = $3::integer`,
    values: [place.shellWeek, place.compartment, place.slot, divisionCode],
  });
  return changed === 1;
}

/** The highest slot that any shell of the compartment holds, or null when it is empty. */
export async function lastSlot(
  connection: Connection,
  within: Pick<ShellPlace, "shellWeek" | "compartment">,
): Promise<number | null> {
  const rows = await query(connection, {
    text: `
      select slot from shell where shell_week = $1::date and compartment = $2::bigint
      order by slot desc limit 1`,
    values: [within.shellWeek, within.compartment],
  });
  const first = rows[0];
  return first === undefined ? null : wholeNumber(first, "slot");
}

/** How many shells there are, of all tenants, counted no further than `max`. */
export async function countShellsUpTo(connection: Connection, max: number): Promise<number> {
  const [row] = await query(connection, {
    text: "select count(*) as shells from (select from shell limit $1) counted",
    values: [max],
  });
  return row === undefined ? 0 : wholeNumber(row, "shells");
}

/** How many shells stand in each state. Reads every row: for `status`, not for hot paths. */
export async function countByState(
  connection: Connection,
): Promise<ReadonlyMap<ShellState, number>> {
  const rows = await query(connection, {
    text: "select state, count(*) as shells from shell group by state",
  });
  return new Map(
    rows.map((row) => [word(row, "state", SHELL_STATES), wholeNumber(row, "shells")] as const),
  );
}

/** How many shells each of the compartments holds; empty ones are not in the map. */
export async function countShells(
  connection: Connection,
  compartments: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const rows = await query(connection, {
    text: `
      select compartment, count(*) as shells from shell
      where compartment = any($1::bigint[]) group by compartment`,
    values: [int8Array(compartments)],
  });
  return new Map(
    rows.map((row) => [wholeNumber(row, "compartment"), wholeNumber(row, "shells")] as const),
  );
}

/** When the first and the last shell that is left of a compartment was sealed, or one of them. */
export async function sealedSpan(
  connection: Connection,
  place: { readonly serial: number; readonly slot?: number; readonly shellWeek: Day },
): Promise<{ readonly first: Date; readonly last: Date } | null> {
  const [row] = await query(connection, {
    text: `
      select min(sealed_at) as first, max(sealed_at) as last from shell
      where shell_week = $1::date and compartment = $2::bigint
        and ($3::integer is null or slot = $3::integer)
      having count(*) > 0`,
    values: [place.shellWeek, place.serial, place.slot ?? null],
  });
  return row === undefined ? null : { first: instant(row, "first"), last: instant(row, "last") };
}

/** Waybills of those compartments whose persons were erased early. Reads all their shells. */
export async function erasedSlots(
  connection: Connection,
  compartments: readonly number[],
): Promise<SlotsByCompartment> {
  const rows = await query(connection, {
    text: `
      select compartment, slot from shell
      where compartment = any($1::bigint[]) and state = 'erased' order by compartment, slot`,
    values: [int8Array(compartments)],
  });
  return slotsByCompartment(rows);
}
