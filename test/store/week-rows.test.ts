/** A week of shells with a hold in it goes row by row, however often that is killed (P8, P17). */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { addDays } from "../../src/rules/calendar.ts";
import { setCompartmentState } from "../../src/store/compartment.ts";
import { dropShellWeek, weeksOf } from "../../src/store/partition.ts";
import { connected, transaction } from "../../src/store/pool.ts";
import type { Database } from "../../src/store/pool.ts";
import { execute, query } from "../../src/store/query.ts";
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
    await setCompartmentState(connection, SERIAL, { state: "destroyed", at: SEALED_AT });
  });
}

async function counts(database: Database): Promise<readonly number[]> {
  return connected(database, async (connection) => {
    const found: number[] = [];
    for (const table of ["shell", "print_statement", "seal_batch"]) {
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
    assert.deepEqual(await counts(database), [WAYBILLS, WAYBILLS * PRINTS, 100]);
    const killedAt = async (batch: number) => {
      const words = [GUEST, urlOf(address), SHELL_WEEK, OVER, String(batch)];
      const { signal, stderr } = spawnSync(process.execPath, words);
      assert.equal(signal, "SIGKILL", String(stderr));
      return counts(database);
    };
    // Forty rows go in each transaction, and what was committed before a kill stays gone.
    assert.deepEqual(await killedAt(4), [WAYBILLS - 4 * 40 + 1, WAYBILLS * PRINTS, 100]);
    const [shells = 0, prints = 0] = await killedAt(12);
    assert.equal(shells, 1);
    assert.ok(prints > PRINTS && prints < WAYBILLS * PRINTS, String(prints));
    assert.equal(await dropShellWeek(database, SHELL_WEEK, { today: OVER }), "held");
    assert.deepEqual(await counts(database), [1, PRINTS, 100]);
    const [row] = await connected(database, async (connection) =>
      query(connection, { text: "select slot from shell" }),
    );
    assert.equal(Number(row?.["slot"]), HELD_SLOT);
    // The hold ends: what is left goes with the partition, and the sealed batches before it.
    await connected(database, async (connection) =>
      execute(connection, { text: "update hold set state = 'released', ended_at = now()" }),
    );
    const [, , batches] = await killedAt(2);
    assert.equal(batches, 20);
    assert.equal(await dropShellWeek(database, SHELL_WEEK, { today: OVER }), "dropped");
    assert.deepEqual(await counts(database), [0, 0, 0]);
    const weeks = await connected(database, async (connection) => weeksOf(connection, "shell"));
    assert.deepEqual(weeks, []);
  });
});
