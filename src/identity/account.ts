/** Accounts (账号): each belongs to a place and has one role; leavers end everywhere at once. */
import { randomUUID } from "node:crypto";
import type { Actor } from "../access/actor.ts";
import { OPERATOR_NAME, staffPseudonym } from "../access/actor.ts";
import type { Desk } from "../access/desk.ts";
import { SYSTEM_ACTOR, writeEntry } from "../access/entry.ts";
import { findVisible } from "../access/organisation.ts";
import { pathTo } from "../access/place.ts";
import { Failure } from "../rules/failure.ts";
import { handlesParcels, isOffice, parseRole } from "../rules/role.ts";
import type { Role } from "../rules/role.ts";
import { connected } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import {
  accountsOf,
  disableAccount,
  findAccountByName,
  insertAccount,
  linkSubject,
  lockAccount,
  setRole,
} from "../store/staff-account.ts";
import type { AccountKind, AccountRow, NewAccount } from "../store/staff-account.ts";
import { endApiKeysOf } from "../store/staff-api-key.ts";
import { revokeDevicesOf } from "../store/staff-device.ts";
import { dropInvitations } from "../store/staff-invitation.ts";
import { manageable, managing, requireMayManage } from "./management.ts";
import { endAllSessions } from "./session.ts";

const LIST_MAX = 100_000;
const NAME = /^[\p{Script=Han}A-Za-z0-9][\p{Script=Han}A-Za-z0-9._-]{1,63}$/u;
/** Names that entries use for the program itself and for whoever runs the machine. */
const RESERVED: ReadonlySet<string> = new Set([OPERATOR_NAME, SYSTEM_ACTOR]);
/** Roles of programs; all others but the two below are those of people. */
const MACHINE_ROLES: ReadonlySet<Role> = new Set(["erp-machine", "merchant"]);
/** The local operator has no account, and the person concerned proves himself by a code. */
const NOBODYS_ROLES: ReadonlySet<Role> = new Set(["operator", "subject"]);

function accountName(given: string): string {
  const name = given.normalize("NFC").trim();
  if (!NAME.test(name) || RESERVED.has(name.toLowerCase())) throw new Failure("ACCOUNT_NAME");
  return name;
}

function accountRole(given: string, kind: AccountKind): Role {
  const role = parseRole(given);
  const isFit =
    role !== null && !NOBODYS_ROLES.has(role) && (kind === "person" || MACHINE_ROLES.has(role));
  if (!isFit) throw new Failure("ROLE_UNKNOWN");
  return role;
}

/** Adds the account in the caller's transaction, with its entry; checks no permission. */
export async function addAccount(
  desk: Desk,
  connection: Connection,
  made: { readonly account: NewAccount; readonly actor: string },
): Promise<string> {
  const { account, actor } = made;
  if (!(await insertAccount(connection, account))) throw new Failure("ACCOUNT_EXISTS");
  return writeEntry(desk, connection, {
    type: "account-changed",
    actor,
    account: await staffPseudonym(desk, account.name),
    role: account.role,
    mode: "created",
    ...(account.organisationId === null ? {} : { organisation: account.organisationId }),
  });
}

export interface AccountRequest {
  readonly actor: Actor;
  readonly name: string;
  readonly role: string;
  /** Id or name; null for the whole tenant. */
  readonly organisation: string | null;
  readonly kind: AccountKind;
}

export interface MadeAccount {
  readonly account: NewAccount;
  /** Id of the audit entry, hex. */
  readonly entry: string;
}

/**
 * Where an account of that role stands. ACCOUNT_PLACE for a role of a branch without a place, and
 * for who handles parcels at headquarters: every branch stands below it.
 */
async function placeNamed(
  desk: Desk,
  connection: Connection,
  { role, organisation }: { readonly role: Role; readonly organisation: string | null },
): Promise<{ readonly id: string | null; readonly path: readonly string[] }> {
  if (organisation === null) {
    if (!isOffice(role)) throw new Failure("ACCOUNT_PLACE", { role });
    return { id: null, path: [] };
  }
  const { id, kind } = await findVisible(desk, connection, organisation);
  if (kind === "headquarters" && handlesParcels(role)) throw new Failure("ACCOUNT_PLACE", { role });
  return { id, path: await pathTo(connection, id) };
}

/**
 * Makes an account that nobody can sign in to yet: `invite` gives out the link for that. Throws
 * ACCOUNT_NAME, ROLE_UNKNOWN, ACCOUNT_PLACE, ORGANISATION_UNKNOWN, ACCOUNT_FORBIDDEN or
 * ACCOUNT_EXISTS.
 */
export async function createAccount(desk: Desk, asked: AccountRequest): Promise<MadeAccount> {
  const name = accountName(asked.name);
  const role = accountRole(asked.role, asked.kind);
  return managing(desk, asked.actor, async (connection) => {
    const { organisation } = asked;
    const place = await placeNamed(desk, connection, { role, organisation });
    await requireMayManage(desk, asked.actor, { role, path: place.path });
    const account: NewAccount = {
      id: randomUUID(),
      tenantId: desk.tenant.id,
      organisationId: place.id,
      kind: asked.kind,
      name,
      role,
      createdAt: desk.now(),
    };
    const actor = asked.actor.pseudonym;
    return { account, entry: await addAccount(desk, connection, { account, actor }) };
  });
}

/** The account of that name that has not ended. Throws ACCOUNT_UNKNOWN. */
export async function livingAccount(
  desk: Desk,
  connection: Connection,
  name: string,
): Promise<AccountRow> {
  const asked = name.normalize("NFC").trim();
  const found = await findAccountByName(connection, desk.tenant.id, asked);
  if (found === null || found.disabledAt !== null) throw new Failure("ACCOUNT_UNKNOWN");
  return found;
}

/** As `livingAccount`, for a change: locked, and the actor may manage it. */
export async function managedAccount(
  desk: Desk,
  connection: Connection,
  asked: { readonly name: string; readonly actor: Actor },
): Promise<AccountRow> {
  const { id } = await livingAccount(desk, connection, asked.name);
  const account = await lockAccount(connection, desk.tenant.id, id);
  if (account === null || account.disabledAt !== null) throw new Failure("ACCOUNT_UNKNOWN");
  const { organisationId, role } = account;
  const path = await pathTo(connection, organisationId);
  await requireMayManage(desk, asked.actor, { role, path });
  return account;
}

async function requireOtherOwner(connection: Connection, account: AccountRow): Promise<void> {
  if (account.role !== "owner") return;
  const all = await accountsOf(connection, account.tenantId, LIST_MAX);
  const others = all.filter(
    (row) => row.role === "owner" && row.disabledAt === null && row.id !== account.id,
  );
  if (others.length === 0) throw new Failure("ACCOUNT_LAST_OWNER");
}

export interface EndedAccount {
  readonly entry: string;
  readonly sessions: number;
  readonly apiKeys: number;
}

/**
 * Ends an account (离职): its sessions, keys, devices, links, password and authenticator with it, in
 * one transaction. Throws ACCOUNT_UNKNOWN, ACCOUNT_FORBIDDEN or ACCOUNT_LAST_OWNER.
 */
export async function endAccount(
  desk: Desk,
  asked: { readonly name: string; readonly actor: Actor },
): Promise<EndedAccount> {
  const actor = asked.actor.pseudonym;
  return managing(desk, asked.actor, async (connection) => {
    const account = await managedAccount(desk, connection, asked);
    await requireOtherOwner(connection, account);
    const at = desk.now();
    await disableAccount(connection, account.id, at);
    await dropInvitations(connection, account.id);
    await revokeDevicesOf(connection, account.id, at);
    const apiKeys = await endApiKeysOf(connection, account.id, at);
    const ending = { account, except: null, actor, mode: "account-disabled" } as const;
    const sessions = await endAllSessions(desk, connection, ending);
    const entry = await writeEntry(desk, connection, {
      type: "account-changed",
      actor,
      account: await staffPseudonym(desk, account.name),
      mode: "disabled",
    });
    return { entry, sessions, apiKeys };
  });
}

/**
 * Gives an account another role or place; its sessions end, since they were begun as another.
 * Throws as `createAccount`, and ACCOUNT_LAST_OWNER.
 */
export async function changeRole(
  desk: Desk,
  asked: {
    readonly name: string;
    readonly role: string;
    readonly organisation: string | null;
    readonly actor: Actor;
  },
): Promise<string> {
  const actor = asked.actor.pseudonym;
  return managing(desk, asked.actor, async (connection) => {
    const account = await managedAccount(desk, connection, asked);
    // Nobody raises himself.
    if (account.id === asked.actor.accountId) throw new Failure("ACCOUNT_FORBIDDEN");
    const role = accountRole(asked.role, account.kind);
    const { organisation } = asked;
    const place = await placeNamed(desk, connection, { role, organisation });
    await requireMayManage(desk, asked.actor, { role, path: place.path });
    if (role !== "owner") await requireOtherOwner(connection, account);
    await setRole(connection, account.id, { role, organisationId: place.id });
    const ending = { account, except: null, actor, mode: "role-changed" } as const;
    await endAllSessions(desk, connection, ending);
    return writeEntry(desk, connection, {
      type: "role-changed",
      actor,
      account: await staffPseudonym(desk, account.name),
      role,
      ...(place.id === null ? {} : { organisation: place.id }),
    });
  });
}

/**
 * Lets the subject of an OpenID Connect provider sign in as an account. Throws ACCOUNT_UNKNOWN,
 * ACCOUNT_FORBIDDEN or ACCOUNT_EXISTS when the subject is another account's.
 */
export async function linkProvider(
  desk: Desk,
  asked: {
    readonly name: string;
    readonly issuer: string;
    readonly subject: string;
    readonly actor: Actor;
  },
): Promise<string> {
  const { issuer, subject } = asked;
  return managing(desk, asked.actor, async (connection) => {
    const account = await managedAccount(desk, connection, asked);
    if (account.kind !== "person") throw new Failure("ROLE_UNKNOWN");
    try {
      await linkSubject(connection, account.id, { issuer, subject });
    } catch (error) {
      if (error instanceof Failure && error.details["sqlstate"] === "23505")
        throw new Failure("ACCOUNT_EXISTS");
      throw error;
    }
    return writeEntry(desk, connection, {
      type: "account-changed",
      actor: asked.actor.pseudonym,
      account: await staffPseudonym(desk, account.name),
      mode: "openid-linked",
    });
  });
}

/**
 * The tenant's accounts that the actor may manage, ended ones too, and the own one; all of them for
 * the local operator, who gives an owner a new link. By name.
 */
export async function listAccounts(desk: Desk, actor: Actor): Promise<readonly AccountRow[]> {
  const rows = await connected(desk.database, async (connection) =>
    accountsOf(connection, desk.tenant.id, LIST_MAX),
  );
  if (actor.kind === "operator") return rows;
  const own = await manageable(desk, actor, rows);
  return rows.filter((row) => row.id === actor.accountId || own.has(row));
}
