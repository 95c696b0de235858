/** Sessions (会话): who is signed in. Of a token only its digest is here. */
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { instant, instantOrNull, text, textOrNull, word } from "./row.ts";
import type { Row } from "./row.ts";

export const SESSION_MODES = ["password", "invitation", "openid"] as const;
export type SessionMode = (typeof SESSION_MODES)[number];

export interface NewSession {
  readonly id: string;
  readonly tenantId: string;
  readonly accountId: string;
  readonly deviceId: string | null;
  readonly begunAt: Date;
  readonly expiresAt: Date;
  /** How somebody proved who he is. */
  readonly mode: SessionMode;
  /** SHA-256 of the token. */
  readonly digest: Uint8Array;
}

export interface SessionRow extends Omit<NewSession, "digest"> {
  readonly usedAt: Date;
  readonly endedAt: Date | null;
}

/** Of a row of the table, for statements that join it. */
export const SESSION_COLUMNS =
  "id, tenant_id, account_id, device_id, begun_at, used_at, expires_at, ended_at, mode";

/** A row of those columns. */
export function sessionOf(row: Row): SessionRow {
  return {
    id: text(row, "id"),
    tenantId: text(row, "tenant_id"),
    accountId: text(row, "account_id"),
    deviceId: textOrNull(row, "device_id"),
    begunAt: instant(row, "begun_at"),
    usedAt: instant(row, "used_at"),
    expiresAt: instant(row, "expires_at"),
    endedAt: instantOrNull(row, "ended_at"),
    mode: word(row, "mode", SESSION_MODES),
  };
}

export async function insertSession(connection: Connection, made: NewSession): Promise<void> {
  const { id, tenantId, accountId, deviceId, begunAt, expiresAt, mode, digest } = made;
  await execute(connection, {
    text: `
      insert into staff_session (${SESSION_COLUMNS}, digest)
      values ($1::uuid, $2::uuid, $3::uuid, $4::uuid, $5::timestamptz, $5::timestamptz,
        $6::timestamptz, null, $7, $8::bytea)`,
    values: [id, tenantId, accountId, deviceId, begunAt, expiresAt, mode, Buffer.from(digest)],
  });
}

/** The session whose token has that digest, ended or not, or null. */
export async function findSessionByDigest(
  connection: Connection,
  tenantId: string,
  digest: Uint8Array,
): Promise<SessionRow | null> {
  const rows = await query(connection, {
    name: "staff_session_by_digest",
    text: `
      select ${SESSION_COLUMNS} from staff_session
      where digest = $2::bytea and tenant_id = $1::uuid`,
    values: [tenantId, Buffer.from(digest)],
  });
  return rows[0] === undefined ? null : sessionOf(rows[0]);
}

export async function touchSession(connection: Connection, id: string, at: Date): Promise<void> {
  await execute(connection, {
    text: `
      update staff_session set used_at = $2::timestamptz
      where id = $1::uuid and ended_at is null and used_at < $2::timestamptz`,
    values: [id, at],
  });
}

/** The account's sessions that nobody ended and whose last hour has not come, the newest first. */
export async function openSessionsOf(
  connection: Connection,
  asked: { readonly accountId: string; readonly at: Date },
  limit: number,
): Promise<SessionRow[]> {
  const rows = await query(connection, {
    text: `
      select ${SESSION_COLUMNS} from staff_session
      where account_id = $1::uuid and ended_at is null and expires_at > $2::timestamptz
      order by begun_at desc, id limit $3::integer`,
    values: [asked.accountId, asked.at, limit],
  });
  return rows.map(sessionOf);
}

/** Ends one session of an account; false when it ended before or is not the account's. */
export async function endSession(
  connection: Connection,
  which: { readonly id: string; readonly accountId: string },
  at: Date,
): Promise<boolean> {
  const count = await execute(connection, {
    text: `
      update staff_session set ended_at = $3::timestamptz
      where id = $1::uuid and account_id = $2::uuid and ended_at is null`,
    values: [which.id, which.accountId, at],
  });
  return count === 1;
}

/** Ends every session of an account but `except`; how many there were. */
export async function endSessionsOf(
  connection: Connection,
  which: { readonly accountId: string; readonly except: string | null },
  at: Date,
): Promise<number> {
  return execute(connection, {
    text: `
      update staff_session set ended_at = $3::timestamptz
      where account_id = $1::uuid and id is distinct from $2::uuid and ended_at is null`,
    values: [which.accountId, which.except, at],
  });
}

/** Ends the sessions that began on a device; how many there were. */
export async function endSessionsOfDevice(
  connection: Connection,
  deviceId: string,
  at: Date,
): Promise<number> {
  return execute(connection, {
    text: `
      update staff_session set ended_at = $2::timestamptz
      where device_id = $1::uuid and ended_at is null`,
    values: [deviceId, at],
  });
}
