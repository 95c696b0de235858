/** Shifts (当班): for which parcels a handheld was given keys, and what became of each. */
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { bytes, instant, instantOrNull, text, wholeNumber, wordOrNull } from "./row.ts";
import type { Row } from "./row.ts";
import { int4Array } from "./wire.ts";

export const FATES = ["delivered", "returned", "unaccounted"] as const;
export type Fate = (typeof FATES)[number];

export interface ShiftRow {
  readonly id: string;
  readonly tenantId: string;
  readonly handheldId: string;
  readonly givenAt: Date;
  readonly expiresAt: Date;
  readonly settledAt: Date | null;
  readonly parcels: number;
  /** Pseudonym of whoever was given the keys. */
  readonly actor: string;
  /** Key of the journal, 32 bytes. */
  readonly secret: Uint8Array;
}

export interface ShiftParcelRow {
  readonly compartment: number;
  readonly slot: number;
  readonly openings: number;
  readonly fate: Fate | null;
}

const COLUMNS =
  "id, tenant_id, handheld_id, given_at, expires_at, settled_at, parcels, actor, secret";
const LIST_MAX = 10_000;

function shiftOf(row: Row): ShiftRow {
  return {
    id: text(row, "id"),
    tenantId: text(row, "tenant_id"),
    handheldId: text(row, "handheld_id"),
    givenAt: instant(row, "given_at"),
    expiresAt: instant(row, "expires_at"),
    settledAt: instantOrNull(row, "settled_at"),
    parcels: wholeNumber(row, "parcels"),
    actor: text(row, "actor"),
    secret: bytes(row, "secret"),
  };
}

function parcelOf(row: Row): ShiftParcelRow {
  return {
    compartment: wholeNumber(row, "compartment"),
    slot: wholeNumber(row, "slot"),
    openings: wholeNumber(row, "openings"),
    fate: wordOrNull(row, "fate", FATES),
  };
}

type Place = Pick<ShiftParcelRow, "compartment" | "slot">;

/** Stores a shift and its parcels in the caller's transaction. */
export async function insertShift(
  connection: Connection,
  row: Omit<ShiftRow, "settledAt" | "parcels">,
  places: readonly Place[],
): Promise<void> {
  await execute(connection, {
    text: `
      insert into shift
        (id, tenant_id, handheld_id, given_at, expires_at, parcels, actor, secret)
      values ($1::uuid, $2::uuid, $3::uuid, $4::timestamptz, $5::timestamptz, $6::integer, $7,
        $8::bytea)`,
    values: [
      row.id,
      row.tenantId,
      row.handheldId,
      row.givenAt,
      row.expiresAt,
      places.length,
      row.actor,
      Buffer.from(row.secret),
    ],
  });
  await execute(connection, {
    text: `
      insert into shift_parcel (shift_id, compartment, slot)
      select $1::uuid, compartment, slot
      from unnest($2::bigint[], $3::integer[]) as given (compartment, slot)`,
    values: [
      row.id,
      `{${places.map(({ compartment }) => compartment).join(",")}}`,
      int4Array(places.map(({ slot }) => slot)),
    ],
  });
}

/** The shift of that id in the tenant, locked until the transaction ends; or null. */
export async function lockShift(
  connection: Connection,
  tenantId: string,
  id: string,
): Promise<ShiftRow | null> {
  const rows = await query(connection, {
    text: `
      select ${COLUMNS} from shift where id = $2::uuid and tenant_id = $1::uuid for update`,
    values: [tenantId, id],
  });
  return rows[0] === undefined ? null : shiftOf(rows[0]);
}

export async function parcelsOfShift(
  connection: Connection,
  id: string,
): Promise<ShiftParcelRow[]> {
  const rows = await query(connection, {
    text: `
      select compartment, slot, openings, fate from shift_parcel
      where shift_id = $1::uuid order by compartment, slot`,
    values: [id],
  });
  return rows.map(parcelOf);
}

/** Writes down what became of each parcel, and that the shift is settled. */
export async function settleShift(
  connection: Connection,
  settled: { readonly id: string; readonly at: Date },
  parcels: readonly (ShiftParcelRow & { readonly fate: Fate })[],
): Promise<void> {
  await execute(connection, {
    text: `
      update shift_parcel as p set openings = s.openings, fate = s.fate
      from unnest($2::bigint[], $3::integer[], $4::integer[], $5::text[])
        as s (compartment, slot, openings, fate)
      where p.shift_id = $1::uuid and p.compartment = s.compartment and p.slot = s.slot`,
    values: [
      settled.id,
      `{${parcels.map(({ compartment }) => compartment).join(",")}}`,
      int4Array(parcels.map(({ slot }) => slot)),
      int4Array(parcels.map(({ openings }) => openings)),
      `{${parcels.map(({ fate }) => fate).join(",")}}`,
    ],
  });
  await execute(connection, {
    text: `update shift set settled_at = $2::timestamptz where id = $1::uuid`,
    values: [settled.id, settled.at],
  });
}

/** Shifts of the tenant that nobody has settled yet, the oldest first, at most 10,000. */
export async function openShifts(connection: Connection, tenantId: string): Promise<ShiftRow[]> {
  const rows = await query(connection, {
    text: `
      select ${COLUMNS} from shift
      where tenant_id = $1::uuid and settled_at is null
      order by given_at, id limit $2::integer`,
    values: [tenantId, LIST_MAX],
  });
  return rows.map(shiftOf);
}
