/**
 * One-time links (一次性链接): the only way to a first password, and to a new one when it is
 * forgotten. There is no default password anywhere.
 */
import { hash, randomUUID } from "node:crypto";
import type { Actor } from "../access/actor.ts";
import { staffPseudonym } from "../access/actor.ts";
import type { Desk } from "../access/desk.ts";
import { writeEntry } from "../access/entry.ts";
import { matchingStep, totpLink, totpSecretText } from "../crypto/totp.ts";
import { Failure, isFailure } from "../rules/failure.ts";
import { passwordFault } from "../rules/password.ts";
import { INVITATION_HOURS } from "../rules/session-term.ts";
import { transaction } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import { accountsOf, lockAccount, setCredentials } from "../store/staff-account.ts";
import type { AccountRow, NewAccount } from "../store/staff-account.ts";
import {
  insertInvitation,
  lockInvitation,
  setRecoveryCodes,
  useInvitation,
} from "../store/staff-invitation.ts";
import { addAccount, livingAccount, managedAccount } from "./account.ts";
import { managing } from "./management.ts";
import { newRecoveryCodes, newSealedSecret, openSecret, recoveryDigest } from "./authenticator.ts";
import { hashPassword } from "./password.ts";
import { beginSession, endAllSessions } from "./session.ts";
import type { BegunSession } from "./session.ts";

export const OWNER_NAME = "owner";
const TOKEN_BYTES = 32;
const TOKEN = /^mdi1[\w-]{43}$/;
const HOUR_MS = 3_600_000;

export interface Invitation {
  readonly name: string;
  /** `mdi1…`: whoever has it sets the password. */
  readonly token: string;
  readonly expiresAt: Date;
}

function digestOf(token: string): Uint8Array {
  return hash("sha256", token, "buffer");
}

async function addInvitation(
  desk: Desk,
  connection: Connection,
  account: Pick<AccountRow, "id" | "name">,
): Promise<Invitation> {
  const token = `mdi1${Buffer.from(desk.randomBytes(TOKEN_BYTES)).toString("base64url")}`;
  const expiresAt = new Date(desk.now().getTime() + INVITATION_HOURS * HOUR_MS);
  const totp = await newSealedSecret(desk, account.id);
  const made = { accountId: account.id, totp, digest: digestOf(token), expiresAt };
  await insertInvitation(connection, made);
  return { name: account.name, token, expiresAt };
}

/**
 * A new link for an account of a person; older ones of it end. The local operator may give one out
 * for an owner, who could not come back otherwise. Throws ACCOUNT_UNKNOWN or ACCOUNT_FORBIDDEN.
 */
export async function invite(
  desk: Desk,
  asked: { readonly name: string; readonly actor: Actor },
): Promise<Invitation> {
  return managing(desk, asked.actor, async (connection) => {
    const isRescue = asked.actor.kind === "operator";
    const account = isRescue
      ? await livingAccount(desk, connection, asked.name)
      : await managedAccount(desk, connection, asked);
    if (isRescue && account.role !== "owner") throw new Failure("SIGN_IN_NEEDED");
    if (account.kind !== "person") throw new Failure("ACCOUNT_FORBIDDEN");
    await writeEntry(desk, connection, {
      type: "account-changed",
      actor: asked.actor.pseudonym,
      account: await staffPseudonym(desk, account.name),
      mode: "invited",
    });
    return addInvitation(desk, connection, account);
  });
}

/**
 * On the first start: makes the owner and the link to it. Null when the tenant has accounts, or
 * when another process was first.
 */
export async function foundOwner(desk: Desk, actor: Actor): Promise<Invitation | null> {
  try {
    return await addOwner(desk, actor);
  } catch (error) {
    if (isFailure(error, "ACCOUNT_EXISTS")) return null;
    throw error;
  }
}

async function addOwner(desk: Desk, actor: Actor): Promise<Invitation | null> {
  return transaction(desk.database, async (connection) => {
    if ((await accountsOf(connection, desk.tenant.id, 1)).length > 0) return null;
    const account: NewAccount = {
      id: randomUUID(),
      tenantId: desk.tenant.id,
      organisationId: null,
      kind: "person",
      name: OWNER_NAME,
      role: "owner",
      createdAt: desk.now(),
    };
    await addAccount(desk, connection, { account, actor: actor.pseudonym });
    return addInvitation(desk, connection, account);
  });
}

export interface OpenedInvitation {
  readonly name: string;
  /** What to put into an authenticator, as text and as a link. */
  readonly secret: string;
  readonly link: string;
}

/** What a link is for. Throws INVITATION_GONE. */
export async function openInvitation(desk: Desk, token: string): Promise<OpenedInvitation> {
  const { account, totp } = await transaction(desk.database, async (connection) =>
    lockedInvitation(desk, connection, token),
  );
  const secret = await openSecret(desk, account.id, totp);
  return {
    name: account.name,
    secret: totpSecretText(secret),
    link: totpLink(secret, account.name),
  };
}

async function lockedInvitation(
  desk: Desk,
  connection: Connection,
  token: string,
): Promise<{ readonly account: AccountRow; readonly totp: Uint8Array }> {
  const found = TOKEN.test(token)
    ? await lockInvitation(connection, digestOf(token), desk.now())
    : null;
  const account =
    found === null ? null : await lockAccount(connection, desk.tenant.id, found.accountId);
  if (found === null || account === null || account.disabledAt !== null)
    throw new Failure("INVITATION_GONE");
  return { account, totp: found.totp };
}

export interface Accepted extends BegunSession {
  readonly name: string;
  readonly accountId: string;
  /** Shown once; none for who has no authenticator. */
  readonly recoveryCodes: readonly string[];
}

/**
 * Sets password and authenticator with a one-time link, ends what was signed in, and signs in.
 * `code` is the authenticator's; null leaves the account with the password alone. Throws
 * INVITATION_GONE, PASSWORD_WEAK (`fault` says why) or CODE_WRONG; the link is used up only when
 * all is well.
 */
export async function acceptInvitation(
  desk: Desk,
  given: { readonly token: string; readonly password: string; readonly code: string | null },
): Promise<Accepted> {
  const { name } = await openInvitation(desk, given.token);
  const fault = passwordFault(given.password, name);
  if (fault !== null) throw new Failure("PASSWORD_WEAK", { fault });
  const password = await hashPassword(desk, given.password);
  return transaction(desk.database, async (connection) => {
    const { account, totp } = await lockedInvitation(desk, connection, given.token);
    const secret = await openSecret(desk, account.id, totp);
    const moment = { at: desk.now(), usedStep: null };
    const step = given.code === null ? null : matchingStep(secret, given.code, moment);
    if (given.code !== null && step === null) throw new Failure("CODE_WRONG");
    await useInvitation(connection, digestOf(given.token), desk.now());
    const kept = { password, totp: step === null ? null : totp, totpStep: step };
    await setCredentials(connection, account.id, kept);
    const recoveryCodes = step === null ? [] : newRecoveryCodes(desk);
    await setRecoveryCodes(connection, account.id, recoveryCodes.map(recoveryDigest));
    const actor = await staffPseudonym(desk, account.name);
    const mode = step === null ? "password-set" : "password-and-authenticator-set";
    await writeEntry(desk, connection, { type: "account-changed", actor, account: actor, mode });
    const ending = { account, except: null, actor, mode: "password-changed" } as const;
    await endAllSessions(desk, connection, ending);
    const begun = await beginSession(desk, connection, {
      account,
      mode: "invitation",
      deviceId: null,
    });
    return { ...begun, name: account.name, accountId: account.id, recoveryCodes };
  });
}
