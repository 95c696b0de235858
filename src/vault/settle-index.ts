/** What follows the death of a week's index key: the entry, and certificates made anew. */
import { SYSTEM_ACTOR } from "../access/entry.ts";
import { destroyedLeafId } from "../keystore/tombstone.ts";
import type { IndexTombstone } from "../keystore/tombstone.ts";
import { mondayOf } from "../rules/calendar.ts";
import { findCompartments } from "../store/compartment.ts";
import { transaction } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import { issueCertificate } from "./erasure-certificate.ts";
import type { Found } from "./erasure-certificate.ts";
import { reissueForSeason } from "./reissue.ts";
import { tellOnce } from "./told-once.ts";
import type { Vault } from "./vault.ts";

/** What died of that week of death, each as its certificate names it. */
async function deadOfWeek(vault: Vault, connection: Connection, week: string): Promise<Found[]> {
  const isOwn = ({ tenant }: { readonly tenant: string }): boolean => tenant === vault.tenant.id;
  const compartments = (await vault.keys.tombstones())
    .filter((one) => isOwn(one) && mondayOf(one.dayOfDeath) === week)
    .map((tombstone) => ({ kind: "compartment", tombstone, token: null }) as const);
  const leaves = (await vault.keys.leafTombstones()).filter(isOwn);
  const serials = [...new Set(leaves.map(({ serial }) => serial))];
  const rows = await findCompartments(connection, serials);
  const ofWeek = new Set(rows.filter((row) => row.deathWeek === week).map(({ serial }) => serial));
  const waybills = leaves
    .filter(({ serial }) => ofWeek.has(serial))
    .map((tombstone) => ({ kind: "waybill", tombstone }) as const);
  return [...compartments, ...waybills];
}

/**
 * Tells the log that an index key is gone, and certifies it for the compartments of that week, or
 * sealed in that season, and for waybills that were erased by themselves; again changes nothing.
 */
export async function settleIndex(vault: Vault, tombstone: IndexTombstone): Promise<void> {
  await transaction(vault.database, async (connection) => {
    const { isNew } = await tellOnce(vault, connection, {
      type: "index-destroyed",
      actor: SYSTEM_ACTOR,
      id: destroyedLeafId(tombstone),
      week: tombstone.epoch,
    });
    if (!isNew) return;
    await reissueForSeason(vault, connection, tombstone.epoch);
    for (const found of await deadOfWeek(vault, connection, tombstone.epoch))
      await issueCertificate(vault, connection, found);
  });
}
