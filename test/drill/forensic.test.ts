/**
 * P6, P9: with all bytes of the data directory, every earlier database backup, the key store with
 * its root key, older copies of single key files, and the same order files imported again, no dead
 * canary opens; and no key material
 * lies in database, write-ahead log, logs or backups.
 */
import assert from "node:assert/strict";
import { cp, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { openVault } from "../../src/main.ts";
import { parseConfig } from "../../src/config.ts";
import type { Config } from "../../src/config.ts";
import { addDays, mondayOf } from "../../src/rules/calendar.ts";
import { backup } from "../../src/vault/backup.ts";
import { erase } from "../../src/vault/erase.ts";
import { placeHold, releaseHold } from "../../src/vault/hold.ts";
import { shred } from "../../src/vault/shred.ts";
import { suiteOf } from "../../src/crypto/suites.ts";
import { locateToken, parseToken } from "../../src/crypto/token.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { searchFolders } from "../support/canary.ts";
import type { Needle } from "../support/canary.ts";
import { Clock } from "../support/clock.ts";
import { withDirectory } from "../support/home.ts";
import { inventOrders, sealOrders } from "../support/orders.ts";
import { filesUnder, openEverything, plunder } from "./forensic.ts";
import type { Loot } from "./forensic.ts";
import { signedIn } from "../support/actor.ts";

const EACH = 12;

async function placesOf(vault: Vault, tokens: readonly string[]): Promise<string[]> {
  const [{ key }] = (await vault.keys.tenantKeys(vault.tenant.id)).token;
  return tokens.map((text) => {
    const { serial, slot } = locateToken(parseToken(text), {
      suite: suiteOf(vault.tenant.suite),
      key,
    });
    return `${serial}/${slot}`;
  });
}

async function sealed(vault: Vault, first: number): Promise<string[]> {
  const { rows } = await sealOrders(vault, inventOrders(EACH, first));
  assert.equal(rows.length, EACH);
  return rows.map(({ token }) => token);
}

async function shredToday(vault: Vault, clock: Clock): Promise<void> {
  await shred(vault, { on: clock.today, dryRun: false, sharePercentMax: 100 });
}

/** The same order files once more: what died is refused, and nothing of it is sealed anew. */
async function importAgain(vault: Vault): Promise<void> {
  const dead = [...inventOrders(EACH), ...inventOrders(4, 100)];
  const { rows, rejected } = await sealOrders(vault, dead);
  assert.deepEqual([rows.length, rejected.length], [0, dead.length]);
  assert.ok(rejected.every(({ code }) => code === "ORDER_EXPIRED"));
}

type SuiteName = "intl" | "gm";

interface Traces {
  readonly suite: SuiteName;
  readonly config: Config;
  /** Database backups, oldest first. */
  readonly backups: readonly string[];
  /** A copy of the whole key folder, four weeks old. */
  readonly oldKeys: string;
  readonly shredded: readonly string[];
  readonly erased: readonly string[];
  readonly living: readonly string[];
  /** Names of index keys of dead weeks. */
  readonly deadIndex: string;
}

/** Half a year of an installation: sealed, backed up, erased, held, shredded, let go, rotated. */
async function live(home: string, suite: SuiteName): Promise<Traces> {
  const clock = new Clock();
  const config = parseConfig({ MIDAN_HOME: home, MIDAN_SUITE: suite }, home);
  const oldKeys = join(home, "old-keys");
  const backups = [join(home, "backup-1"), join(home, "backup-2")];
  const save = async (vault: Vault, folder: string): Promise<unknown> =>
    backup(vault, { places: config, folder, actor: signedIn("a") });
  await using vault = await openVault(config, { now: clock.now });
  const death = addDays(clock.today, 120);
  const early = await sealed(vault, 0);
  clock.set(addDays(death, -20));
  const mixed = await sealed(vault, 100);
  await save(vault, backups[0] ?? "");
  await cp(config.keysDir, oldKeys, { recursive: true });
  clock.set(addDays(death, -19));
  const erased = mixed.slice(0, 4);
  for (const token of erased)
    await erase(vault, { token, reason: "本人请求", actor: signedIn("a") });
  const asked = { reason: "claim", authority: "理赔组", document: null, actor: signedIn("a") };
  const until = addDays(death, 30);
  const { hold } = await placeHold(vault, { ...asked, token: early[0] ?? "", until });
  clock.set(death);
  await shredToday(vault, clock);
  await save(vault, backups[1] ?? "");
  clock.set(addDays(death, 8));
  await releaseHold(vault, { id: hold.id, actor: signedIn("a") });
  await shredToday(vault, clock);
  await importAgain(vault);
  return {
    suite,
    config,
    backups,
    oldKeys,
    shredded: await placesOf(vault, early),
    erased: await placesOf(vault, erased),
    living: await placesOf(vault, mixed.slice(4)),
    deadIndex: `${vault.tenant.id}.${mondayOf(death)}`,
  };
}

/** What of the canaries opens, with the key files given, anywhere in database and backups. */
async function openedWith(
  traces: Traces,
  loot: Loot,
): Promise<{ opened: Set<string>; bytes: number }> {
  const opened = new Set<string>();
  let bytes = 0;
  for (const folder of [traces.config.dataDir, ...traces.backups]) {
    for (const content of (await filesUnder(folder)).values()) {
      openEverything({ loot, suite: traces.suite }, content, opened);
      bytes += content.length;
    }
  }
  return {
    opened: new Set([...opened].map((name) => name.slice(0, name.lastIndexOf("/")))),
    bytes,
  };
}

function keyNeedles(secrets: readonly Buffer[]): Needle[] {
  return secrets.flatMap((secret, index) => [
    { name: `${index} raw`, bytes: secret },
    { name: `${index} hex`, bytes: Buffer.from(secret.toString("hex"), "latin1") },
    {
      name: `${index} base64`,
      bytes: Buffer.from(secret.toString("base64").slice(0, 40), "latin1"),
    },
  ]);
}

async function hunt(context: TestContext, suite: SuiteName): Promise<void> {
  await withDirectory(async (home) => {
    const traces = await live(home, suite);
    const { config, oldKeys, shredded, erased, living } = traces;
    const root = Buffer.from((await readFile(config.rootKeyFile, "latin1")).trim(), "hex");
    const current = await filesUnder(config.keysDir);
    const old = await filesUnder(oldKeys);
    const oldFiles = new Map(
      [...old].filter(([file]) => !basename(file).startsWith("generation-")),
    );
    assert.ok(oldFiles.size > 8);

    const loot = plunder(root, new Map([...current, ...oldFiles]));
    const { opened, bytes } = await openedWith(traces, loot);
    const count = (places: readonly string[]): number =>
      places.filter((place) => opened.has(place)).length;
    context.diagnostic(`${bytes} bytes, ${loot.covers.size} covers, ${opened.size} opened`);
    assert.deepEqual([count(shredded), count(erased)], [0, 0]);
    // The same search opens what lives: it can find, and it was not fooled by an empty disk.
    assert.equal(count(living), living.length);
    assert.ok(!loot.indexes.has(traces.deadIndex) && loot.indexes.size > 0);

    // A whole old copy, generation keys and all, does open them: that is what the bound is about.
    const whole = plunder(root, new Map([...current, ...old]));
    const control = (await openedWith(traces, whole)).opened;
    assert.ok(shredded.every((place) => control.has(place)));
    assert.ok(erased.every((place) => control.has(place)));
    assert.ok(whole.indexes.has(traces.deadIndex));

    const needles = keyNeedles(whole.secrets);
    assert.ok(whole.secrets.length > 10);
    const searched = await searchFolders([config.dataDir, ...traces.backups], needles);
    assert.ok(searched.files > 1000 && searched.bytes > 50_000_000);
    assert.deepEqual(searched.found, []);
    const planted = await searchFolders([join(home, "midan-root")], needles);
    assert.ok(planted.found.length > 0);
  });
}

for (const suite of ["intl", "gm"] as const) {
  test(`P6: with bytes, old keys and the file again no canary opens (${suite})`, async (context) =>
    hunt(context, suite));
}
