/** A log for each tenant: nobody's leaf in another's log, and no log in another's way. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { verifierKeyText } from "../../src/audit/note.ts";
import { Logs } from "../../src/log/logs.ts";
import { logSharing } from "../../src/store/log.ts";
import { connected } from "../../src/store/pool.ts";
import type { Database } from "../../src/store/pool.ts";
import { insertTenant } from "../../src/store/tenant.ts";
import { urlOf } from "../support/home.ts";
import { openIn, sequencerOf, verifiedIds, withLog, writeLeaves } from "./fresh-log.ts";
import type { FreshLog, OpenLog } from "./fresh-log.ts";
import { sql } from "./older-copy.ts";

const GUEST = fileURLToPath(new URL("guest.ts", import.meta.url));
/** More than the logs that are asked for at once, and more leaves than one turn takes in. */
const TENANTS = 70;
const LEAVES_OF_THE_LARGE = 17_000;

async function founded(database: Database, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => String(randomUUID())).toSorted();
  await connected(database, async (connection) => {
    assert.equal(await logSharing(connection, "tenant"), "tenant");
    for (const id of ids) {
      const clocks = { personsDays: 120, shellDays: 730 };
      await insertTenant(connection, { id, name: id, suite: 1, profile: "gb41833", ...clocks });
    }
  });
  return ids;
}

/** The log of `tenant` over the same key store, which is open once only. */
async function ownLog(log: FreshLog, tenant: string): Promise<OpenLog> {
  await log.keys.close();
  return openIn(log.base, log.database, tenant);
}

test("P13: each of many logs has its turn, whatever another is full of", async (context) => {
  await withLog(context, async (log) => {
    const { database, keys } = log;
    const tenants = await founded(database, TENANTS);
    const [large = "", stuck = "", ...small] = tenants;
    const ids = new Map<string, string[]>();
    ids.set(large, await writeLeaves(database, LEAVES_OF_THE_LARGE, large));
    for (const tenant of [...small, stuck]) ids.set(tenant, await writeLeaves(database, 3, tenant));
    const logs = new Logs({
      database,
      keys,
      sharing: "tenant",
      folder: log.folder,
      origin: "midan.example/many",
      witnesses: [],
      now: () => new Date(),
      randomBytes: (count) => randomBytes(count),
    });
    await logs.turn();
    await rm(join(log.folder, stuck), { recursive: true });
    await writeFile(join(log.folder, stuck), "in the way");
    await writeLeaves(database, 1, stuck);
    for (const tenant of small) ids.get(tenant)?.push(...(await writeLeaves(database, 1, tenant)));
    await logs.turn();
    assert.equal(logs.of(stuck).keeper.failure, "LOG_FILES_FAILED");
    await sql(log, "update log_queue set queued_at = queued_at - interval '61 seconds'");
    await assert.rejects(
      (async () => {
        await writeLeaves(database, 1, stuck);
        await logs.turn();
        await sql(log, "update log_queue set queued_at = queued_at - interval '61 seconds'");
        await writeLeaves(database, 1, stuck);
      })(),
      { code: "LOG_LATE" },
    );
    let checked = 0;
    for (const tenant of [large, ...small]) {
      await writeLeaves(database, 1, tenant).then((added) => ids.get(tenant)?.push(...added));
      await logs.of(tenant).keeper.turn();
      const [signer] = await logs.of(tenant).signers();
      assert.equal(signer.name, `midan.example/many/${tenant}`);
      const verifierKey = verifierKeyText(signer);
      const found = await verifiedIds({ folder: join(log.folder, tenant), verifierKey });
      assert.deepEqual(found, ids.get(tenant));
      checked += found.length;
    }
    context.diagnostic(`${TENANTS - 1} logs with ${checked} leaves, each only its tenant's`);
  });
});

test("P13: one tenant's older copies stop its log alone", async (context) => {
  await withLog(context, async (log) => {
    const [first = "", second = ""] = await founded(log.database, 2);
    const own = await ownLog(log, first);
    const other = { ...own, log: second, folder: join(log.base, "midan-log", second) };
    const ids = await writeLeaves(log.database, 300, first);
    await sequencerOf(own).integrate();
    await cp(own.folder, join(log.base, "old"), { recursive: true });
    const [row] = await headsOf(log, first);
    ids.push(...(await writeLeaves(log.database, 5, first)));
    await sequencerOf(own).integrate();
    // The database of an older backup, as far as this tenant goes.
    await sql(
      log,
      "alter table log_entry disable trigger all",
      `delete from log_entry where log = '${first}' and log_index >= 300`,
      `delete from log_head where log = '${first}'`,
      `insert into log_head select * from json_populate_record(null::log_head, '${row ?? ""}')`,
    );
    await writeLeaves(log.database, 1, first);
    await assert.rejects(sequencerOf(own).integrate(), { code: "LOG_BEHIND" });
    await own.keys.close();
    const apart = await openIn(log.base, log.database, second);
    const others = await writeLeaves(log.database, 4, second);
    await sequencerOf(apart).integrate();
    assert.deepEqual(await verifiedIds(apart), others);
    assert.deepEqual(await verifiedIds(own), ids);
    assert.notEqual(apart.verifierKey.split("+")[2], own.verifierKey.split("+")[2]);
    // Another tenant's files in the place of one's own are another log's.
    await rm(other.folder, { recursive: true });
    await cp(own.folder, other.folder, { recursive: true });
    await writeLeaves(log.database, 1, second);
    await assert.rejects(sequencerOf(apart).integrate(), { code: "LOG_ORIGIN" });
    await apart.keys.close();
  });
});

async function headsOf(log: FreshLog, tenant: string): Promise<string[]> {
  return connected(log.database, async (connection) => {
    const { rows } = await connection.query<{ head: unknown }>(
      "select row_to_json(log_head) as head from log_head where log = $1",
      [tenant],
    );
    return rows.map(({ head }) => JSON.stringify(head).replaceAll("'", "''"));
  });
}

/** Each step that reaches disk, key store or database, somewhere among the first. */
const STEPS = [1, 2, 3, 4, 6, 9, 13, 18, 22, 24, 25, 26, 27, 28, 29, 30, 31];
const LEAVES = 260;

test("P13: a process that dies leaves a tenant's own log whole", async (context) => {
  await withLog(context, async (log) => {
    const [tenant = "", other = ""] = await founded(log.database, 2);
    const own = await ownLog(log, tenant);
    const [written, died, others]: [string[], string[], string[]] = [[], [], []];
    for (const at of STEPS) {
      written.push(...(await writeLeaves(log.database, LEAVES, tenant)));
      others.push(...(await writeLeaves(log.database, 1, other)));
      const words = [GUEST, urlOf(log.address), log.base, "die", String(at), tenant];
      const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
      const pieces: Buffer[] = [];
      child.stdout.on("data", (piece: Buffer) => pieces.push(piece));
      await once(child, "close");
      if (child.signalCode === "SIGKILL") died.push(Buffer.concat(pieces).toString().trim());
      let integrated = null;
      while (integrated === null) integrated = await sequencerOf(own).integrate();
      assert.equal(integrated.size, written.length);
    }
    assert.deepEqual(await verifiedIds(own), written);
    await own.keys.close();
    const second = await openIn(log.base, log.database, other);
    await sequencerOf(second).integrate();
    assert.deepEqual(await verifiedIds(second), others);
    await second.keys.close();
    context.diagnostic(`died at ${died.length} steps: ${[...new Set(died)].join(", ")}`);
    for (const step of ["append", "write", "sync", "rename", "key-store", "record"])
      assert.ok(died.includes(step), `${step} killed nobody`);
    const notes = await readFile(join(own.folder, "log.vkey"), "utf8");
    assert.equal(notes.trim(), own.verifierKey);
  });
});
