/**
 * Shred (销毁): destroys the keys of compartments whose day has come (P7). For each: an intent entry
 * commits, the key store writes its tombstone and destroys the key, the destroyed entry commits.
 * The last entry's id comes from the tombstone, so a crash between any two steps is finished by
 * whoever opens the vault next (`settleTombstones`), and never told twice.
 */
import { tellWebhooks } from "../access/webhook.ts";
import { serialText } from "../keystore/compartment-record.ts";
import type { CompartmentRecord } from "../keystore/compartment-record.ts";
import { destroyedLeafId } from "../keystore/tombstone.ts";
import type { Tombstone } from "../keystore/tombstone.ts";
import { addDays, dayOf } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { Failure, isFailure } from "../rules/failure.ts";
import { lifeStateOn } from "../rules/retention.ts";
import { setCompartmentState } from "../store/compartment.ts";
import { dropDeadWeek, weeksOf } from "../store/partition.ts";
import { connected, transaction } from "../store/pool.ts";
import { clearExpired } from "./clearing.ts";
import { requireClockForShredding } from "./clock.ts";
import { SYSTEM_ACTOR, writeEntry } from "../access/entry.ts";
import { dropIndexes } from "./dead-index.ts";
import { rotateIfDue } from "./rotate.ts";
import { settleHolds } from "./settle-holds.ts";
import { PASS } from "./step.ts";
import type { Reached } from "./step.ts";
import { portionOfRun } from "./shred-portion.ts";
import type { Waiting } from "./shred-portion.ts";
import { dyingIn, tally } from "./tally.ts";
import type { Tallies } from "./tally.ts";
import { vaultOfTenant } from "./tenant-vault.ts";
import { issueCertificate } from "./erasure-certificate.ts";
import { settleIndex } from "./settle-index.ts";
import { tellOnce } from "./told-once.ts";
import { rememberTold, untold } from "./untold.ts";
import type { Vault } from "./vault.ts";

export interface ShredRequest {
  readonly on: Day;
  readonly dryRun: boolean;
  /** Per cent of a tenant's keys that a person lets die late in this run; null: as is set. */
  readonly sharePercentMax: number | null;
  readonly reached?: Reached;
}

export interface ShreddedCompartment {
  readonly serial: string;
  /** UUID of the tenant whose it is: a run serves the whole installation. */
  readonly tenant: string;
  readonly dayOfDeath: Day;
  /** Waybills that die with it: neither the held ones nor those that were erased before. */
  readonly waybills: number;
  /** Id of the destroyed entry; null in a dry run. */
  readonly entry: string | null;
}

export interface ShredReport {
  readonly on: Day;
  readonly dryRun: boolean;
  readonly compartments: readonly ShreddedCompartment[];
  readonly waybills: number;
  /** Mondays of the weeks whose blind index died and whose rows were dropped. */
  readonly weeks: readonly Day[];
  /** What is late and was left for another day, or for a person. */
  readonly waiting: Waiting;
}

async function talliesOf(vault: Vault, records: readonly CompartmentRecord[]): Promise<Tallies> {
  const serials = records.map((record) => record.serial);
  return connected(vault.database, async (connection) => tally(vault, connection, serials));
}

async function writeIntent(vault: Vault, record: CompartmentRecord, count: number): Promise<void> {
  const { serial, dayOfDeath } = record;
  await transaction(vault.database, async (connection) =>
    writeEntry(vault, connection, {
      type: "shred-intent",
      actor: SYSTEM_ACTOR,
      compartment: serialText(serial),
      dayOfDeath,
      count,
    }),
  );
}

interface Told {
  /** Id of the entry, hex. */
  readonly entry: string;
  readonly waybills: number;
}

/**
 * Tells the log and the mirror what the key store has done; again changes nothing. Counted anew:
 * a hold or an erasure may have come between the intent and the tombstone.
 */
async function settle(vault: Vault, tombstone: Tombstone): Promise<Told> {
  const { serial, dayOfDeath, destroyedAt } = tombstone;
  return transaction(vault.database, async (connection) => {
    const counted = (await tally(vault, connection, [serial])).get(serial);
    const { dying: waybills, kept } = counted ?? { dying: 0, kept: 0 };
    await setCompartmentState(connection, serial, { state: "destroyed", at: destroyedAt });
    const { entry, isNew } = await tellOnce(vault, connection, {
      type: "compartment-destroyed",
      actor: SYSTEM_ACTOR,
      id: destroyedLeafId(tombstone),
      compartment: serialText(serial),
      dayOfDeath,
      count: waybills,
      // What a hold keeps lives on, and dies by an entry of its own.
      ...(kept === 0 ? {} : { left: kept }),
    });
    if (!isNew) return { entry, waybills };
    const data = { compartment: serialText(serial), dayOfDeath, entry };
    await tellWebhooks(vault, connection, { event: "compartment.destroyed", data });
    await issueCertificate(vault, connection, { kind: "compartment", tombstone, token: null });
    return { entry, waybills };
  });
}

interface Run {
  readonly dying: ReadonlySet<number>;
  readonly tallies: Tallies;
  readonly reached: Reached;
}

async function destroyOne(
  vault: Vault,
  record: CompartmentRecord,
  run: Run,
): Promise<ShreddedCompartment> {
  await writeIntent(vault, record, dyingIn(run.tallies, record.serial));
  await run.reached("shred-intent");
  const tombstone = await vault.keys.destroy(record.serial, vault.now());
  await run.reached("shred-destroyed");
  const { entry, waybills } = await settle(vault, tombstone);
  await run.reached("shred-told");
  const { serial, tenant, dayOfDeath } = record;
  return { serial: serialText(serial), tenant, dayOfDeath, waybills, entry };
}

/**
 * Finishes, for every tenant, what a crash or a database restored from an older backup left untold;
 * returns how many destructions were told now.
 */
export async function settleTombstones(installation: Vault): Promise<number> {
  const destroyed = await installation.keys.tombstones();
  const compartments = await untold(installation, "compartment", destroyed);
  for (const tombstone of compartments) {
    await settle(await vaultOfTenant(installation, tombstone.tenant), tombstone);
  }
  await rememberTold(installation, "compartment", destroyed);
  const indexesDestroyed = await installation.keys.indexTombstones();
  const indexes = await untold(installation, "index", indexesDestroyed);
  for (const tombstone of indexes) {
    await settleIndex(await vaultOfTenant(installation, tombstone.tenant), tombstone);
  }
  await rememberTold(installation, "index", indexesDestroyed);
  return compartments.length + indexes.length;
}

/** Marks compartments that enter their last 24 hours: nothing is sealed into them any more (P7). */
async function markClosing(
  vault: Vault,
  records: readonly CompartmentRecord[],
  today: Day,
): Promise<void> {
  for (const record of records) {
    if (record.state !== "live" || lifeStateOn(today, record.dayOfDeath) !== "closing") continue;
    await vault.keys.setState(record.serial, "closing");
    await transaction(vault.database, async (connection) => {
      await setCompartmentState(connection, record.serial, { state: "closing" });
      await writeEntry(vault, connection, {
        type: "compartment-closing",
        actor: SYSTEM_ACTOR,
        compartment: serialText(record.serial),
        dayOfDeath: record.dayOfDeath,
      });
    });
  }
}

async function dropWeekIfDead(vault: Vault, week: Day): Promise<boolean> {
  try {
    return (await dropDeadWeek(vault.database, week)) === "dropped";
  } catch (error) {
    // Somebody's compartment of that week still lives: a later run drops it.
    if (isFailure(error, "WEEK_ALIVE")) return false;
    throw error;
  }
}

/**
 * Drops the rows of every week that is over and dead for all tenants. The list comes from the
 * database itself, so what one run could not drop the next one will.
 */
async function dropWeeks(vault: Vault, today: Day): Promise<Day[]> {
  const weeks = await connected(vault.database, async (connection) => weeksOf(connection, "party"));
  const dropped: Day[] = [];
  for (const week of weeks.filter((monday) => addDays(monday, 7) <= today)) {
    if (await dropWeekIfDead(vault, week)) dropped.push(week);
  }
  return dropped;
}

/** What one run has to do for one tenant. */
interface Task {
  readonly vault: Vault;
  readonly records: readonly CompartmentRecord[];
}

/**
 * Every tenant that has or had a compartment: an index may outlive the last of them by a few days.
 */
async function tasksOf(vault: Vault, records: readonly CompartmentRecord[]): Promise<Task[]> {
  const dead = (await vault.keys.tombstones()).map((tombstone) => tombstone.tenant);
  const tenants = new Set([...records.map((record) => record.tenant), ...dead]);
  const tasks: Task[] = [];
  for (const tenant of tenants) {
    const own = records.filter((record) => record.tenant === tenant);
    tasks.push({ vault: await vaultOfTenant(vault, tenant), records: own });
  }
  return tasks;
}

async function runTask(task: Task, run: Run): Promise<ShreddedCompartment[]> {
  const { vault, records } = task;
  const today = dayOf(vault.now(), vault.timeZone);
  const destroyed: ShreddedCompartment[] = [];
  for (const record of records.filter(({ serial }) => run.dying.has(serial))) {
    destroyed.push(await destroyOne(vault, record, run));
  }
  await markClosing(vault, records, today);
  await dropIndexes(vault, today);
  return destroyed;
}

/** Each run leaves a mark, also when nothing was due: the clock is held against it (clock.ts). */
async function markRun(vault: Vault, waybills: number): Promise<void> {
  await transaction(vault.database, async (connection) =>
    writeEntry(vault, connection, { type: "shred-run", actor: SYSTEM_ACTOR, count: waybills }),
  );
}

async function runAll(vault: Vault, records: readonly CompartmentRecord[], run: Run) {
  const today = dayOf(vault.now(), vault.timeZone);
  const compartments: ShreddedCompartment[] = [];
  for (const task of await tasksOf(vault, records)) {
    compartments.push(...(await runTask(task, run)));
  }
  await settleTombstones(vault);
  await settleHolds(vault, { expire: true });
  const weeks = await dropWeeks(vault, today);
  await clearExpired(vault, today);
  await rotateIfDue(vault);
  const waybills = compartments.reduce((total, one) => total + one.waybills, 0);
  await markRun(vault, waybills);
  return { compartments, waybills, weeks };
}

const NOTHING_WAITS: Waiting = { compartments: 0, waybills: 0, needsPerson: false };

/**
 * Destroys what is due on `on`, for every tenant of the installation, or lists it. What is late
 * dies in portions: the report says what waits, and whoever asked sees to it (`requireNoBrake`).
 * Throws SHRED_FUTURE for a future day without `dryRun`, and as `requireClockForShredding`.
 */
export async function shred(vault: Vault, request: ShredRequest): Promise<ShredReport> {
  const { on, dryRun } = request;
  if (on > dayOf(vault.now(), vault.timeZone) && !dryRun) throw new Failure("SHRED_FUTURE");
  const records = await vault.keys.list();
  const tallies = await talliesOf(vault, records);
  if (dryRun) {
    const due = records.filter((record) => record.dayOfDeath <= on);
    const compartments = due.map((record) => listed(record, tallies));
    const waybills = compartments.reduce((total, one) => total + one.waybills, 0);
    return { on, dryRun, waybills, compartments, weeks: [], waiting: NOTHING_WAITS };
  }
  await requireClockForShredding(vault);
  const tombstones = await vault.keys.tombstones();
  const { sharePercentMax: allowed, reached = PASS } = request;
  const portion = portionOfRun(vault, { on, records, tallies, tombstones, allowed });
  const { dying, waiting } = portion;
  const ran = await runAll(vault, records, { dying, tallies, reached });
  return { on, dryRun, ...ran, waiting };
}

/** Throws SHRED_BRAKE when what waits does so until a person has looked at it. */
export function requireNoBrake({ waiting }: ShredReport): void {
  const { compartments, waybills, needsPerson } = waiting;
  if (needsPerson) throw new Failure("SHRED_BRAKE", { compartments, waybills });
}

function listed(record: CompartmentRecord, tallies: Tallies): ShreddedCompartment {
  const { serial, tenant, dayOfDeath } = record;
  const waybills = dyingIn(tallies, serial);
  return { serial: serialText(serial), tenant, dayOfDeath, waybills, entry: null };
}
