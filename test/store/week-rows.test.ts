/** A week of shells with a hold in it goes row by row, however often that is killed (P8, P17). */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { addDays } from "../../src/rules/calendar.ts";
import type { Day } from "../../src/rules/calendar.ts";
import { setCompartmentState } from "../../src/store/compartment.ts";
import { MIGRATIONS_DIRECTORY } from "../../src/store/migrate.ts";
import { dropShellWeek, weeksOf } from "../../src/store/partition.ts";
import { connected, transaction } from "../../src/store/pool.ts";
import type { Database } from "../../src/store/pool.ts";
import { execute, query } from "../../src/store/query.ts";
import type { Connection } from "../../src/store/query.ts";
import { insertSealBatch } from "../../src/store/seal-batch.ts";
import { copyShells } from "../../src/store/shell.ts";
import { copyStatements } from "../../src/store/statement.ts";
import { withDatabase } from "../support/database.ts";
import { urlOf } from "../support/home.ts";
import { furnish, SEALED_AT, SERIAL, shell, SHELL_WEEK, TENANT_ID } from "./rows.ts";

const GUEST = fileURLToPath(new URL("week-guest.ts", import.meta.url));
const OVER = addDays(SHELL_WEEK, 7);
const WAYBILLS = 400;
const HELD_SLOT = 77;
const PRINTS = 3;

function statements() {
  const slots = Array.from({ length: WAYBILLS }, (_, slot) => slot);
  return slots.flatMap((slot) =>
    Array.from({ length: PRINTS }, (_, at) => ({
      shellWeek: SHELL_WEEK,
      compartment: SERIAL,
      slot,
      bucket: slot % 16,
      printNo: at + 1,
      batchLeaf: Buffer.alloc(16, 1),
      batchIndex: slot,
      body: Buffer.from("{}"),
      printedAt: SEALED_AT,
    })),
  );
}

/** Every waybill of the week lay with one branch. */
async function addCustody(connection: Connection, week: Day): Promise<void> {
  await execute(connection, {
    text: `
      insert into custody (tenant_id, organisation_id, compartment, shell_week, from_day, slot)
      select $1::uuid, $1::uuid, $2::bigint, $3::date, $3::date, slot
      from generate_series(0, $4::integer - 1) slot`,
    values: [TENANT_ID, SERIAL, week, WAYBILLS],
  });
}

/** A week that is over and dead, of which a hold keeps one waybill. */
async function fill(database: Database): Promise<void> {
  await furnish(database);
  await transaction(database, async (connection) => {
    await copyShells(
      connection,
      Array.from({ length: WAYBILLS }, (_, slot) => shell(slot)),
    );
    await copyStatements(connection, statements());
    for (let at = 0; at < 100; at += 1) {
      const batch = { batchLeaf: Buffer.alloc(16, at), shellWeek: SHELL_WEEK, sealedAt: SEALED_AT };
      const places = [{ compartment: SERIAL, slot: at }];
      await insertSealBatch(connection, { ...batch, places });
    }
    await execute(connection, {
      text: `
        insert into hold (id, tenant_id, compartment, placed_at, shell_week, until_day, slot,
          reason, authority, actor, state)
        values (gen_random_uuid(), $1::uuid, $2::bigint, now(), $3::date, $3::date, $4, 'claim',
          '客服部', 'st-0000000000000000', 'active')`,
      values: [TENANT_ID, SERIAL, SHELL_WEEK, HELD_SLOT],
    });
    await execute(connection, {
      text: `
        insert into organisation (id, tenant_id, opened_on, kind, name)
        values ($1::uuid, $1::uuid, $2::date, 'headquarters', '云梭总部')`,
      values: [TENANT_ID, SHELL_WEEK],
    });
    await addCustody(connection, SHELL_WEEK);
    await setCompartmentState(connection, SERIAL, { state: "destroyed", at: SEALED_AT });
  });
}

async function counts(database: Database): Promise<readonly number[]> {
  return connected(database, async (connection) => {
    const found: number[] = [];
    for (const table of ["shell", "print_statement", "seal_batch", "custody"]) {
      const text = `select count(*)::integer as count from ${table}`;
      const [row] = await query(connection, { text });
      found.push(Number(row?.["count"]));
    }
    return found;
  });
}

test("P17: a week with a hold goes in batches, is killed at some and completed", async () => {
  await withDatabase(async (database, address) => {
    await fill(database);
    assert.deepEqual(await counts(database), [WAYBILLS, WAYBILLS * PRINTS, 100, WAYBILLS]);
    const killedAt = async (batch: number) => {
      const words = [GUEST, urlOf(address), SHELL_WEEK, OVER, String(batch)];
      const { signal, stderr } = spawnSync(process.execPath, words);
      assert.equal(signal, "SIGKILL", String(stderr));
      return counts(database);
    };
    // Forty rows go in each transaction, and what was committed before a kill stays gone.
    const custody = WAYBILLS - 4 * 40;
    assert.deepEqual(await killedAt(4), [WAYBILLS, WAYBILLS * PRINTS, 100, custody]);
    const shellsLeft = WAYBILLS - 4 * 40 + 1;
    assert.deepEqual(await killedAt(6 + 4), [shellsLeft, WAYBILLS * PRINTS, 100, 1]);
    const [shells = 0, prints = 0] = await killedAt(12);
    assert.equal(shells, 1);
    assert.ok(prints > PRINTS && prints < WAYBILLS * PRINTS, String(prints));
    assert.equal(await dropShellWeek(database, SHELL_WEEK, { today: OVER }), "held");
    assert.deepEqual(await counts(database), [1, PRINTS, 100, 1]);
    for (const table of ["shell", "custody"]) {
      const [row] = await connected(database, async (connection) =>
        query(connection, { text: `select slot from ${table}` }),
      );
      assert.equal(Number(row?.["slot"]), HELD_SLOT, table);
    }
    // The hold ends: what is left goes with the partition; custody and sealed batches before it.
    await connected(database, async (connection) =>
      execute(connection, { text: "update hold set state = 'released', ended_at = now()" }),
    );
    assert.deepEqual((await killedAt(1 + 2)).slice(2), [20, 0]);
    assert.equal(await dropShellWeek(database, SHELL_WEEK, { today: OVER }), "dropped");
    assert.deepEqual(await counts(database), [0, 0, 0, 0]);
    const weeks = await connected(database, async (connection) => weeksOf(connection, "shell"));
    assert.deepEqual(weeks, []);
  });
});

test("P8: custody of weeks whose shells are gone went with the migration, no other", async () => {
  await withDatabase(async (database) => {
    await fill(database);
    await transaction(database, async (connection) => {
      await execute(connection, { text: "drop index custody_of_week" });
      await execute(connection, { text: "update custody set shell_week = shell_week - 7" });
      await execute(connection, {
        text: "update custody set shell_week = shell_week + 7 where slot = $1",
        values: [HELD_SLOT],
      });
      const file = join(MIGRATIONS_DIRECTORY, "000048_custody-week.sql");
      await execute(connection, { text: await readFile(file, "utf8") });
      const rows = await query(connection, { text: "select slot from custody" });
      assert.deepEqual(
        rows.map(({ slot }) => Number(slot)),
        [HELD_SLOT],
      );
    });
  });
});
