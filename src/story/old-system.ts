/**
 * The old data: an order table of one carrier's former system, in plaintext for three years, in a
 * database of its own; and its sweep. The one file of this room with SQL, because the table is not
 * ours: somebody has to play the other system.
 */
import { playedActor } from "../access/actor.ts";
import { addDays } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { connected, openDatabase } from "../store/pool.ts";
import type { Database } from "../store/pool.ts";
import { execute, query } from "../store/query.ts";
import { wholeNumber } from "../store/row.ts";
import { remainsTexts } from "../sweep/remains-text.ts";
import { runSweep } from "../sweep/run.ts";
import { planSweep } from "../sweep/tally.ts";
import type { SweepPlan } from "../sweep/tally.ts";
import { parseTarget } from "../sweep/target.ts";
import type { SweepTarget } from "../sweep/target.ts";
import { writeSweepEntry } from "../vault/sweep-entry.ts";
import type { Vault } from "../vault/vault.ts";
import { ACCOUNTS } from "./cast.ts";
import type { SweepFact } from "./facts.ts";
import type { Stage } from "./stage.ts";

export const OLD_DATABASE = "old_system";
const TABLE = "old_orders";
const COLUMNS = "name=recipient_name,phone=recipient_phone,address=recipient_address";
const ROWS_PER_INSERT = 2_000;
const AGE_DAYS_MAX = 3 * 365;
const AGE_DAYS_MIN = 200;
/** One row in so many is of the last weeks, which the schedule spares. */
const YOUNG_EVERY = 20;
const YOUNG_DAYS = 150;
/** What the schedule lets stand: rows younger than this are still needed for claims. */
const KEEP_DAYS = 180;

const DEFINITION = `
  create table ${TABLE} (
    id bigint primary key,
    created_on date not null,
    recipient_name text not null,
    recipient_phone varchar(40) not null,
    recipient_address text not null
  )`;

interface OldRow {
  readonly id: number;
  readonly createdOn: Day;
  readonly name: string;
  readonly phone: string;
  readonly address: string;
}

function inventRows(stage: Stage): OldRow[] {
  const { sizes, maker, clock } = stage;
  const span = AGE_DAYS_MAX - AGE_DAYS_MIN;
  return Array.from({ length: sizes.oldRows }, (_, at) => {
    const { recipient } = maker.next(`OLD${at}`, "").order;
    const isYoung = at % YOUNG_EVERY === YOUNG_EVERY - 1;
    const old = AGE_DAYS_MAX - Math.floor((at * span) / sizes.oldRows);
    const age = isYoung ? YOUNG_DAYS - Math.floor((at * YOUNG_DAYS) / sizes.oldRows) : old;
    return { id: at + 1, createdOn: addDays(clock.today, -age), ...recipient };
  });
}

/** Makes the old system's database with its rows, and opens it. */
export async function openOldSystem(stage: Stage): Promise<Database> {
  const { address } = stage.world;
  if (!("host" in address)) throw new RangeError("a world has a server of its own");
  const [carrier] = stage.carriers;
  if (carrier === undefined) throw new RangeError("a story has carriers");
  await connected(carrier.vault.database, async (connection) =>
    execute(connection, { text: `create database ${OLD_DATABASE}` }),
  );
  const database = openDatabase({ ...address, name: OLD_DATABASE });
  await fill(database, inventRows(stage));
  return database;
}

async function fill(database: Database, rows: readonly OldRow[]): Promise<void> {
  await connected(database, async (connection) => {
    await execute(connection, { text: DEFINITION });
    for (let from = 0; from < rows.length; from += ROWS_PER_INSERT) {
      const some = rows.slice(from, from + ROWS_PER_INSERT);
      await execute(connection, {
        text:
          `insert into ${TABLE} select * from ` +
          "unnest($1::bigint[], $2::date[], $3::text[], $4::varchar[], $5::text[])",
        values: [
          some.map(({ id }) => id),
          some.map(({ createdOn }) => createdOn),
          some.map(({ name }) => name),
          some.map(({ phone }) => phone),
          some.map(({ address }) => address),
        ],
      });
    }
  });
}

/** Rows of the last days, and how many of them are still as they were: nobody may touch them. */
async function sparedRows(database: Database, day: Day): Promise<{ rows: number; open: number }> {
  const [row = {}] = await connected(database, async (connection) =>
    query(connection, {
      text:
        `select count(*) as rows, count(*) filter (where recipient_phone !~ '[*]') as open ` +
        `from ${TABLE} where created_on >= $1::date`,
      values: [addDays(day, -KEEP_DAYS)],
    }),
  );
  return { rows: wholeNumber(row, "rows"), open: wholeNumber(row, "open") };
}

function targetOn(day: Day): SweepTarget {
  const before = { column: "created_on", day: addDays(day, -KEEP_DAYS) };
  return parseTarget({ table: TABLE, columns: COLUMNS }, before);
}

/** The dry run: how many rows can be read, without changing or showing one. */
export async function countOldRows(stage: Stage, old: Database, vault: Vault): Promise<SweepPlan> {
  const veil = { profile: vault.profile, gazetteer: vault.gazetteer };
  return planSweep(old, targetOn(stage.clock.today), { veil });
}

/** Masks the table in place and says what remains elsewhere. */
export async function sweepOldRows(stage: Stage, old: Database, vault: Vault): Promise<SweepFact> {
  const before = await countOldRows(stage, old, vault);
  const report = await runSweep(old, targetOn(stage.clock.today), {
    veil: { profile: vault.profile, gazetteer: vault.gazetteer },
    vacuum: "plain",
    record: async (done) =>
      writeSweepEntry(vault, await playedActor(vault, ACCOUNTS.headquarters), done),
  });
  const after = await countOldRows(stage, old, vault);
  const title = { zh: "清理前后计数", en: "Counts before and after the sweep" };
  const { columns, passes, chunks, walWrittenBytes, remains } = report;
  const entry = await stage.records.leaf(report.entry);
  const spared = await sparedRows(old, stage.clock.today);
  const texts = remainsTexts(report);
  const counts = { before, after, spared, columns, passes, chunks };
  const body = { entry, ...counts, walWrittenBytes, remains, remainsTexts: texts };
  return {
    table: `${OLD_DATABASE}.${TABLE}`,
    rows: before.rows,
    sparedRows: spared.rows,
    readableBefore: before.readableRows,
    readableAfter: after.readableRows,
    chunks: report.chunks,
    remains: texts,
    ref: stage.records.row("sweep-counts", title, body),
  };
}
