/** Shredding against a real database, with a clock of the test's own (P7, P8). */
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { addDays, dayOf, mondayOf, parseDay } from "../../src/rules/calendar.ts";
import type { Day } from "../../src/rules/calendar.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { reveal } from "../../src/vault/reveal.ts";
import { shred } from "../../src/vault/shred.ts";
import type { ShredReport } from "../../src/vault/shred.ts";
import { shownWaybill } from "../../src/vault/show.ts";
import { status } from "../../src/vault/status.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { withHome } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { inventOrders, sealOne, sealOrders } from "../support/orders.ts";
import { signedIn } from "../support/actor.ts";

const SEALED_AT = "2026-03-02T04:00:00Z";
const TERM_DAYS = 120;

/** A clock that stands until it is set; days begin in Shanghai. */
class Clock {
  #now = new Date(SEALED_AT);
  readonly now = (): Date => this.#now;

  get today(): Day {
    return dayOf(this.#now);
  }

  set(day: Day, time = "12:00:00"): void {
    this.#now = new Date(`${day}T${time}+08:00`);
  }
}

async function shredOn(vault: Vault, on: Day, dryRun = false): Promise<ShredReport> {
  return shred(vault, { on, dryRun, sharePercentMax: null });
}

/** A file's bytes, or null when it went away since it was listed: the log renames its `.new`. */
async function bytesOf(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

async function filesUnder(folder: string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    const bytes = entry.isFile() ? await bytesOf(file) : null;
    if (bytes !== null) files.set(file, bytes);
  }
  return files;
}

/** All but what the log keeps here on a clock of its own: its checkpoint, and the lock for it. */
async function keyFiles(home: Home): Promise<Map<string, Buffer>> {
  const files = await filesUnder(join(home.directory, "midan-keys"));
  const isOfLog = (file: string): boolean => /[/](checkpoints[/].*|lock[^/]*)$/.test(file);
  return new Map([...files].filter(([file]) => !isOfLog(file)));
}

async function stateOf(home: Home): Promise<unknown> {
  return (await home.rows("select state from compartment order by serial")).map(
    (row) => row["state"],
  );
}

const CONTACT = {
  fields: "phone",
  purpose: "contact",
  actor: signedIn("a"),
  reason: null,
} as const;

test("P7: a compartment closes the day before its death and dies on the day", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    await using vault = await home.open({ now: clock.now });
    const token = await sealOne(vault);
    const death = addDays(clock.today, TERM_DAYS);
    for (const [before, state] of [
      [2, "live"],
      [1, "closing"],
    ] as const) {
      clock.set(addDays(death, -before), "23:59:59");
      assert.deepEqual((await shredOn(vault, clock.today)).compartments, []);
      assert.deepEqual(await stateOf(home), [state]);
      assert.equal((await reveal(vault, { ...CONTACT, token })).values.length, 1);
    }
    await shredOn(vault, clock.today);
    assert.equal((await leaves(home, "compartment-closing")).length, 1);
    clock.set(death, "00:00:00");
    const { compartments, waybills } = await shredOn(vault, death);
    assert.deepEqual(
      compartments.map(({ dayOfDeath, waybills: count }) => [dayOfDeath, count]),
      [[death, 1]],
    );
    assert.equal(waybills, 1);
    assert.deepEqual(await stateOf(home), ["destroyed"]);
  });
});

test("P7: after its shredding a waybill cannot be revealed and shows no view", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    await using vault = await home.open({ now: clock.now });
    const token = await sealOne(vault);
    const death = addDays(clock.today, TERM_DAYS);
    await reveal(vault, { ...CONTACT, token });
    clock.set(death);
    await shredOn(vault, death);
    await assert.rejects(reveal(vault, { ...CONTACT, token }), (error) =>
      isFailure(error, "DATA_DEAD"),
    );
    const shown = await shownWaybill(vault, token);
    assert.deepEqual([shown.life, shown.view, shown.looks], ["destroyed", null, []]);
    assert.equal(shown.dayOfDeath, death);
    const found = await status(vault);
    assert.deepEqual([found.waybills.total, found.waybills.dead], [1, 1]);
    const [denied] = await leaves(home, "reveal-denied");
    assert.deepEqual([denied?.["failure"], denied?.["subject"]], ["DATA_DEAD", undefined]);
  });
});

test("P7: intent, tombstone and destroyed leaf come in this order, each once", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    await using vault = await home.open({ now: clock.now });
    await sealOrders(vault, inventOrders(3));
    clock.set(addDays(clock.today, TERM_DAYS));
    await shredOn(vault, clock.today);
    assert.deepEqual((await shredOn(vault, clock.today)).compartments, []);
    const types = (await leaves(home)).map((leaf) => leaf["type"]);
    const told = types.filter((type) =>
      /^shred-intent$|^compartment-destroyed$/.test(String(type)),
    );
    assert.deepEqual(told, ["shred-intent", "compartment-destroyed"]);
    const [destroyed] = await leaves(home, "compartment-destroyed");
    assert.equal(destroyed?.["count"], 3);
  });
});

test("P7: a crash between tombstone and leaf is told once, by the next to open", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    const token = await (async () => {
      await using vault = await home.open({ now: clock.now });
      const sealed = await sealOne(vault);
      clock.set(addDays(clock.today, TERM_DAYS));
      const [record] = await vault.keys.list();
      assert.ok(record !== undefined);
      await vault.keys.destroy(record.serial, clock.now());
      return sealed;
    })();
    assert.deepEqual(await stateOf(home), ["live"]);
    for (let opening = 0; opening < 2; opening += 1) {
      await using vault = await home.open({ now: clock.now });
      assert.deepEqual(await stateOf(home), ["destroyed"]);
      assert.equal((await leaves(home, "compartment-destroyed")).length, 1);
      assert.equal((await shownWaybill(vault, token)).view, null);
    }
  });
});

test("P7: the week's index key and rows go when the week is over, not sooner", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    await using vault = await home.open({ now: clock.now });
    await sealOne(vault);
    const death = addDays(clock.today, TERM_DAYS);
    const week = mondayOf(death);
    clock.set(death);
    assert.deepEqual((await shredOn(vault, death)).weeks, []);
    clock.set(addDays(week, 6));
    assert.deepEqual((await shredOn(vault, clock.today)).weeks, []);
    assert.ok((await vault.keys.indexEpochs(vault.tenant.id)).includes(week));
    assert.equal((await home.rows("select 1 from party")).length, 1);
    clock.set(addDays(week, 7));
    assert.deepEqual((await shredOn(vault, clock.today)).weeks, [week]);
    const epochs = await vault.keys.indexEpochs(vault.tenant.id);
    assert.deepEqual(
      epochs.filter((epoch) => parseDay(epoch) !== null),
      [],
    );
    assert.equal((await home.rows("select 1 from party")).length, 0);
    const parts = await home.rows("select 1 from pg_inherits where inhparent = 'party'::regclass");
    assert.equal(parts.length, 0);
    assert.equal((await home.rows("select 1 from shell")).length, 1);
  });
});

test("P7: a dry run lists and touches nothing, also for a future day", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    await using vault = await home.open({ now: clock.now });
    const token = await sealOne(vault);
    const death = addDays(clock.today, TERM_DAYS);
    const before = [await keyFiles(home), await leaves(home)];
    const listed = await shredOn(vault, death, true);
    assert.deepEqual([listed.compartments.length, listed.waybills], [1, 1]);
    assert.equal(listed.compartments[0]?.entry, null);
    assert.deepEqual((await shredOn(vault, addDays(death, -1), true)).compartments, []);
    const after = [await keyFiles(home), await leaves(home)];
    assert.deepEqual(after, before);
    await assert.rejects(shredOn(vault, death), (error) => isFailure(error, "SHRED_FUTURE"));
    assert.equal((await reveal(vault, { ...CONTACT, token })).values.length, 1);
  });
});

test("P7: no file of the key store holds a dead compartment's cover", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    await using vault = await home.open({ now: clock.now });
    await sealOne(vault);
    const keys = join(home.directory, "midan-keys");
    const covers = [...(await filesUnder(keys))].filter(([file]) => /compartments?\//.test(file));
    assert.ok(covers.length > 0);
    const pieces = covers.map(([, bytes]) => bytes.subarray(-32));
    const holding = async (): Promise<number> =>
      [...(await filesUnder(keys)).values()].filter((bytes) =>
        pieces.some((piece) => bytes.includes(piece)),
      ).length;
    assert.ok((await holding()) > 0);
    clock.set(addDays(clock.today, TERM_DAYS));
    await shredOn(vault, clock.today);
    assert.equal(await holding(), 0);
  });
});

test("P7: what was sealed on another day lives on", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    await using vault = await home.open({ now: clock.now });
    const early = await sealOne(vault, 1);
    const death = addDays(clock.today, TERM_DAYS);
    clock.set(addDays(clock.today, 3));
    const late = await sealOne(vault, 2);
    clock.set(death);
    await shredOn(vault, death);
    await assert.rejects(reveal(vault, { ...CONTACT, token: early }), (error) =>
      isFailure(error, "DATA_DEAD"),
    );
    assert.equal((await reveal(vault, { ...CONTACT, token: late })).values.length, 1);
    assert.deepEqual(await stateOf(home), ["destroyed", "live"]);
  });
});
