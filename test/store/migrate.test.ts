/** Bringing a database up to the files in sql/, by one process of several (P16). */
import assert from "node:assert/strict";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { isFailure } from "../../src/rules/failure.ts";
import { migrate, MIGRATIONS_DIRECTORY } from "../../src/store/migrate.ts";
import { connected, openDatabase } from "../../src/store/pool.ts";
import type { Database, DatabaseAddress } from "../../src/store/pool.ts";
import { execute, query } from "../../src/store/query.ts";
import { withDatabase } from "../support/database.ts";

async function withMigrations(work: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "midan-sql-"));
  try {
    await cp(MIGRATIONS_DIRECTORY, directory, { recursive: true });
    await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

test("P16: migrations apply once, all or nothing, also when several start at once", async () => {
  await withDatabase(async (database) => {
    assert.deepEqual(await migrate(database), []);
    await withMigrations(async (directory) => {
      await writeFile(join(directory, "000900_more.sql"), "create table more (id integer);");
      const all = await Promise.all([1, 2, 3].map(async () => migrate(database, { directory })));
      assert.deepEqual(all.flat(), ["000900_more.sql"]);
      await writeFile(
        join(directory, "000901_broken.sql"),
        "create table half (id integer); select 1 / 0;",
      );
      await assert.rejects(migrate(database, { directory }), (error) =>
        isFailure(error, "DATABASE_FAILED"),
      );
      await rm(join(directory, "000901_broken.sql"));
      assert.deepEqual(await migrate(database, { directory }), []);
      await writeFile(join(directory, "000902_one_more.sql"), "create table one_more ();");
      // A file that is passed over in silence would be missed only by what needs its tables.
      await assert.rejects(migrate(database, { directory }), /000902_one_more\.sql is no name/);
      await connected(database, async (connection) =>
        assert.rejects(execute(connection, { text: "select from half" })),
      );
    });
    // The program's own files now know less than the database.
    await assert.rejects(migrate(database), (error) => isFailure(error, "DATABASE_AHEAD"));
  });
});

test("P16: a migration takes as long as it needs, whatever other statements may take", async () => {
  await withDatabase(async (_, address) => {
    await withMigrations(async (directory) => {
      await writeFile(join(directory, "000900_slow.sql"), "select pg_sleep(1.5);");
      const hurried = openDatabase(address, { connectionsMax: 1, statementTimeoutMs: 1000 });
      try {
        assert.deepEqual(await migrate(hurried, { directory }), ["000900_slow.sql"]);
        const slow = { text: "select pg_sleep(1.5)" };
        // The connection is the same one, and hurries again.
        await assert.rejects(connected(hurried, async (connection) => execute(connection, slow)));
      } finally {
        await hurried.close();
      }
    });
  });
});

/** An installation's second server, with little patience for locks. */
async function withHurried(
  address: DatabaseAddress,
  work: (hurried: Database) => Promise<void>,
): Promise<void> {
  const hurried = openDatabase(address, { connectionsMax: 1, lockTimeoutMs: 200 });
  try {
    await work(hurried);
  } finally {
    await hurried.close();
  }
}

/** A process that holds the schema until it is let go or its connection is cut. */
async function atMigrating(
  database: Database,
  directory: string,
  work: (first: Promise<string[]>, pid: number) => Promise<void>,
): Promise<void> {
  const slow = "select pg_sleep(2); create table more (id integer);";
  await writeFile(join(directory, "000900_slow.sql"), slow);
  const first = migrate(database, { directory });
  first.catch(() => undefined);
  const asleep = {
    text: `
      select pid from pg_stat_activity
      where datname = current_database() and wait_event = 'PgSleep'`,
  };
  for (;;) {
    const [row] = await connected(database, async (connection) => query(connection, asleep));
    if (row !== undefined) return work(first, Number(row["pid"]));
    await wait(20);
  }
}

test("P16: whoever starts during a long migration waits for it, says so, and goes on", async () => {
  await withDatabase(async (database, address) => {
    await withMigrations(async (directory) => {
      await atMigrating(database, directory, async (first) => {
        const said = "select current_setting('lock_timeout') as patience";
        await writeFile(join(directory, "000901_said.sql"), `create table said as ${said};`);
        await withHurried(address, async (hurried) => {
          let waits = 0;
          const waiting = (): unknown => (waits += 1);
          assert.deepEqual(await migrate(hurried, { directory, waiting }), ["000901_said.sql"]);
          assert.equal(waits, 1);
          assert.deepEqual(await first, ["000900_slow.sql"]);
          // Nobody is at it any more, and tables that others hold are not waited for like that.
          assert.deepEqual(await migrate(hurried, { directory, waiting }), []);
          assert.equal(waits, 1);
          const [row] = await connected(hurried, async (c) => query(c, { text: "table said" }));
          assert.equal(row?.["patience"], "200ms");
        });
      });
    });
  });
});

test("P16: whoever waits for a migrator that dies does its work", async () => {
  await withDatabase(async (database, address) => {
    await withMigrations(async (directory) => {
      await atMigrating(database, directory, async (first, pid) => {
        await withHurried(address, async (hurried) => {
          const began = Promise.withResolvers<undefined>();
          const second = migrate(hurried, { directory, waiting: () => began.resolve(undefined) });
          await began.promise;
          const kill = { text: "select pg_terminate_backend($1)", values: [pid] };
          await connected(database, async (connection) => query(connection, kill));
          await assert.rejects(first, (error) => isFailure(error, "DATABASE_UNAVAILABLE"));
          assert.deepEqual(await second, ["000900_slow.sql"]);
        });
      });
    });
  });
});

test("P16: a migration that was changed after it was applied is refused", async () => {
  await withDatabase(async (database) => {
    await withMigrations(async (directory) => {
      await writeFile(join(directory, "000001_tables.sql"), "-- something else");
      await assert.rejects(migrate(database, { directory }), (error) =>
        isFailure(error, "MIGRATION_CHANGED"),
      );
    });
  });
});
