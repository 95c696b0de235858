/**
 * Keys ahead of need: compartments and partitions of the next days, so that a seal on any of them
 * finds its key made and its tables there, also when the disk of the key store is trouble that day.
 */
import { addDays, dayOf } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { lifetimeOf } from "../rules/retention.ts";
import type { Lifetime } from "../rules/retention.ts";
import { ensurePartitions } from "../store/partition.ts";
import { connected } from "../store/pool.ts";
import { listTenantIds } from "../store/tenant.ts";
import { termsFor } from "../access/retention.ts";
import { leaseFitting } from "./lease.ts";
import { vaultOfTenant } from "./tenant-vault.ts";
import type { Vault } from "./vault.ts";

const AHEAD_DAYS = 7;

async function lifetimesOf(vault: Vault, today: Day): Promise<Lifetime[]> {
  const terms = await connected(vault.database, async (connection) =>
    termsFor(vault, connection, { organisationId: null, at: vault.now() }),
  );
  return Array.from({ length: AHEAD_DAYS + 1 }, (_, ahead) =>
    lifetimeOf(addDays(today, ahead), terms.persons, terms.shell),
  );
}

/** How many compartments of the tenant were made. */
async function provisionTenant(vault: Vault): Promise<number> {
  const { id, suite } = vault.tenant;
  const today = dayOf(vault.now(), vault.timeZone);
  const own = (await vault.keys.list()).filter((one) => one.tenant === id && one.suite === suite);
  const known = new Set(own.map(({ dayOfDeath }) => dayOfDeath));
  let made = 0;
  for (const lifetime of await lifetimesOf(vault, today)) {
    await ensurePartitions(vault.database, lifetime);
    if (known.has(lifetime.dayOfDeath)) continue;
    const { record, firstPosition } = await leaseFitting(vault, lifetime);
    await vault.keys.release(record.serial, firstPosition);
    made += 1;
  }
  return made;
}

/** Makes what is missing for today and the next seven days, for every tenant; returns how many. */
export async function provision(installation: Vault): Promise<number> {
  const ids = await connected(installation.database, listTenantIds);
  let made = 0;
  for (const id of ids) made += await provisionTenant(await vaultOfTenant(installation, id));
  return made;
}
