/**
 * What another process on the same key store destroyed opens nothing here from the moment at which
 * it was told so, however often it was opened here before; also when that process dies on the way.
 */
import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { cpSync, readFileSync, renameSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Glance, Place, Shelf } from "../../src/keystore/key-medium.ts";
import { KeyStore } from "../../src/keystore/key-store.ts";
import { PostgresMedium } from "../../src/keystore/postgres-medium.ts";
import { withDatabase } from "../support/database.ts";
import {
  failure,
  freshBase,
  freshOptions,
  NOW,
  optionsIn,
  OTHER_TENANT,
  REQUEST,
  TENANT,
  WEEK,
} from "./fresh-store.ts";
import { both, urlOf } from "./media.ts";
import { look, OPERATIONS, prepare } from "./operations.ts";
import type { Seen } from "./operations.ts";

const GUEST = fileURLToPath(new URL("neighbour-guest.ts", import.meta.url));
/** No operation here has more steps; a loop that never ends is a failure, not a hang. */
const STEPS_MAX = 100;

/** Whether `what` was acknowledged in the other process; false when that was killed before. */
async function elsewhere(base: string, what: string, at?: number): Promise<boolean> {
  const child = fork(GUEST, [base, what, ...(at === undefined ? [] : [String(at)])], {
    execArgv: [],
  });
  const ended = once(child, "exit").then(() => false);
  return Promise.race([once(child, "message").then(() => true), ended]);
}

/** A store that has opened everything it has, more than once. */
async function warmIn(base: string): Promise<{ readonly store: KeyStore; readonly seen: Seen }> {
  const store = await KeyStore.open(optionsIn(base));
  const seen = await look(store);
  assert.deepEqual(await look(store), seen);
  return { store, seen };
}

const DESTROYING = [
  "shred",
  "puncture",
  "let go, after the end",
  "destroy an index",
  "retire a tenant's key",
  "retire a signing key",
] as const;

for (const what of DESTROYING) {
  test(`P6: ${what} in another process: at once nothing of it opens here`, async (t) => {
    const base = freshBase(t);
    await prepare(optionsIn(base));
    const { store, seen } = await warmIn(base);
    assert.ok(await elsewhere(base, what));
    const now = await look(store);
    assert.notDeepEqual(now, seen);
    assert.deepEqual(now, await look(await KeyStore.open(optionsIn(base))));
  });
}

for (const what of ["shred", "puncture", "let go, after the end"] as const) {
  both.test(`P6: ${what} at another server: at once nothing of it opens here`, async (bench) => {
    const options = bench.another();
    await prepare(options);
    const [store, other] = [await bench.open(), await bench.open()];
    const seen = await look(store);
    assert.deepEqual(await look(store), seen);
    await OPERATIONS[what]?.(other, options);
    const now = await look(store);
    assert.notDeepEqual(now, seen);
    assert.deepEqual(now, await look(await bench.open()));
  });
}

both.test("P6: an index that another server destroyed finds nothing here", async (bench) => {
  await prepare(bench.another());
  const [store, other] = [await bench.open(), await bench.open()];
  const keys = await store.indexKeys(TENANT);
  assert.deepEqual(keys, [{ ...(await store.indexKey(TENANT, WEEK, null)), epoch: WEEK }]);
  assert.deepEqual(await store.indexKeys(OTHER_TENANT), []);
  await other.destroy(1, NOW);
  await other.destroyIndexKey(TENANT, WEEK);
  assert.deepEqual(await store.indexKeys(TENANT), []);
});

/** What is read of a key store, by how. */
class CountedMedium extends PostgresMedium {
  readonly asked: string[] = [];

  override async read(shelf: Shelf, name: string): Promise<Buffer | null> {
    this.asked.push("read");
    return super.read(shelf, name);
  }

  override async ledgerBytes(): Promise<number> {
    this.asked.push("ledgerBytes");
    return super.ledgerBytes();
  }

  override async glance(places: readonly Place[]): Promise<Glance> {
    this.asked.push("glance");
    return super.glance(places);
  }
}

test("P6: a look at a compartment asks a PostgreSQL once, and each look asks", async (t) => {
  const options = freshOptions(t);
  await withDatabase(async (_database, address) => {
    await using disposal = new AsyncDisposableStack();
    const medium = new CountedMedium({ url: urlOf(address), serverId: randomUUID() });
    disposal.defer(async () => medium.close());
    const store = await KeyStore.open({ ...options, medium });
    await store.lease(REQUEST);
    medium.asked.length = 0;
    for (let at = 0; at < 3; at += 1) await store.openCompartment(1);
    assert.deepEqual(medium.asked, ["glance", "glance", "glance"]);
  });
});

/** Whether the ledger, read by nothing of ours, says that slot 5 of compartment 1 is dead. */
function isBuried(base: string): boolean {
  const ledger = readFileSync(path.join(base, "midan-keys", "tombstones"), "latin1");
  return /^\[\d,1,/mu.test(ledger) || /^\[1,"leaf",1,5,/mu.test(ledger);
}

for (const what of ["shred", "puncture"] as const) {
  test(`P6: ${what}, killed on the way elsewhere: the dead open nothing here`, async (t) => {
    const base = freshBase(t);
    const fresh = path.join(base, "fresh");
    await prepare(optionsIn(fresh));
    const states = new Set<boolean>();
    let steps = 0;
    for (; steps < STEPS_MAX; steps += 1) {
      const at = path.join(base, `at-${steps}`);
      cpSync(fresh, at, { recursive: true });
      const { store, seen } = await warmIn(at);
      const isDone = await elsewhere(at, what, steps + 1);
      // Slot 5 is the second that is looked at.
      const [, key] = (await look(store)).keys;
      assert.equal(key, isBuried(at) ? "dead" : seen.keys[1], `step ${steps + 1}`);
      states.add(key === "dead");
      if (isDone) break;
    }
    assert.equal(states.size, 2, "it was killed before and behind the tombstone");
    assert.ok(steps >= 3 && steps < STEPS_MAX, `${steps} steps`);
    t.diagnostic(`${what}: killed at ${steps} steps`);
  });
}

test("P6: an older folder in the place of one in use is noticed at the next look", async (t) => {
  const base = freshBase(t);
  const options = optionsIn(base);
  await prepare(options);
  const older = path.join(base, "older");
  cpSync(options.folder, older, { recursive: true });
  const { store } = await warmIn(base);
  await store.puncture(1, [5], NOW);
  await store.openCompartment(1);
  renameSync(options.folder, path.join(base, "newer"));
  renameSync(older, options.folder);
  await assert.rejects(store.openCompartment(1), failure("KEYSTORE_BROKEN"));
});

test("P6: what a folder in the place of another holds is read anew at each look", async (t) => {
  const base = freshBase(t);
  const options = optionsIn(base);
  await prepare(options);
  const older = path.join(base, "older");
  cpSync(options.folder, older, { recursive: true });
  const { store } = await warmIn(base);
  await (await KeyStore.open(options)).setState(1, "closing");
  assert.equal((await store.openCompartment(1)).record.state, "closing");
  renameSync(options.folder, path.join(base, "newer"));
  renameSync(older, options.folder);
  assert.equal((await store.openCompartment(1)).record.state, "live");
});
