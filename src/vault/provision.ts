/**
 * Keys ahead of need: compartments and partitions of the next days, so that a seal on any of them
 * finds its key made and its tables there, also when the disk of the key store is trouble that day.
 */
import type { CompartmentRecord } from "../keystore/compartment-record.ts";
import { addDays, dayOf } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { lifetimeOf } from "../rules/retention.ts";
import type { Lifetime } from "../rules/retention.ts";
import { insertCompartments } from "../store/compartment.ts";
import type { NewCompartment } from "../store/compartment.ts";
import { ensurePartitions } from "../store/partition.ts";
import { connected, transaction } from "../store/pool.ts";
import { listTenantIds } from "../store/tenant.ts";
import { termsFor } from "../access/retention.ts";
import { vaultOfTenant } from "./tenant-vault.ts";
import type { Vault } from "./vault.ts";

const AHEAD_DAYS = 7;
/** A second server that begins at the same moment makes its own. */
const FREE_FOR_EACH_DAY = 1;

async function lifetimesOf(vault: Vault, today: Day): Promise<Lifetime[]> {
  const terms = await connected(vault.database, async (connection) =>
    termsFor(vault, connection, { organisationId: null, at: vault.now() }),
  );
  return Array.from({ length: AHEAD_DAYS + 1 }, (_, ahead) =>
    lifetimeOf(addDays(today, ahead), terms.persons, terms.shell),
  );
}

/** The compartment as the database has it: until then no token leads to it, and nothing is due. */
function rowOf(
  { serial, tenant: tenantId, suite, generation }: CompartmentRecord,
  { dayOfDeath, deathWeek, shellWeek }: Lifetime,
): NewCompartment {
  return { serial, tenantId, dayOfDeath, deathWeek, shellWeek, suite, generation };
}

/**
 * Tells the database of every compartment of those days, also of one that a crash left untold. A
 * row that is there stays as it is.
 */
async function mirrorAll(
  vault: Vault,
  records: readonly CompartmentRecord[],
  lifetimes: readonly Lifetime[],
): Promise<void> {
  const byDay = new Map(lifetimes.map((lifetime) => [lifetime.dayOfDeath, lifetime]));
  const rows = records.flatMap((record) => {
    const lifetime = byDay.get(record.dayOfDeath);
    return lifetime === undefined ? [] : [rowOf(record, lifetime)];
  });
  await transaction(vault.database, async (connection) => insertCompartments(connection, rows));
}

/** How many compartments of the tenant were made. */
async function provisionTenant(vault: Vault): Promise<number> {
  const { id: tenant, suite } = vault.tenant;
  const lifetimes = await lifetimesOf(vault, dayOf(vault.now(), vault.timeZone));
  for (const lifetime of lifetimes) await ensurePartitions(vault.database, lifetime);
  const requests = lifetimes.map(({ dayOfDeath }) => ({ tenant, dayOfDeath, suite }));
  const made = await vault.keys.createAhead(requests, FREE_FOR_EACH_DAY);
  const own = (await vault.keys.list()).filter((one) => one.tenant === tenant);
  await mirrorAll(vault, own, lifetimes);
  return made.length;
}

/** Makes what is missing for today and the next seven days, for every tenant; returns how many. */
export async function provision(installation: Vault): Promise<number> {
  const ids = await connected(installation.database, listTenantIds);
  let made = 0;
  for (const id of ids) made += await provisionTenant(await vaultOfTenant(installation, id));
  return made;
}
