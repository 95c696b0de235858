import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { cpSync, readdirSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { leafKey } from "../../src/crypto/key-tree.ts";
import { suiteOf } from "../../src/crypto/suites.ts";
import { openBackup } from "../../src/keystore/backup.ts";
import type { OpenOptions } from "../../src/keystore/generation.ts";
import { KeyStore } from "../../src/keystore/key-store.ts";
import { rotateGeneration } from "../../src/keystore/rotation.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { DeadDisk } from "./dead-disk.ts";
import {
  day,
  freshBase,
  NOW,
  optionsIn,
  OTHER_TENANT,
  REQUEST,
  TENANT,
  WEEK,
} from "./fresh-store.ts";

const OFFLINE = generateKeyPairSync("x25519");
/** No operation here has more steps; a loop that never ends is a failure, not a hang. */
const STEPS_MAX = 2000;
const NEEDED_UNTIL = { token: day("2028-11-27"), intake: day("2027-11-24") };
const SLOTS = [3, 5, 7] as const;

/** What a store gives: keys of three slots of two compartments, and everything else that lives. */
interface Seen {
  readonly keys: readonly string[];
  readonly rings: readonly string[];
  readonly others: string;
}

async function keyOf(store: KeyStore, serial: number, slot: number): Promise<string> {
  try {
    const { record, cover } = await store.openCompartment(serial);
    const tree = { suite: suiteOf(record.suite), serial };
    return Buffer.from(leafKey(tree, cover, slot)).toString("hex");
  } catch (error) {
    if (isFailure(error, "KEY_DESTROYED")) return "dead";
    throw error;
  }
}

/** Numbers and last days; of the first keys, which no run makes anew, themselves. */
async function ringOf(store: KeyStore, tenant: string): Promise<string[]> {
  const { token, intake } = await store.tenantKeys(tenant);
  return [...token, ...intake].map(({ use, number, neededUntil, key }) =>
    [use, number, neededUntil, number === 1 ? Buffer.from(key).toString("hex") : ""].join(" "),
  );
}

async function look(store: KeyStore): Promise<Seen> {
  const keys: string[] = [];
  for (const serial of [1, 2]) {
    for (const slot of SLOTS) keys.push(await keyOf(store, serial, slot));
  }
  const index = await store.indexKey(TENANT, WEEK, null);
  const signing = await store.signing.current("log", () => assert.fail("it was made"));
  const others = [(await store.tenantKeys(TENANT)).pseudonym, index?.key ?? [], [signing.number]];
  const rings = [await ringOf(store, TENANT), await ringOf(store, OTHER_TENANT)].flat();
  return { keys, rings, others: others.map((each) => Buffer.from(each).toString("hex")).join() };
}

/** Two compartments: slot 3 of the first is held; the second is destroyed but for slot 3. */
async function prepare(options: OpenOptions): Promise<void> {
  const store = await KeyStore.open(options);
  await store.lease(REQUEST);
  await store.lease(REQUEST);
  await store.tenantKeys(TENANT);
  await store.tenants.renew(OTHER_TENANT, NEEDED_UNTIL);
  await store.indexKey(TENANT, WEEK, 24);
  await store.signing.current("log", () => new Uint8Array(32).fill(1));
  await store.hold(1, [3]);
  await store.hold(2, [3]);
  await store.destroy(2, NOW);
  await store.close();
}

type Operation = (store: KeyStore, options: OpenOptions) => Promise<unknown>;

/** Each leads from one state to another and passes through nothing else that anybody could see. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  shred: async (store) => store.destroy(1, NOW),
  puncture: async (store) => store.puncture(1, [5], NOW),
  hold: async (store) => store.hold(1, [7]),
  "let go, while it lives": async (store) => store.letGo(1, [3], NOW),
  "let go, after the end": async (store) => store.letGo(2, [3], NOW),
  rotate: async (_store, options) => rotateGeneration(options),
  "rotate the root key": async (_store, options) => rotateGeneration(options, { root: true }),
  "raise a ceiling": async (store) => store.reserve(1, 200),
  "make ahead": async (store) => store.createAhead([REQUEST], 1),
  backup: async (store) => store.copies.make(OFFLINE.publicKey),
  "renew a tenant's keys": async (store) => store.tenants.renew(TENANT, NEEDED_UNTIL),
  "retire a tenant's key": async (store) => store.tenants.retire(OTHER_TENANT, "token", 1),
};

/** Done again, these do more. */
const ONCE = new Set(["renew a tenant's keys"]);

const NEVER = { disk: new DeadDisk(), stopAt: Number.POSITIVE_INFINITY };

/** Runs an operation, on a machine that stops at a step or on one that does not. */
async function run(
  base: string,
  operation: Operation,
  { disk, stopAt }: { readonly disk: DeadDisk; readonly stopAt: number } = NEVER,
): Promise<boolean> {
  const options = optionsIn(base);
  const store = await KeyStore.open(options);
  const stopped = await disk.run(options.folder, stopAt, async () => operation(store, options));
  await store.close();
  return stopped;
}

async function seenIn(base: string): Promise<Seen> {
  const store = await KeyStore.open(optionsIn(base));
  const seen = await look(store);
  await store.close();
  return seen;
}

function leftovers(base: string): string[] {
  const names = readdirSync(base, { recursive: true, encoding: "utf8" });
  // What belongs to the lock is named for this process, which lives on.
  return names.filter((name) => /midan-keys\/(?!lock).*\.(?:new|gone|old)$/u.test(name));
}

for (const [name, operation] of Object.entries(OPERATIONS)) {
  test(`KS-10: ${name}: stopped dead at each step, it was not begun or is done`, async (t) => {
    const base = freshBase(t);
    const fresh = path.join(base, "fresh");
    await prepare(optionsIn(fresh));
    const whole = path.join(base, "whole");
    cpSync(fresh, whole, { recursive: true });
    await run(whole, operation);
    const [before, after] = [await seenIn(fresh), await seenIn(whole)];
    const disk = new DeadDisk();
    let begun = 0;
    for (let step = 1; step < STEPS_MAX; step += 1) {
      const at = path.join(base, `at-${step}`);
      cpSync(fresh, at, { recursive: true });
      if (!(await run(at, operation, { disk, stopAt: step }))) break;
      const seen = await seenIn(at);
      const isBefore = isDeepStrictEqual(seen, before);
      const isDone = isDeepStrictEqual(seen, after);
      assert.ok(isBefore || isDone, `step ${step}: ${seen.keys} ${seen.rings}`);
      assert.deepEqual(leftovers(at), [], `step ${step}`);
      // Doing it again ends where it would have ended.
      if (!isDone || !ONCE.has(name)) await run(at, operation);
      assert.deepEqual(await seenIn(at), after, `step ${step}`);
      begun = step;
    }
    assert.ok(begun >= 5 && begun < STEPS_MAX - 1, `${begun} steps`);
    t.diagnostic(`${name}: ${begun} steps`);
  });
}

/** Whether nothing of a backup is there, or only so much that the store does not open. */
async function isEmptyOrRefused(base: string): Promise<boolean> {
  try {
    const store = await KeyStore.open(optionsIn(base));
    const isEmpty = (await store.list()).length === 0 && (await store.tombstones()).length === 0;
    await store.close();
    return isEmpty;
  } catch (error) {
    assert.ok(isFailure(error, "KEYSTORE_RESTORING"));
    return true;
  }
}

test("KS-10: restore: stopped dead at each step, nothing opens or all of it does", async (t) => {
  const base = freshBase(t);
  const source = path.join(base, "source");
  await prepare(optionsIn(source));
  const store = await KeyStore.open(optionsIn(source));
  const { file } = await store.copies.make(OFFLINE.publicKey);
  const before = await look(store);
  await store.close();
  const backup = openBackup(file, OFFLINE.privateKey);
  const disk = new DeadDisk();
  let steps = 0;
  for (let step = 1; step < STEPS_MAX; step += 1) {
    const at = path.join(base, `at-${step}`);
    const options = { ...optionsIn(at), putsBack: true };
    const empty = await KeyStore.open(options);
    const work = async (): Promise<void> => empty.putBack(backup);
    const stopped = await disk.run(options.folder, step, work);
    await empty.close();
    if (stopped && (await isEmptyOrRefused(at))) {
      const again = await KeyStore.open(options);
      await again.putBack(backup);
      await again.close();
    }
    assert.deepEqual(await seenIn(at), before, `step ${step}`);
    if (!stopped) break;
    steps = step;
  }
  assert.ok(steps >= 20 && steps < STEPS_MAX - 1, `${steps} steps`);
  t.diagnostic(`restore: ${steps} steps`);
});
