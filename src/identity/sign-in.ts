/**
 * Sign-in with name, password and code (登录). What does not fit is answered alike and in the same
 * time, whether there is such an account or not; attempts are slowed and nobody is locked out.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { staffPseudonym } from "../access/actor.ts";
import type { Actor } from "../access/actor.ts";
import type { Desk } from "../access/desk.ts";
import { SYSTEM_ACTOR, writeEntry } from "../access/entry.ts";
import { matchingStep } from "../crypto/totp.ts";
import { Failure } from "../rules/failure.ts";
import { passwordFault } from "../rules/password.ts";
import { connected, transaction } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import {
  findAccount,
  findAccountByName,
  lockAccount,
  setCredentials,
  useTotpStep,
} from "../store/staff-account.ts";
import type { AccountRow } from "../store/staff-account.ts";
import { useRecoveryCode } from "../store/staff-invitation.ts";
import { endSession, findSessionByDigest } from "../store/staff-session.ts";
import { newSealedSecret, openSecret, recoveryDigest } from "./authenticator.ts";
import { admit, knownOf, newKnown } from "./brake.ts";
import { proveDevice } from "./device.ts";
import type { DeviceProof } from "./device.ts";
import { hashPassword, isPassword } from "./password.ts";
import { beginSession, endAllSessions, sessionDigest } from "./session.ts";
import type { BegunSession } from "./session.ts";

export interface SignInRequest {
  readonly name: string;
  readonly password: string;
  /** Of the authenticator, or a recovery code; null for who has neither. */
  readonly code: string | null;
  /** Where the request comes from: an address, or `local`. */
  readonly source: string;
  /** What an earlier sign-in from this browser left, or null. */
  readonly known?: string | null;
  readonly device?: DeviceProof | null;
  /** A session token that the browser has; it ends with the new one (no fixation). */
  readonly previous?: string | null;
}

export interface SignedIn extends BegunSession {
  readonly name: string;
  readonly accountId: string;
  /** For the browser to keep, so that it is known again. */
  readonly known: string;
}

const TOTP_CODE = /^\d{6}$/;

/** Uses the code up in the caller's transaction; false when it does not fit or was used before. */
async function useCode(
  desk: Desk,
  connection: Connection,
  of: { readonly account: AccountRow; readonly code: string | null },
): Promise<boolean> {
  const { account, code } = of;
  if (account.totp === null) return true;
  if (code === null) return false;
  const typed = code.replaceAll(/\s/g, "");
  if (!TOTP_CODE.test(typed)) {
    const used = { accountId: account.id, digest: recoveryDigest(typed) };
    return useRecoveryCode(connection, used, desk.now());
  }
  const secret = await openSecret(desk, account.id, account.totp);
  const step = matchingStep(secret, typed, { at: desk.now(), usedStep: account.totpStep });
  return step !== null && useTotpStep(connection, account.id, step);
}

/** Of no account: what is looked for under it is never found. */
const NOBODY = "00000000-0000-4000-8000-000000000000";

/**
 * Does what `useCode` would, as far as it takes time, and uses nothing up: whether a password was
 * right shall not show in how long the refusal of its code took.
 */
async function seemToUseCode(
  desk: Desk,
  connection: Connection,
  of: { readonly account: AccountRow | null; readonly code: string | null },
): Promise<void> {
  const { account, code } = of;
  if (code === null) return;
  const typed = code.replaceAll(/\s/g, "");
  if (!TOTP_CODE.test(typed)) {
    await useRecoveryCode(
      connection,
      { accountId: NOBODY, digest: recoveryDigest(typed) },
      desk.now(),
    );
  } else if (account === null || account.totp === null) await newSealedSecret(desk, NOBODY);
  else await openSecret(desk, account.id, account.totp);
}

export async function recordFailure(
  desk: Desk,
  account: AccountRow | null,
  failure: "SIGN_IN_REFUSED" | "DEVICE_REFUSED" | "OPENID_REFUSED",
): Promise<void> {
  // Made for nobody too, so that it takes the same time.
  const pseudonym = await staffPseudonym(desk, account?.name ?? "");
  // A name that is nobody's may be a password typed into the wrong field.
  const named = account === null ? null : pseudonym;
  await transaction(desk.database, async (connection) =>
    writeEntry(desk, connection, {
      type: "sign-in-failed",
      actor: named ?? SYSTEM_ACTOR,
      ...(named === null ? {} : { account: named }),
      failure,
    }),
  );
}

export async function endPrevious(
  desk: Desk,
  connection: Connection,
  token: string | null,
): Promise<void> {
  if (token === null) return;
  const found = await findSessionByDigest(connection, desk.tenant.id, sessionDigest(token));
  if (found === null || !(await endSession(connection, found, desk.now()))) return;
  const owner = await findAccount(connection, desk.tenant.id, found.accountId);
  await writeEntry(desk, connection, {
    type: "session-ended",
    actor: SYSTEM_ACTOR,
    session: found.id,
    mode: "replaced",
    ...(owner === null ? {} : { account: await staffPseudonym(desk, owner.name) }),
  });
}

async function begin(
  desk: Desk,
  account: AccountRow,
  request: SignInRequest,
): Promise<BegunSession | null> {
  return transaction(desk.database, async (connection) => {
    if (!(await useCode(desk, connection, { account, code: request.code }))) return null;
    const { device = null } = request;
    const deviceId =
      device === null ? null : await proveDevice(desk, connection, { account, proof: device });
    await endPrevious(desk, connection, request.previous ?? null);
    return beginSession(desk, connection, { account, mode: "password", deviceId });
  });
}

/** As `begin` for whom nothing begins, in the same time. */
async function beginNothing(
  desk: Desk,
  account: AccountRow | null,
  { code }: SignInRequest,
): Promise<null> {
  return transaction(desk.database, async (connection) => {
    await seemToUseCode(desk, connection, { account, code });
    return null;
  });
}

/**
 * Signs somebody in. Throws SIGN_IN_SLOWED before anything is looked at, SIGN_IN_REFUSED for
 * whatever does not fit, and DEVICE_REFUSED when all fits but the device's proof.
 */
export async function signIn(desk: Desk, request: SignInRequest): Promise<SignedIn> {
  const name = request.name.normalize("NFC").trim();
  const found = await connected(desk.database, async (connection) =>
    findAccountByName(connection, desk.tenant.id, name),
  );
  const known = await knownOf(desk, found?.id ?? "", request.known ?? null);
  const admitted = await admit(desk, { name, source: request.source, known });
  const account = found === null || found.disabledAt !== null ? null : found;
  const isRight = await isPassword(desk, request.password, account?.password ?? null);
  if (admitted.holdMs > 0) await sleep(admitted.holdMs);
  try {
    const begun =
      account !== null && isRight
        ? await begin(desk, account, request)
        : await beginNothing(desk, account, request);
    if (account === null || begun === null) {
      await recordFailure(desk, account, "SIGN_IN_REFUSED");
      throw new Failure("SIGN_IN_REFUSED");
    }
    await admitted.forgive();
    const kept = await newKnown(desk, account.id);
    return { ...begun, name: account.name, accountId: account.id, known: kept };
  } catch (error) {
    if (error instanceof Failure && error.code === "DEVICE_REFUSED")
      await recordFailure(desk, account, "DEVICE_REFUSED");
    throw error;
  }
}

/**
 * Changes the actor's own password and ends all other sessions. The old one is asked for again, and
 * guessing at it is slowed as at the door. Throws SIGN_IN_NEEDED, SIGN_IN_SLOWED, SIGN_IN_REFUSED
 * or PASSWORD_WEAK.
 */
export async function changePassword(
  desk: Desk,
  actor: Actor,
  given: { readonly old: string; readonly fresh: string; readonly source: string },
): Promise<number> {
  const { accountId, pseudonym } = actor;
  const account =
    accountId === null
      ? null
      : await connected(desk.database, async (connection) =>
          findAccount(connection, desk.tenant.id, accountId),
        );
  if (account === null || actor.kind !== "person") throw new Failure("SIGN_IN_NEEDED");
  const fault = passwordFault(given.fresh, account.name);
  if (fault !== null) throw new Failure("PASSWORD_WEAK", { fault });
  const attempt = { name: account.name, source: given.source, known: actor.session };
  const admitted = await admit(desk, attempt);
  if (!(await isPassword(desk, given.old, account.password))) {
    await recordFailure(desk, account, "SIGN_IN_REFUSED");
    throw new Failure("SIGN_IN_REFUSED");
  }
  await admitted.forgive();
  const password = await hashPassword(desk, given.fresh);
  return transaction(desk.database, async (connection) => {
    const locked = await lockAccount(connection, desk.tenant.id, account.id);
    if (locked === null || locked.disabledAt !== null) throw new Failure("SESSION_ENDED");
    const { totp, totpStep } = locked;
    await setCredentials(connection, account.id, { password, totp, totpStep });
    const changed = { actor: pseudonym, account: pseudonym, mode: "password-changed" } as const;
    await writeEntry(desk, connection, { type: "account-changed", ...changed });
    const ending = { account, except: actor.session, actor: pseudonym } as const;
    return endAllSessions(desk, connection, { ...ending, mode: "password-changed" });
  });
}
