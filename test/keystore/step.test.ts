import assert from "node:assert/strict";
import { cpSync, readdirSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { openBackup } from "../../src/keystore/backup.ts";
import { KeyStore } from "../../src/keystore/key-store.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { DeadDisk } from "./dead-disk.ts";
import { freshBase, optionsIn } from "./fresh-store.ts";
import { look, OFFLINE, ONCE, OPERATIONS, prepare } from "./operations.ts";
import type { Operation, Seen } from "./operations.ts";

/** No operation here has more steps; a loop that never ends is a failure, not a hang. */
const STEPS_MAX = 2000;
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
