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
import { parseCheckpoint } from "../audit/checkpoint.ts";
import { parseNote } from "../audit/note.ts";
import { recordNameOf } from "../log/log-keys.ts";
import { allActiveSlots, allStandingSlots } from "../store/hold.ts";
import { INSTALLATION_LOG, readHead } from "../store/log.ts";
import type { Connection } from "../store/query.ts";
import type { SlotsByCompartment } from "../store/slots.ts";
import { listTenantIds } from "../store/tenant.ts";
import { reissueTokens } from "../store/tenant-keys.ts";
import type { ReissuedSpan } from "../store/tenant-keys.ts";
import { connected, transaction } from "../store/pool.ts";
import { erasedSlots } from "../store/shell.ts";
import { tallyShells } from "../store/shell-tally.ts";
import { listLoggedCopies } from "./logged-copies.ts";
import { catchUpSigning, signingBehind } from "./signing-key-check.ts";
import type { RecordIn, SigningBehind } from "./signing-key-check.ts";
import { PASS } from "./step.ts";
import type { Reached } from "./step.ts";
import { vaultOfTenant } from "./tenant-vault.ts";
import type { Vault } from "./vault.ts";

/** What a key store knows of compartments, by serial. */
export interface KnownSerials {
  readonly living: readonly number[];
  readonly dead: readonly number[];
  /** Waybills that died by themselves. */
  readonly punctured: readonly Pick<LeafTombstone, "serial" | "slot">[];
  /** Waybills whose keys outlive their compartment. */
  readonly held: SlotsByCompartment;
  /** What must not grow older, by name. */
  readonly checkpoint: RecordIn;
}

export interface MissingCompartment extends CompartmentRow {
  /** Waybills that are lost with it; 0 where it was made ahead of need, or all were erased. */
  readonly waybills: number;
}

export interface Differences {
  /** They live in the database, and the key store never heard of them: their waybills are lost. */
  readonly missing: readonly MissingCompartment[];
  /** Dead in the database, and the key store still has their keys. */
  readonly revived: readonly number[];
  /** How many waybills were erased, and the key store still has their keys. */
  readonly unerased: number;
  /** How many waybills a hold keeps of which the key store knows nothing. */
  readonly unheld: number;
  /** Signing keys of whose change the log tells more than the key store knows. */
  readonly signing: readonly SigningBehind[];
}

/** The serials that the vault's key store knows. */
export async function serialsOf({ keys }: Pick<Vault, "keys">): Promise<KnownSerials> {
  const living = (await keys.list()).map((record) => record.serial);
  const dead = (await keys.tombstones()).map((tombstone) => tombstone.serial);
  const held = (await keys.held()).map(({ record, slots }) => [record.serial, slots] as const);
  const checkpoint = async (name: string): Promise<Uint8Array | null> =>
    keys.checkpoints.last(name);
  return {
    living,
    dead,
    punctured: await keys.leafTombstones(),
    held: new Map(held),
    checkpoint,
  };
}

/** How many of `places` are not among `others`. */
function countWithout(places: SlotsByCompartment, others: ReadonlySet<string>): number {
  let count = 0;
  for (const [serial, slots] of places)
    count += slots.filter((slot) => !others.has(`${serial}/${slot}`)).length;
  return count;
}

/** Whether the key store remembers a larger tree of a log than the database ever decided on. */
async function isOlderDatabase(connection: Connection, checkpoint: RecordIn): Promise<boolean> {
  for (const log of [INSTALLATION_LOG, ...(await listTenantIds(connection))]) {
    const note = Buffer.from((await checkpoint(recordNameOf(log))) ?? "").toString("utf8");
    const signed = parseCheckpoint(parseNote(note)?.text ?? "")?.size ?? 0;
    if (signed > ((await readHead(connection, log))?.size ?? 0)) return true;
  }
  return false;
}

/**
 * Waybills with a hold whose key is not kept, in compartments that live. A hold is active only once
 * its key is kept, so the key store is older; unless the database is, and the hold has ended since.
 */
async function unheldIn(
  connection: Connection,
  { living, held, punctured, checkpoint }: KnownSerials,
): Promise<number> {
  const alive = new Set(living);
  const active = [...(await allActiveSlots(connection))].filter(([serial]) => alive.has(serial));
  const kept = [...held].flatMap(([serial, slots]) => slots.map((slot) => `${serial}/${slot}`));
  const gone = punctured.map(({ serial, slot }) => `${serial}/${slot}`);
  const count = countWithout(new Map(active), new Set([...kept, ...gone]));
  return count > 0 && (await isOlderDatabase(connection, checkpoint)) ? 0 : count;
}

/** Those of `alive` that are not `known`, with what is lost with each. */
async function missingOf(
  connection: Connection,
  alive: readonly CompartmentRow[],
  known: ReadonlySet<number>,
): Promise<MissingCompartment[]> {
  const missing = alive.filter((row) => !known.has(row.serial));
  const serials = missing.map(({ serial }) => serial);
  const tallies = await tallyShells(connection, serials, { erased: new Map(), kept: new Map() });
  return missing.map((row) => ({ ...row, waybills: tallies.get(row.serial)?.dying ?? 0 }));
}

/** Where the database knows better than the key store; an older database never does. */
export async function differencesOf(
  { database }: Pick<Vault, "database">,
  serials: KnownSerials,
): Promise<Differences> {
  const { living, dead, punctured, checkpoint } = serials;
  const known = new Set([...living, ...dead]);
  const gone = new Set(punctured.map(({ serial, slot }) => `${serial}/${slot}`));
  const read = await connected(database, async (connection) => ({
    missing: await missingOf(connection, await undestroyedCompartments(connection), known),
    mirrored: await findCompartments(connection, living),
    erased: await erasedSlots(connection, living),
    unheld: await unheldIn(connection, serials),
    signing: await signingBehind(connection, checkpoint),
  }));
  const { missing, mirrored, erased, unheld, signing } = read;
  return {
    unheld,
    signing,
    missing,
    revived: mirrored.filter((row) => row.state === "destroyed").map((row) => row.serial),
    unerased: countWithout(erased, gone),
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

/**
 * Gives new tokens to waybills whose token key this key store never had. The intake key was made
 * with it and is lost with it.
 */
async function reissueLost(installation: Vault): Promise<ReissuedTokens[]> {
  const reissued: ReissuedTokens[] = [];
  for (const tenant of await connected(installation.database, listTenantIds)) {
    const { token } = await installation.keys.tenantKeys(tenant);
    const span = await transaction(installation.database, async (connection) =>
      reissueTokens(connection, tenant, token[0].number),
    );
    if (span === null) continue;
    const { name } = (await vaultOfTenant(installation, tenant)).tenant;
    reissued.push({ tenant: name, ...span });
  }
  return reissued;
}

/** Waybills of a tenant whose labels name a token that leads nowhere any more. */
export interface ReissuedTokens extends ReissuedSpan {
  /** Its name, as `MIDAN_TENANT` says it. */
  readonly tenant: string;
}

export interface Reconciled {
  /** Compartments whose keys are lost, and how many waybills were in them. */
  readonly lost: readonly {
    readonly compartment: string;
    readonly dayOfDeath: string;
    readonly waybills: number;
  }[];
  readonly destroyedAgain: readonly string[];
  readonly erasedAgain: number;
  /**
   * Waybills whose token key was lost, by tenant: their labels have to be printed again, and the
   * same order sent again is not known, so that it would be sealed twice.
   */
  readonly reissued: readonly ReissuedTokens[];
  /** Signing keys of whose change the log told more; what is not lost was done again. */
  readonly signing: readonly SigningBehind[];
  /** Ids of copies of the key store that the log tells of and the store did not list. */
  readonly copiesAgain: readonly string[];
  /** Id of the entry about it. */
  readonly entry: string;
}

/**
 * Brings the key store in line with the database, whatever it forgot. Every step may be done again.
 * Throws as the stores do; nothing may be served then, call it again.
 */
export async function reconcile(vault: Vault, reached: Reached = PASS): Promise<Reconciled> {
  const { missing, revived, signing } = await differencesOf(vault, await serialsOf(vault));
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
  const reissued = await reissueLost(vault);
  await catchUpSigning(vault, signing);
  const copiesAgain = (await listLoggedCopies(vault)).map(({ id }) => id);
  const entry = await transaction(vault.database, async (connection) =>
    writeEntry(vault, connection, {
      type: "keys-restored",
      actor: SYSTEM_ACTOR,
      count: revived.length + erasedAgain,
      left: missing.length,
    }),
  );
  await reached("restore-told");
  const lost = missing.map(({ serial, dayOfDeath, waybills }) => ({
    compartment: serialText(serial),
    dayOfDeath,
    waybills,
  }));
  const destroyedAgain = revived.map(serialText);
  return { lost, destroyedAgain, erasedAgain, reissued, signing, copiesAgain, entry };
}

/** Throws KEYSTORE_DIFFERS with the counts, unless the database knows nothing better. */
export function requireNone({ missing, revived, unerased, unheld, signing }: Differences): void {
  const known = { missing: missing.length, revived: revived.length, unerased };
  const counts = { ...known, unheld, signing: signing.length };
  if (Object.values(counts).every((count) => count === 0)) return;
  const waybills = missing.reduce((total, one) => total + one.waybills, 0);
  const lost = missing
    .toSorted((a, b) => b.waybills - a.waybills)
    .slice(0, LOST_LISTED)
    .map(({ serial }) => serialText(serial))
    .join(" ");
  throw new Failure("KEYSTORE_DIFFERS", lost === "" ? counts : { ...counts, waybills, lost });
}

/** So many lost compartments are named in a refusal; the report of a restoration names them all. */
const LOST_LISTED = 20;
