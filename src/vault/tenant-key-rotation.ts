/**
 * Renews a tenant's lasting keys while others seal, print and reveal. Three phases:
 *
 *   make    nobody seals for the moment of one batch; from then on what is new takes the new keys
 *   wait    old tokens and order hashes need the key that they were made with (neither can be made
 *           again: a token is printed, an order is not kept), so it stays until the last day of any
 *           of them, which is fixed now
 *   destroy on the day after, by whoever runs the jobs, when nothing is found that needs it
 *
 * Interrupted anywhere it leaves keys that work, and is finished by the jobs of any server.
 */
import { authorise } from "../access/authorise.ts";
import { hash } from "node:crypto";
import type { Actor } from "../access/actor.ts";
import { SYSTEM_ACTOR, writeEntry } from "../access/entry.ts";
import { LEAF_ID_BYTES } from "../audit/leaf.ts";
import type { RingKey, RotatedUse } from "../keystore/key-ring.ts";
import { addDays, dayOf } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { INTAKE_DAYS_AFTER_DEATH } from "../rules/retention.ts";
import { knownLeafIds } from "../store/audit-leaf.ts";
import { connected, transaction } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import { countTokensOf, holdTenantKeys, lastDaysOf } from "../store/tenant-keys.ts";
import { listTenantIds } from "../store/tenant.ts";
import { PASS } from "./step.ts";
import type { Reached } from "./step.ts";
import { vaultOfTenant } from "./tenant-vault.ts";
import type { Vault } from "./vault.ts";

const ROTATED: readonly RotatedUse[] = ["token", "intake"];
const DAYS_PER_WEEK = 7;

/** The keys of one use: which is in use, and which are still needed. */
export interface KeysOfUse {
  readonly use: RotatedUse;
  readonly number: number;
  readonly madeAt: Date;
  readonly old: readonly { readonly number: number; readonly neededUntil: Day }[];
}

/** The tenant's lasting keys by number and day; no key is in it. */
export async function tenantKeyStatus(vault: Vault): Promise<readonly KeysOfUse[]> {
  const keys = await vault.keys.tenantKeys(vault.tenant.id);
  return ROTATED.map((use) => {
    const [newest, ...older] = keys[use];
    return { use, number: newest.number, madeAt: newest.madeAt, old: older.map(needed) };
  });
}

function needed({ number, neededUntil }: RingKey): { number: number; neededUntil: Day } {
  if (neededUntil === null) throw new RangeError("an earlier key has its last day");
  return { number, neededUntil };
}

/** Id of the entry about the keys of this number: one for each, whoever writes it. */
function entryId(tenant: string, number: number): Uint8Array {
  return hash("sha256", `midan.tenant-keys\0${tenant}\0${number}`, "buffer").subarray(
    0,
    LEAF_ID_BYTES,
  );
}

async function isTold(vault: Vault, connection: Connection, number: number): Promise<boolean> {
  const id = entryId(vault.tenant.id, number);
  return (await knownLeafIds(connection, [id])).size > 0;
}

/** Writes the entry about the newest keys unless it is there; true when it was not. */
async function tell(vault: Vault, connection: Connection, actor: Actor | string): Promise<boolean> {
  const { token } = await vault.keys.tenantKeys(vault.tenant.id);
  const [{ number }] = token;
  // The first keys were made with the tenant, not renewed.
  if (number === 1 || (await isTold(vault, connection, number))) return false;
  const id = entryId(vault.tenant.id, number);
  await writeEntry(vault, connection, { type: "keys-rotated", actor, id, fields: [...ROTATED] });
  return true;
}

/**
 * The last days on which a token or an order hash of now can be of use. Shells of a week go when
 * it is over; order hashes outlive the last day of death by a fixed term.
 */
async function lastDays(
  vault: Vault,
  connection: Connection,
): Promise<Readonly<Record<RotatedUse, Day>>> {
  const { dayOfDeath, shellWeek } = await lastDaysOf(connection, vault.tenant.id);
  const yesterday = addDays(dayOf(vault.now(), vault.timeZone), -1);
  return {
    token: shellWeek === null ? yesterday : addDays(shellWeek, DAYS_PER_WEEK),
    intake: dayOfDeath === null ? yesterday : addDays(dayOfDeath, INTAKE_DAYS_AFTER_DEATH),
  };
}

export interface TenantRotation {
  readonly keys: readonly KeysOfUse[];
  /** Id of the entry about it. */
  readonly entry: string;
}

/**
 * Gives the tenant a new token key and a new intake key. A renewal that was interrupted is
 * finished instead of beginning another one. Throws as the stores do: call it again.
 */
export async function renewTenantKeys(
  vault: Vault,
  request: { readonly actor: Actor; readonly reached?: Reached },
): Promise<TenantRotation> {
  await authorise(vault, { actor: request.actor, verb: "renew-tenant-keys" });
  const { reached = PASS } = request;
  const actor = request.actor;
  const { id } = vault.tenant;
  await transaction(vault.database, async (connection) => {
    await holdTenantKeys(connection, id);
    await reached("keys-held");
    if (await tell(vault, connection, actor)) return;
    await vault.keys.tenants.renew(id, await lastDays(vault, connection));
    await reached("keys-renewed");
    await tell(vault, connection, actor);
  });
  await reached("keys-told");
  await retire(vault);
  await reached("keys-retired");
  const keys = await tenantKeyStatus(vault);
  const number = keys[0]?.number ?? 1;
  return { keys, entry: Buffer.from(entryId(id, number)).toString("hex") };
}

/** Whether nothing needs an earlier key any more. Order hashes are over by their day alone. */
async function isOver(
  vault: Vault,
  use: RotatedUse,
  key: { readonly number: number; readonly neededUntil: Day },
): Promise<boolean> {
  if (dayOf(vault.now(), vault.timeZone) <= key.neededUntil) return false;
  if (use === "intake") return true;
  const tokens = await connected(vault.database, async (connection) =>
    countTokensOf(connection, vault.tenant.id, key.number),
  );
  return tokens === 0;
}

/** Destroys the earlier keys of one tenant that nothing needs; how many. */
async function retire(vault: Vault): Promise<number> {
  let destroyed = 0;
  for (const { use, old } of await tenantKeyStatus(vault)) {
    for (const key of old) {
      if (!(await isOver(vault, use, key))) continue;
      await vault.keys.tenants.retire(vault.tenant.id, use, key.number);
      destroyed += 1;
    }
  }
  return destroyed;
}

/**
 * For every tenant: finishes a renewal that was interrupted, and destroys earlier keys that nothing
 * needs any more; how many.
 */
export async function retireTenantKeys(installation: Vault): Promise<number> {
  let destroyed = 0;
  for (const id of await connected(installation.database, listTenantIds)) {
    const vault = await vaultOfTenant(installation, id);
    await transaction(vault.database, async (connection) => tell(vault, connection, SYSTEM_ACTOR));
    destroyed += await retire(vault);
  }
  return destroyed;
}
