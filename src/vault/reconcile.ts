/**
 * An older key store with a newer database (P6): what the database knows better is done again in
 * the key store, before anything is served. Compartments whose keys are lost are given up, what was
 * destroyed since is destroyed again, what was erased is erased again, and holds stand as they do.
 */
import { writeEntry, SYSTEM_ACTOR } from "../access/entry.ts";
import { serialText } from "../keystore/compartment-record.ts";
import type { LeafTombstone } from "../keystore/tombstone.ts";
import { Failure, isFailure } from "../rules/failure.ts";
import { findCompartments, highestSerial, undestroyedCompartments } from "../store/compartment.ts";
import type { CompartmentRow } from "../store/compartment.ts";
import { allStandingSlots } from "../store/hold.ts";
import type { SlotsByCompartment } from "../store/slots.ts";
import { listTenantIds } from "../store/tenant.ts";
import { reissueTokens } from "../store/tenant-keys.ts";
import { connected, transaction } from "../store/pool.ts";
import { erasedSlots } from "../store/shell.ts";
import { PASS } from "./step.ts";
import type { Reached } from "./step.ts";
import type { Vault } from "./vault.ts";

/** What a key store knows of compartments, by serial. */
export interface KnownSerials {
  readonly living: readonly number[];
  readonly dead: readonly number[];
  /** Waybills that died by themselves. */
  readonly punctured: readonly Pick<LeafTombstone, "serial" | "slot">[];
}

export interface Differences {
  /** They live in the database, and the key store never heard of them: their waybills are lost. */
  readonly missing: readonly CompartmentRow[];
  /** Dead in the database, and the key store still has their keys. */
  readonly revived: readonly number[];
  /** How many waybills were erased, and the key store still has their keys. */
  readonly unerased: number;
}

/** The serials that the vault's key store knows. */
export async function serialsOf({ keys }: Pick<Vault, "keys">): Promise<KnownSerials> {
  const living = (await keys.list()).map((record) => record.serial);
  const dead = (await keys.tombstones()).map((tombstone) => tombstone.serial);
  return { living, dead, punctured: await keys.leafTombstones() };
}

/** Waybills that the database knows to be erased, and whose keys live. */
function unerasedOf(erased: SlotsByCompartment, punctured: KnownSerials["punctured"]): number {
  const gone = new Set(punctured.map(({ serial, slot }) => `${serial}/${slot}`));
  let count = 0;
  for (const [serial, slots] of erased)
    count += slots.filter((slot) => !gone.has(`${serial}/${slot}`)).length;
  return count;
}

/** Where the database knows better than the key store; an older database never does. */
export async function differencesOf(
  { database }: Pick<Vault, "database">,
  { living, dead, punctured }: KnownSerials,
): Promise<Differences> {
  const known = new Set([...living, ...dead]);
  const [alive, mirrored, erased] = await connected(database, async (connection) => [
    await undestroyedCompartments(connection),
    await findCompartments(connection, living),
    await erasedSlots(connection, living),
  ]);
  return {
    missing: alive.filter((row) => !known.has(row.serial)),
    revived: mirrored.filter((row) => row.state === "destroyed").map((row) => row.serial),
    unerased: unerasedOf(erased, punctured),
  };
}

/** A compartment or leaf that is dead in the key store stays so; everything else is a failure. */
async function unlessDead(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isFailure(error, "KEY_DESTROYED") && !isFailure(error, "KEY_UNKNOWN")) throw error;
  }
}

async function holdAgain(vault: Vault, standing: SlotsByCompartment): Promise<void> {
  for (const [serial, slots] of standing) {
    for (const slot of slots) await unlessDead(async () => vault.keys.hold(serial, [slot]));
  }
}

async function letGoAgain(vault: Vault, standing: SlotsByCompartment): Promise<void> {
  for (const { record, slots } of await vault.keys.held()) {
    const held = new Set(standing.get(record.serial));
    const over = slots.filter((slot) => !held.has(slot));
    if (over.length > 0) await vault.keys.letGo(record.serial, over, vault.now());
  }
}

/** Erases again what was erased; how many waybills. */
async function eraseAgain(vault: Vault): Promise<number> {
  const living = (await vault.keys.list()).map((record) => record.serial);
  const erased = await connected(vault.database, async (connection) =>
    erasedSlots(connection, living),
  );
  let count = 0;
  for (const [serial, slots] of erased) {
    const known = await Promise.all(
      slots.map(async (slot) => vault.keys.isPunctured(serial, slot)),
    );
    const fresh = slots.filter((_, at) => known[at] === false);
    if (fresh.length === 0) continue;
    await vault.keys.puncture(serial, fresh, vault.now());
    count += fresh.length;
  }
  return count;
}

/** Tokens that a key made which this key store never had. */
async function reissueLost(installation: Vault): Promise<void> {
  for (const tenant of await connected(installation.database, listTenantIds)) {
    const { token } = await installation.keys.tenantKeys(tenant);
    await transaction(installation.database, async (connection) =>
      reissueTokens(connection, tenant, token[0].number),
    );
  }
}

export interface Reconciled {
  /** Compartments whose keys are lost, and how many waybills were in them. */
  readonly lost: readonly { readonly compartment: string; readonly dayOfDeath: string }[];
  readonly destroyedAgain: readonly string[];
  readonly erasedAgain: number;
  /** Id of the entry about it. */
  readonly entry: string;
}

/**
 * Brings the key store in line with the database, whatever it forgot. Every step may be done again.
 * Throws as the stores do; nothing may be served then, call it again.
 */
export async function reconcile(vault: Vault, reached: Reached = PASS): Promise<Reconciled> {
  const { missing, revived } = await differencesOf(vault, await serialsOf(vault));
  const [highest, standing] = await connected(vault.database, async (connection) => [
    await highestSerial(connection),
    await allStandingSlots(connection),
  ]);
  await vault.keys.skipSerials(highest);
  await vault.keys.closeToSeals();
  // Holds first: what they keep must outlive the destructions that follow.
  await holdAgain(vault, standing);
  await reached("restore-held");
  for (const serial of revived) await vault.keys.destroy(serial, vault.now());
  await reached("restore-destroyed");
  for (const { serial, tenantId: tenant, dayOfDeath } of missing) {
    await vault.keys.giveUp({ serial, tenant, dayOfDeath }, vault.now());
  }
  await reached("restore-given-up");
  const erasedAgain = await eraseAgain(vault);
  await reached("restore-erased");
  await letGoAgain(vault, standing);
  await reissueLost(vault);
  const entry = await transaction(vault.database, async (connection) =>
    writeEntry(vault, connection, {
      type: "keys-restored",
      actor: SYSTEM_ACTOR,
      count: revived.length + erasedAgain,
      left: missing.length,
    }),
  );
  await reached("restore-told");
  const lost = missing.map(({ serial, dayOfDeath }) => ({
    compartment: serialText(serial),
    dayOfDeath,
  }));
  return { lost, destroyedAgain: revived.map(serialText), erasedAgain, entry };
}

/** Throws KEYSTORE_DIFFERS with the counts, unless the database knows nothing better. */
export function requireNone({ missing, revived, unerased }: Differences): void {
  if (missing.length + revived.length + unerased === 0) return;
  const lost = missing
    .slice(0, LOST_LISTED)
    .map(({ serial }) => serialText(serial))
    .join(" ");
  const counts = { missing: missing.length, revived: revived.length, unerased };
  throw new Failure("KEYSTORE_DIFFERS", lost === "" ? counts : { ...counts, lost });
}

/** So many lost compartments are named in a refusal; the report of a restoration names them all. */
const LOST_LISTED = 20;
