import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";

import { isFailure } from "../../src/rules/failure.ts";
import { findByPhoneTags } from "../../src/store/candidate.ts";
import { copyParties, deleteParty, findParty } from "../../src/store/party.ts";
import { connected, transaction } from "../../src/store/pool.ts";
import { query } from "../../src/store/query.ts";
import { bytes, wholeNumberOrNull } from "../../src/store/row.ts";
import {
  copyShells,
  countByState,
  findShell,
  findShells,
  lastSlot,
  setShellState,
} from "../../src/store/shell.ts";
import { copyStatements, lastPrintNumbers, statementsOf } from "../../src/store/statement.ts";
import { setCompartmentState } from "../../src/store/compartment.ts";
import { withDatabase } from "../support/database.ts";
import {
  DEATH_WEEK,
  furnish,
  party,
  SEALED_AT,
  SERIAL,
  shell,
  SHELL_WEEK,
  TENANT_ID,
} from "./rows.ts";

const PLACE = { deathWeek: DEATH_WEEK, compartment: SERIAL };
const WITHIN = { shellWeek: SHELL_WEEK, compartment: SERIAL };

const tag = fc.option(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { nil: null });
const envelope = fc.uint8Array({ minLength: 1, maxLength: 900 });

test("P5: COPY brings back every byte of both envelopes, and null tags as null", async () => {
  await withDatabase(async (database) => {
    await furnish(database);
    let next = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(envelope, envelope, tag, tag), { minLength: 1, maxLength: 20 }),
        async (samples) => {
          const rows = samples.map(([parties, view, phoneTag, fingerprintTag]) => {
            next += 1;
            return party(next, { parties, view, phoneTag, fingerprintTag });
          });
          await transaction(database, async (connection) => copyParties(connection, rows));
          await connected(database, async (connection) => {
            const first = rows[0]?.slot ?? 0;
            const back = await query(connection, {
              text: `select slot, phone_tag, fingerprint_tag, parties, view
                     from party where slot >= $1 order by slot`,
              values: [first],
            });
            assert.equal(back.length, rows.length);
            for (const [index, row] of rows.entries()) {
              const found = back[index] ?? {};
              assert.deepEqual(Buffer.from(row.parties), bytes(found, "parties"));
              assert.deepEqual(Buffer.from(row.view), bytes(found, "view"));
              assert.equal(wholeNumberOrNull(found, "phone_tag"), row.phoneTag);
              assert.equal(wholeNumberOrNull(found, "fingerprint_tag"), row.fingerprintTag);
            }
          });
        },
      ),
      { numRuns: 25 },
    );
  });
});

test("P5: a batch larger than a chunk of the stream arrives whole", async () => {
  await withDatabase(async (database) => {
    await furnish(database);
    const rows = Array.from({ length: 1500 }, (_, slot) => party(slot));
    const large = party(2000, { parties: Buffer.alloc(65_536, 7), view: Buffer.alloc(65_536, 8) });
    await transaction(database, async (connection) => copyParties(connection, [...rows, large]));
    await connected(database, async (connection) => {
      const last = await findParty(connection, { ...PLACE, slot: 1499 });
      assert.deepEqual(last?.parties, rows[1499]?.parties);
      const found = await findParty(connection, { ...PLACE, slot: 2000 });
      assert.deepEqual([found?.parties, found?.view], [large.parties, large.view]);
      assert.equal(await findParty(connection, { ...PLACE, slot: 1501 }), null);
    });
  });
});

test("P5: one refused row refuses the whole batch, and nothing else", async () => {
  await withDatabase(async (database) => {
    await furnish(database);
    const rows = [party(1), party(2), party(1)];
    await assert.rejects(
      transaction(database, async (connection) => copyParties(connection, rows)),
      (error) => isFailure(error, "DATABASE_FAILED") && error.details["sqlstate"] === "23505",
    );
    await transaction(database, async (connection) => {
      assert.equal(await findParty(connection, { ...PLACE, slot: 2 }), null);
      await copyParties(connection, [party(2)]);
    });
  });
});

test("P18: a phone is found within its tenant until its compartment is destroyed", async () => {
  await withDatabase(async (database) => {
    await furnish(database);
    const rows = [
      party(1, { phoneTag: -5 }),
      party(2, { phoneTag: -5 }),
      party(3, { phoneTag: 9 }),
    ];
    await transaction(database, async (connection) => copyParties(connection, rows));
    const options = { tags: [{ deathWeek: DEATH_WEEK, tag: -5 }], limit: 10 };
    await connected(database, async (connection) => {
      const slots = async (tenantId: string, asked = options): Promise<number[]> => {
        const { candidates } = await findByPhoneTags(connection, tenantId, asked);
        return candidates.map(({ party: { slot } }) => slot);
      };
      assert.deepEqual(await slots(TENANT_ID), [2, 1]);
      assert.deepEqual(await slots(TENANT_ID, { ...options, limit: 1 }), [2]);
      const stranger = "018f0000-0000-7000-8000-0000000000ff";
      assert.deepEqual(await slots(stranger), []);
      await setCompartmentState(connection, SERIAL, { state: "destroyed", at: SEALED_AT });
      assert.deepEqual(await slots(TENANT_ID), []);
    });
  });
});

/** What the parcel's way adds to a shell, before anything was told of it. */
const NOT_ON_ITS_WAY = { parcelState: null, stateOn: null, accessClosesOn: null };

test("P8: a shell comes back as it went in and outlives its party row", async () => {
  await withDatabase(async (database) => {
    await furnish(database);
    const rows = [
      shell(0),
      shell(131_071, { merchantKey: null, carrier: "", waybillNumber: "", divisionCode: 0 }),
    ];
    await transaction(database, async (connection) => {
      await copyShells(connection, rows);
      await copyParties(connection, [party(0)]);
    });
    await connected(database, async (connection) => {
      const found = rows.map((row) => ({ ...row, ...NOT_ON_ITS_WAY }));
      assert.deepEqual(await findShells(connection, WITHIN, [0, 131_071, 4]), found);
      assert.equal(await lastSlot(connection, WITHIN), 131_071);
      assert.equal(await setShellState(connection, { ...WITHIN, slots: [0, 4] }, "erased"), 1);
      assert.equal(await deleteParty(connection, { ...PLACE, slot: 0 }), true);
      assert.equal(await deleteParty(connection, { ...PLACE, slot: 0 }), false);
      assert.equal((await findShell(connection, { ...WITHIN, slot: 0 }))?.state, "erased");
      const counts = await countByState(connection);
      assert.deepEqual(
        [counts.get("erased"), counts.get("sealed"), counts.get("held")],
        [1, 1, undefined],
      );
    });
  });
});

test("P14: each print has one statement, and a print number is used once", async () => {
  await withDatabase(async (database) => {
    await furnish(database);
    const statement = (slot: number, printNo: number) => ({
      ...WITHIN,
      slot,
      bucket: slot,
      printNo,
      batchLeaf: Buffer.alloc(16, 3),
      batchIndex: slot,
      body: Buffer.from(`{"n":${printNo}}`),
      printedAt: SEALED_AT,
    });
    const rows = [statement(4, 1), statement(4, 2), statement(5, 1)];
    await transaction(database, async (connection) => copyStatements(connection, rows));
    await connected(database, async (connection) => {
      assert.deepEqual(await statementsOf(connection, { ...WITHIN, slot: 4 }), rows.slice(0, 2));
      const last = await lastPrintNumbers(connection, WITHIN, [4, 5, 6]);
      assert.deepEqual(
        [...last],
        [
          [4, 2],
          [5, 1],
        ],
      );
    });
    await assert.rejects(
      transaction(database, async (connection) => copyStatements(connection, [statement(5, 1)])),
      (error) => isFailure(error, "DATABASE_FAILED"),
    );
  });
});
