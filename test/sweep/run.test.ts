/** A sweep masks an old table exactly, whatever stops it or writes beside it. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import type { Database } from "../../src/store/pool.ts";
import { transaction } from "../../src/store/pool.ts";
import { execute } from "../../src/store/query.ts";
import type { SweepDone, SweepReport } from "../../src/sweep/run.ts";
import { runSweep } from "../../src/sweep/run.ts";
import { planSweep } from "../../src/sweep/tally.ts";
import { parseTarget } from "../../src/sweep/target.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { parseDay } from "../../src/rules/calendar.ts";
import { withDatabase } from "../support/database.ts";
import { allRows, COLUMNS, makeOrders, masked, sql, target, urlOf, VEIL } from "./table.ts";

const INSERT = "insert into orders values ($1, '阎沐', '13900001111', null, 'new')";
const GUEST = fileURLToPath(new URL("guest.ts", import.meta.url));

async function sweep(database: Database, table: string, chunkRows = 1_000): Promise<SweepReport> {
  return runSweep(database, target(table), {
    veil: VEIL,
    pace: { chunkRows, pauseMs: 0, passRestMs: 100 },
    record: async () => Promise.resolve("entry"),
  });
}

test("P2: twenty thousand rows come out as masked one by one, and once is enough", async () => {
  await withDatabase(async (database) => {
    await makeOrders(database, "orders", 20_000);
    const twin = (await allRows(database, "orders")).map(masked);
    const plan = await planSweep(database, target("orders"), { veil: VEIL });
    assert.equal(plan.rows, 20_000);
    assert.ok(plan.columns.every(({ readable }) => readable > 5_000));
    const report = await sweep(database, "orders");
    assert.deepEqual(await allRows(database, "orders"), twin);
    assert.equal(report.leftRows, 0);
    assert.equal(report.maskedRows, plan.readableRows);
    assert.deepEqual(
      report.columns.map((column) => column.masked),
      plan.columns.map(({ readable }) => readable),
    );
    const again = await sweep(database, "orders");
    assert.deepEqual([again.maskedRows, again.passes, again.resumed], [0, 1, false]);
    assert.deepEqual(await allRows(database, "orders"), twin);
  });
});

test("P2: composite keys of several types, odd identifiers and chunks of any size", async () => {
  await withDatabase(async (database) => {
    await sql(
      database,
      `create table "Old ""Orders""" ("shop name" text, day date, part numeric(6, 2),
        at timestamptz, "收件人" varchar(3), plain text, primary key (day, "shop name", part, at))`,
    );
    await sql(
      database,
      `insert into "Old ""Orders""" select 'shop '' ' || i % 7, date '2023-01-01' + i % 5, i / 4.0,
        timestamptz '2023-01-01 00:00:00.123456+08' + i * interval '1.5 hours',
        case i % 3 when 0 then '王𠮷𠮷' when 1 then '阎沐' end, 'x'
        from generate_series(1, 997) as i`,
    );
    for (const chunkRows of [9, 997, 10_000]) {
      await sql(
        database,
        `update "Old ""Orders""" set "收件人" = '阎沐' where plain = 'x' and part < 3`,
      );
      const report = await runSweep(database, target('Old "Orders"', "name=收件人"), {
        veil: VEIL,
        pace: { chunkRows, pauseMs: 0 },
        record: async () => Promise.resolve("entry"),
      });
      assert.ok(report.maskedRows > 0);
      assert.equal(report.rows, 997);
    }
    const names = await sql(
      database,
      `select distinct "收件人" as name from "Old ""Orders""" order by 1`,
    );
    assert.deepEqual(
      names.map((row) => row["name"]),
      ["王**", "阎*", null],
    );
  });
});

test("P2: an empty table is swept; with an age, only rows that are old enough", async () => {
  await withDatabase(async (database) => {
    await makeOrders(database, "empty_orders", 0);
    const empty = await sweep(database, "empty_orders");
    assert.deepEqual([empty.rows, empty.maskedRows, empty.passes], [0, 0, 1]);
    await makeOrders(database, "orders", 300);
    await sql(database, "update orders set created_at = null where id = 1");
    const day = parseDay("2026-01-01");
    assert.ok(day !== null);
    const before = { column: "created_at", day };
    const young = parseTarget({ table: "public.orders", columns: COLUMNS, key: "id" }, before);
    const twin = (await allRows(database, "orders")).map((row) =>
      row["created_at"] !== null && Number(row["id"]) % 3 !== 0 ? masked(row) : row,
    );
    const plan = await planSweep(database, young, { veil: VEIL });
    assert.deepEqual([plan.rows, plan.undatedRows], [199, 1]);
    const record = async (): Promise<string> => Promise.resolve("entry");
    const report = await runSweep(database, young, { veil: VEIL, record });
    assert.equal(report.rows, 199);
    assert.deepEqual(await allRows(database, "orders"), twin);
  });
});

test("P17: killed in the middle, it goes on where it stood, to the same table", async () => {
  await withDatabase(async (database, address) => {
    await makeOrders(database, "orders", 10_000);
    const twin = (await allRows(database, "orders")).map(masked);
    const total = (await planSweep(database, target("orders"), { veil: VEIL })).readableRows;
    const guest = spawn(process.execPath, [GUEST, urlOf(address), "orders"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    for await (const piece of guest.stdout) {
      said += String(piece);
      if (said.split("\n").length > 4) break;
    }
    guest.kill("SIGKILL");
    await once(guest, "exit");
    const left = (await planSweep(database, target("orders"), { veil: VEIL })).readableRows;
    assert.ok(left > 0 && left < total, `${left} of ${total} left after the kill`);
    const seen: number[] = [];
    // The server may take a moment to see that the session, and with it the lock, is gone.
    const report = await untilFree(async () =>
      runSweep(database, target("orders"), {
        veil: VEIL,
        pace: { chunkRows: 500, pauseMs: 0, onRows: (rows) => seen.push(rows) },
        record: async () => Promise.resolve("entry"),
      }),
    );
    assert.ok(report.resumed);
    assert.ok(Math.max(...seen.slice(0, seen.indexOf(500, 1))) < 10_000, "it began anew");
    assert.equal(report.maskedRows, total);
    assert.equal(report.leftRows, 0);
    assert.deepEqual(await allRows(database, "orders"), twin);
  });
});

async function untilFree<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === 50 || !isFailure(error, "SWEEP_RUNNING")) throw error;
      await sleep(100);
    }
  }
}

test("P17: when the audit entry fails, the next run tells what both have done", async () => {
  await withDatabase(async (database) => {
    await makeOrders(database, "orders", 50);
    const record = async (): Promise<string> => Promise.reject(new Error("log is full"));
    await assert.rejects(
      runSweep(database, target("orders"), { veil: VEIL, record }),
      /log is full/,
    );
    const told: SweepDone[] = [];
    await runSweep(database, target("orders"), {
      veil: VEIL,
      record: async (done) => {
        told.push(done);
        return Promise.resolve("entry");
      },
    });
    const [done] = told;
    assert.equal(told.length, 1);
    assert.ok(done !== undefined && done.resumed && done.maskedRows > 40);
  });
});

test("P2: rows that others hold or write meanwhile are masked as they end up", async () => {
  await withDatabase(async (database) => {
    await makeOrders(database, "orders", 2_000);
    const held = transaction(database, async (connection) => {
      await execute(connection, {
        text: "update orders set recipient_phone = '13900007777', note = 'moved' where id = 5",
      });
      await sleep(900);
    });
    await sleep(100);
    let writing = true;
    const writer = (async () => {
      for (let id = 0; writing; id -= 1) {
        await sql(database, INSERT, [id]);
        await sql(database, "update orders set note = 'seen' where id = $1", [2_000 + id]);
        await sleep(5);
      }
    })();
    setTimeout(() => (writing = false), 400);
    const report = await sweep(database, "orders", 100);
    await Promise.all([held, writer]);
    const last = await sweep(database, "orders");
    assert.equal(last.leftRows, 0);
    assert.ok(report.passes > 1);
    const rows = await allRows(database, "orders");
    const row = rows.find(({ id }) => id === "5");
    assert.deepEqual([row?.["recipient_phone"], row?.["note"]], ["139******77", "moved"]);
    assert.equal(rows.find(({ id }) => id === "-1")?.["recipient_name"], "阎*");
    assert.equal(rows.find(({ id }) => id === "2000")?.["note"], "seen");
  });
});

test("P2: a row that is never let go is told; one sweep of a table at a time", async () => {
  await withDatabase(async (database) => {
    await makeOrders(database, "orders", 20);
    await transaction(database, async (connection) => {
      await execute(connection, { text: "select id from orders where id in (4, 5) for update" });
      const running = sweep(database, "orders");
      await sleep(200);
      await assert.rejects(sweep(database, "orders"), (error) => isFailure(error, "SWEEP_RUNNING"));
      const report = await running;
      assert.equal(report.leftRows, 2);
    });
    assert.equal((await sweep(database, "orders")).leftRows, 0);
  });
});
