/**
 * Weekly partitions. They are made ahead of need and dropped when every day of the week is dead;
 * both must never make readers wait: a waiting DDL statement stalls all who come after it, so each
 * attempt gives up after a short lock timeout and tries again.
 */

import assert from "node:assert/strict";

import { addDays, mondayOf } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { Failure } from "../rules/failure.ts";
import { HOLD_STANDING } from "./hold.ts";
import { connected, transaction } from "./pool.ts";
import type { Database } from "./pool.ts";
import { execute, query, sqlStateOf, SQLSTATE } from "./query.ts";
import type { Connection } from "./query.ts";
import { day, text, wholeNumber } from "./row.ts";
import { deleteOfWeek, deleteUnheld, USUAL_BATCHES } from "./week-rows.ts";
import type { InBatches } from "./week-rows.ts";

/** The partitioned tables and the column that each is cut by. */
const WEEKLY = {
  party: "death_week",
  shell: "shell_week",
  print_statement: "shell_week",
} as const;
type WeeklyTable = keyof typeof WEEKLY;

const DDL_LOCK_TIMEOUT_MS = 1_000;
const DDL_ATTEMPTS = 10;
/* About three seconds: a drop that finds no gap between readers is for another day. */
const DROP_ATTEMPTS = 3;

/* Any constant will do, as long as nothing else in this database takes an advisory lock on it. */
const PARTITION_LOCK = 6_711_002;

export interface Weeks {
  /** Mondays. */
  readonly deathWeek: Day;
  readonly shellWeek: Day;
}

function partitionName(table: WeeklyTable, week: Day): string {
  return `${table}_w${week.replaceAll("-", "")}`;
}

function assertMonday(week: Day): void {
  assert.equal(week, mondayOf(week), "weeks are named by their Monday");
}

/*
 * Reads the catalogue itself: `to_regclass` answers from a cache that does not learn, while one
 * waits for the advisory lock, what the other side has just made.
 */
async function missing(connection: Connection, names: readonly string[]): Promise<Set<string>> {
  const rows = await query(connection, {
    text: `
      select name from unnest($1::text[]) as wanted (name)
      where not exists
        (select from pg_class
         where relname = name and relnamespace = current_schema()::regnamespace)`,
    values: [names],
  });
  return new Set(rows.map((row) => text(row, "name")));
}

/*
 * Made beside the parent and then attached: CREATE TABLE … PARTITION OF would lock the parent
 * against everyone, ATTACH only against other DDL (PostgreSQL manual, ALTER TABLE, ATTACH
 * PARTITION).
 */
async function attach(connection: Connection, table: WeeklyTable, week: Day): Promise<void> {
  const name = partitionName(table, week);
  const next = addDays(week, 7);
  const column = WEEKLY[table];
  // Names and days are ours: a table of the list above and a checked calendar day.
  await execute(connection, { text: `create table ${name} (like ${table} including all)` });
  await execute(connection, {
    text: `
      alter table ${name} add constraint ${name}_week
      check (${column} >= '${week}'::date and ${column} < '${next}'::date)`,
  });
  await execute(connection, {
    text: `
      alter table ${table} attach partition ${name} for values from ('${week}') to ('${next}')`,
  });
  // It served to spare the scan at ATTACH; the partition's own bound says the same from here on.
  await execute(connection, { text: `alter table ${name} drop constraint ${name}_week` });
}

async function inDdlTransaction<T>(
  database: Database,
  work: (connection: Connection) => Promise<T>,
  attempts: number = DDL_ATTEMPTS,
): Promise<T> {
  return transaction(
    database,
    async (connection) => {
      await execute(connection, { text: `set local lock_timeout = ${DDL_LOCK_TIMEOUT_MS}` });
      await execute(connection, { text: `select pg_advisory_xact_lock(${PARTITION_LOCK})` });
      return work(connection);
    },
    { attempts },
  );
}

/**
 * Makes the partitions of both weeks where they do not exist. Cheap when they do; safe from any
 * number of processes at once. Runs in a transaction of its own, so call it before the batch's.
 */
export async function ensurePartitions(database: Database, weeks: Weeks): Promise<void> {
  assertMonday(weeks.deathWeek);
  assertMonday(weeks.shellWeek);
  const wanted = [
    { table: "party", week: weeks.deathWeek },
    { table: "shell", week: weeks.shellWeek },
    { table: "print_statement", week: weeks.shellWeek },
  ] as const;
  const names = wanted.map(({ table, week }) => partitionName(table, week));
  const before = await connected(database, async (connection) => missing(connection, names));
  if (before.size === 0) return;
  await inDdlTransaction(database, async (connection) => {
    const still = await missing(connection, names);
    for (const { table, week } of wanted) {
      if (still.has(partitionName(table, week))) await attach(connection, table, week);
    }
  });
}

/**
 * `busy`: others read the table all the while. Nothing was dropped; ask again another day. `held`:
 * what a hold keeps stays, and nothing else.
 */
export type DropOutcome = "dropped" | "nothing" | "busy" | "held";

const NO_GAP: ReadonlySet<string | null> = new Set([
  SQLSTATE.lockNotAvailable,
  SQLSTATE.deadlockDetected,
]);

async function inGap(
  database: Database,
  work: (connection: Connection) => Promise<DropOutcome>,
): Promise<DropOutcome> {
  try {
    return await inDdlTransaction(database, work, DROP_ATTEMPTS);
  } catch (error) {
    if (NO_GAP.has(sqlStateOf(error))) return "busy";
    throw error;
  }
}

const outcomeOf = (isDropped: boolean): DropOutcome => (isDropped ? "dropped" : "nothing");

async function drop(connection: Connection, name: string): Promise<boolean> {
  if ((await missing(connection, [name])).size > 0) return false;
  await execute(connection, { text: `drop table ${name}` });
  return true;
}

/**
 * Drops the party rows of a week whose compartments are all destroyed. WEEK_ALIVE when one of them
 * still lives: destroy its keys first.
 */
export async function dropDeadWeek(database: Database, deathWeek: Day): Promise<DropOutcome> {
  assertMonday(deathWeek);
  const name = partitionName("party", deathWeek);
  return inGap(database, async (connection) => {
    await requireDead(connection, "death_week", deathWeek);
    return outcomeOf(await drop(connection, name));
  });
}

/** Throws WEEK_ALIVE while a compartment of the week lives. */
async function requireDead(
  connection: Connection,
  column: "death_week" | "shell_week",
  week: Day,
): Promise<void> {
  const alive = await query(connection, {
    text: `
      select count(*) as alive from compartment
      where ${column} = $1::date and state <> 'destroyed'`,
    values: [week],
  });
  const count = wholeNumber(alive[0] ?? {}, "alive");
  if (count > 0) throw new Failure("WEEK_ALIVE", { week, compartments: count });
}

async function isHeld(connection: Connection, shellWeek: Day): Promise<boolean> {
  const rows = await query(connection, {
    text: `
      select 1 from hold where shell_week = $1::date and ${HOLD_STANDING} limit 1`,
    values: [shellWeek],
  });
  return rows.length > 0;
}

/** Asks before anything of the week is touched, and whether a hold keeps some of it. */
async function isKept(database: Database, shellWeek: Day): Promise<boolean> {
  return connected(database, async (connection) => {
    await requireDead(connection, "shell_week", shellWeek);
    return isHeld(connection, shellWeek);
  });
}

/**
 * A held waybill is found by its token, so its shell and its statements outlive their week. Nothing
 * is placed under a hold any more: every key of the week is destroyed.
 */
async function dropUnheld(
  database: Database,
  shellWeek: Day,
  batches: InBatches,
): Promise<DropOutcome> {
  for (const table of ["shell", "print_statement"] as const) {
    const partition = partitionName(table, shellWeek);
    const isGone = await connected(
      database,
      async (connection) => (await missing(connection, [partition])).size > 0,
    );
    if (!isGone) await deleteUnheld(database, { table, partition }, batches);
  }
  return "held";
}

/**
 * Drops the shells and print statements of a week that was over before `today`, both or neither; of
 * what a hold keeps they stay until it ends. What stands beside them (who supplies them, who had
 * them in custody, sealed batches) goes before, and with a hold the rest goes row by row: in
 * bounded transactions, which a crash may stop and the next call completes.
 * WEEK_ALIVE while a day of the week is still to come, or a compartment of it lives.
 */
export async function dropShellWeek(
  database: Database,
  shellWeek: Day,
  over: { readonly today: Day; readonly batches?: InBatches },
): Promise<DropOutcome> {
  assertMonday(shellWeek);
  const { today, batches = USUAL_BATCHES } = over;
  if (addDays(shellWeek, 7) > today) throw new Failure("WEEK_ALIVE", { week: shellWeek });
  const isHolding = await isKept(database, shellWeek);
  for (const table of ["drop_ship", "custody"] as const)
    await deleteOfWeek(database, { table, shellWeek }, batches);
  if (isHolding) return dropUnheld(database, shellWeek, batches);
  await deleteOfWeek(database, { table: "seal_batch", shellWeek }, batches);
  return inGap(database, async (connection) => {
    await requireDead(connection, "shell_week", shellWeek);
    const shells = await drop(connection, partitionName("shell", shellWeek));
    const statements = await drop(connection, partitionName("print_statement", shellWeek));
    return outcomeOf(shells || statements);
  });
}

export interface TableSize {
  readonly table: string;
  /** The planner's estimate, -1 before the first analyse. */
  readonly rowsEstimate: number;
  /** Table, indexes and TOAST together. */
  readonly bytes: number;
}

/** Sizes of every table, partitions added up under their parent, by name. For `status`. */
export async function tableSizes(connection: Connection): Promise<TableSize[]> {
  const rows = await query(connection, {
    text: `
      select coalesce(parent.relname, c.relname)::text as name,
             sum(c.reltuples)::bigint as rows_estimate,
             sum(pg_total_relation_size(c.oid))::bigint as bytes
      from pg_class c
      left join pg_inherits i on i.inhrelid = c.oid
      left join pg_class parent on parent.oid = i.inhparent
      where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
      group by 1 order by 1`,
  });
  return rows.map((row) => ({
    table: text(row, "name"),
    rowsEstimate: wholeNumber(row, "rows_estimate"),
    bytes: wholeNumber(row, "bytes"),
  }));
}

/** The Mondays for which `table` has a partition, oldest first. */
export async function weeksOf(connection: Connection, table: WeeklyTable): Promise<Day[]> {
  const rows = await query(connection, {
    text: `
      select to_char(to_date(right(c.relname, 8), 'YYYYMMDD'), 'YYYY-MM-DD') as week
      from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = $1::regclass order by 1`,
    values: [table],
  });
  return rows.map((row) => day(row, "week"));
}
