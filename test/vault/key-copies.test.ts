/** Copies of the key store: listed, forgotten, listed again, destroyed, and what is said (P6). */
import assert from "node:assert/strict";
import { generateKeyPairSync, hash } from "node:crypto";
import { rename } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { openVault } from "../../src/main.ts";
import { addDays, parseDay } from "../../src/rules/calendar.ts";
import type { Day } from "../../src/rules/calendar.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { erase } from "../../src/vault/erase.ts";
import { certifyErasure, keptCertificate } from "../../src/vault/erasure-certificate.ts";
import {
  backupKeys,
  discardCopy,
  keysStatus,
  noteCopy,
  restoreKeys,
} from "../../src/vault/keys.ts";
import { retentionPlan } from "../../src/vault/retention-plan.ts";
import { shred } from "../../src/vault/shred.ts";
import { renewTenantKeys } from "../../src/vault/tenant-key-rotation.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { signedIn } from "../support/actor.ts";
import { Clock } from "../support/clock.ts";
import { withHome } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { inventOrders, sealOrders } from "../support/orders.ts";

const PAIR = generateKeyPairSync("x25519", {
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const actor = signedIn("officer");

function dayNamed(text: string): Day {
  return parseDay(text) ?? assert.fail();
}

async function backUp(vault: Vault) {
  return backupKeys(vault, { recipientPem: PAIR.publicKey, actor });
}

async function sealOne(vault: Vault, from = 0): Promise<string> {
  const { rows } = await sealOrders(vault, inventOrders(1, from));
  return rows[0]?.token ?? assert.fail();
}

async function keptOf(vault: Vault, id: string) {
  return (await keptCertificate(vault, { id, actor })) ?? assert.fail();
}

/** Seals one, copies the keys three times, and has one of the copies destroyed. */
async function copiedTwice(home: Home, clock: Clock) {
  await using vault = await home.open({ now: clock.now });
  const token = await sealOne(vault);
  const gone = await backUp(vault);
  const first = await backUp(vault);
  const second = await backUp(vault);
  await discardCopy(vault, { id: gone.copy.id, actor });
  return { first, second, token };
}

test("P6: a store put back lists the copies that the log tells of", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    const { first, second, token } = await copiedTwice(home, clock);
    clock.set(addDays(clock.today, 1));
    const { keysDir } = home.config();
    await rename(keysDir, path.join(home.directory, "broken"));
    {
      await using vault = await openVault(home.config(), { now: clock.now, restoresKeys: true });
      const backup = { file: first.file, keyPem: PAIR.privateKey };
      const { copiesAgain } = await restoreKeys(vault, { backup, acceptOlder: false });
      assert.deepEqual(copiesAgain, [second.copy.id]);
    }
    clock.set(addDays(clock.today, 1));
    await using vault = await home.open({ now: clock.now });
    const listed = (await keysStatus(vault)).copies;
    assert.deepEqual(new Set(listed.map(({ id }) => id)), new Set([first.copy.id, second.copy.id]));
    const again = listed.find(({ id }) => id === second.copy.id) ?? assert.fail();
    const { ageDays, ...copy } = again;
    assert.deepEqual([copy, ageDays], [second.copy, 2]);
    await erase(vault, { token, reason: "本人请求", actor });
    await discardCopy(vault, { id: first.copy.id, actor });
    const { bound } = await keysStatus(vault);
    assert.deepEqual([bound.by, bound.days], ["copy", 2]);
    const { certificate } = await certifyErasure(vault, { id: token, actor });
    assert.deepEqual(
      certificate.keyCopies.map(({ id }) => id),
      [second.copy.id],
    );
  });
});

test("CERT-4: once a copy is destroyed, what named it is certified anew", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    await using vault = await home.open({ now: clock.now });
    const token = await sealOne(vault);
    const before = await backUp(vault);
    clock.set(addDays(clock.today, 1));
    await erase(vault, { token, reason: "本人请求", actor });
    clock.set(addDays(clock.today, 1));
    const after = await backUp(vault);
    const first = await keptOf(vault, token);
    assert.deepEqual(
      first.certificate.keyCopies.map(({ id }) => id),
      [before.copy.id],
    );
    // A copy from after the death held nothing of it, and changes nothing.
    await discardCopy(vault, { id: after.copy.id, actor });
    assert.equal((await keptOf(vault, token)).note, first.note);
    await discardCopy(vault, { id: before.copy.id, actor });
    const anew = await keptOf(vault, token);
    assert.deepEqual(anew.certificate.keyCopies, []);
    assert.equal(anew.certificate.earlier, hash("sha256", `${first.note.split("\n\n")[0]}\n`));
  });
});

test("CERT-4: once the key of fingerprints dies, what named it is certified anew", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    await using vault = await home.open({ now: clock.now });
    const token = await sealOne(vault);
    await erase(vault, { token, reason: "本人请求", actor });
    // Sealed on the last day of the same quarter: its death is the day of the key.
    clock.set(dayNamed("2026-03-31"));
    await sealOne(vault, 100);
    const due = dayNamed("2026-07-29");
    const goneAt = async (day: Day) => {
      clock.set(day);
      await shred(vault, { on: day, dryRun: false, sharePercentMax: 100 });
      const [season] = (await keptOf(vault, token)).certificate.indexSeasons;
      return season?.goneAt?.slice(0, 10) ?? null;
    };
    const planned = async (days: number) =>
      (await retentionPlan(vault, days)).seasonKeys.map(({ day, season }) => [season, day]);
    clock.set(addDays(due, -31));
    assert.deepEqual([await planned(30), await planned(31)], [[], [["season-2026Q1", due]]]);
    assert.equal(await goneAt(addDays(due, -1)), null);
    assert.equal(await goneAt(due), due);
    assert.deepEqual(await planned(31), []);
  });
});

test("P6: a copy made by hand is listed by its day, and counts until it is destroyed", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    await using vault = await home.open({ now: clock.now });
    const token = await sealOne(vault);
    const made = clock.today;
    await erase(vault, { token, reason: "本人请求", actor });
    clock.set(addDays(made, 5));
    const where = "保险柜二层, tape 12";
    const late = noteCopy(vault, { made: addDays(made, 6), where, actor });
    await assert.rejects(late, (error) => isFailure(error, "USAGE"));
    const { copy } = await noteCopy(vault, { made, where, actor });
    const { copies, bound } = await keysStatus(vault);
    assert.deepEqual(copies, [{ ...copy, where, recipient: null, compartments: null, ageDays: 5 }]);
    assert.deepEqual([bound.by, bound.days], ["copy", 5]);
    // It may have been made before the death of that day, so it counts as if it was.
    const { certificate, note } = await certifyErasure(vault, { id: token, actor });
    assert.deepEqual(certificate.keyCopies, [
      { id: copy.id, madeAt: "2026-03-01T16:00:00.000Z", recipient: null },
    ]);
    const told = await leaves(home, "keys-copied");
    assert.deepEqual([told.length, told[0]?.["copy"], told[0]?.["mode"]], [1, copy.id, "by-hand"]);
    assert.ok(![note, JSON.stringify(told)].some((text) => text.includes("tape 12")));
    await discardCopy(vault, { id: copy.id, actor });
    assert.deepEqual((await keysStatus(vault)).copies, []);
    assert.deepEqual((await keptOf(vault, token)).certificate.keyCopies, []);
  });
});

test("P6: the bound names the next rotation, the plan the end of keys", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    await using vault = await home.open({ now: clock.now });
    await sealOne(vault);
    const { bound } = await keysStatus(vault);
    const { rotationDueOn, rotationEveryDays, rootChangedOn } = bound;
    assert.deepEqual([rotationDueOn, rotationEveryDays, rootChangedOn], ["2026-03-09", 7, null]);
    await renewTenantKeys(vault, { actor });
    const planned = async (days: number) => (await retentionPlan(vault, days)).tenantKeys;
    // The intake key is needed for 120 and 245 days, and goes on the day after.
    const intake = { day: addDays(clock.today, 366), use: "intake", number: 1 };
    assert.deepEqual([await planned(365), await planned(366)], [[], [intake]]);
  });
});
