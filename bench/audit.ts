/**
 * `npm run bench -- audit`: questions to a log of a million entries through its indexes, against
 * the same statements without any index, on the same server; and the plan of each.
 */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { openEmbedded } from "../src/store/embedded.ts";
import { countStatement, findStatement } from "../src/store/log-query.ts";
import { INSTALLATION_LOG } from "../src/store/log.ts";
import type { LogFilter } from "../src/store/log-query.ts";
import { migrate } from "../src/store/migrate.ts";
import { connected, openDatabase } from "../src/store/pool.ts";
import { execute, query } from "../src/store/query.ts";
import type { Connection, Statement } from "../src/store/query.ts";
import { machineLines, median } from "./machine.ts";

const LEAVES = 1_000_000;
const LEAVES_MAX = 50_000_000;
const ROUNDS = 5;
const TENANT = randomUUID();

/*
 * Half of the entries are reveals by 200 people at 50 branches; one in 1,000 is denied, one in
 * 10,000 for law enforcement, and one in 20,000 an export. One entry each ten seconds.
 */
const FILL = `
  with made as (
    select n, case when n % 1000 = 7 then 'reveal-denied' when n % 20000 = 3 then 'export'
                   when n % 2 = 0 then 'reveal' else 'search' end as type,
           'st-' || lpad((n * 7919 % 200)::text, 16, '0') as actor,
           '00000000-0000-4000-8000-' || lpad((n * 7919 % 50)::text, 12, '0') as organisation,
           case when n % 10000 = 0 then 'law-enforcement' when n % 4 = 0 then 'deliver'
                else 'contact' end as purpose,
           timestamptz '2026-01-01' + n * interval '10 seconds' as at
    from generate_series($1::bigint, $2::bigint) as series (n)
  ), leaf as (
    insert into audit_leaf (id, type, subject, body)
    select decode(md5(n::text), 'hex'), type,
           case when n % 2 = 0 then decode(md5((n % 100000)::text), 'hex') end,
           convert_to(
             '{"actor":"' || actor || '","n":' || n || ',"pad":"' || repeat('x', 250) || '"}',
             'UTF8')
    from made order by n returning id, position
  )
  insert into log_entry (log_index, position, at, tenant, type, actor, purpose, organisation)
  select n, position, at, $3::uuid, type, actor,
         case when type = 'reveal' then purpose end, organisation
  from made join leaf on leaf.id = decode(md5(n::text), 'hex') order by n`;
const FILL_BATCH = 50_000;

const ALL: LogFilter = {
  log: INSTALLATION_LOG,
  tenant: TENANT,
  types: ["reveal"],
  actor: null,
  purpose: null,
  organisations: null,
  from: new Date(0),
  to: new Date("2999-01-01T00:00:00Z"),
};
const DAY = { from: new Date("2026-02-01T00:00:00Z"), to: new Date("2026-02-02T00:00:00Z") };
const PAGE = { before: 999_999_999, limit: 100 };
const BRANCH = "00000000-0000-4000-8000-000000000007";
const PERSON = {
  actor: `st-${"7".padStart(16, "0")}`,
  types: ["reveal", "reveal-denied", "search"],
};

const SUBJECT: Statement = {
  text: `
    select log_index, body from audit_leaf join log_entry using (position)
    where subject = decode(md5('42'), 'hex') and log_index < 999999999
    order by log_index desc limit 100`,
};

const QUESTIONS: Readonly<Record<string, Statement>> = {
  "who looked at a waybill": SUBJECT,
  "what a person looked at": findStatement({ ...ALL, ...PERSON }, PAGE),
  "reveals for a rare purpose": findStatement({ ...ALL, purpose: "law-enforcement" }, PAGE),
  "reveals of a branch": findStatement({ ...ALL, organisations: [BRANCH] }, PAGE),
  denied: findStatement({ ...ALL, types: ["reveal-denied"] }, PAGE),
  exports: findStatement({ ...ALL, types: ["export"] }, PAGE),
  "a page from the middle": findStatement(ALL, { ...PAGE, before: 500_000 }),
  "a day, by hour": countStatement({ ...ALL, ...DAY }, { by: "hour", limit: 100 }),
  "all, by purpose": countStatement(ALL, { by: "purpose", limit: 100 }),
  "all, by branch": countStatement(ALL, { by: "branch", limit: 100 }),
};

async function timed(connection: Connection, statement: Statement): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const began = performance.now();
    await query(connection, statement);
    times.push(performance.now() - began);
  }
  return median(times);
}

async function indexes(connection: Connection, isOn: boolean): Promise<void> {
  for (const kind of ["indexscan", "indexonlyscan", "bitmapscan"])
    await execute(connection, { text: `set enable_${kind} = ${isOn ? "on" : "off"}` });
}

/** What reads the tables in a plan, e.g. `Index Scan Backward using log_entry_type`. */
async function scansOf(connection: Connection, statement: Statement): Promise<string> {
  const rows = await query(connection, { ...statement, text: `explain ${statement.text}` });
  const lines = rows.map((row) => String(row["QUERY PLAN"]));
  const scans = lines.flatMap(
    (line) => /([A-Z][A-Za-z ]*Scan.*?)(?: on \w+| {2}|$)/.exec(line)?.[1] ?? [],
  );
  return scans.join(", ");
}

async function fill(connection: Connection, count: number): Promise<void> {
  for (let from = 0; from < count; from += FILL_BATCH) {
    const to = Math.min(count, from + FILL_BATCH) - 1;
    await execute(connection, { text: FILL, values: [from, to, TENANT] });
  }
  await execute(connection, { text: "vacuum analyze" });
}

async function ask(connection: Connection): Promise<void> {
  for (const [name, statement] of Object.entries(QUESTIONS)) {
    await indexes(connection, true);
    const fast = await timed(connection, statement);
    const scans = await scansOf(connection, statement);
    await indexes(connection, false);
    const slow = await timed(connection, statement);
    console.log(
      `${name.padEnd(27)} ${fast.toFixed(2).padStart(8)} ms, without an index ` +
        `${slow.toFixed(1).padStart(7)} ms, ratio ${(fast / slow).toFixed(4)}  ${scans}`,
    );
  }
}

/** Fills a database of its own with `--leaves` entries and asks it; the median of five. */
export async function benchAudit(words: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...words], options: { leaves: { type: "string" } } });
  const count = Math.min(Number(values.leaves ?? LEAVES), LEAVES_MAX);
  for (const line of machineLines()) console.log(line);
  const directory = await mkdtemp(path.join(tmpdir(), "midan-bench-audit-"));
  const { address, close } = await openEmbedded({ dataDir: directory });
  const database = openDatabase(address, { connectionsMax: 1 });
  try {
    await migrate(database);
    await connected(database, async (connection) => {
      await fill(connection, count);
      console.log(`entries  ${count}`);
      await ask(connection);
    });
  } finally {
    await database.close();
    await close();
    await rm(directory, { recursive: true, force: true });
  }
}
