import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { KeyStore } from "../../src/keystore/key-store.ts";
import { serialText } from "../../src/keystore/compartment-record.ts";
import { failure, freshBase, optionsIn } from "./fresh-store.ts";
import type { GuestReport } from "./guest.ts";
import { Guest } from "./guest-process.ts";

/** Milliseconds from a guest's first lease to its death, one pair of guests a line. */
const LIVES_MS = [
  [3, 40],
  [17, 5],
  [60, 61],
  [1, 25],
  [33, 8],
] as const;

/** What the killed processes were told for certain. */
class Known {
  readonly seeds = new Map<number, string>();
  readonly used = new Map<number, number>();
  readonly destroyed = new Map<number, string>();

  learn(report: GuestReport): void {
    if (report.what === "leased") {
      const before = this.seeds.get(report.serial) ?? report.seed;
      assert.equal(report.seed, before, "KS-7: a serial was given to a second compartment");
      this.seeds.set(report.serial, report.seed);
      const used = this.used.get(report.serial) ?? 0;
      assert.ok(report.first >= used, "KS-8: a slot that was used is leased again");
      assert.ok(!this.destroyed.has(report.serial), "KS-5: a destroyed compartment is leased");
    }
    if (report.what === "used") {
      this.used.set(report.serial, Math.max(this.used.get(report.serial) ?? 0, report.next));
    }
    if (report.what === "destroyed") this.destroyed.set(report.serial, report.id);
  }
}

async function checkLiving(store: KeyStore, known: Known): Promise<void> {
  const dead = new Set((await store.tombstones()).map((tombstone) => tombstone.serial));
  const ceilings = new Map((await store.list()).map((each) => [each.serial, each.ceiling]));
  for (const [serial, seed] of known.seeds) {
    if (dead.has(serial)) continue;
    const { cover } = await store.openCompartment(serial);
    assert.deepEqual(
      cover.map((node) => hash("sha256", node.seed)),
      [seed],
    );
    assert.ok((ceilings.get(serial) ?? -1) >= (known.used.get(serial) ?? 0), "KS-8");
  }
}

async function checkDead(store: KeyStore, known: Known, folder: string): Promise<void> {
  const tombstones = await store.tombstones();
  const ids = new Map(tombstones.map((tombstone) => [tombstone.serial, tombstone.id]));
  for (const [serial, id] of known.destroyed) assert.equal(ids.get(serial), id, "KS-5");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  for (const { serial } of tombstones) {
    await assert.rejects(store.openCompartment(serial), failure("KEY_DESTROYED"));
    assert.ok(!files.some((file) => file.includes(serialText(serial))), "KS-10: a key is left");
  }
  assert.deepEqual(
    files.filter((file) => /\.(?:new|gone)$/u.test(file) || file.startsWith("lock")),
    [],
    "KS-10: half a file is left",
  );
}

test("KS-10: kill -9 at any moment loses, reuses and revives nothing", async (t) => {
  const base = freshBase(t);
  const options = optionsIn(base);
  const known = new Known();
  for (const lives of LIVES_MS) {
    const guests = lives.map(() => new Guest(t, base, "churn"));
    await Promise.all(
      guests.map(async (guest, at) => {
        await guest.said("leased");
        await sleep(lives[at] ?? 0);
        await guest.kill();
      }),
    );
    const reports = guests.flatMap((guest) => guest.reports).toSorted((a, b) => a.at - b.at);
    for (const { report } of reports) known.learn(report);
    const store = await KeyStore.open(options);
    await checkLiving(store, known);
    await checkDead(store, known, options.folder);
    await store.close();
  }
  assert.ok(known.seeds.size >= 4 && known.destroyed.size >= 1, "the guests did nothing");
});
