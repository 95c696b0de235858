/** One-time links (一次性链接) with which somebody sets a password, and codes for a lost phone. */
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { bytes, text } from "./row.ts";

export interface InvitationRow {
  readonly accountId: string;
  /** Sealed secret for the authenticator that goes with the new password. */
  readonly totp: Uint8Array;
}

/** Adds a link and ends the account's others: only the last one given out is good. */
export async function insertInvitation(
  connection: Connection,
  made: InvitationRow & { readonly digest: Uint8Array; readonly expiresAt: Date },
): Promise<void> {
  await execute(connection, {
    text: `delete from staff_invitation where account_id = $1::uuid`,
    values: [made.accountId],
  });
  await execute(connection, {
    text: `
      insert into staff_invitation (account_id, expires_at, digest, totp)
      values ($1::uuid, $2::timestamptz, $3::bytea, $4::bytea)`,
    values: [made.accountId, made.expiresAt, Buffer.from(made.digest), Buffer.from(made.totp)],
  });
}

/** The link of that digest as long as it is good, locked until the transaction ends; or null. */
export async function lockInvitation(
  connection: Connection,
  digest: Uint8Array,
  at: Date,
): Promise<InvitationRow | null> {
  const rows = await query(connection, {
    text: `
      select account_id, totp from staff_invitation
      where digest = $1::bytea and used_at is null and expires_at > $2::timestamptz
      for update`,
    values: [Buffer.from(digest), at],
  });
  const [row] = rows;
  return row === undefined
    ? null
    : { accountId: text(row, "account_id"), totp: bytes(row, "totp") };
}

export async function useInvitation(
  connection: Connection,
  digest: Uint8Array,
  at: Date,
): Promise<void> {
  await execute(connection, {
    text: `update staff_invitation set used_at = $2::timestamptz where digest = $1::bytea`,
    values: [Buffer.from(digest), at],
  });
}

/** Ends the links that an account was given. */
export async function dropInvitations(connection: Connection, accountId: string): Promise<void> {
  await execute(connection, {
    text: `delete from staff_invitation where account_id = $1::uuid`,
    values: [accountId],
  });
}

/** Puts these digests in place of the account's recovery codes. */
export async function setRecoveryCodes(
  connection: Connection,
  accountId: string,
  digests: readonly Uint8Array[],
): Promise<void> {
  await execute(connection, {
    text: `delete from staff_recovery_code where account_id = $1::uuid`,
    values: [accountId],
  });
  await execute(connection, {
    text: `
      insert into staff_recovery_code (account_id, digest)
      select $1::uuid, unnest($2::bytea[])`,
    values: [accountId, digests.map((digest) => Buffer.from(digest))],
  });
}

/** Uses a recovery code up; false when the account has none of that digest left. */
export async function useRecoveryCode(
  connection: Connection,
  code: { readonly accountId: string; readonly digest: Uint8Array },
  at: Date,
): Promise<boolean> {
  const count = await execute(connection, {
    text: `
      update staff_recovery_code set used_at = $3::timestamptz
      where account_id = $1::uuid and digest = $2::bytea and used_at is null`,
    values: [code.accountId, Buffer.from(code.digest), at],
  });
  return count === 1;
}
