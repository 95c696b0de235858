import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";

import { addDays } from "../../src/rules/calendar.ts";
import { claim, purgeIntake } from "../../src/store/intake.ts";
import type { EarlierClaim, IntakeRow } from "../../src/store/intake.ts";
import { connected, transaction } from "../../src/store/pool.ts";
import { withDatabase } from "../support/database.ts";
import { order, SHELL_WEEK } from "./rows.ts";

function standing(row: IntakeRow): EarlierClaim {
  const { bodyKey, compartment, slot, dayOfDeath } = row;
  return { bodyKey, compartment, slot, dayOfDeath };
}

test("P16: the first claim of an order wins, later ones are told what stands", async () => {
  await withDatabase(async (database) => {
    const first = [order(1, 1), order(2, 2)];
    const second = [order(3, 3), order(2, 4, { bodyKey: Buffer.alloc(16, 99) })];
    await transaction(database, async (connection) => {
      assert.deepEqual(await claim(connection, first), [null, null]);
    });
    await transaction(database, async (connection) => {
      assert.deepEqual(await claim(connection, second), [null, standing(order(2, 2))]);
    });
    await connected(database, async (connection) => {
      assert.deepEqual(await claim(connection, []), []);
    });
  });
});

test("P16: of equal orders in one batch exactly one wins", async () => {
  await withDatabase(async (database) => {
    const rows = [order(7, 1), order(8, 2), order(7, 3)];
    await transaction(database, async (connection) => {
      const results = await claim(connection, rows);
      const winner = results[0] === null ? rows[0] : rows[2];
      const loser = results[0] === null ? results[2] : results[0];
      assert.ok(winner !== undefined);
      assert.deepEqual(loser, standing(winner));
      assert.equal(results[1], null);
    });
  });
});

test("P16: equal buckets do not mix: the same key in another bucket is another order", async () => {
  await withDatabase(async (database) => {
    const rows = [order(7, 1), order(7, 2, { bucket: 1 })];
    await transaction(database, async (connection) => {
      assert.deepEqual(await claim(connection, rows), [null, null]);
    });
  });
});

test("P16: a claim waits for another of the same keys and then sees its outcome", async () => {
  for (const outcome of ["commit", "rollback"] as const) {
    await withDatabase(async (database) => {
      const rows = Array.from({ length: 50 }, (_, key) => order(key, key));
      const rivals = rows.map((row) => ({ ...row, slot: row.slot + 1000 })).toReversed();
      const holding = transaction(database, async (connection) => {
        await claim(connection, rows);
        await sleep(150);
        if (outcome === "rollback") throw new Error("rolled back on purpose");
      });
      const ended = Promise.allSettled([holding]);
      await sleep(50);
      const results = await transaction(database, async (connection) => claim(connection, rivals));
      await ended;
      const expected =
        outcome === "commit" ? rows.map(standing).toReversed() : rows.map(() => null);
      assert.deepEqual(results, expected);
    });
  }
});

test("P16: many claims of overlapping batches neither deadlock nor give a key to two", async () => {
  await withDatabase(async (database) => {
    const keys = Array.from({ length: 200 }, (_, key) => key);
    const outcomes = await Promise.all(
      [0, 1, 2, 3].map(async (client) => {
        const turned = [...keys.slice(client * 50), ...keys.slice(0, client * 50)];
        const rows = turned.map((key) => order(key, client * 1000 + key));
        const results = await transaction(database, async (connection) => claim(connection, rows));
        return rows.filter((_, index) => results[index] === null);
      }),
    );
    const winners = outcomes.flat().map((row) => Buffer.from(row.orderKey).toString("hex"));
    assert.equal(winners.length, keys.length);
    assert.equal(new Set(winners).size, keys.length);
  });
});

test("P8: intake rows go after their own term, not before", async () => {
  await withDatabase(async (database) => {
    await transaction(database, async (connection) => {
      await claim(connection, [order(1, 1), order(2, 2, { expiresOn: addDays(SHELL_WEEK, -3) })]);
      assert.equal(await purgeIntake(connection, addDays(SHELL_WEEK, -3), 10), 0);
      assert.equal(await purgeIntake(connection, SHELL_WEEK, 10), 1);
      const [again, other] = await claim(connection, [order(1, 5), order(2, 6)]);
      assert.notEqual(again, null);
      assert.equal(other, null);
    });
  });
});
