/** Keys of machines (接口密钥). Of a secret only its digest is here. */
import { SCOPES } from "../rules/scope.ts";
import type { Scope } from "../rules/scope.ts";
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { bytes, instant, instantOrNull, text } from "./row.ts";
import type { Row } from "./row.ts";
import { Failure } from "../rules/failure.ts";

export interface ApiKeyRow {
  /** 16 letters, public. */
  readonly id: string;
  readonly accountId: string;
  readonly tenantId: string;
  readonly scopes: readonly Scope[];
  readonly madeAt: Date;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
  readonly endedAt: Date | null;
  readonly digest: Uint8Array;
}

/** Of a row of the table, for statements that join it. */
export const API_KEY_COLUMNS =
  "account_id, tenant_id, made_at, expires_at, used_at, ended_at, id, scopes, digest";

function isScope(value: unknown): value is Scope {
  return typeof value === "string" && Object.hasOwn(SCOPES, value);
}

function scopesOf(row: Row): Scope[] {
  const value = row["scopes"];
  if (!Array.isArray(value) || !value.every(isScope))
    throw new Failure("ROW_UNREADABLE", { column: "scopes" });
  return value;
}

/** A row of those columns. */
export function apiKeyOf(row: Row): ApiKeyRow {
  return {
    id: text(row, "id"),
    accountId: text(row, "account_id"),
    tenantId: text(row, "tenant_id"),
    scopes: scopesOf(row),
    madeAt: instant(row, "made_at"),
    expiresAt: instant(row, "expires_at"),
    usedAt: instantOrNull(row, "used_at"),
    endedAt: instantOrNull(row, "ended_at"),
    digest: bytes(row, "digest"),
  };
}

export async function insertApiKey(
  connection: Connection,
  made: Omit<ApiKeyRow, "usedAt" | "endedAt">,
): Promise<void> {
  const { accountId, tenantId, madeAt, expiresAt, id, scopes, digest } = made;
  await execute(connection, {
    text: `
      insert into staff_api_key (account_id, tenant_id, made_at, expires_at, id, scopes, digest)
      values ($1::uuid, $2::uuid, $3::timestamptz, $4::timestamptz, $5, $6::text[], $7::bytea)`,
    values: [accountId, tenantId, madeAt, expiresAt, id, scopes, Buffer.from(digest)],
  });
}

/** The key of that id in the tenant, ended or not, or null. */
export async function findApiKey(
  connection: Connection,
  tenantId: string,
  id: string,
): Promise<ApiKeyRow | null> {
  const rows = await query(connection, {
    text: `select ${API_KEY_COLUMNS} from staff_api_key where id = $2 and tenant_id = $1::uuid`,
    values: [tenantId, id],
  });
  return rows[0] === undefined ? null : apiKeyOf(rows[0]);
}

/** The tenant's keys, the newest first, at most `limit`. */
export async function apiKeysOf(
  connection: Connection,
  tenantId: string,
  limit: number,
): Promise<ApiKeyRow[]> {
  const rows = await query(connection, {
    text: `
      select ${API_KEY_COLUMNS} from staff_api_key where tenant_id = $1::uuid
      order by made_at desc, id limit $2::integer`,
    values: [tenantId, limit],
  });
  return rows.map(apiKeyOf);
}

export async function touchApiKey(connection: Connection, id: string, at: Date): Promise<void> {
  await execute(connection, {
    text: `update staff_api_key set used_at = $2::timestamptz where id = $1`,
    values: [id, at],
  });
}

/** Lets a key end earlier than it would have; false when it ended before. */
export async function shortenApiKey(
  connection: Connection,
  id: string,
  expiresAt: Date,
): Promise<boolean> {
  const count = await execute(connection, {
    text: `
      update staff_api_key set expires_at = least(expires_at, $2::timestamptz)
      where id = $1 and ended_at is null`,
    values: [id, expiresAt],
  });
  return count === 1;
}

/** Ends a key now; false when it ended before. */
export async function endApiKey(connection: Connection, id: string, at: Date): Promise<boolean> {
  const count = await execute(connection, {
    text: `
      update staff_api_key set ended_at = $2::timestamptz where id = $1 and ended_at is null`,
    values: [id, at],
  });
  return count === 1;
}

/** Ends all keys of an account; how many there were. */
export async function endApiKeysOf(
  connection: Connection,
  accountId: string,
  at: Date,
): Promise<number> {
  return execute(connection, {
    text: `
      update staff_api_key set ended_at = $2::timestamptz
      where account_id = $1::uuid and ended_at is null`,
    values: [accountId, at],
  });
}
