/**
 * P9: what is left of a canary after a death that really destroys. Its masked strings lie nowhere;
 * its sealed bytes and index tags leave the tables with the row or with the week, and what the
 * write-ahead log and older backups keep of them opens nothing (docs/retention.md, "What is left").
 */
import assert from "node:assert/strict";
import { join, sep } from "node:path";
import { test } from "node:test";
import { parseConfig } from "../../src/config.ts";
import type { Config } from "../../src/config.ts";
import { openVault } from "../../src/main.ts";
import { addDays, mondayOf } from "../../src/rules/calendar.ts";
import { connected } from "../../src/store/pool.ts";
import { execute, query } from "../../src/store/query.ts";
import { bytes } from "../../src/store/row.ts";
import { backup } from "../../src/vault/backup.ts";
import { erase } from "../../src/vault/erase.ts";
import { search } from "../../src/vault/search.ts";
import { shownWaybill } from "../../src/vault/show.ts";
import { shred } from "../../src/vault/shred.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { signedIn } from "../support/actor.ts";
import { needlesOf, searchBytes, searchFolders } from "../support/canary.ts";
import type { Needle } from "../support/canary.ts";
import { Clock } from "../support/clock.ts";
import { withDirectory } from "../support/home.ts";
import { inventOrder, sealOrders } from "../support/orders.ts";
import type { InventedOrder } from "../support/orders.ts";

const CANARIES = 8;
const ROADS = [..."燚犇骉羴猋鱻蠡鬻"];
const actor = signedIn("a");

/** An order whose mask shows a road that stands nowhere else. */
function canary(index: number): InventedOrder {
  const road = `${ROADS[index] ?? "燚"}${ROADS[(index + 3) % ROADS.length] ?? "犇"}`;
  return { ...inventOrder(index), address: `江苏省南京市玄武区${road}支路${index + 11}号` };
}

/** The masked road and house of each: what a view shows, and nothing else does. */
async function maskedStrings(vault: Vault, tokens: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const token of tokens) {
    const { view } = await shownWaybill(vault, token);
    const shown = /[^区]+支路\d+号/u.exec(view?.recipient.address ?? "")?.[0];
    found.push(shown ?? assert.fail("the mask shows the road"));
  }
  return found;
}

/** A stretch of every sealed part, as it lies in the table. */
async function sealedNeedles(vault: Vault): Promise<Needle[]> {
  return connected(vault.database, async (connection) => {
    await execute(connection, { text: "checkpoint" });
    const rows = await query(connection, {
      text: "select parties as part from party union all select view from party",
    });
    return rows.map((row, index) => {
      const part = Buffer.from(bytes(row, "part"));
      return { name: `sealed ${index}`, bytes: part.subarray(40, 72) };
    });
  });
}

interface Remains {
  readonly config: Config;
  readonly backups: readonly string[];
  readonly masked: readonly string[];
  readonly sealed: readonly Needle[];
}

async function save(vault: Vault, config: Config, folder: string): Promise<string> {
  await backup(vault, { places: config, folder, actor });
  return folder;
}

async function hitsOf(vault: Vault): Promise<number> {
  let hits = 0;
  for (let index = 0; index < CANARIES; index += 1)
    hits += (await search(vault, { phone: canary(index).phone, actor: signedIn(`s${index}`) })).hits
      .length;
  return hits;
}

/** Seals, erases one, shreds the rest on their day, and drops the week. */
async function live(home: string): Promise<Remains> {
  const clock = new Clock();
  const config = parseConfig({ MIDAN_HOME: home }, home);
  await using vault = await openVault(config, { now: clock.now });
  const orders = Array.from({ length: CANARIES }, (_, index) => canary(index));
  const tokens = (await sealOrders(vault, orders)).rows.map(({ token }) => token);
  const masked = await maskedStrings(vault, tokens);
  const sealed = await sealedNeedles(vault);
  assert.equal(sealed.length, CANARIES * 2);
  const { found } = await searchFolders([config.dataDir], sealed);
  assert.ok(found.length >= sealed.length, "they lie there while they live");
  assert.equal(await hitsOf(vault), CANARIES);
  const first = await save(vault, config, join(home, "backup-1"));
  await erase(vault, { token: tokens[0] ?? "", reason: "本人请求", actor });
  const death = addDays(clock.today, 120);
  const request = { dryRun: false, sharePercentMax: null };
  clock.set(death);
  await shred(vault, { ...request, on: death });
  assert.equal(await hitsOf(vault), 0, "from the day on nothing is found");
  clock.set(addDays(mondayOf(death), 7));
  assert.deepEqual((await shred(vault, { ...request, on: clock.today })).weeks, [mondayOf(death)]);
  await connected(vault.database, async (connection) => {
    const left = await query(connection, { text: "select 1 from party" });
    assert.equal(left.length, 0);
    await execute(connection, { text: "checkpoint" });
  });
  return {
    config,
    backups: [first, await save(vault, config, join(home, "backup-2"))],
    masked,
    sealed,
  };
}

function isOfWal(line: string): boolean {
  return line.includes(`${sep}pg_wal${sep}`);
}

test("P9: after a shred no masked string is left, sealed bytes only in WAL", async (context) => {
  await withDirectory(async (home) => {
    const { config, backups, masked, sealed } = await live(home);
    const needles = needlesOf(masked);
    const everywhere = await searchFolders([home], needles);
    assert.ok(everywhere.files > 1000 && everywhere.bytes > 50_000_000);
    assert.deepEqual(everywhere.found, []);
    const planted = searchBytes(Buffer.from(`x${masked[3] ?? ""}x`, "utf8"), needles);
    assert.ok(planted.length > 0, "the search finds a masked string");
    const places = [config.dataDir, config.keysDir, config.logDir, backups[1] ?? ""];
    const { found } = await searchFolders(places, sealed);
    assert.deepEqual(
      found.filter((line) => !isOfWal(line)),
      [],
    );
    context.diagnostic(`${found.length} finds in the write-ahead log`);
    // What was saved before the death keeps the sealed bytes for good: only their key is gone.
    const older = await searchFolders([backups[0] ?? ""], sealed);
    assert.ok(older.found.length >= sealed.length);
  });
});
