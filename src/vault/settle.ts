/**
 * Finishes what a crash left half done, or what an older database does not know (P6, P7): before
 * the first request is served, and by the jobs. Every step may be done again. The key store is the
 * truth: what it destroyed is told, what it keeps is accounted for.
 */
import { randomUUID } from "node:crypto";
import { SYSTEM_ACTOR } from "../access/entry.ts";
import { addDays, dayOf } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { HOLD_REASONS } from "../rules/hold.ts";
import { findCompartment } from "../store/compartment.ts";
import { withFreeWaybill } from "../store/exclusive.ts";
import { heldSlotsOf, insertHold, keepParty, standingHolds } from "../store/hold.ts";
import type { HoldRow, WaybillPlace } from "../store/hold.ts";
import { connected, transaction } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import { settleErased } from "./erased.ts";
import { causeOf } from "./erasure-cause.ts";
import { settleHolds } from "./settle-holds.ts";
import { settleTombstones } from "./shred.ts";
import { vaultOfTenant } from "./tenant-vault.ts";
import { rememberTold, untold } from "./untold.ts";
import type { Vault } from "./vault.ts";

const AUTHORITY_UNKNOWN = "恢复程序 restore";

/** Tells of leaves that died and of which the log does not know; removes their rows. */
async function settleErasures(installation: Vault): Promise<number> {
  const destroyed = await installation.keys.leafTombstones();
  const tombstones = await untold(installation, "leaf", destroyed);
  for (const tombstone of tombstones) {
    const vault = await vaultOfTenant(installation, tombstone.tenant);
    const cause = await causeOf(vault, tombstone);
    await transaction(vault.database, async (connection) =>
      settleErased(vault, connection, { tombstone, cause }),
    );
  }
  await rememberTold(installation, "leaf", destroyed);
  return tombstones.length;
}

async function isHeld(vault: Vault, { compartment, slot }: WaybillPlace): Promise<boolean> {
  const held = await vault.keys.held();
  return held.some(({ record, slots }) => record.serial === compartment && slots.includes(slot));
}

function recoveredHold(vault: Vault, place: WaybillPlace, shellWeek: Day): HoldRow {
  const now = vault.now();
  return {
    id: randomUUID(),
    tenantId: vault.tenant.id,
    compartment: place.compartment,
    slot: place.slot,
    shellWeek,
    untilDay: addDays(dayOf(now, vault.timeZone), HOLD_REASONS.recovered.daysMax),
    reason: "recovered",
    authority: AUTHORITY_UNKNOWN,
    document: null,
    actor: SYSTEM_ACTOR,
    state: "pending",
    placedAt: now,
    endedAt: null,
  };
}

type Recovery = "known" | "recovered" | "nothing-to-keep";

async function recoverIn(
  vault: Vault,
  connection: Connection,
  place: WaybillPlace,
): Promise<Recovery> {
  if ((await standingHolds(connection, place)).length > 0) return "known";
  const row = await findCompartment(connection, place.compartment);
  if (row === null) return "nothing-to-keep";
  const { deathWeek, shellWeek } = row;
  if (!(await keepParty(connection, { ...place, deathWeek }))) return "nothing-to-keep";
  await insertHold(connection, recoveredHold(vault, place, shellWeek));
  return "recovered";
}

/**
 * A held key of which the database knows nothing: it gets a hold with an end, to be reviewed.
 * Looked at again where nobody else is at that waybill: a release may just have ended.
 */
async function recover(vault: Vault, place: WaybillPlace): Promise<void> {
  await withFreeWaybill(vault.database, place, async (within) => {
    if (!(await isHeld(vault, place))) return;
    const outcome = await within(async (connection) => recoverIn(vault, connection, place));
    // There is nothing that the key could open: the waybill came after the backup.
    if (outcome !== "nothing-to-keep") return;
    await vault.keys.letGo(place.compartment, [place.slot], vault.now());
  });
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
    for (const slot of lost) await recover(vault, { compartment: serial, slot });
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
