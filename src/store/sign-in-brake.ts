/** Counts of failed sign-ins under keyed digests, and sign-ins that went to a provider. */
import type { BrakeCount, BrakeHead } from "../rules/sign-in-brake.ts";
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { instant } from "./row.ts";
import { Failure } from "../rules/failure.ts";

export interface BrakeKey {
  readonly head: BrakeHead;
  /** 32 bytes. */
  readonly digest: Uint8Array;
}

/** What is counted under a key, locked until the transaction ends; a new key counts nothing. */
export async function lockBrake(
  connection: Connection,
  key: BrakeKey,
  now: Date,
): Promise<BrakeCount> {
  const digest = Buffer.from(key.digest);
  await execute(connection, {
    text: `
      insert into sign_in_brake (at, failures, head, digest)
      values ($1::timestamptz, 0, $2, $3::bytea) on conflict do nothing`,
    values: [now, key.head, digest],
  });
  const rows = await query(connection, {
    text: "select at, failures from sign_in_brake where digest = $1::bytea for update",
    values: [digest],
  });
  const [row] = rows;
  const failures = row?.["failures"];
  if (row === undefined || typeof failures !== "number")
    throw new Failure("ROW_UNREADABLE", { column: "failures" });
  return { failures, at: instant(row, "at") };
}

/** Puts a count in place of what the key had. */
export async function setBrake(
  connection: Connection,
  key: BrakeKey,
  count: BrakeCount,
): Promise<void> {
  await execute(connection, {
    text: `
      update sign_in_brake set at = $2::timestamptz, failures = $3::float8
      where digest = $1::bytea`,
    values: [Buffer.from(key.digest), count.at, count.failures],
  });
}

/** Takes one failure back, as for an attempt that turned out right. */
export async function forgiveBrake(connection: Connection, key: BrakeKey): Promise<void> {
  await execute(connection, {
    text: `
      update sign_in_brake set failures = greatest(0, failures - 1) where digest = $1::bytea`,
    values: [Buffer.from(key.digest)],
  });
}

/** Forgets what was counted last before `before`. */
export async function dropBrakes(connection: Connection, before: Date): Promise<number> {
  return execute(connection, {
    text: "delete from sign_in_brake where at < $1::timestamptz",
    values: [before],
  });
}
