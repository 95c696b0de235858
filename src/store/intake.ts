/**
 * Intake: the same order again is the same waybill (design: claim, then COPY the winners, in one
 * transaction). It outlives the person, so that an order is never sealed twice, and holds keyed
 * hashes only.
 */

import type { Day } from "../rules/calendar.ts";
import { copyRows } from "./copy.ts";
import type { CopyTarget } from "./copy.ts";
import { execute, query, sqlStateOf, SQLSTATE } from "./query.ts";
import type { Connection } from "./query.ts";
import { bytes, day, wholeNumber } from "./row.ts";
import type { Row } from "./row.ts";
import { byteaArray, dateArray, int2Array, int4Array, int8Array } from "./wire.ts";

export interface IntakeRow {
  readonly bucket: number;
  /** Keyed hash of merchant and order number, 16 bytes. */
  readonly orderKey: Uint8Array;
  /** Keyed hash of what was sealed, 16 bytes. */
  readonly bodyKey: Uint8Array;
  /** The place offered; each place is offered once, which is how a winner is recognised. */
  readonly compartment: number;
  readonly slot: number;
  readonly dayOfDeath: Day;
  /** When the row itself may go. */
  readonly expiresOn: Day;
}

/**
 * What an order was claimed as before: by another transaction or by an earlier row of the batch.
 */
export type EarlierClaim = Pick<IntakeRow, "bodyKey" | "compartment" | "slot" | "dayOfDeath">;

/** For each row offered, in order: null when it won its place, else the claim that stands. */
export type ClaimResult = readonly (EarlierClaim | null)[];

const FIXED_BYTES = 8 + 4 + 4 + 4 + 2;

const TARGET: CopyTarget<IntakeRow> = {
  into: "intake (compartment, slot, day_of_death, expires_on, bucket, order_key, body_key)",
  write(writer, row) {
    writer.startRow(7, FIXED_BYTES + row.orderKey.length + row.bodyKey.length);
    writer.int8(row.compartment);
    writer.int4(row.slot);
    writer.date(row.dayOfDeath);
    writer.date(row.expiresOn);
    writer.int2(row.bucket);
    writer.bytes(row.orderKey);
    writer.bytes(row.bodyKey);
  },
};

/** As PostgreSQL orders them. Keys differ early, so that Buffer.compare would cost more. */
function byKey(one: IntakeRow, other: IntakeRow): number {
  let order = one.bucket - other.bucket;
  const { length } = one.orderKey;
  for (let at = 0; order === 0 && at < length; at += 1) {
    order = (one.orderKey[at] ?? 0) - (other.orderKey[at] ?? 0);
  }
  return order;
}

/**
 * COPYs all rows, which costs the server a third less than claiming them one by one, or none of
 * them when a key is claimed already (false). In the same order as below, for the same reason.
 */
async function claimTogether(connection: Connection, rows: readonly IntakeRow[]): Promise<boolean> {
  await execute(connection, { text: "savepoint claim" });
  try {
    await copyRows(connection, TARGET, rows.toSorted(byKey));
  } catch (error) {
    if (sqlStateOf(error) !== SQLSTATE.uniqueViolation) throw error;
    await execute(connection, { text: "rollback to savepoint claim" });
    return false;
  }
  await execute(connection, { text: "release savepoint claim" });
  return true;
}

/* Sorted, so that two batches with keys in common queue for each other instead of deadlocking. */
const CLAIM = `
  insert into intake
    (bucket, order_key, body_key, compartment, slot, day_of_death, expires_on)
  select * from unnest($1::smallint[], $2::bytea[], $3::bytea[], $4::bigint[], $5::integer[],
                       $6::date[], $7::date[]) as offered
           (bucket, order_key, body_key, compartment, slot, day_of_death, expires_on)
  order by bucket, order_key
  on conflict (bucket, order_key) do nothing`;

const STANDING = `
  select offered.at, i.body_key, i.compartment, i.slot, i.day_of_death
  from unnest($1::smallint[], $2::bytea[], $3::bigint[], $4::integer[]) with ordinality
         as offered (bucket, order_key, compartment, slot, at)
  join intake i on i.bucket = offered.bucket and i.order_key = offered.order_key
  where (i.compartment, i.slot) <> (offered.compartment, offered.slot)`;

/**
 * Claims `rows` in the caller's transaction, once per transaction (two claims in one could deadlock
 * with another server's). Waits for other transactions that hold the same keys; when the caller
 * rolls back, the keys are free again. Of equal keys within `rows` one wins, and the others see it.
 */
export async function claim(
  connection: Connection,
  rows: readonly IntakeRow[],
): Promise<ClaimResult> {
  if (rows.length === 0) return [];
  if (await claimTogether(connection, rows)) return rows.map(() => null);
  return claimOneByOne(connection, rows);
}

async function claimOneByOne(
  connection: Connection,
  rows: readonly IntakeRow[],
): Promise<ClaimResult> {
  const buckets = int2Array(rows.map((row) => row.bucket));
  const orderKeys = byteaArray(rows.map((row) => row.orderKey));
  const compartments = int8Array(rows.map((row) => row.compartment));
  const slots = int4Array(rows.map((row) => row.slot));
  const won = await execute(connection, {
    name: "intake_claim",
    text: CLAIM,
    values: [
      buckets,
      orderKeys,
      byteaArray(rows.map((row) => row.bodyKey)),
      compartments,
      slots,
      dateArray(rows.map((row) => row.dayOfDeath)),
      dateArray(rows.map((row) => row.expiresOn)),
    ],
  });
  const results: (EarlierClaim | null)[] = rows.map(() => null);
  if (won === rows.length) return results;
  // A statement of its own: the insert's snapshot may not see the rows that it ran into.
  const standing = await query(connection, {
    name: "intake_standing",
    text: STANDING,
    values: [buckets, orderKeys, compartments, slots],
  });
  for (const row of standing) results[wholeNumber(row, "at") - 1] = earlierOf(row);
  return results;
}

const KNOWN = `
  select offered.at, i.body_key, i.compartment, i.slot, i.day_of_death
  from unnest($1::smallint[], $2::bytea[]) with ordinality as offered (bucket, order_key, at)
  join intake i on i.bucket = offered.bucket and i.order_key = offered.order_key`;

/** For each key, in order, the claim that stands for it already, or null. Claims nothing. */
export async function findClaims(
  connection: Connection,
  keys: readonly Pick<IntakeRow, "bucket" | "orderKey">[],
): Promise<ClaimResult> {
  const results: (EarlierClaim | null)[] = keys.map(() => null);
  const rows = await query(connection, {
    name: "intake_known",
    text: KNOWN,
    values: [int2Array(keys.map((key) => key.bucket)), byteaArray(keys.map((key) => key.orderKey))],
  });
  for (const row of rows) results[wholeNumber(row, "at") - 1] = earlierOf(row);
  return results;
}

function earlierOf(row: Row): EarlierClaim {
  return {
    bodyKey: bytes(row, "body_key"),
    compartment: wholeNumber(row, "compartment"),
    slot: wholeNumber(row, "slot"),
    dayOfDeath: day(row, "day_of_death"),
  };
}

/** Removes intake rows that expired before `today`, at most `limit`; returns how many went. */
export async function purgeIntake(
  connection: Connection,
  today: Day,
  limit: number,
): Promise<number> {
  return execute(connection, {
    text: `
      delete from intake where (bucket, order_key) in
        (select bucket, order_key from intake where expires_on < $1::date limit $2::integer)`,
    values: [today, limit],
  });
}

/** How many order numbers are forgotten after each day from `from` up to `to`, of all tenants. */
export async function intakeExpiries(
  connection: Connection,
  days: { readonly from: Day; readonly to: Day },
): Promise<{ day: Day; waybills: number }[]> {
  const rows = await query(connection, {
    text: `
      select expires_on, count(*) as waybills from intake
      where expires_on between $1::date and $2::date group by 1 order by 1`,
    values: [days.from, days.to],
  });
  return rows.map((row) => ({
    day: day(row, "expires_on"),
    waybills: wholeNumber(row, "waybills"),
  }));
}
