/**
 * Compartments that fit a lifetime. One holds shells of one week only, since a token leads to it
 * and from there to the week. Where terms changed, one of the same day of death may be of another
 * week: it is passed over, and held until one is found that fits.
 */
import type { Lease } from "../keystore/key-store.ts";
import type { Lifetime } from "../rules/retention.ts";
import { findCompartment, insertCompartments } from "../store/compartment.ts";
import { transaction } from "../store/pool.ts";
import type { Vault } from "./vault.ts";

/** Tells the database of a compartment; false when it knows it with another week of shells. */
async function mirror(vault: Vault, { record }: Lease, lifetime: Lifetime): Promise<boolean> {
  const { serial, suite, generation } = record;
  const { dayOfDeath, deathWeek, shellWeek } = lifetime;
  const tenantId = vault.tenant.id;
  const row = { serial, tenantId, dayOfDeath, deathWeek, shellWeek, suite, generation };
  return transaction(vault.database, async (connection) => {
    await insertCompartments(connection, [row]);
    return (await findCompartment(connection, serial))?.shellWeek === shellWeek;
  });
}

/** Leases a compartment to this process, mirrored in the database. Throws as `KeyStore.lease`. */
export async function leaseFitting(vault: Vault, lifetime: Lifetime): Promise<Lease> {
  const { tenant, keys } = vault;
  const { dayOfDeath } = lifetime;
  const misfits: Lease[] = [];
  try {
    for (;;) {
      const lease = await keys.lease({ tenant: tenant.id, dayOfDeath, suite: tenant.suite });
      if (await mirror(vault, lease, lifetime)) return lease;
      misfits.push(lease);
    }
  } finally {
    for (const { record, firstPosition } of misfits) {
      await keys.release(record.serial, firstPosition);
    }
  }
}
