/** A log that cannot be written stops the verbs in time, and they go on; clocks may run back. */
import assert from "node:assert/strict";
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { connected, transaction } from "../../src/store/pool.ts";
import { execute } from "../../src/store/query.ts";
import { insertLeaves } from "../../src/store/audit-leaf.ts";
import { Fault, newLeaf, sequencerOf, verifiedIds, withLog, writeLeaves } from "./fresh-log.ts";
import type { FreshLog } from "./fresh-log.ts";

/** Makes the queue as old as if the disk had been full for that long. */
async function age(log: FreshLog, seconds: number): Promise<void> {
  await connected(log.database, async (connection) =>
    execute(connection, {
      text: `update log_queue set queued_at = queued_at - interval '${seconds} seconds'`,
    }),
  );
}

test("P11: a full disk of the log stops the verbs, and they resume alone", async (context) => {
  await withLog(context, async (log) => {
    const full = sequencerOf(log, (step) => {
      if (step === "write") throw new Fault(step);
    });
    const ids = await writeLeaves(log.database, 3);
    for (const seconds of [30, 40]) {
      // The first leaves have their index by now; what comes later waits behind them.
      await assert.rejects(full.integrate(), { code: "LOG_FILES_FAILED" });
      ids.push(...(await writeLeaves(log.database, 2)));
      await age(log, seconds);
    }
    await assert.rejects(full.integrate(), { code: "LOG_FILES_FAILED" });
    await assert.rejects(writeLeaves(log.database, 1), { code: "LOG_LATE" });
    assert.ok(await full.isWaiting());
    await sequencerOf(log).integrate();
    ids.push(...(await writeLeaves(log.database, 1)));
    await sequencerOf(log).integrate();
    assert.equal(await full.isWaiting(), false);
    assert.deepEqual(await verifiedIds(log), ids);
  });
});

test("P13: a folder that cannot be made stops the sequencer, not the leaves", async (context) => {
  await withLog(context, async (log) => {
    const ids = await writeLeaves(log.database, 3);
    await writeFile(log.folder, "in the way");
    await assert.rejects(sequencerOf(log).integrate(), { code: "LOG_FILES_FAILED" });
    await rm(log.folder);
    await mkdir(log.folder);
    await chmod(log.folder, 0o755);
    await sequencerOf(log).integrate();
    assert.deepEqual(await verifiedIds(log), ids);
  });
});

test("P13: a clock that runs backwards changes no order and breaks no proof", async (context) => {
  await withLog(context, async (log) => {
    const days = [3, 2, 5, 1, 4];
    const leaves = days.map((day) => newLeaf(new Date(`2026-11-0${day}T00:00:00Z`)));
    for (const leaf of leaves) {
      await transaction(log.database, async (connection) => insertLeaves(connection, [leaf]));
      await sequencerOf(log).integrate();
    }
    const ids = leaves.map(({ id }) => Buffer.from(id).toString("hex"));
    assert.deepEqual(await verifiedIds(log), ids);
  });
});
