/**
 * Sessions (会话). A token has 256 random bits and is shown to its holder alone; the database keeps
 * its digest and is asked at each request, so that an end counts on every server at once.
 */
import { hash, randomUUID } from "node:crypto";
import type { Actor } from "../access/actor.ts";
import { staffPseudonym } from "../access/actor.ts";
import type { Desk } from "../access/desk.ts";
import { writeEntry } from "../access/entry.ts";
import { pathTo } from "../access/place.ts";
import { policyAtMark } from "../access/remembered-policy.ts";
import { Failure } from "../rules/failure.ts";
import { isSessionAlive, SESSION_HOURS_MAX, SESSION_TOUCH_SECONDS } from "../rules/session-term.ts";
import { UUID } from "../rules/uuid.ts";
import { callerBySession } from "../store/caller.ts";
import { connected, transaction } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import type { AccountRow } from "../store/staff-account.ts";
import {
  endSession,
  endSessionsOf,
  insertSession,
  openSessionsOf,
  touchSession,
} from "../store/staff-session.ts";
import type { SessionMode, SessionRow } from "../store/staff-session.ts";

const TOKEN_BYTES = 32;
const TOKEN = /^mds1([\w-]{43})$/;
const HOUR_MS = 3_600_000;
const SECOND_MS = 1000;
const LIST_MAX = 1_000;

export interface BegunSession {
  /** `mds1…`: whoever has it is signed in. */
  readonly token: string;
  readonly session: string;
  readonly expiresAt: Date;
}

/** What the database keeps of a token. */
export function sessionDigest(token: string): Uint8Array {
  return hash("sha256", token, "buffer");
}

/** Who signed in, how, and from which registered device. */
interface SignedIn {
  readonly account: AccountRow;
  readonly mode: SessionMode;
  readonly deviceId: string | null;
}

/** Begins a session in the caller's transaction, with its entry. The token is always new. */
export async function beginSession(
  desk: Desk,
  connection: Connection,
  of: SignedIn,
): Promise<BegunSession> {
  const { account, mode, deviceId } = of;
  const token = `mds1${Buffer.from(desk.randomBytes(TOKEN_BYTES)).toString("base64url")}`;
  const begunAt = desk.now();
  const id = randomUUID();
  const expiresAt = new Date(begunAt.getTime() + SESSION_HOURS_MAX * HOUR_MS);
  await insertSession(connection, {
    id,
    tenantId: desk.tenant.id,
    accountId: account.id,
    deviceId,
    begunAt,
    expiresAt,
    mode,
    digest: sessionDigest(token),
  });
  await tellSignIn(desk, connection, { ...of, session: id });
  return { token, session: id, expiresAt };
}

async function tellSignIn(
  desk: Desk,
  connection: Connection,
  { account, mode, deviceId, session }: SignedIn & { readonly session: string },
): Promise<void> {
  const pseudonym = await staffPseudonym(desk, account.name);
  const organisationPath = await pathTo(connection, account.organisationId);
  await writeEntry(desk, connection, {
    type: "sign-in",
    actor: pseudonym,
    account: pseudonym,
    role: account.role,
    session,
    mode,
    ...(organisationPath.length === 0 ? {} : { organisationPath }),
    ...(deviceId === null ? {} : { device: deviceId }),
  });
}

type Through = Partial<Pick<Actor, "device" | "session" | "scopes">>;

async function actorAt(
  desk: Desk,
  organisationPath: readonly string[],
  of: { readonly account: AccountRow } & Through,
): Promise<Actor> {
  const { account, device = null, session = null, scopes = null } = of;
  return {
    kind: account.kind,
    accountId: account.id,
    pseudonym: await staffPseudonym(desk, account.name),
    organisationId: account.organisationId,
    organisationPath,
    role: account.role,
    device,
    session,
    scopes,
  };
}

/** The actor that an account is by itself. */
export async function actorOfAccount(
  desk: Desk,
  connection: Connection,
  { account }: { readonly account: AccountRow },
): Promise<Actor> {
  return actorAt(desk, await pathTo(connection, account.organisationId), { account });
}

/** As `actorOfAccount`, through what it came with; `mark` was read together with the account. */
export async function actorOfCaller(
  desk: Desk,
  of: { readonly account: AccountRow; readonly mark: string | null } & Through,
): Promise<Actor> {
  const { organisationId } = of.account;
  // What is remembered of the tenant as a whole is its headquarters' line, in which nobody of the
  // whole stands.
  if (organisationId === null) return actorAt(desk, [], of);
  const { line } = await policyAtMark(desk, { organisationId, mark: of.mark });
  const path = line.map(({ id }) => id);
  return actorAt(desk, path, of);
}

/** Writes down once that a session ran out. */
async function expire(desk: Desk, session: SessionRow, account: AccountRow): Promise<void> {
  const pseudonym = await staffPseudonym(desk, account.name);
  await transaction(desk.database, async (connection) => {
    if (!(await endSession(connection, session, desk.now()))) return;
    const ended = { session: session.id, account: pseudonym, mode: "expired" } as const;
    await writeEntry(desk, connection, { type: "session-ended", actor: "system", ...ended });
  });
}

export interface OpenSession {
  readonly actor: Actor;
  readonly account: AccountRow;
  readonly session: SessionRow;
}

/**
 * Whose session the token is, and writes down that it is in use. Throws SESSION_ENDED when it is
 * unknown, ended or out of date, or its account has ended.
 */
export async function openSession(desk: Desk, token: string): Promise<OpenSession> {
  if (!TOKEN.test(token)) throw new Failure("SESSION_ENDED");
  const now = desk.now();
  const caller = await callerBySession(desk.database, desk.tenant.id, sessionDigest(token));
  if (caller === null || caller.session.endedAt !== null || caller.account.disabledAt !== null)
    throw new Failure("SESSION_ENDED");
  const { session, account, mark } = caller;
  if (!isSessionAlive(session, now)) {
    await expire(desk, session, account);
    throw new Failure("SESSION_ENDED");
  }
  if (now.getTime() - session.usedAt.getTime() >= SESSION_TOUCH_SECONDS * SECOND_MS)
    await connected(desk.database, async (c) => touchSession(c, session.id, now));
  const through = { device: session.deviceId, session: session.id };
  return { session, account, actor: await actorOfCaller(desk, { account, mark, ...through }) };
}

/** The sessions of the actor's own account that are open, the newest first. */
export async function listSessions(desk: Desk, actor: Actor): Promise<readonly SessionRow[]> {
  const { accountId } = actor;
  if (accountId === null) throw new Failure("SIGN_IN_NEEDED");
  const at = desk.now();
  const open = await connected(desk.database, async (connection) =>
    openSessionsOf(connection, { accountId, at }, LIST_MAX),
  );
  return open.filter((session) => isSessionAlive(session, at));
}

/** Ends one session of the actor's own account. Throws SESSION_UNKNOWN for any other. */
export async function signOut(desk: Desk, actor: Actor, id: string): Promise<void> {
  const { accountId, pseudonym } = actor;
  if (accountId === null || !UUID.test(id)) throw new Failure("SESSION_UNKNOWN");
  await transaction(desk.database, async (connection) => {
    if (!(await endSession(connection, { id, accountId }, desk.now())))
      throw new Failure("SESSION_UNKNOWN");
    const ended = { session: id, account: pseudonym, mode: "signed-out" } as const;
    await writeEntry(desk, connection, { type: "session-ended", actor: pseudonym, ...ended });
  });
}

/** Ends every session of an account but one, in the caller's transaction, with one entry. */
export async function endAllSessions(
  desk: Desk,
  connection: Connection,
  which: {
    readonly account: AccountRow;
    readonly except: string | null;
    readonly actor: string;
    readonly mode: "password-changed" | "account-disabled" | "role-changed" | "all";
  },
): Promise<number> {
  const { account, except, actor, mode } = which;
  const count = await endSessionsOf(connection, { accountId: account.id, except }, desk.now());
  if (count === 0) return 0;
  const ended = { account: await staffPseudonym(desk, account.name), mode, count } as const;
  await writeEntry(desk, connection, { type: "session-ended", actor, ...ended });
  return count;
}
