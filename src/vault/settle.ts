/**
 * Finishes what a crash left half done, or what an older database does not know (P6, P7): before
 * the first request is served, and by the jobs. Every step may be done again. The key store is the
 * truth: what it destroyed is told, what it keeps is accounted for.
 */
import { randomUUID } from "node:crypto";
import { SYSTEM_ACTOR } from "../access/entry.ts";
import type { HeldLeaves } from "../keystore/leaves.ts";
import { addDays, dayOf } from "../rules/calendar.ts";
import { HOLD_REASONS } from "../rules/hold.ts";
import { findCompartment } from "../store/compartment.ts";
import { heldSlotsOf, insertHold, keepParty } from "../store/hold.ts";
import type { HoldRow } from "../store/hold.ts";
import { connected, transaction } from "../store/pool.ts";
import { causeOf, settleErased } from "./erased.ts";
import { settleHolds } from "./settle-holds.ts";
import { settleTombstones } from "./shred.ts";
import { vaultOfTenant } from "./tenant-vault.ts";
import { untold } from "./untold.ts";
import type { Vault } from "./vault.ts";

const AUTHORITY_UNKNOWN = "恢复程序 restore";

/** Tells of leaves that died and of which the log does not know; removes their rows. */
async function settleErasures(installation: Vault): Promise<number> {
  const tombstones = await untold(installation, await installation.keys.leafTombstones());
  for (const tombstone of tombstones) {
    const vault = await vaultOfTenant(installation, tombstone.tenant);
    const cause = await causeOf(vault, tombstone);
    await transaction(vault.database, async (connection) =>
      settleErased(vault, connection, { tombstone, cause }),
    );
  }
  return tombstones.length;
}

/** A held key of which the database knows nothing: it gets a hold with an end, to be reviewed. */
async function recover(vault: Vault, held: HeldLeaves, slot: number): Promise<void> {
  const { serial } = held.record;
  const now = vault.now();
  const untilDay = addDays(dayOf(now, vault.timeZone), HOLD_REASONS.recovered.daysMax);
  const isKept = await transaction(vault.database, async (connection) => {
    const compartment = await findCompartment(connection, serial);
    if (compartment === null) return false;
    const { deathWeek, shellWeek } = compartment;
    if (!(await keepParty(connection, { compartment: serial, slot, deathWeek }))) return false;
    const hold: HoldRow = {
      id: randomUUID(),
      tenantId: vault.tenant.id,
      compartment: serial,
      slot,
      shellWeek,
      untilDay,
      reason: "recovered",
      authority: AUTHORITY_UNKNOWN,
      document: null,
      actor: SYSTEM_ACTOR,
      state: "pending",
      placedAt: now,
      endedAt: null,
    };
    return insertHold(connection, hold);
  });
  // There is nothing that the key could open: the waybill came after the backup.
  if (!isKept) await vault.keys.letGo(serial, [slot], now);
}

/** Every held key has a hold with an end, also when the database is older than the key store. */
async function recoverHolds(installation: Vault): Promise<void> {
  for (const held of await installation.keys.held()) {
    const { serial, tenant } = held.record;
    const known = await connected(installation.database, async (connection) =>
      heldSlotsOf(connection, serial, held.slots),
    );
    const lost = held.slots.filter((slot) => !known.has(slot));
    if (lost.length === 0) continue;
    const vault = await vaultOfTenant(installation, tenant);
    for (const slot of lost) await recover(vault, held, slot);
  }
}

/**
 * Finishes, for every tenant, what was interrupted or what an older database does not know. Throws
 * as the stores do; nothing may be served then.
 */
export async function settle(installation: Vault): Promise<void> {
  await settleTombstones(installation);
  await recoverHolds(installation);
  await settleHolds(installation, { expire: false });
  await settleErasures(installation);
}
