/** What stands against a sweep is found and told before anything is changed. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { Failure, isFailure } from "../../src/rules/failure.ts";
import type { FailureCode } from "../../src/rules/failure.ts";
import type { Database } from "../../src/store/pool.ts";
import { connected } from "../../src/store/pool.ts";
import { execute } from "../../src/store/query.ts";
import { openOutside } from "../../src/sweep/outside.ts";
import { remainsTexts } from "../../src/sweep/remains-text.ts";
import type { Vacuum } from "../../src/sweep/follow-up.ts";
import { runSweep } from "../../src/sweep/run.ts";
import type { ObstacleKind } from "../../src/sweep/survey.ts";
import { planSweep } from "../../src/sweep/tally.ts";
import { parseTarget } from "../../src/sweep/target.ts";
import { withDatabase } from "../support/database.ts";
import { allRows, makeOrders, masked, sql, target, urlOf, VEIL } from "./table.ts";

const record = async (): Promise<string> => Promise.resolve("entry");

interface ObstacleCase {
  readonly kind: ObstacleKind;
  readonly sql: string;
  readonly columns?: string;
}

const TRIGGER = `
  create table history (phone text);
  create function keep() returns trigger language plpgsql as $$
    begin insert into history values (old.recipient_phone); return new; end $$;
  create trigger keeper before update on orders for each row execute function keep()`;

const OBSTACLE_CASES: readonly ObstacleCase[] = [
  { kind: "unique", sql: "create unique index on orders (recipient_phone) where id < 2" },
  { kind: "unique", sql: "create unique index on orders (lower(recipient_name), id)" },
  {
    kind: "foreign-key",
    sql:
      "create table people (phone text primary key); alter table orders add constraint known " +
      "foreign key (recipient_phone) references people not valid",
  },
  { kind: "trigger", sql: TRIGGER },
  { kind: "check", sql: "alter table orders add check (recipient_phone !~ 'x')" },
  { kind: "rule", sql: "create rule still as on update to orders do instead nothing" },
  { kind: "inheritance", sql: "create table more_orders () inherits (orders)" },
  {
    kind: "key-is-personal",
    sql: "alter table orders drop constraint orders_pkey, add primary key (note)",
    columns: "name=note",
  },
  {
    kind: "generated",
    sql: "alter table orders add twin text generated always as (recipient_phone) stored",
    columns: "phone=twin",
  },
];

for (const [at, { kind, sql: text, columns }] of OBSTACLE_CASES.entries()) {
  test(`P2: an obstacle is named and nothing is changed: ${kind} (${at})`, async () => {
    await withDatabase(async (database) => {
      await makeOrders(database, "orders", 8);
      await sql(database, text);
      const before = await allRows(database, "orders");
      const wanted = target("orders", columns);
      const plan = await planSweep(database, wanted, { veil: VEIL });
      assert.deepEqual(
        plan.obstacles.map((obstacle) => obstacle.kind),
        [kind],
      );
      await assert.rejects(runSweep(database, wanted, { veil: VEIL, record }), (error) =>
        isFailure(error, "SWEEP_OBSTACLE"),
      );
      assert.deepEqual(await allRows(database, "orders"), before);
    });
  });
}

test("P2: plain and covering indexes are no obstacle; a check may be accepted", async () => {
  await withDatabase(async (database) => {
    await makeOrders(database, "orders", 8);
    await sql(database, "create index on orders (recipient_phone)");
    await sql(database, "create unique index on orders (note) include (recipient_name)");
    assert.deepEqual((await planSweep(database, target("orders"), { veil: VEIL })).obstacles, []);
    await sql(database, TRIGGER);
    await sql(database, "alter table orders add check (length(recipient_name) < 20)");
    const accepted = new Set<ObstacleKind>(["trigger", "check"]);
    const report = await runSweep(database, target("orders"), { veil: VEIL, record, accepted });
    assert.equal(report.leftRows, 0);
    assert.ok(report.maskedRows > 0);
  });
});

async function refusal(work: Promise<unknown>): Promise<Failure> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof Failure);
    return error;
  }
  return assert.fail("it was not refused");
}

const WRONG: readonly (readonly [
  FailureCode,
  { table?: string; columns?: string; key?: string },
])[] = [
  ["SWEEP_TABLE_UNKNOWN", { table: "Orders" }],
  ["SWEEP_TABLE_UNKNOWN", { table: "order_view" }],
  ["SWEEP_COLUMN_UNKNOWN", { columns: "name=recipient_name; drop table orders" }],
  ["SWEEP_COLUMN_TYPE", { columns: "name=id" }],
  ["SWEEP_COLUMN_TYPE", { columns: "name=fixed" }],
  ["SWEEP_KEY_WRONG", { key: "note" }],
  ["SWEEP_KEY_WRONG", { table: "keyless", columns: "name=name" }],
];

test("P16: a target that does not fit is refused by its own code", async () => {
  await withDatabase(async (database) => {
    await makeOrders(database, "orders", 8);
    await sql(database, "alter table orders add fixed char(8)");
    await sql(database, "create view order_view as select * from orders");
    await sql(database, "create table keyless (name text)");
    for (const [code, words] of WRONG) {
      const wanted = { table: "orders", columns: "name=recipient_name", ...words };
      const failure = await refusal(planSweep(database, parseTarget(wanted, null), { veil: VEIL }));
      assert.equal(failure.code, code);
    }
  });
});

test("P9: a refused write carries names of the schema and no value", async () => {
  await withDatabase(async (database) => {
    await makeOrders(database, "orders", 8);
    const check = "alter table orders add constraint open check (recipient_phone !~ '[*]')";
    await sql(database, check);
    const accepted = new Set<ObstacleKind>(["check"]);
    const failure = await refusal(
      runSweep(database, target("orders"), { veil: VEIL, record, accepted }),
    );
    assert.equal(failure.code, "SWEEP_REFUSED");
    assert.deepEqual(failure.details, { sqlstate: "23514", table: "orders", constraint: "open" });
    assert.doesNotMatch(JSON.stringify(failure) + String(failure.stack), /1390000/);
  });
});

test("P16: a database that is not there is told as the other one", async () => {
  const nowhere = openOutside("postgres://nobody@127.0.0.1:1/none");
  const failure = await refusal(planSweep(nowhere, target("orders"), { veil: VEIL }));
  assert.equal(failure.code, "SWEEP_UNREACHABLE");
  await nowhere.close();
});

test("P2: an account that does not see or may not write every row does not sweep", async () => {
  await withDatabase(async (database, address) => {
    await makeOrders(database, "orders", 8);
    const role = `sweep_test_${process.pid}`;
    await sql(database, `create role ${role} login`);
    const seen = async (): Promise<readonly string[]> =>
      obstaclesAs(database, role, urlOf(address));
    try {
      await sql(database, `grant select on orders to ${role}`);
      assert.deepEqual(await seen(), ["rights", "rights", "rights"]);
      await sql(database, `grant update on orders to ${role}`);
      assert.deepEqual(await seen(), []);
      await sql(database, "alter table orders enable row level security");
      assert.deepEqual(await seen(), ["row-security"]);
    } finally {
      await sql(database, `drop owned by ${role}`);
      await sql(database, `drop role ${role}`);
    }
  });
});

/** The kinds that a new session finds when it begins as `role`. */
async function obstaclesAs(
  database: Database,
  role: string,
  url: string,
): Promise<readonly string[]> {
  const [row] = await sql(database, "select current_database() as name");
  const name = String(row?.["name"]);
  await sql(database, `alter database ${name} set role to ${role}`);
  const other = openOutside(url);
  try {
    const { obstacles } = await planSweep(other, target("orders"), { veil: VEIL });
    return obstacles.map(({ kind }) => kind);
  } finally {
    await other.close();
    await sql(database, `alter database ${name} reset role`);
  }
}

const CANARY = "13900004242";

async function fileHolds(database: Database, table: string, text: string): Promise<boolean> {
  await sql(database, "checkpoint");
  const [row] = await sql(
    database,
    `select position($2::bytea in pg_read_binary_file(pg_relation_filepath($1::regclass))) > 0
      as held`,
    [table, Buffer.from(text)],
  );
  return row?.["held"] === true;
}

/** Sessions of other tests can hold snapshots for a while; a vacuum may wait that long for them. */
const PATIENT_MS = 120_000;
/** With the count of the server, or without where that is late. */
const STAYS = /old row versions are still in|older transactions or slots still saw old rows/;

interface Swept {
  readonly text: string;
  readonly olderSnapshots: number;
}

async function swept(database: Database, vacuum: Vacuum, waitMs: number): Promise<Swept> {
  const options = { veil: VEIL, record, vacuum, olderSessionsWaitMs: waitMs };
  const report = await runSweep(database, target("orders"), options);
  const text = remainsTexts(report)
    .map(({ en }) => en)
    .join("\n");
  return { text, olderSnapshots: report.olderSnapshots };
}

async function ordersWithCanary(database: Database): Promise<void> {
  await makeOrders(database, "orders", 40);
  await sql(database, "update orders set recipient_phone = $1 where id = 7", [CANARY]);
  await sql(database, "analyze orders");
  assert.ok(await fileHolds(database, "orders", CANARY));
}

test("P9: old values stay in the file until a full vacuum, and the report says so", async () => {
  await withDatabase(async (database) => {
    await ordersWithCanary(database);
    assert.match((await swept(database, "none", 0)).text, /old row versions.*until VACUUM/);
    assert.ok(await fileHolds(database, "orders", CANARY));
    const samples =
      "select count(*)::int as n from pg_stats where tablename = 'orders' " +
      "and (most_common_vals::text ~ $1 or histogram_bounds::text ~ $1)";
    assert.deepEqual(await sql(database, samples, [CANARY]), [{ n: 0 }]);
    const full = await swept(database, "full", PATIENT_MS);
    assert.equal(full.olderSnapshots, 0);
    assert.match(full.text, /backups/);
    assert.doesNotMatch(full.text, /old row/);
    assert.ok(!(await fileHolds(database, "orders", CANARY)));
    const left = (await allRows(database, "orders")).map((row) => row["recipient_phone"]);
    assert.ok(left.includes(masked({ recipient_phone: CANARY })["recipient_phone"]));
  });
});

/** Keeps a transaction open while `work` runs: a reader here, or a writer elsewhere. */
async function beside(
  database: Database,
  statements: readonly string[],
  work: () => Promise<void>,
): Promise<void> {
  await connected(database, async (connection) => {
    for (const text of statements) await execute(connection, { text });
    await work();
    await execute(connection, { text: "rollback" });
  });
}

const SNAPSHOT = ["begin isolation level repeatable read", "select 1"];
const WRITER = ["begin", "create table elsewhere (id int)"];

for (const vacuum of ["plain", "full"] as const) {
  test(`P9: what an older snapshot keeps from a ${vacuum} vacuum is told`, async () => {
    await withDatabase(async (database) => {
      await ordersWithCanary(database);
      await beside(database, SNAPSHOT, async () => {
        const held = await swept(database, vacuum, 100);
        assert.ok(held.olderSnapshots >= 1);
        assert.match(held.text, STAYS);
        assert.ok(await fileHolds(database, "orders", CANARY), "the server kept the old version");
      });
      const free = await swept(database, "full", PATIENT_MS);
      assert.equal(free.olderSnapshots, 0);
      assert.ok(!(await fileHolds(database, "orders", CANARY)));
    });
  });
}

test("P9: a writer in another database holds a full vacuum back, and is told too", async () => {
  await withDatabase(async (database) => {
    await withDatabase(async (other) => {
      await ordersWithCanary(database);
      await beside(other, WRITER, async () => {
        const held = await swept(database, "full", 100);
        assert.ok(held.olderSnapshots >= 1);
        assert.match(held.text, STAYS);
        assert.ok(await fileHolds(database, "orders", CANARY), "the server kept the old version");
      });
      assert.equal((await swept(database, "full", PATIENT_MS)).olderSnapshots, 0);
      assert.ok(!(await fileHolds(database, "orders", CANARY)));
    });
  });
});
