/**
 * Devices of couriers (登记设备): each has a key pair of its own, whose private half never leaves it.
 * The branch approves it; from then on it can prove at sign-in that it is there.
 */
import { createPublicKey, randomUUID, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { staffPseudonym } from "../access/actor.ts";
import type { Actor } from "../access/actor.ts";
import type { Desk } from "../access/desk.ts";
import { writeEntry } from "../access/entry.ts";
import { findNamed } from "../access/named-row.ts";
import { pathTo } from "../access/place.ts";
import { Failure } from "../rules/failure.ts";
import { connected, transaction } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import { findAccount } from "../store/staff-account.ts";
import type { AccountRow } from "../store/staff-account.ts";
import { devicesOf, insertDevice, lockDevice, markDevice } from "../store/staff-device.ts";
import type { DeviceRow } from "../store/staff-device.ts";
import { endSessionsOfDevice } from "../store/staff-session.ts";
import { mayManage, managing, requireMayManage } from "./management.ts";

export interface DeviceProof {
  readonly device: string;
  /** ISO 8601 with milliseconds, of the device's clock. */
  readonly at: string;
  /** ECDSA with SHA-256 over `deviceMessage`, r and s of 32 bytes each, base64url. */
  readonly signature: string;
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const CLOCK_OFF_MS_MAX = 60_000;
const KEY_BYTES_MAX = 200;
const NAME_CHARACTERS_MAX = 64;
const LIST_MAX = 10_000;

/** What a device signs to sign in: account, device and moment, so that none can be moved. */
export function deviceMessage(name: string, proof: Pick<DeviceProof, "device" | "at">): Buffer {
  return Buffer.from(`midan.device1\n${proof.device}\n${name}\n${proof.at}\n`, "utf8");
}

function publicKeyOf(der: Uint8Array): KeyObject {
  try {
    const key = createPublicKey({ key: Buffer.from(der), format: "der", type: "spki" });
    if (key.asymmetricKeyDetails?.namedCurve === "prime256v1") return key;
  } catch {
    // Whatever OpenSSL says of it, it is no key.
  }
  throw new Failure("DEVICE_KEY");
}

export interface Registered {
  readonly device: DeviceRow;
  /** Id of the audit entry, hex. */
  readonly entry: string;
}

/**
 * Registers a device for the actor's own account; it waits for the branch's approval. `publicKey`
 * is base64. Throws SIGN_IN_NEEDED or DEVICE_KEY.
 */
export async function registerDevice(
  desk: Desk,
  actor: Actor,
  given: { readonly name: string; readonly publicKey: string },
): Promise<Registered> {
  const { accountId } = actor;
  if (accountId === null || actor.kind !== "person") throw new Failure("SIGN_IN_NEEDED");
  const publicKey = Buffer.from(given.publicKey, "base64");
  if (publicKey.length > KEY_BYTES_MAX) throw new Failure("DEVICE_KEY");
  publicKeyOf(publicKey);
  const name = given.name.normalize("NFC").trim().slice(0, NAME_CHARACTERS_MAX);
  if (name === "") throw new Failure("REQUEST_INVALID", { field: "name" });
  const made = {
    id: randomUUID(),
    tenantId: desk.tenant.id,
    accountId,
    name,
    publicKey,
    registeredAt: desk.now(),
  };
  return transaction(desk.database, async (connection) => {
    await insertDevice(connection, made);
    const entry = await writeEntry(desk, connection, {
      type: "device-registered",
      actor: actor.pseudonym,
      account: actor.pseudonym,
      device: made.id,
      mode: "registered",
    });
    return { device: { ...made, approvedAt: null, revokedAt: null, provedAt: null }, entry };
  });
}

/** The device and the account it is of. Throws DEVICE_UNKNOWN. */
async function lockedDevice(
  desk: Desk,
  connection: Connection,
  id: string,
): Promise<{ readonly device: DeviceRow; readonly account: AccountRow }> {
  const device = await findNamed(id, async (named) =>
    lockDevice(connection, desk.tenant.id, named),
  );
  if (device === null || device.revokedAt !== null) throw new Failure("DEVICE_UNKNOWN");
  const account = await findAccount(connection, desk.tenant.id, device.accountId);
  if (account === null || account.disabledAt !== null) throw new Failure("DEVICE_UNKNOWN");
  return { device, account };
}

/**
 * Approves a device of somebody else, or revokes one; what was signed in from a revoked device
 * ends. Its holder may revoke it too. Throws DEVICE_UNKNOWN, ACCOUNT_FORBIDDEN or SIGN_IN_NEEDED.
 */
export async function decideDevice(
  desk: Desk,
  actor: Actor,
  given: { readonly id: string; readonly decision: "approved" | "revoked" },
): Promise<string> {
  return managing(desk, actor, async (connection) => {
    const { device, account } = await lockedDevice(desk, connection, given.id);
    const isOwn = account.id === actor.accountId;
    // Nobody approves his own device.
    if (isOwn && given.decision === "approved") throw new Failure("ACCOUNT_FORBIDDEN");
    const path = await pathTo(connection, account.organisationId);
    if (!isOwn) await requireMayManage(desk, actor, { role: account.role, path });
    const mark = given.decision === "approved" ? "approved_at" : "revoked_at";
    await markDevice(connection, { id: device.id, mark }, desk.now());
    const isRevoked = given.decision === "revoked";
    const count = isRevoked ? await endSessionsOfDevice(connection, device.id, desk.now()) : 0;
    return writeEntry(desk, connection, {
      type: "device-registered",
      actor: actor.pseudonym,
      account: await staffPseudonym(desk, account.name),
      device: device.id,
      mode: given.decision,
      ...(isRevoked ? { count } : {}),
    });
  });
}

/** Devices that the actor has or may manage, the newest first. */
export async function listDevices(desk: Desk, actor: Actor): Promise<readonly DeviceRow[]> {
  return connected(desk.database, async (connection) => {
    const of = { tenantId: desk.tenant.id, accountId: null };
    const listed: DeviceRow[] = [];
    for (const device of await devicesOf(connection, of, LIST_MAX)) {
      const account = await findAccount(connection, desk.tenant.id, device.accountId);
      if (account === null) continue;
      const path = await pathTo(connection, account.organisationId);
      const isOwn = account.id === actor.accountId;
      if (isOwn || (await mayManage(desk, actor, { role: account.role, path })))
        listed.push(device);
    }
    return listed;
  });
}

function isSigned(device: DeviceRow, name: string, proof: DeviceProof): boolean {
  const key = publicKeyOf(device.publicKey);
  const signature = Buffer.from(proof.signature, "base64url");
  const made = { key, dsaEncoding: "ieee-p1363" as const };
  return verify("sha256", deviceMessage(name, proof), made, signature);
}

/**
 * The id of the device that proves itself for an account, in the caller's transaction. Each moment
 * counts once. Throws DEVICE_REFUSED, whatever is wrong.
 */
export async function proveDevice(
  desk: Desk,
  connection: Connection,
  given: { readonly account: AccountRow; readonly proof: DeviceProof },
): Promise<string> {
  const { account, proof } = given;
  const device = await findNamed(proof.device, async (named) =>
    lockDevice(connection, desk.tenant.id, named),
  );
  const at = INSTANT.test(proof.at) ? new Date(proof.at) : new Date(Number.NaN);
  const isFit =
    device !== null &&
    device.accountId === account.id &&
    device.approvedAt !== null &&
    device.revokedAt === null &&
    Math.abs(at.getTime() - desk.now().getTime()) <= CLOCK_OFF_MS_MAX &&
    (device.provedAt === null || at > device.provedAt) &&
    isSigned(device, account.name, proof);
  if (!isFit) throw new Failure("DEVICE_REFUSED");
  await markDevice(connection, { id: device.id, mark: "proved_at" }, at);
  return device.id;
}
