import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { addDays } from "../../src/rules/calendar.ts";
import { isFailure } from "../../src/rules/failure.ts";
import {
  countLeaves,
  findLeaf,
  insertLeaves,
  latestLeaves,
  leavesOfSubject,
} from "../../src/store/audit-leaf.ts";
import {
  compartmentsOfTenant,
  countCompartments,
  dueCompartments,
  findCompartment,
  insertCompartments,
  liveDeathWeeks,
  setCompartmentState,
} from "../../src/store/compartment.ts";
import { MIGRATIONS_DIRECTORY } from "../../src/store/migrate.ts";
import {
  dropDeadWeek,
  dropShellWeek,
  ensurePartitions,
  weeksOf,
  tableSizes,
} from "../../src/store/partition.ts";
import { copyParties, findParty } from "../../src/store/party.ts";
import { connected, openDatabase, transaction } from "../../src/store/pool.ts";
import type { Database } from "../../src/store/pool.ts";
import { execute } from "../../src/store/query.ts";
import { schemaText } from "../../src/store/schema-text.ts";
import { findShell } from "../../src/store/shell.ts";
import { statementsOf } from "../../src/store/statement.ts";
import { findTenant, findTenantByName, insertTenant } from "../../src/store/tenant.ts";
import { withDatabase } from "../support/database.ts";
import {
  compartment,
  DAY_OF_DEATH,
  DEATH_WEEK,
  furnish,
  party,
  SEALED_AT,
  SERIAL,
  SHELL_WEEK,
  TENANT_ID,
} from "./rows.ts";

test("P16: sql/schema.sql is what the migrations add up to, on every server version", async () => {
  const written = await readFile(join(MIGRATIONS_DIRECTORY, "schema.sql"), "utf8");
  await withDatabase(async (database) => {
    assert.equal(await connected(database, schemaText), written);
  });
});

const leaf = (n: number, subject: Uint8Array | null = null) => ({
  id: Buffer.alloc(16, n),
  type: "reveal",
  subject,
  note: null,
  body: Buffer.from(`{"n":${n}}`),
});

test("P13: leaves can be appended and read, and nothing else", async () => {
  await withDatabase(async (database) => {
    const subject = Buffer.alloc(16, 0xaa);
    await transaction(database, async (connection) => {
      assert.equal(
        await insertLeaves(connection, [leaf(1, subject), leaf(2), leaf(3, subject)]),
        3,
      );
      assert.equal(await insertLeaves(connection, [leaf(3, subject), leaf(4)]), 1);
      const about = await leavesOfSubject(connection, subject, 10);
      assert.deepEqual(
        about.map(({ id }) => id[0]),
        [1, 3],
      );
      assert.deepEqual(
        (await latestLeaves(connection, 2)).map(({ id }) => id[0]),
        [4, 3],
      );
      const found = await findLeaf(connection, Buffer.alloc(16, 2));
      assert.deepEqual(
        [found?.subject, found?.body, found?.type],
        [null, Buffer.from('{"n":2}'), "reveal"],
      );
      assert.equal((await countLeaves(connection)).get("reveal"), 4);
    });
    for (const text of [
      "update audit_leaf set body = body",
      "delete from audit_leaf",
      "delete from audit_leaf where false",
      "truncate audit_leaf",
      "truncate audit_leaf, tenant cascade",
      "set session_replication_role = replica; delete from audit_leaf",
    ]) {
      await connected(database, async (connection) =>
        assert.rejects(
          execute(connection, { text }),
          (error) => isFailure(error, "DATABASE_FAILED") && error.details["sqlstate"] === "MD001",
          text,
        ),
      );
    }
    await connected(database, async (connection) => {
      assert.equal((await latestLeaves(connection, 10)).length, 4);
    });
  });
});

test("P13: a leaf whose body is over 8 KiB is refused", async () => {
  await withDatabase(async (database) => {
    await connected(database, async (connection) => {
      const ofBytes = (bytes: number): Buffer => Buffer.from("{}".padEnd(bytes));
      await insertLeaves(connection, [{ ...leaf(1), body: ofBytes(8192) }]);
      await assert.rejects(
        insertLeaves(connection, [{ ...leaf(2), body: ofBytes(8193) }]),
        (error) => isFailure(error, "DATABASE_FAILED"),
      );
    });
  });
});

test("P7: compartments change state as they may, and destroyed is for good", async () => {
  await withDatabase(async (database) => {
    await furnish(database);
    await connected(database, async (connection) => {
      const later = compartment({
        serial: 2 ** 40 - 1,
        dayOfDeath: addDays(DAY_OF_DEATH, 7),
        deathWeek: addDays(DEATH_WEEK, 7),
      });
      assert.equal(await insertCompartments(connection, [compartment(), later]), 1);
      assert.deepEqual(await liveDeathWeeks(connection, TENANT_ID), [later.deathWeek, DEATH_WEEK]);
      assert.equal(await setCompartmentState(connection, SERIAL, { state: "closing" }), true);
      assert.equal(await setCompartmentState(connection, SERIAL, { state: "closing" }), false);
      assert.equal(await setCompartmentState(connection, SERIAL, { state: "live" }), true);
      const due = await dueCompartments(connection, DAY_OF_DEATH, 10);
      assert.deepEqual(
        due.map(({ serial }) => serial),
        [SERIAL],
      );
      const dead = { state: "destroyed", at: SEALED_AT } as const;
      assert.equal(await setCompartmentState(connection, SERIAL, dead), true);
      assert.equal(await setCompartmentState(connection, SERIAL, { state: "live" }), false);
      const found = await findCompartment(connection, SERIAL);
      assert.deepEqual([found?.state, found?.destroyedAt], ["destroyed", SEALED_AT]);
      assert.deepEqual(await dueCompartments(connection, DAY_OF_DEATH, 10), []);
      const counts = await countCompartments(connection);
      assert.deepEqual([counts.live, counts.destroyed, counts.nextDeath], [1, 1, later.dayOfDeath]);
      const ofTenant = await compartmentsOfTenant(connection, TENANT_ID, {
        from: DAY_OF_DEATH,
        limit: 10,
      });
      assert.equal(ofTenant.length, 2);
    });
  });
});

test("P8: a tenant keeps its clocks, and a name is given once", async () => {
  await withDatabase(async (database) => {
    await furnish(database);
    await connected(database, async (connection) => {
      const found = await findTenant(connection, TENANT_ID);
      assert.deepEqual([found?.personsDays, found?.shellDays], [120, 730]);
      assert.deepEqual(await findTenantByName(connection, "默认商户"), found);
      const { createdAt: _, ...again } = found ?? assert.fail("the tenant is there");
      const other = "018f0000-0000-7000-8000-0000000000aa";
      assert.equal(await insertTenant(connection, { ...again, id: other }), false);
      assert.equal(await findTenant(connection, other), null);
    });
  });
});

test("P8: partitions are made once when four clients ask at the same time", async () => {
  await withDatabase(async (database, address) => {
    const others = [1, 2, 3].map(() => openDatabase(address, { connectionsMax: 1 }));
    try {
      const weeks = [0, 7, 14].map((days) => ({
        deathWeek: addDays(DEATH_WEEK, days),
        shellWeek: addDays(SHELL_WEEK, days),
      }));
      await Promise.all(
        [database, ...others].map(async (client) => {
          for (const week of weeks) await ensurePartitions(client, week);
        }),
      );
      await connected(database, async (connection) => {
        assert.deepEqual(
          await weeksOf(connection, "party"),
          weeks.map(({ deathWeek }) => deathWeek),
        );
        assert.ok((await tableSizes(connection)).some(({ table }) => table === "party"));
      });
    } finally {
      await Promise.all(others.map(async (other) => other.close()));
    }
  });
});

test("P7: a week is dropped when all its compartments are destroyed, and not before", async () => {
  await withDatabase(async (database) => {
    await furnish(database);
    await transaction(database, async (connection) => copyParties(connection, [party(1)]));
    await assert.rejects(dropDeadWeek(database, DEATH_WEEK), (error) =>
      isFailure(error, "WEEK_ALIVE"),
    );
    await connected(database, async (connection) => {
      const place = { deathWeek: DEATH_WEEK, compartment: SERIAL, slot: 1 };
      assert.notEqual(await findParty(connection, place), null);
      await setCompartmentState(connection, SERIAL, { state: "destroyed", at: SEALED_AT });
      assert.equal(await dropDeadWeek(database, DEATH_WEEK), "dropped");
      assert.equal(await findParty(connection, place), null);
      assert.equal(await dropDeadWeek(database, DEATH_WEEK), "nothing");
    });
  });
});

async function destroyed(database: Database): Promise<void> {
  await connected(database, async (connection) =>
    setCompartmentState(connection, SERIAL, { state: "destroyed", at: SEALED_AT }),
  );
}

test("P8: shells of a week are dropped when the week is over, and not before", async () => {
  await withDatabase(async (database) => {
    await furnish(database);
    const over = addDays(SHELL_WEEK, 7);
    const isAlive = (error: unknown): boolean => isFailure(error, "WEEK_ALIVE");
    await assert.rejects(dropShellWeek(database, SHELL_WEEK, { today: over }), isAlive);
    await destroyed(database);
    await assert.rejects(
      dropShellWeek(database, SHELL_WEEK, { today: addDays(over, -1) }),
      isAlive,
    );
    assert.equal(await dropShellWeek(database, SHELL_WEEK, { today: over }), "dropped");
    assert.equal(await dropShellWeek(database, SHELL_WEEK, { today: over }), "nothing");
    await connected(database, async (connection) => {
      const place = { shellWeek: SHELL_WEEK, compartment: SERIAL, slot: 1 };
      assert.equal(await findShell(connection, place), null);
      assert.deepEqual(await statementsOf(connection, place), []);
    });
  });
});

test("P8: a reader holds up the drop of a week, and the drop tries again", async () => {
  await withDatabase(async (database) => {
    await furnish(database);
    await connected(database, async (connection) =>
      setCompartmentState(connection, SERIAL, { state: "destroyed", at: SEALED_AT }),
    );
    const dropped = await transaction(database, async (connection) => {
      await execute(connection, { text: "select count(*) from party" });
      const dropping = dropDeadWeek(database, DEATH_WEEK);
      // Longer than one attempt's lock timeout: the first attempt fails, and nobody waits behind
      // it.
      await execute(connection, { text: "select pg_sleep(1.4)" });
      return { dropping };
    });
    assert.equal(await dropped.dropping, "dropped");
  });
});

test("P8: a reader that stays puts the drop off, and the next drop succeeds", async () => {
  await withDatabase(async (database) => {
    await furnish(database);
    const over = addDays(SHELL_WEEK, 7);
    await destroyed(database);
    await transaction(database, async (connection) => {
      await execute(connection, { text: "select count(*) from print_statement" });
      // The shells could be dropped by now, but not the statements: both or neither.
      assert.equal(await dropShellWeek(database, SHELL_WEEK, { today: over }), "busy");
      assert.deepEqual(await weeksOf(connection, "shell"), [SHELL_WEEK]);
    });
    assert.equal(await dropShellWeek(database, SHELL_WEEK, { today: over }), "dropped");
  });
});
