/** Accounts of staff and machines (账号). */
import { ROLES } from "../rules/role.ts";
import type { Role } from "../rules/role.ts";
import { TREE_DEPTH_MAX } from "./organisation.ts";
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import {
  bytesOrNull,
  instant,
  instantOrNull,
  text,
  textOrNull,
  wholeNumberOrNull,
  word,
} from "./row.ts";
import type { Row } from "./row.ts";

export type AccountKind = "person" | "machine";

export interface NewAccount {
  readonly id: string;
  readonly tenantId: string;
  /** Null for the whole tenant. */
  readonly organisationId: string | null;
  readonly kind: AccountKind;
  /** 1..64 characters, once in a tenant for ever. */
  readonly name: string;
  readonly role: Role;
  readonly createdAt: Date;
}

export interface AccountRow extends NewAccount {
  readonly disabledAt: Date | null;
  /** What `hashPassword` made; null for who has none. */
  readonly password: string | null;
  /** Sealed secret of the authenticator. */
  readonly totp: Uint8Array | null;
  /** The last step whose code was used. */
  readonly totpStep: number | null;
}

/** Of a row of the table, for statements that join it. */
export const ACCOUNT_COLUMNS =
  "id, tenant_id, organisation_id, created_at, disabled_at, totp_step, kind, name, role, " +
  "password, totp";
const KINDS = ["person", "machine"] as const;
// The keys of the table are the roles.
const ROLE_NAMES = Object.keys(ROLES) as Role[];

/** A row of those columns. */
export function accountOf(row: Row): AccountRow {
  return {
    id: text(row, "id"),
    tenantId: text(row, "tenant_id"),
    organisationId: textOrNull(row, "organisation_id"),
    createdAt: instant(row, "created_at"),
    disabledAt: instantOrNull(row, "disabled_at"),
    totpStep: wholeNumberOrNull(row, "totp_step"),
    kind: word(row, "kind", KINDS),
    name: text(row, "name"),
    role: word(row, "role", ROLE_NAMES),
    password: textOrNull(row, "password"),
    totp: bytesOrNull(row, "totp"),
  };
}

/** Adds an account; false when the tenant has or had one of that name. */
export async function insertAccount(connection: Connection, made: NewAccount): Promise<boolean> {
  const { id, tenantId, organisationId, createdAt, kind, name, role } = made;
  const count = await execute(connection, {
    text: `
      insert into staff_account (id, tenant_id, organisation_id, created_at, kind, name, role)
      values ($1::uuid, $2::uuid, $3::uuid, $4::timestamptz, $5, $6, $7) on conflict do nothing`,
    values: [id, tenantId, organisationId, createdAt, kind, name, role],
  });
  return count === 1;
}

async function one(
  connection: Connection,
  where: string,
  values: readonly unknown[],
): Promise<AccountRow | null> {
  const rows = await query(connection, {
    text: `select ${ACCOUNT_COLUMNS} from staff_account where ${where}`,
    values,
  });
  return rows[0] === undefined ? null : accountOf(rows[0]);
}

/** The account of that name in the tenant, ended or not, or null. */
export async function findAccountByName(
  connection: Connection,
  tenantId: string,
  name: string,
): Promise<AccountRow | null> {
  // PostgreSQL takes no text with a NUL, so that no account has such a name.
  if (name.includes("\0")) return null;
  return one(connection, "tenant_id = $1::uuid and name = $2", [tenantId, name]);
}

/** The account of that id in the tenant, or null. */
export async function findAccount(
  connection: Connection,
  tenantId: string,
  id: string,
): Promise<AccountRow | null> {
  return one(connection, "tenant_id = $1::uuid and id = $2::uuid", [tenantId, id]);
}

/** As `findAccount`, and nobody changes the row until the transaction ends. */
export async function lockAccount(
  connection: Connection,
  tenantId: string,
  id: string,
): Promise<AccountRow | null> {
  return one(connection, "tenant_id = $1::uuid and id = $2::uuid for update", [tenantId, id]);
}

/** The account that a provider's subject stands for, or null. */
export async function findAccountOfSubject(
  connection: Connection,
  tenantId: string,
  identity: { readonly issuer: string; readonly subject: string },
): Promise<AccountRow | null> {
  return one(connection, "tenant_id = $1::uuid and openid_issuer = $2 and openid_subject = $3", [
    tenantId,
    identity.issuer,
    identity.subject,
  ]);
}

/** Ties an account to a provider's subject. Fails when another account is. */
export async function linkSubject(
  connection: Connection,
  id: string,
  identity: { readonly issuer: string; readonly subject: string },
): Promise<void> {
  await execute(connection, {
    text: `
      update staff_account set openid_issuer = $2, openid_subject = $3 where id = $1::uuid`,
    values: [id, identity.issuer, identity.subject],
  });
}

/** The tenant's accounts by name, at most `limit`. */
export async function accountsOf(
  connection: Connection,
  tenantId: string,
  limit: number,
): Promise<AccountRow[]> {
  const rows = await query(connection, {
    text: `
      select ${ACCOUNT_COLUMNS} from staff_account where tenant_id = $1::uuid
      order by name collate "C" limit $2::integer`,
    values: [tenantId, limit],
  });
  return rows.map(accountOf);
}

export interface Credentials {
  readonly password: string;
  /** Sealed secret; null leaves the account without an authenticator. */
  readonly totp: Uint8Array | null;
  readonly totpStep: number | null;
}

/** The names of the accounts of an organisation and those below it, ended ones too. */
export async function accountNamesWithin(
  connection: Connection,
  within: { readonly tenantId: string; readonly organisationId: string },
  limit: number,
): Promise<string[]> {
  const rows = await query(connection, {
    name: "account_names_within",
    text: `
      with recursive below as (
        select id, 1 as depth from organisation where id = $2::uuid
        union all
        select next.id, below.depth + 1
        from organisation next join below on next.parent_id = below.id
        where below.depth < ${TREE_DEPTH_MAX}
      )
      select name from staff_account
      where tenant_id = $1::uuid and organisation_id in (select id from below)
      order by name collate "C" limit $3::integer`,
    values: [within.tenantId, within.organisationId, limit],
  });
  return rows.map((row) => text(row, "name"));
}

/** Puts password and authenticator in place of what the account had. */
export async function setCredentials(
  connection: Connection,
  id: string,
  { password, totp, totpStep }: Credentials,
): Promise<void> {
  await execute(connection, {
    text: `
      update staff_account set password = $2, totp = $3::bytea, totp_step = $4::bigint
      where id = $1::uuid`,
    values: [id, password, totp === null ? null : Buffer.from(totp), totpStep],
  });
}

/** Uses a step up: false when that or a later one was used already, by whomever. */
export async function useTotpStep(
  connection: Connection,
  id: string,
  step: number,
): Promise<boolean> {
  const count = await execute(connection, {
    text: `
      update staff_account set totp_step = $2::bigint
      where id = $1::uuid and (totp_step is null or totp_step < $2::bigint)`,
    values: [id, step],
  });
  return count === 1;
}

/** Ends an account; false when it ended before. */
export async function disableAccount(
  connection: Connection,
  id: string,
  at: Date,
): Promise<boolean> {
  const count = await execute(connection, {
    text: `
      update staff_account set disabled_at = $2::timestamptz, password = null, totp = null,
        openid_issuer = null, openid_subject = null
      where id = $1::uuid and disabled_at is null`,
    values: [id, at],
  });
  return count === 1;
}

/** Gives an account another role and place. */
export async function setRole(
  connection: Connection,
  id: string,
  given: { readonly role: Role; readonly organisationId: string | null },
): Promise<void> {
  await execute(connection, {
    text: `update staff_account set role = $2, organisation_id = $3::uuid where id = $1::uuid`,
    values: [id, given.role, given.organisationId],
  });
}
