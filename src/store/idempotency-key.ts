/** Keys that callers gave their requests, so that what is sent again is done once. */
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { bytes, bytesOrNull, wholeNumberOrNull } from "./row.ts";

export interface IdempotencyPlace {
  readonly accountId: string;
  /** Keyed digest of the key, 32 bytes. */
  readonly digest: Uint8Array;
}

export interface NewIdempotencyKey extends IdempotencyPlace {
  readonly tenantId: string;
  readonly at: Date;
  /** Keyed digest of method, address and body, 32 bytes. */
  readonly request: Uint8Array;
}

export interface IdempotencyKeyRow {
  readonly request: Uint8Array;
  /** Of the answer; null while there is none. */
  readonly status: number | null;
  /** Sealed; null where there is none, or none is kept. */
  readonly answer: Uint8Array | null;
}

/** Takes away at most `limit` of the keys that were given before `before`; how many. */
export async function clearIdempotencyKeys(
  connection: Connection,
  before: Date,
  limit: number,
): Promise<number> {
  return execute(connection, {
    text: `
      delete from idempotency_key where (account_id, digest) in (
        select account_id, digest from idempotency_key where at < $1::timestamptz
        order by at limit $2::integer for update skip locked)`,
    values: [before, limit],
  });
}

/** Takes the key for a request, or gives the row of who took it since `after`; null when taken. */
export async function takeIdempotencyKey(
  connection: Connection,
  taken: NewIdempotencyKey,
  after: Date,
): Promise<IdempotencyKeyRow | null> {
  const { tenantId, accountId, at, digest, request } = taken;
  const place = [accountId, Buffer.from(digest)];
  await execute(connection, {
    text: `
      delete from idempotency_key
      where account_id = $1::uuid and digest = $2::bytea and at < $3::timestamptz`,
    values: [...place, after],
  });
  const inserted = await query(connection, {
    text: `
      insert into idempotency_key (tenant_id, account_id, at, digest, request)
      values ($3::uuid, $1::uuid, $4::timestamptz, $2::bytea, $5::bytea)
      on conflict do nothing returning request`,
    values: [...place, tenantId, at, Buffer.from(request)],
  });
  if (inserted.length > 0) return null;
  const rows = await query(connection, {
    text: `
      select request, status, answer from idempotency_key
      where account_id = $1::uuid and digest = $2::bytea`,
    values: place,
  });
  const [row] = rows;
  if (row === undefined) return null;
  return {
    request: bytes(row, "request"),
    status: wholeNumberOrNull(row, "status"),
    answer: bytesOrNull(row, "answer"),
  };
}

/** Keeps how a request was answered. */
export async function answerIdempotencyKey(
  connection: Connection,
  { accountId, digest }: IdempotencyPlace,
  given: { readonly status: number; readonly answer: Uint8Array | null },
): Promise<void> {
  const answer = given.answer === null ? null : Buffer.from(given.answer);
  await execute(connection, {
    text: `
      update idempotency_key set status = $3::integer, answer = $4::bytea
      where account_id = $1::uuid and digest = $2::bytea`,
    values: [accountId, Buffer.from(digest), given.status, answer],
  });
}

/** Gives the key back: nothing was done with it. */
export async function dropIdempotencyKey(
  connection: Connection,
  { accountId, digest }: IdempotencyPlace,
): Promise<void> {
  await execute(connection, {
    text: `delete from idempotency_key where account_id = $1::uuid and digest = $2::bytea`,
    values: [accountId, Buffer.from(digest)],
  });
}
