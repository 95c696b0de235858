import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { KeyStore } from "../../src/keystore/key-store.ts";
import { ownMark } from "../../src/keystore/process-mark.ts";
import { day, failure, freshBase, freshOptions, optionsIn, REQUEST } from "./fresh-store.ts";
import { Guest } from "./guest-process.ts";
import { both } from "./media.ts";

both.test(
  "KS-8: positions are promised in steps, upwards, at most to the end of a lane",
  async (t) => {
    const store = await t.open();
    const { record, firstPosition } = await store.lease(REQUEST);
    assert.deepEqual([record.ceiling, firstPosition], [64, 0]);
    const ceilings = [];
    for (const needed of [1, 65, 64, 200, 512, 9999]) {
      ceilings.push(await store.reserve(record.serial, needed));
    }
    assert.deepEqual(ceilings, [64, 128, 128, 256, 512, 512]);
  },
);

both.test("KS-8: the next lease begins where the last one ended", async (t) => {
  const store = await t.open();
  const { record } = await store.lease(REQUEST);
  await store.release(record.serial, 10);
  const second = await store.lease(REQUEST);
  assert.deepEqual([second.record.serial, second.firstPosition], [record.serial, 10]);
  assert.equal(second.record.ceiling, 74);
  await store.reserve(record.serial, 512);
  await store.release(record.serial, 512);
  // Full: another one is made.
  const third = await store.lease(REQUEST);
  assert.deepEqual([third.record.serial, third.firstPosition], [record.serial + 1, 0]);
});

test("KS-8: a release cannot free what was used before, or what nobody promised", async (t) => {
  const options = freshOptions(t);
  const store = await KeyStore.open(options);
  const { serial } = (await store.lease(REQUEST)).record;
  await store.release(serial, 40);
  await store.lease(REQUEST);
  await store.release(serial, 3);
  assert.equal((await store.lease(REQUEST)).firstPosition, 40);
  await store.release(serial, 9999);
  assert.equal((await store.lease(REQUEST)).firstPosition, 104);
  // Another instance in this process did not lease it and knows nothing of its use.
  await (await KeyStore.open(options)).release(serial, 0);
  assert.equal((await store.lease(REQUEST)).firstPosition, 168);
});

both.test("KS-8: a compartment is for one tenant, day and suite", async (t) => {
  const store = await t.open();
  const first = await store.lease(REQUEST);
  await store.release(first.record.serial, 1);
  const others = [
    { ...REQUEST, suite: 2 },
    { ...REQUEST, dayOfDeath: day("2027-03-25") },
    { ...REQUEST, tenant: "00000000-0000-4000-8000-000000000003" },
  ];
  for (const [at, request] of others.entries()) {
    const { record } = await store.lease(request);
    assert.equal(record.serial, first.record.serial + at + 1);
    const { tenant, dayOfDeath, suite } = record;
    assert.deepEqual({ tenant, dayOfDeath, suite }, request);
  }
});

test("KS-9: who does not hold a compartment gets no slots of it", async (t) => {
  const base = freshBase(t);
  const store = await KeyStore.open(optionsIn(base));
  const { serial } = (await store.lease(REQUEST)).record;
  await store.release(serial, 1);
  await assert.rejects(store.reserve(serial, 2), failure("KEY_NOT_LEASED"));
  const guest = new Guest(t, base, "hold");
  const held = await guest.said("leased");
  assert.deepEqual([held.serial, held.first], [serial, 1]);
  await assert.rejects(store.reserve(serial, 300), failure("KEY_NOT_LEASED"));
  await store.release(serial, 0);
  await assert.rejects(store.reserve(serial, 300), failure("KEY_NOT_LEASED"));
  assert.notEqual((await store.lease(REQUEST)).record.serial, serial);
  await guest.kill();
});

test("KS-9: a released compartment goes to the next process, at the position said", async (t) => {
  const base = freshBase(t);
  const store = await KeyStore.open(optionsIn(base));
  const guest = new Guest(t, base, "hold");
  const { serial } = await guest.said("leased");
  await guest.said("used");
  guest.tell();
  assert.equal(await guest.end(), 0);
  const uses = guest.reports.map(({ report }) => (report.what === "used" ? report.next : 0));
  const taken = await store.lease(REQUEST);
  assert.deepEqual([taken.record.serial, taken.firstPosition], [serial, Math.max(...uses)]);
});

test("KS-9: a dead process's compartment is taken over at its ceiling", async (t) => {
  const base = freshBase(t);
  const store = await KeyStore.open(optionsIn(base));
  const guest = new Guest(t, base, "hold");
  const { serial } = await guest.said("leased");
  await guest.said("used");
  await guest.kill();
  const ceiling = (await store.list())[0]?.ceiling ?? 0;
  const taken = await store.lease(REQUEST);
  assert.deepEqual([taken.record.serial, taken.firstPosition], [serial, ceiling]);
  const uses = guest.reports.map(({ report }) => (report.what === "used" ? report.next : 0));
  assert.ok(ceiling >= Math.max(...uses) && ceiling > 0);
});

both.test("KS-12: a closing compartment takes no new seals until it is reopened", async (t) => {
  const store = await t.open();
  const { serial } = (await store.lease(REQUEST)).record;
  await store.setState(serial, "closing");
  await assert.rejects(store.reserve(serial, 65), failure("KEY_CLOSING"));
  await store.openCompartment(serial);
  await store.release(serial, 5);
  assert.notEqual((await store.lease(REQUEST)).record.serial, serial);
  await store.setState(serial, "live");
  assert.deepEqual((await store.lease(REQUEST)).record.serial, serial);
});

both.test("KS-5: a serial that was never here is unknown, not destroyed", async (t) => {
  const store = await t.open();
  await assert.rejects(store.openCompartment(77), failure("KEY_UNKNOWN"));
  await assert.rejects(store.destroy(77, new Date(0)), failure("KEY_UNKNOWN"));
});

test("KS-9: a dead process's lock is broken, also one without content", async (t) => {
  const options = freshOptions(t);
  const store = await KeyStore.open(options);
  const lock = path.join(options.folder, "lock");
  const dead = { ...ownMark(), started: "1.00000000" };
  for (const text of [JSON.stringify({ ...dead, nonce: "dead-1" }), "", "{"]) {
    writeFileSync(lock, text, { mode: 0o600 });
    await store.lease(REQUEST);
  }
  writeFileSync(lock, JSON.stringify({ ...dead, nonce: "dead-2" }), { mode: 0o600 });
  const many = Array.from({ length: 6 }, async () => store.lease(REQUEST));
  const serials = (await Promise.all(many)).map((lease) => lease.record.serial);
  assert.deepEqual(
    serials.toSorted((a, b) => a - b),
    [4, 5, 6, 7, 8, 9],
  );
});

test("KS-9: what the dead left beside the lock goes, what the living hold stays", async (t) => {
  const options = freshOptions(t);
  await KeyStore.open(options);
  const own = ownMark();
  const dead = { ...own, started: "1.00000000" };
  const left = {
    [`lock.${dead.pid}-${dead.started}-1.new`]: "",
    "lock.break-dead-1": JSON.stringify({ ...dead, nonce: "dead-2" }),
    [`lock.break-dead-1.${dead.pid}-${dead.started}-2.new`]: "",
  };
  const living = {
    [`lock.${own.pid}-${own.started}-99999.new`]: "",
    "lock.break-other": JSON.stringify({ ...own, nonce: "own-2" }),
  };
  for (const [name, text] of Object.entries({ ...left, ...living })) {
    writeFileSync(path.join(options.folder, name), text, { mode: 0o600 });
  }
  await KeyStore.open(options);
  const names = readdirSync(options.folder).filter((name) => name.startsWith("lock"));
  assert.deepEqual(names.toSorted(), Object.keys(living).toSorted());
});

both.test("KS-8: compartments made ahead of need are there when a server takes one", async (t) => {
  const [store, other] = [await t.open(), await t.open()];
  const days = ["2027-03-24", "2027-03-25"].map((text) => ({ ...REQUEST, dayOfDeath: day(text) }));
  assert.equal((await store.createAhead(days, 2)).length, 4);
  assert.equal((await other.createAhead(days, 2)).length, 0);
  const leases = [await store.lease(REQUEST), await other.lease(REQUEST)];
  const taken = leases.map(({ record, firstPosition }) => [record.serial, firstPosition]);
  assert.deepEqual(taken, [
    [1, 0],
    [2, 0],
  ]);
  assert.equal((await store.createAhead(days, 1)).length, 1);
  assert.equal((await store.list()).length, 5);
  // More than are made in one turn: no serial twice, none left out.
  const many = (await store.createAhead([{ ...REQUEST, suite: 2 }], 70)).map((one) => one.serial);
  assert.deepEqual(
    many,
    Array.from({ length: 70 }, (_, at) => 6 + at),
  );
});
