import assert from "node:assert/strict";
import { cpSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { mock, test } from "node:test";
import type { TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { serialText } from "../../src/keystore/compartment-record.ts";
import { folderMedium } from "../../src/keystore/folder-medium.ts";
import { LEASE_MS } from "../../src/keystore/generation-lease.ts";
import type { KeyMedium } from "../../src/keystore/key-medium.ts";
import { KeyStore } from "../../src/keystore/key-store.ts";
import type { OpenOptions } from "../../src/keystore/generation.ts";
import { isRotationDue, rotateGeneration } from "../../src/keystore/rotation.ts";
import type { RotationProgress } from "../../src/keystore/rotation.ts";
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
import { Failure } from "../../src/rules/failure.ts";
import { both } from "./media.ts";
import type { Bench } from "./media.ts";

const LATER = new Date("2026-12-01T08:00:00.000Z");

interface Filled {
  readonly options: OpenOptions;
  readonly store: KeyStore;
  readonly serial: number;
  readonly contents: () => Promise<unknown>;
}

/** A store with something of every kind, and what can be read out of it. */
async function filled(bench: Pick<Bench, "open" | "another">): Promise<Filled> {
  const store = await bench.open();
  const { record } = await store.lease(REQUEST);
  await store.lease({ ...REQUEST, tenant: OTHER_TENANT });
  const contents = async (): Promise<unknown> => contentsOf(await bench.open(), record.serial);
  await contents();
  return { options: bench.another(), store, serial: record.serial, contents };
}

async function filledStore(context: TestContext): Promise<Filled> {
  const options = freshOptions(context);
  return filled({ open: async () => KeyStore.open(options), another: () => options });
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
    .filter((name) => /^(?:compartments|rings|index)\/.*\.key$/u.test(name))
    .map((name) => generationOf(readFileSync(path.join(folder, name))));
}

/** The generations that wrap what a medium holds. */
async function generationsOn(medium: KeyMedium): Promise<number[]> {
  const shelves = ["compartments", "rings", "index"] as const;
  const all: number[] = [];
  for (const shelf of shelves) {
    all.push(...[...(await medium.readAll(shelf)).values()].map(generationOf));
  }
  return all;
}

both.test("KS-13: rotation changes no key and leaves one generation", async (bench) => {
  const { options, contents } = await filled(bench);
  const before = await contents();
  assert.deepEqual(await generationsOn(bench.medium), [1, 1, 1, 1]);
  const seen: RotationProgress[] = [];
  const onProgress = (progress: RotationProgress): number => seen.push(progress);
  const madeAt = await rotateGeneration({ ...options, now: () => LATER }, { onProgress });
  assert.deepEqual(madeAt, LATER);
  assert.deepEqual(
    seen.map(({ phase, old }) => [phase, old]),
    [
      ["make", 0],
      ["wrap", 4],
      ["destroy", 0],
    ],
  );
  assert.deepEqual(await generationsOn(bench.medium), [2, 2, 2, 2]);
  assert.deepEqual(await contents(), before);
  const generations = readdirSync(options.folder).filter((name) => name.startsWith("generation-"));
  assert.deepEqual(generations, ["generation-000002.key"]);
});

both.test("KS-14: a store that was open reads and writes across rotations", async (bench) => {
  const { options, store, serial } = await filled(bench);
  const before = await contentsOf(store, serial);
  await rotateGeneration(options);
  await rotateGeneration(options);
  assert.deepEqual(await contentsOf(store, serial), before);
  const { record } = await store.lease({ ...REQUEST, suite: 2 });
  assert.equal(record.generation, 3);
  const index = await store.indexKey(TENANT, "2027-03-29", 24);
  const reopened = await bench.open();
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
  cpSync(path.join(copy, "rings"), path.join(options.folder, "rings"), { recursive: true });
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
  for (const name of ["generation-000001.key", "rings"]) {
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

both.test("KS-14: rotation and use at the same time lose nothing", async (bench) => {
  const { options, store } = await filled(bench);
  const weeks = Array.from({ length: 12 }, (_, at) => `epoch-${at}`);
  const made = Promise.all(weeks.map((week) => store.indexKey(TENANT, week, 24)));
  await Promise.all([rotateGeneration(options), rotateGeneration(options), made]);
  const reopened = await bench.open();
  for (const [at, week] of weeks.entries()) {
    assert.deepEqual(await reopened.indexKey(TENANT, week, null), (await made)[at]);
  }
});

both.test("P7: keys that another server destroyed are gone here in 60 seconds", async (bench) => {
  mock.timers.enable({ apis: ["setInterval"] });
  bench.context.after(() => mock.timers.reset());
  const { options, store, serial } = await filled(bench);
  const { medium } = bench;
  const name = serialText(serial);
  const copy = (await medium.read("compartments", name)) ?? assert.fail();
  await rotateGeneration(options);
  await medium.locked(async () => medium.write("compartments", name, copy));
  // What was cached opens what another server destroyed, and for a minute at most.
  await store.openCompartment(serial);
  mock.timers.tick(LEASE_MS);
  for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
  await sleep(50);
  await assert.rejects(store.openCompartment(serial), failure("KEYSTORE_BROKEN"));
});

test("P7: keys are gone within 60 seconds also when nobody can be asked", async (context) => {
  mock.timers.enable({ apis: ["setInterval"] });
  context.after(() => mock.timers.reset());
  const { options, store, serial } = await filledStore(context);
  const away = `${options.folder}-away`;
  renameSync(options.folder, away);
  for (let beat = 0; beat < 4; beat += 1) {
    mock.timers.tick(LEASE_MS / 4);
    await sleep(20);
  }
  await assert.rejects(store.openCompartment(serial), (error) => {
    // Retryable: nothing opens, and nobody is told that anything is dead.
    return error instanceof Failure && error.row.status === 503;
  });
  const medium = folderMedium(options.folder);
  await assert.rejects(
    medium.locked(async () => Promise.resolve()),
    failure("KEYSTORE_FAILED"),
  );
  renameSync(away, options.folder);
  // It recovers by itself.
  assert.equal((await store.openCompartment(serial)).record.serial, serial);
});

test("KS-20: a new root key takes the old one's place, which opens nothing then", async (t) => {
  const { options, contents } = await filledStore(t);
  const before = await contents();
  const file = path.join(path.dirname(options.folder), "midan-root", "root.key");
  const old = readFileSync(file);
  const copy = `${options.folder}-copy`;
  cpSync(options.folder, copy, { recursive: true });
  await rotateGeneration(options, { root: true });
  assert.notDeepEqual(readFileSync(file), old);
  assert.deepEqual(readdirSync(path.dirname(file)), ["root.key"]);
  assert.deepEqual(await contents(), before);
  // The whole older folder is worth nothing without the key that is gone.
  await assert.rejects(KeyStore.open({ ...options, folder: copy }), failure("KEYSTORE_ROOT_WRONG"));
  writeFileSync(file, old);
  await assert.rejects(KeyStore.open(options), failure("KEYSTORE_ROOT_WRONG"));
});

test("KS-20: a change of the root key goes on where it stopped", async (t) => {
  const { options, contents } = await filledStore(t);
  const before = await contents();
  const { change } = options.rootKey;
  await change?.begin();
  assert.deepEqual(await contents(), before);
  await rotateGeneration(options);
  assert.equal(await change?.isPending(), false);
  assert.deepEqual(await contents(), before);
  // As if it stopped behind the very last step but one: the old generation is gone already.
  await change?.begin();
  await assert.rejects(
    rotateGeneration({
      ...options,
      rootKey: {
        ...options.rootKey,
        change: {
          isPending: async () => Promise.resolve(true),
          begin: async () => Promise.resolve(),
          isUnderOld: async () => Promise.resolve(false),
          finish: async () => Promise.reject(new Error("killed")),
        },
      },
    }),
    /killed/u,
  );
  assert.deepEqual(await contents(), before);
  await rotateGeneration(options);
  assert.equal(await change?.isPending(), false);
  assert.deepEqual(await contents(), before);
});

test("P6: a rotation is due after seven days", () => {
  assert.equal(isRotationDue(NOW, new Date("2026-11-30T07:59:59.999Z")), false);
  assert.equal(isRotationDue(NOW, new Date("2026-11-30T08:00:00.000Z")), true);
});
