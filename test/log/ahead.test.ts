/** Whichever place alone remembers more, nothing is signed; a witness is in witness.test. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cp, mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { LogFolder } from "../../src/log/log-folder.ts";
import { checkpointRecord } from "../../src/log/log-keys.ts";
import { recoverLog } from "../../src/log/recover.ts";
import { Failure } from "../../src/rules/failure.ts";
import { ORIGIN, openIn, sequencerOf, verifiedIds, withLog, writeLeaves } from "./fresh-log.ts";
import type { FreshLog, OpenLog } from "./fresh-log.ts";
import { headOf, restoreOlder, sql } from "./older-copy.ts";

type Age = "old" | "new";

async function copyOf(log: FreshLog, from: string, to: string): Promise<void> {
  await rm(join(log.base, to), { recursive: true, force: true });
  await cp(join(log.base, from), join(log.base, to), { recursive: true });
}

async function keep(log: FreshLog, age: Age): Promise<void> {
  await copyOf(log, "midan-keys", `${age}-keys`);
  await copyOf(log, "midan-log", `${age}-log`);
}

/** Which copy lies in each place; of the database only the checkpoint that it recorded. */
const CASES: readonly { place: string; files: Age; keys: Age; database: Age }[] = [
  { place: "files", files: "new", keys: "old", database: "old" },
  { place: "keys", files: "old", keys: "new", database: "old" },
  { place: "database", files: "old", keys: "old", database: "new" },
];

async function putBack(log: FreshLog, ages: { files: Age; keys: Age }): Promise<OpenLog> {
  await copyOf(log, `${ages.keys}-keys`, "midan-keys");
  await copyOf(log, `${ages.files}-log`, "midan-log");
  return openIn(log.base, log.database);
}

test("P13: whichever place remembers more, nothing is signed until copies fit", async (context) => {
  await withLog(context, async (log) => {
    const early = await writeLeaves(log.database, 300);
    const checkpoints = [(await sequencerOf(log).integrate())?.checkpoint ?? ""];
    const head = await headOf(log);
    await keep(log, "old");
    const late = await writeLeaves(log.database, 400);
    checkpoints.push((await sequencerOf(log).integrate())?.checkpoint ?? "");
    await keep(log, "new");
    await log.keys.close();
    await restoreOlder(log, 300, head);
    const fresh: string[] = [];
    for (const { place, files, keys, database } of CASES) {
      const opened = await putBack(log, { files, keys });
      const note = checkpoints[database === "new" ? 1 : 0] ?? "";
      await sql(log, `update log_head set checkpoint = '${note}'`);
      fresh.push(...(await writeLeaves(log.database, 5)));
      const before = await readFile(join(log.folder, "checkpoint"));
      const remembered = await checkpointRecord(opened.keys, opened.log).last();
      await assert.rejects(sequencerOf(opened).integrate(), (error) => {
        assert.ok(error instanceof Failure, place);
        assert.deepEqual([error.code, error.details["place"]], ["LOG_BEHIND", place]);
        return true;
      });
      assert.deepEqual(await readFile(join(log.folder, "checkpoint")), before);
      assert.deepEqual(await checkpointRecord(opened.keys, opened.log).last(), remembered);
      await opened.keys.close();
    }
    const opened = await putBack(log, { files: "new", keys: "new" });
    const recovered = await recoverLog({
      log: opened.log,
      database: log.database,
      folder: new LogFolder(log.folder),
      record: checkpointRecord(opened.keys, opened.log),
      signers: async () => Promise.resolve([opened.signer]),
      newOrigin: () => ORIGIN,
    });
    assert.equal(recovered, 400);
    assert.equal((await sequencerOf(opened).integrate())?.size, 715);
    assert.deepEqual(await verifiedIds(opened), [...early, ...late, ...fresh]);
    await opened.keys.close();
  });
});

/** A disk of its own that is soon full; false where this machine lets nobody make one. */
async function smallDisk(folder: string): Promise<boolean> {
  await mkdir(folder, { recursive: true });
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=128k", "tmpfs", folder], { stdio: "pipe" });
  } catch {
    return false;
  }
  return true;
}

async function fillAndMakeRoom(log: FreshLog): Promise<void> {
  const ids = await writeLeaves(log.database, 20);
  await sequencerOf(log).integrate();
  const sequencer = sequencerOf(log);
  ids.push(...(await writeLeaves(log.database, 2000)));
  await assert.rejects(sequencer.integrate(), { code: "LOG_FILES_FAILED" });
  assert.equal((await verifiedIds(log)).length, 20, "what was published still verifies");
  await sql(log, "update log_queue set queued_at = queued_at - interval '61 seconds'");
  ids.push(...(await writeLeaves(log.database, 1)));
  await sql(log, "update log_queue set queued_at = queued_at - interval '61 seconds'");
  await assert.rejects(writeLeaves(log.database, 1), { code: "LOG_LATE" });
  execFileSync("mount", ["-o", "remount,size=8m", log.folder]);
  await sequencer.integrate();
  ids.push(...(await writeLeaves(log.database, 1)));
  await sequencer.integrate();
  assert.deepEqual(await verifiedIds(log), ids);
}

test("P11: on a disk that is really full the log waits, and goes on with room", async (context) => {
  await withLog(context, async (log) => {
    if (!(await smallDisk(log.folder))) {
      context.skip("no disk of its own could be mounted here");
      return;
    }
    try {
      await fillAndMakeRoom(log);
    } finally {
      execFileSync("umount", [log.folder]);
    }
  });
});
