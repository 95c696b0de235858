/** Restoring keys and data against a real database and key store (P6, P7). */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { cp, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { openVault } from "../../src/main.ts";
import { addDays } from "../../src/rules/calendar.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { erase } from "../../src/vault/erase.ts";
import { placeHold, releaseHold } from "../../src/vault/hold.ts";
import {
  backupKeys,
  discardCopy,
  keysStatus,
  restoreKeys,
  rotateKeys,
} from "../../src/vault/keys.ts";
import { reveal } from "../../src/vault/reveal.ts";
import { shred } from "../../src/vault/shred.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { Clock } from "../support/clock.ts";
import { withDatabaseCopy } from "../support/database.ts";
import { withHome } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { inventOrders, sealOrders } from "../support/orders.ts";
import { signedIn } from "../support/actor.ts";

const PAIR = generateKeyPairSync("x25519", {
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const STEP_GUEST = fileURLToPath(new URL("step-guest.ts", import.meta.url));
const ASKED = { fields: "phone", purpose: "claim", reason: "理赔核对" } as const;

function later(clock: Clock, days: number): void {
  clock.set(addDays(clock.today, days));
}

async function opens(vault: Vault, token: string): Promise<string> {
  try {
    // Nobody may look at all of them within a minute, so each is asked for by somebody else.
    const { values } = await reveal(vault, { ...ASKED, token, actor: signedIn(`a-${token}`) });
    return values.length === 1 ? "opens" : "empty";
  } catch (error) {
    return isFailure(error) ? error.code : "other";
  }
}

const HOLD = {
  reason: "claim",
  authority: "理赔组",
  document: null,
  actor: signedIn("officer"),
} as const;

/** Seals on three days; between the copy and the end some die, one by one or all together. */
async function lives(home: Home, clock: Clock) {
  await using vault = await home.open({ now: clock.now });
  const first = (await sealOrders(vault, inventOrders(4))).rows.map(({ token }) => token);
  later(clock, 30);
  const second = (await sealOrders(vault, inventOrders(4, 100))).rows.map(({ token }) => token);
  const letGo = await placeHold(vault, {
    ...HOLD,
    token: second[3] ?? "",
    until: addDays(clock.today, 200),
  });
  const made = await backupKeys(vault, {
    recipientPem: PAIR.publicKey,
    actor: signedIn("officer"),
  });
  const copy = path.join(home.directory, "older-keys");
  await cp(home.config().keysDir, copy, { recursive: true });
  later(clock, 30);
  const third = (await sealOrders(vault, inventOrders(4, 200))).rows.map(({ token }) => token);
  await erase(vault, {
    token: second[0] ?? "",
    reason: "本人请求删除",
    actor: signedIn("officer"),
  });
  await placeHold(vault, { ...HOLD, token: first[1] ?? "", until: addDays(clock.today, 150) });
  await releaseHold(vault, { id: letGo.hold.id, actor: signedIn("officer") });
  later(clock, 61);
  const on = clock.today;
  await shred(vault, { on, dryRun: false, sharePercentMax: 100 });
  return { first, second, third, made, copy };
}

type Lived = Awaited<ReturnType<typeof lives>>;

/** Nothing dead opens and everything that its key can open does, whatever was restored. */
async function judge(vault: Vault, lived: Lived): Promise<void> {
  const all = [...lived.first, ...lived.second, ...lived.third];
  const outcomes: string[] = [];
  for (const token of all) outcomes.push(await opens(vault, token));
  const dead = "DATA_DEAD";
  assert.deepEqual(outcomes.slice(0, 4), [dead, "opens", dead, dead]);
  assert.deepEqual(outcomes.slice(4, 8), [dead, "opens", "opens", "opens"]);
  assert.deepEqual(outcomes.slice(8), [dead, dead, dead, dead], "their keys are lost");
}

async function judgeIfServed(home: Home, clock: Clock, lived: Lived): Promise<void> {
  try {
    await using vault = await home.open({ now: clock.now });
    await judge(vault, lived);
  } catch (error) {
    if (!isFailure(error, "KEYSTORE_DIFFERS")) throw error;
  }
}

async function restored(
  { home, clock, lived }: { home: Home; clock: Clock; lived: Lived },
  how: "backup" | "folder",
) {
  const { keysDir } = home.config();
  await rm(keysDir, { recursive: true });
  if (how === "folder") await cp(lived.copy, keysDir, { recursive: true });
  const overrides = { now: clock.now, restoresKeys: true };
  const backup = how === "folder" ? null : { file: lived.made.file, keyPem: PAIR.privateKey };
  {
    await using vault = await openVault(home.config(), overrides);
    const asked = restoreKeys(vault, { backup, acceptOlder: false });
    const code = how === "folder" ? "USAGE" : "KEYSTORE_DIFFERS";
    await assert.rejects(asked, (error) => isFailure(error, code));
  }
  await assert.rejects(home.open({ now: clock.now }), (error) =>
    isFailure(error, "KEYSTORE_DIFFERS"),
  );
  await using vault = await openVault(home.config(), overrides);
  const found = await restoreKeys(vault, { backup, acceptOlder: true });
  return found;
}

for (const how of ["backup", "folder"] as const) {
  test(`P6: an older key store (${how}) is taken when told, and the dead stay dead`, async () => {
    await withHome(async (home) => {
      const clock = new Clock();
      const lived = await lives(home, clock);
      const found = await restored({ home, clock, lived }, how);
      assert.equal(found.lost.length, 1);
      assert.equal(found.erasedAgain, 1);
      assert.equal(found.destroyedAgain.length, 1);
      const [told] = await leaves(home, "keys-restored");
      assert.deepEqual([told?.["left"], told?.["count"]], [1, 2]);
      await using vault = await home.open({ now: clock.now });
      await judge(vault, lived);
      // Life goes on, in compartments that nobody used before.
      const { rows } = await sealOrders(vault, inventOrders(3, 300));
      assert.equal(await opens(vault, rows[0]?.token ?? ""), "opens");
    });
  });
}

test("P6: a key store older by nothing but one erasure is refused, and erased again", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    const { keysDir } = home.config();
    const copy = path.join(home.directory, "copy");
    const tokens: string[] = [];
    {
      await using vault = await home.open({ now: clock.now });
      tokens.push(...(await sealOrders(vault, inventOrders(2))).rows.map(({ token }) => token));
    }
    await cp(keysDir, copy, { recursive: true });
    {
      await using vault = await home.open({ now: clock.now });
      await erase(vault, { token: tokens[0] ?? "", reason: "本人请求", actor: signedIn("a") });
    }
    await rm(keysDir, { recursive: true });
    await cp(copy, keysDir, { recursive: true });
    await assert.rejects(home.open({ now: clock.now }), (error) => {
      assert.ok(isFailure(error, "KEYSTORE_DIFFERS"));
      return error.details["unerased"] === 1;
    });
    {
      await using older = await openVault(home.config(), { now: clock.now, restoresKeys: true });
      const found = await restoreKeys(older, { backup: null, acceptOlder: true });
      assert.deepEqual([found.erasedAgain, found.lost], [1, []]);
    }
    await using vault = await home.open({ now: clock.now });
    assert.equal((await vault.keys.leafTombstones()).length, 1);
    assert.equal(await opens(vault, tokens[1] ?? ""), "opens");
  });
});

/** Puts a copy of the key folder in the place of what became of it. */
async function putBackKeys(keysDir: string, copy: string): Promise<void> {
  await rm(keysDir, { recursive: true });
  await cp(copy, keysDir, { recursive: true });
}

test("P6: a key store older by nothing but one hold is refused, and keeps it again", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    const { keysDir } = home.config();
    const copy = path.join(home.directory, "copy");
    const open = async (): Promise<Vault> => home.open({ now: clock.now });
    const tokens: string[] = [];
    {
      await using vault = await open();
      tokens.push(...(await sealOrders(vault, inventOrders(2))).rows.map(({ token }) => token));
    }
    await cp(keysDir, copy, { recursive: true });
    {
      await using vault = await open();
      const until = addDays(clock.today, 150);
      await placeHold(vault, { ...HOLD, token: tokens[0] ?? "", until });
    }
    await putBackKeys(keysDir, copy);
    await assert.rejects(open(), (error) => {
      assert.ok(isFailure(error, "KEYSTORE_DIFFERS"));
      return error.details["unheld"] === 1;
    });
    {
      await using older = await openVault(home.config(), { now: clock.now, restoresKeys: true });
      await restoreKeys(older, { backup: null, acceptOlder: true });
    }
    later(clock, 120);
    await using vault = await open();
    await shred(vault, { on: clock.today, dryRun: false, sharePercentMax: 100 });
    const found = [await opens(vault, tokens[0] ?? ""), await opens(vault, tokens[1] ?? "")];
    assert.deepEqual(found, ["opens", "DATA_DEAD"]);
  });
});

test("P6: a backup of the keys that lacks a hold is refused before it is put back", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    const { keysDir } = home.config();
    const holdOn = async (vault: Vault, token = ""): Promise<void> => {
      await placeHold(vault, { ...HOLD, token, until: addDays(clock.today, 150) });
    };
    const request = { recipientPem: PAIR.publicKey, actor: signedIn("officer") };
    const files: Uint8Array[] = [];
    {
      await using vault = await home.open({ now: clock.now });
      const { rows } = await sealOrders(vault, inventOrders(2));
      await holdOn(vault, rows[0]?.token);
      files.push((await backupKeys(vault, request)).file);
      await holdOn(vault, rows[1]?.token);
      files.push((await backupKeys(vault, request)).file);
    }
    const [older = assert.fail(), newer = assert.fail()] = files;
    await rm(keysDir, { recursive: true });
    await using vault = await openVault(home.config(), { now: clock.now, restoresKeys: true });
    const backup = { file: older, keyPem: PAIR.privateKey };
    await assert.rejects(restoreKeys(vault, { backup, acceptOlder: false }), (error) => {
      assert.ok(isFailure(error, "KEYSTORE_DIFFERS"));
      return error.details["unheld"] === 1;
    });
    await restoreKeys(vault, { backup: { ...backup, file: newer }, acceptOlder: false });
  });
});

test("P6: an older database in which a released hold still stands is served", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    const open = async (): Promise<Vault> => home.open({ now: clock.now });
    await withDatabaseCopy(home.database, async (older) => {
      {
        await using vault = await open();
        const { rows } = await sealOrders(vault, inventOrders(1));
        const until = addDays(clock.today, 150);
        const { hold } = await placeHold(vault, { ...HOLD, token: rows[0]?.token ?? "", until });
        await vault.log.keeper.turn();
        await older.keep();
        await releaseHold(vault, { id: hold.id, actor: signedIn("officer") });
      }
      await older.putBack();
      const [row] = await home.rows("select state from hold");
      assert.equal(row?.["state"], "active");
      await (await open())[Symbol.asyncDispose]();
    });
  });
});

const RESTORE_STEPS = [
  "restore-put-back",
  "restore-held",
  "restore-destroyed",
  "restore-given-up",
  "restore-erased",
  "restore-told",
] as const;

for (const step of RESTORE_STEPS) {
  test(`P6: killed after ${step}, a restore is done again and the dead stay dead`, async () => {
    await withHome(async (home) => {
      const clock = new Clock();
      const lived = await lives(home, clock);
      const { keysDir } = home.config();
      await rm(keysDir, { recursive: true });
      const files = ["backup", "offline.pem"].map((name) => path.join(home.directory, name));
      await writeFile(files[0] ?? "", lived.made.file);
      await writeFile(files[1] ?? "", PAIR.privateKey);
      const words = [STEP_GUEST, step, "restore-keys", files.join("\n"), clock.now().toISOString()];
      const child = spawn(process.execPath, words, {
        env: { PATH: process.env["PATH"] ?? "", ...home.environment },
        stdio: "ignore",
      });
      await once(child, "close");
      assert.equal(child.signalCode, "SIGKILL");
      // Whatever is served from a store that is half restored, nothing dead is.
      await judgeIfServed(home, clock, lived);
      {
        await using half = await openVault(home.config(), { now: clock.now, restoresKeys: true });
        await restoreKeys(half, { backup: null, acceptOlder: true });
      }
      await using vault = await home.open({ now: clock.now });
      await judge(vault, lived);
    });
  });
}

test("P6: copies are listed with age and bound, and rotation brings old keys to 0", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    await using vault = await home.open({ now: clock.now });
    await sealOrders(vault, inventOrders(2));
    later(clock, 3);
    const { copy } = await backupKeys(vault, {
      recipientPem: PAIR.publicKey,
      actor: signedIn("o"),
    });
    later(clock, 9);
    const seen: number[] = [];
    const onProgress = ({ old }: { old: number }): number => seen.push(old);
    await rotateKeys(vault, { root: true, actor: signedIn("o"), onProgress });
    assert.ok(seen.length >= 3 && seen.at(-1) === 0);
    const before = await keysStatus(vault);
    assert.deepEqual([before.secrets.old, before.secrets.current > 3], [0, true]);
    assert.deepEqual([before.bound.by, before.bound.days], ["copy", 9]);
    assert.deepEqual(
      before.copies.map(({ id, ageDays }) => [id, ageDays]),
      [[copy.id, 9]],
    );
    await discardCopy(vault, { id: copy.id, actor: signedIn("o") });
    const after = await keysStatus(vault);
    assert.deepEqual([after.bound.by, after.bound.days, after.copies], ["generation", 0, []]);
    assert.equal((await leaves(home, "keys-copied")).length, 1);
    assert.equal((await leaves(home, "copy-discarded")).length, 1);
  });
});
