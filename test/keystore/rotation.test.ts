import assert from "node:assert/strict";
import { cpSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { KeyStore } from "../../src/keystore/key-store.ts";
import type { OpenOptions } from "../../src/keystore/generation.ts";
import { isRotationDue, rotateGeneration } from "../../src/keystore/rotation.ts";
import { generationOf } from "../../src/keystore/sealed-file.ts";
import {
  DEATH,
  failure,
  freshOptions,
  NOW,
  OTHER_TENANT,
  REQUEST,
  TENANT,
  WEEK,
} from "./fresh-store.ts";

const LATER = new Date("2026-12-01T08:00:00.000Z");

interface Filled {
  readonly options: OpenOptions;
  readonly store: KeyStore;
  readonly serial: number;
  readonly contents: () => Promise<unknown>;
}

/** A store with something of every kind, and what can be read out of it. */
async function filledStore(context: TestContext): Promise<Filled> {
  const options = freshOptions(context);
  const store = await KeyStore.open(options);
  const { record } = await store.lease(REQUEST);
  await store.lease({ ...REQUEST, tenant: OTHER_TENANT });
  const contents = async (): Promise<unknown> =>
    contentsOf(await KeyStore.open(options), record.serial);
  await contents();
  return { options, store, serial: record.serial, contents };
}

async function contentsOf(store: KeyStore, serial: number): Promise<unknown> {
  const { cover } = await store.openCompartment(serial);
  const keys = await store.tenantKeys(TENANT);
  return {
    cover,
    keys,
    index: await store.indexKey(TENANT, WEEK, 24),
    records: await store.list(),
  };
}

function generationsIn(folder: string): number[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => /^(?:compartments|tenants|index)\/.*\.key$/u.test(name))
    .map((name) => generationOf(readFileSync(path.join(folder, name))));
}

test("KS-13: rotation changes no key and leaves one generation", async (context) => {
  const { options, contents } = await filledStore(context);
  const before = await contents();
  assert.deepEqual(generationsIn(options.folder), [1, 1, 1, 1]);
  const madeAt = await rotateGeneration({ ...options, now: () => LATER });
  assert.deepEqual(madeAt, LATER);
  assert.deepEqual(generationsIn(options.folder), [2, 2, 2, 2]);
  assert.deepEqual(await contents(), before);
  const generations = readdirSync(options.folder).filter((name) => name.startsWith("generation-"));
  assert.deepEqual(generations, ["generation-000002.key"]);
});

test("KS-14: a store that was open reads and writes across rotations", async (context) => {
  const { options, store, serial } = await filledStore(context);
  const before = await contentsOf(store, serial);
  await rotateGeneration(options);
  await rotateGeneration(options);
  assert.deepEqual(await contentsOf(store, serial), before);
  const { record } = await store.lease({ ...REQUEST, suite: 2 });
  assert.equal(record.generation, 3);
  const index = await store.indexKey(TENANT, "2027-03-29", 24);
  const reopened = await KeyStore.open(options);
  assert.deepEqual(await reopened.indexKey(TENANT, "2027-03-29", null), index);
  assert.equal((await reopened.openCompartment(record.serial)).record.dayOfDeath, DEATH);
});

test("P6: a file copied before a rotation does not open after it", async (context) => {
  const { options, store, serial } = await filledStore(context);
  const copy = `${options.folder}-copy`;
  cpSync(options.folder, copy, { recursive: true });
  await store.destroy(serial, NOW);
  await rotateGeneration(options);
  cpSync(path.join(copy, "compartments"), path.join(options.folder, "compartments"), {
    recursive: true,
  });
  cpSync(path.join(copy, "tenants"), path.join(options.folder, "tenants"), { recursive: true });
  const reopened = await KeyStore.open(options);
  await assert.rejects(reopened.openCompartment(serial), failure("KEY_DESTROYED"));
  await assert.rejects(reopened.tenantKeys(TENANT), failure("KEYSTORE_BROKEN"));
});

test("KS-14: an interrupted rotation does no harm, and the next call ends it", async (context) => {
  const { options, contents } = await filledStore(context);
  const copy = `${options.folder}-copy`;
  cpSync(options.folder, copy, { recursive: true });
  const before = await contents();
  await rotateGeneration({ ...options, now: () => LATER });
  // As if it had been killed before the tenant's file was wrapped anew.
  for (const name of ["generation-000001.key", "tenants"]) {
    cpSync(path.join(copy, name), path.join(options.folder, name), { recursive: true });
  }
  assert.deepEqual(new Set(generationsIn(options.folder)), new Set([1, 2]));
  assert.deepEqual(await contents(), before);
  const store = await KeyStore.open(options);
  assert.deepEqual(store.generationMadeAt, NOW, "the bound is that of the oldest generation");
  assert.ok(isRotationDue(store.generationMadeAt, LATER));
  assert.deepEqual(await rotateGeneration({ ...options, now: () => LATER }), LATER);
  assert.deepEqual(new Set(generationsIn(options.folder)), new Set([2]));
  assert.deepEqual(await contents(), before);
});

test("KS-14: rotation and use at the same time lose nothing", async (context) => {
  const { options, store } = await filledStore(context);
  const weeks = Array.from({ length: 12 }, (_, at) => `epoch-${at}`);
  const made = Promise.all(weeks.map((week) => store.indexKey(TENANT, week, 24)));
  await Promise.all([rotateGeneration(options), rotateGeneration(options), made]);
  const reopened = await KeyStore.open(options);
  for (const [at, week] of weeks.entries()) {
    assert.deepEqual(await reopened.indexKey(TENANT, week, null), (await made)[at]);
  }
});

test("P6: a rotation is due after seven days", () => {
  assert.equal(isRotationDue(NOW, new Date("2026-11-30T07:59:59.999Z")), false);
  assert.equal(isRotationDue(NOW, new Date("2026-11-30T08:00:00.000Z")), true);
});
