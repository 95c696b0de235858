/**
 * Party rows: the two envelopes and the two blind indexes of a waybill, gone with its week (P5,
 * P18).
 */

import type { Day } from "../rules/calendar.ts";
import { copyRows } from "./copy.ts";
import type { CopyTarget } from "./copy.ts";
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { bytes, day, wholeNumber, wholeNumberOrNull } from "./row.ts";
import type { Row } from "./row.ts";
import { int4Array } from "./wire.ts";

/** Where a party row lies. `deathWeek` is a Monday; `bucket` 0..32767; `slot` 0..131071. */
export interface PartyPlace {
  readonly deathWeek: Day;
  readonly compartment: number;
  readonly slot: number;
  readonly bucket: number;
}

export interface PartyRow extends PartyPlace {
  /** Envelopes, 1..65536 bytes. */
  readonly parties: Uint8Array;
  readonly view: Uint8Array;
  /** Truncated blind indexes, any 32 bits; null when there is nothing to find. */
  readonly phoneTag: number | null;
  readonly fingerprintTag: number | null;
}

export interface TagInWeek {
  readonly deathWeek: Day;
  readonly tag: number;
}

const FIXED_BYTES = 8 + 4 + 4 + 2 + 4 + 4;

const TARGET: CopyTarget<PartyRow> = {
  into: "party (compartment, death_week, slot, bucket, phone_tag, fingerprint_tag, parties, view)",
  write(writer, row) {
    writer.startRow(8, FIXED_BYTES + row.parties.length + row.view.length);
    writer.int8(row.compartment);
    writer.date(row.deathWeek);
    writer.int4(row.slot);
    writer.int2(row.bucket);
    if (row.phoneTag === null) writer.nothing();
    else writer.int4(row.phoneTag);
    if (row.fingerprintTag === null) writer.nothing();
    else writer.int4(row.fingerprintTag);
    writer.bytes(row.parties);
    writer.bytes(row.view);
  },
};

/** Of a `PartyRow`, for statements that join the table. */
export const PARTY_COLUMNS =
  "death_week, compartment, slot, bucket, phone_tag, fingerprint_tag, parties, view";

/** A row of those columns. */
export function partyOf(row: Row): PartyRow {
  return {
    deathWeek: day(row, "death_week"),
    compartment: wholeNumber(row, "compartment"),
    slot: wholeNumber(row, "slot"),
    bucket: wholeNumber(row, "bucket"),
    phoneTag: wholeNumberOrNull(row, "phone_tag"),
    fingerprintTag: wholeNumberOrNull(row, "fingerprint_tag"),
    parties: bytes(row, "parties"),
    view: bytes(row, "view"),
  };
}

/**
 * Stores `rows` in the caller's transaction; their weeks must have partitions (`ensurePartitions`).
 * DATABASE_FAILED with `sqlstate` 23505 when a place is taken already.
 */
export async function copyParties(
  connection: Connection,
  rows: readonly PartyRow[],
): Promise<void> {
  await copyRows(connection, TARGET, rows);
}

/** The row of one waybill, or null once it has been collected. Reads one partition. */
export async function findParty(
  connection: Connection,
  place: Omit<PartyPlace, "bucket">,
): Promise<PartyRow | null> {
  const rows = await query(connection, {
    name: "party_find",
    text: `
      select ${PARTY_COLUMNS} from party
      where death_week = $1::date and compartment = $2::bigint and slot = $3::integer`,
    values: [place.deathWeek, place.compartment, place.slot],
  });
  const first = rows[0];
  return first === undefined ? null : partyOf(first);
}

/** Removes the row of a waybill that was erased early; false when it was gone already. */
export async function deleteParty(
  connection: Connection,
  place: Omit<PartyPlace, "bucket">,
): Promise<boolean> {
  const count = await execute(connection, {
    text: `
      delete from party
      where death_week = $1::date and compartment = $2::bigint and slot = $3::integer`,
    values: [place.deathWeek, place.compartment, place.slot],
  });
  return count > 0;
}

/** The rows of several slots of one compartment; those that were collected are left out. */
export async function findParties(
  connection: Connection,
  within: Pick<PartyPlace, "deathWeek" | "compartment">,
  slots: readonly number[],
): Promise<PartyRow[]> {
  const rows = await query(connection, {
    name: "parties_find",
    text: `
      select ${PARTY_COLUMNS} from party
      where death_week = $1::date and compartment = $2::bigint and slot = any($3::integer[])`,
    values: [within.deathWeek, within.compartment, int4Array(slots)],
  });
  return rows.map(partyOf);
}

/** Puts corrected envelopes and tags in the place of a waybill's, and of what a hold kept of it. */
export async function replaceEnvelopes(connection: Connection, row: PartyRow): Promise<void> {
  const { deathWeek, compartment, slot, parties, view, phoneTag, fingerprintTag } = row;
  const envelopes = [Buffer.from(parties), Buffer.from(view)];
  await execute(connection, {
    text: `
      update party set parties = $4::bytea, view = $5::bytea, phone_tag = $6,
        fingerprint_tag = $7
      where death_week = $1::date and compartment = $2::bigint and slot = $3::integer`,
    values: [deathWeek, compartment, slot, ...envelopes, phoneTag, fingerprintTag],
  });
  await execute(connection, {
    text: `
      update held_party set parties = $3::bytea, view = $4::bytea
      where compartment = $1::bigint and slot = $2::integer`,
    values: [compartment, slot, ...envelopes],
  });
}
