/** Copies of different age: nothing is signed that would make a second history. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { LogFolder } from "../../src/log/log-folder.ts";
import { checkpointRecord } from "../../src/log/log-keys.ts";
import { recoverLog } from "../../src/log/recover.ts";
import { insertLeaves } from "../../src/store/audit-leaf.ts";
import { transaction } from "../../src/store/pool.ts";
import {
  ORIGIN,
  newLeaf,
  openIn,
  sequencerOf,
  verifiedIds,
  withLog,
  writeLeaves,
} from "./fresh-log.ts";
import { headOf, restoreOlder, sql } from "./older-copy.ts";

const failure = (code: string) => ({ name: "Failure", code });

test("P13: an older database signs nothing, and gets leaves back from files", async (context) => {
  await withLog(context, async (log) => {
    const early = await writeLeaves(log.database, 300);
    await sequencerOf(log).integrate();
    const head = await headOf(log);
    const late = await writeLeaves(log.database, 400);
    await sequencerOf(log).integrate();
    await restoreOlder(log, 300, head);
    const fresh = await writeLeaves(log.database, 5);
    // An event with an id of its own is told again after the restore, at another time.
    const again = { ...newLeaf(), id: Buffer.from(late[0] ?? "", "hex") };
    await transaction(log.database, async (connection) => insertLeaves(connection, [again]));
    assert.ok(await sequencerOf(log).isOlder());
    const before = await readFile(join(log.folder, "checkpoint"));
    await assert.rejects(sequencerOf(log).integrate(), failure("LOG_BEHIND"));
    assert.deepEqual(await readFile(join(log.folder, "checkpoint")), before);
    const options = {
      log: log.log,
      database: log.database,
      folder: new LogFolder(log.folder),
      record: checkpointRecord(log.keys, log.log),
      signers: async () => Promise.resolve([log.signer]),
      newOrigin: () => ORIGIN,
    };
    assert.equal(await recoverLog(options), 400);
    assert.equal((await sequencerOf(log).integrate())?.size, 705);
    assert.deepEqual(await verifiedIds(log), [...early, ...late, ...fresh]);
    assert.equal(await recoverLog(options), 0);
  });
});

test("P13: older keys or older files fork nothing, and lost files come back", async (context) => {
  await withLog(context, async (log) => {
    const ids = await writeLeaves(log.database, 300);
    await sequencerOf(log).integrate();
    await cp(join(log.base, "midan-keys"), join(log.base, "old-keys"), { recursive: true });
    await cp(log.folder, join(log.base, "old-log"), { recursive: true });
    ids.push(...(await writeLeaves(log.database, 300)));
    await sequencerOf(log).integrate();
    await rm(log.folder, { recursive: true });
    await cp(join(log.base, "old-log"), log.folder, { recursive: true });
    ids.push(...(await writeLeaves(log.database, 1)));
    assert.equal((await sequencerOf(log).integrate())?.size, 601);
    await log.keys.close();
    await rm(join(log.base, "midan-keys"), { recursive: true });
    await cp(join(log.base, "old-keys"), join(log.base, "midan-keys"), { recursive: true });
    const reopened = await openIn(log.base, log.database);
    ids.push(...(await writeLeaves(log.database, 1)));
    assert.equal((await sequencerOf(reopened).integrate())?.size, 602);
    await rm(log.folder, { recursive: true });
    ids.push(...(await writeLeaves(log.database, 1)));
    assert.equal((await sequencerOf(reopened).integrate())?.size, 603);
    assert.deepEqual(await verifiedIds(log), ids);
    await reopened.keys.close();
  });
});

test("P13: a row that was rewritten by hand is never signed that way", async (context) => {
  await withLog(context, async (log) => {
    await writeLeaves(log.database, 300);
    await sequencerOf(log).integrate();
    await sql(
      log,
      "alter table audit_leaf disable trigger all",
      `update audit_leaf set body =
         convert_to(replace(convert_from(body, 'UTF8'), 'search', 'reveal'), 'UTF8')
       where position = (select position from log_entry where log_index = 17)`,
    );
    await rm(log.folder, { recursive: true });
    await writeLeaves(log.database, 1);
    await assert.rejects(sequencerOf(log).integrate(), failure("LOG_FORKED"));
  });
});

test("P13: a checkpoint that is not of the log's key stops the sequencer", async (context) => {
  await withLog(context, async (log) => {
    await writeLeaves(log.database, 3);
    await sequencerOf(log).integrate();
    const file = join(log.folder, "checkpoint");
    const note = await readFile(file, "utf8");
    await writeFile(file, note.replace("\n3\n", "\n2\n"));
    await writeLeaves(log.database, 3);
    await assert.rejects(sequencerOf(log).integrate(), failure("LOG_FILES_BROKEN"));
    await writeFile(file, note.replaceAll(ORIGIN, `${ORIGIN}${randomBytes(2).toString("hex")}`));
    await assert.rejects(sequencerOf(log).integrate(), failure("LOG_ORIGIN"));
    await writeFile(file, note);
    assert.equal((await sequencerOf(log).integrate())?.size, 6);
  });
});
