import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import type { OpenOptions } from "../../src/keystore/generation.ts";
import { KeyStore } from "../../src/keystore/key-store.ts";
import { PostgresMedium } from "../../src/keystore/postgres-medium.ts";
import { rotateGeneration } from "../../src/keystore/rotation.ts";
import { postmasterPid } from "../../src/store/postmaster.ts";
import { openEmbedded } from "../../src/store/embedded.ts";
import { connected, openDatabase } from "../../src/store/pool.ts";
import { execute } from "../../src/store/query.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { withDatabase } from "../support/database.ts";
import {
  failure,
  freshBase,
  freshOptions,
  NOW,
  optionsIn,
  REQUEST,
  TENANT,
} from "./fresh-store.ts";
import { urlOf } from "./media.ts";

function server(options: OpenOptions, url: string): OpenOptions & { medium: PostgresMedium } {
  return { ...options, medium: new PostgresMedium({ url, serverId: randomUUID() }) };
}

test("KS-21: two servers never seal into one compartment, a dead one's is taken", async (t) => {
  const options = freshOptions(t);
  await withDatabase(async (database, address) => {
    const [first, second] = [server(options, urlOf(address)), server(options, urlOf(address))];
    const [one, two] = [await KeyStore.open(first), await KeyStore.open(second)];
    const leases = await Promise.all(
      Array.from({ length: 6 }, async (_, at) => (at % 2 === 0 ? one : two).lease(REQUEST)),
    );
    const serials = leases.map(({ record }) => record.serial);
    assert.equal(new Set(serials).size, 6);
    const held = (await two.list()).filter(
      ({ holder }) => holder?.started === first.medium.mark().started,
    );
    assert.equal(held.length, 3);
    const [taken] = held;
    await assert.rejects(two.reserve(taken?.serial ?? 0, 70), failure("KEY_NOT_LEASED"));
    // The first server is gone without a word, for more than a minute.
    await connected(database, async (connection) =>
      execute(connection, {
        text: `update midan_keys.server set seen_at = seen_at - interval '61 seconds'
          where id = '${first.medium.mark().started}'`,
      }),
    );
    const over = await two.lease(REQUEST);
    assert.deepEqual([over.record.serial, over.firstPosition], [taken?.serial, 64]);
    // Should it come back, it may not go on there: what it was promised lies below.
    await assert.rejects(one.reserve(taken?.serial ?? 0, 70), failure("KEY_NOT_LEASED"));
    await one.close();
    await two.close();
  });
});

test("KS-21: a server that ends in good order leaves its compartments at once", async (t) => {
  const options = freshOptions(t);
  await withDatabase(async (_database, address) => {
    const one = await KeyStore.open(server(options, urlOf(address)));
    const { serial } = (await one.lease(REQUEST)).record;
    await one.close();
    const two = await KeyStore.open(server(options, urlOf(address)));
    assert.equal((await two.lease(REQUEST)).record.serial, serial);
    await two.close();
  });
});

test("KS-21: what fails inside the lock leaves no trace, and no tombstone in memory", async (t) => {
  const options = freshOptions(t);
  await withDatabase(async (database, address) => {
    const store = await KeyStore.open(server(options, urlOf(address)));
    const { serial } = (await store.lease(REQUEST)).record;
    const run = async (text: string): Promise<unknown> =>
      connected(database, async (connection) => execute(connection, { text }));
    await run(`create function midan_keys.refuse() returns trigger language plpgsql as
      'begin raise exception ''no''; end'`);
    await run(`create trigger refuse before delete on midan_keys.item
      for each row execute function midan_keys.refuse()`);
    await assert.rejects(store.destroy(serial, NOW), failure("KEYSTORE_FAILED"));
    assert.deepEqual(await store.tombstones(), []);
    await store.openCompartment(serial);
    await run("drop trigger refuse on midan_keys.item");
    await store.destroy(serial, NOW);
    await assert.rejects(store.openCompartment(serial), failure("KEY_DESTROYED"));
    await store.close();
  });
});

test("P7: a database that goes away fails closed, and comes back by itself", async (t) => {
  const base = freshBase(t);
  const dataDir = path.join(base, "keys-data");
  const running = await openEmbedded({ dataDir });
  const store = await KeyStore.open(server(optionsIn(base), urlOf(running.address)));
  const { serial } = (await store.lease(REQUEST)).record;
  process.kill((await postmasterPid(path.join(dataDir, "pg"))) ?? assert.fail(), "SIGKILL");
  await running.close();
  for (const work of [
    async () => store.openCompartment(serial),
    async () => store.reserve(serial, 70),
    async () => store.lease(REQUEST),
    async () => store.tenantKeys(TENANT),
    async () => store.destroy(serial, NOW),
  ]) {
    await assert.rejects(work, failure("KEYSTORE_UNREACHABLE"));
  }
  const again = await openEmbedded({ dataDir });
  assert.equal(urlOf(again.address), urlOf(running.address));
  assert.equal((await store.openCompartment(serial)).record.serial, serial);
  assert.equal(await store.reserve(serial, 70), 128);
  await store.close();
  await again.close();
});

/** All bytes of all files below `folder`. */
function bytesBelow(folder: string): Buffer[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return files
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name)));
}

test("KS-22: pages and WAL keep what was destroyed, and nothing opens it", async (t) => {
  const base = freshBase(t);
  const dataDir = path.join(base, "keys-data");
  const running = await openEmbedded({ dataDir });
  const options = server(optionsIn(base), urlOf(running.address));
  const store = await KeyStore.open(options);
  const { record, cover } = await store.lease(REQUEST);
  const sealed = (await options.medium.read("compartments", "0000000001")) ?? assert.fail();
  const seed = Buffer.from(cover[0]?.seed ?? []);
  const generation = readFileSync(path.join(options.folder, "generation-000001.key"));
  await store.destroy(record.serial, NOW);
  await rotateGeneration(options);
  const database = openDatabase(running.address);
  await connected(database, async (connection) => execute(connection, { text: "checkpoint" }));
  await database.close();
  await store.close();
  await running.close();
  const everything = bytesBelow(dataDir);
  // Honest: the database still holds the sealed bytes. That is why this is not where it ends.
  assert.ok(everything.some((bytes) => bytes.includes(sealed)));
  assert.ok(!everything.some((bytes) => bytes.includes(seed)));
  // The generation that wrapped them is in no file of the machine any more.
  assert.ok(!bytesBelow(base).some((bytes) => bytes.includes(generation)));
});

test("P9: an address that does not answer is reported without its parts", async (t) => {
  const secret = "hunter-two";
  for (const url of [
    `postgres://someone:${secret}@127.0.0.1:1/nothing`,
    `postgres://someone:${secret}@127.0.0.1:notaport/nothing`,
    `postgres:///nothing?host=/${secret}`,
  ]) {
    await assert.rejects(KeyStore.open(server(freshOptions(t), url)), (error) => {
      assert.ok(isFailure(error, "KEYSTORE_UNREACHABLE"));
      assert.ok(!JSON.stringify([error.message, error.details, error.stack]).includes(secret));
      return error.cause === undefined;
    });
  }
});
