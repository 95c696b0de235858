import assert from "node:assert/strict";
import { test } from "node:test";

import { isFailure } from "../../src/rules/failure.ts";
import { connected, openDatabase, transaction } from "../../src/store/pool.ts";
import { execute, query } from "../../src/store/query.ts";
import { text, wholeNumber } from "../../src/store/row.ts";
import { withDatabase } from "../support/database.ts";

const CONFLICT = "do $$ begin raise exception 'again' using errcode = '40001'; end $$";

test("P16: a conflict is tried again only where the caller allows it", async () => {
  await withDatabase(async (database) => {
    for (const [attempts, expected] of [
      [1, 1],
      [3, 3],
    ] as const) {
      let ran = 0;
      await assert.rejects(
        transaction(
          database,
          async (connection) => {
            ran += 1;
            await execute(connection, { text: CONFLICT });
          },
          { attempts },
        ),
        (error) => isFailure(error, "DATABASE_FAILED") && error.details["sqlstate"] === "40001",
      );
      assert.equal(ran, expected);
    }
    let ran = 0;
    const outcome = await transaction(
      database,
      async (connection) => {
        ran += 1;
        if (ran === 1) await execute(connection, { text: CONFLICT });
        return ran;
      },
      { attempts: 3 },
    );
    assert.equal(outcome, 2);
  });
});

test("P16: what a failed transaction wrote is gone, and its own error comes through", async () => {
  await withDatabase(async (database) => {
    const mine = new RangeError("a fault of the caller");
    await assert.rejects(
      transaction(database, async (connection) => {
        await execute(connection, { text: "create table gone (id integer)" });
        throw mine;
      }),
      (error) => error === mine,
    );
    await assert.rejects(
      transaction(database, async (connection) => {
        await execute(connection, { text: "create table gone (id integer)" });
        // Ignored by the caller, but PostgreSQL will not commit after it.
        await execute(connection, { text: "select 1 / 0" }).catch(() => undefined);
      }),
      (error) => isFailure(error, "DATABASE_FAILED"),
    );
    await connected(database, async (connection) => {
      const rows = await query(connection, {
        text: "select count(*) as tables from pg_class where relname = 'gone'",
      });
      assert.equal(wholeNumber(rows[0] ?? {}, "tables"), 0);
    });
  });
});

test("P11: a commit is durable when it is reported, whatever the server's default", async () => {
  await withDatabase(async (database, address) => {
    await connected(database, async (connection) =>
      execute(connection, {
        text: `do $$ begin execute format(
          'alter database %I set synchronous_commit = off', current_database()); end $$`,
      }),
    );
    // Only new connections take the default of the database.
    const later = openDatabase(address);
    try {
      const rows = await connected(later, async (connection) =>
        query(connection, { text: "show synchronous_commit" }),
      );
      assert.equal(text(rows[0] ?? {}, "synchronous_commit"), "on");
    } finally {
      await later.close();
    }
  });
});

test("P9: an address that does not answer is reported without its parts", async () => {
  const secret = "hunter-two";
  for (const url of [
    `postgres://someone:${secret}@127.0.0.1:1/nothing`,
    `postgres://someone:${secret}@127.0.0.1:notaport/nothing`,
    `postgres:///nothing?host=/${secret}`,
  ]) {
    const database = openDatabase({ url });
    await assert.rejects(
      connected(database, async (connection) => query(connection, { text: "select 1" })),
      (error) => {
        assert.ok(isFailure(error, "DATABASE_UNAVAILABLE"));
        assert.ok(!JSON.stringify([error.message, error.details]).includes(secret));
        assert.equal(error.cause, undefined);
        return true;
      },
    );
    await database.close();
  }
});

test("P16: a full disk has a name of its own, and no words of the server", async () => {
  await withDatabase(async (database) => {
    await assert.rejects(
      transaction(database, async (connection) =>
        execute(connection, {
          text: "do $$ begin raise exception 'secretive' using errcode = '53100'; end $$",
        }),
      ),
      (error) => {
        assert.ok(isFailure(error, "DATABASE_FULL"));
        assert.deepEqual(error.details, { sqlstate: "53100" });
        return true;
      },
    );
  });
});
