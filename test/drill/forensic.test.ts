/**
 * P6, P9: with all bytes of the data directory, every earlier database backup, the key store with
 * its root key, and the same order files imported again, no dead canary opens. Beside them lies a
 * whole older copy of the key folder: it opens nothing without a root key, nothing with the root
 * key that followed, and everything with the root key of its time, which is what the bound of
 * erasure says. No key material lies in database, write-ahead log, logs or backups.
 */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
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
import { rotateKeys } from "../../src/vault/keys.ts";
import { seasonOf } from "../../src/vault/placement.ts";
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
  /** Names of index keys that died: of the week by phone, of the season by fingerprint. */
  readonly deadIndexes: readonly string[];
  /** The root key until the last step, and the one that followed it. */
  readonly roots: { readonly before: Buffer; readonly after: Buffer };
}

async function rootOf({ rootKeyFile }: Config): Promise<Buffer> {
  return Buffer.from((await readFile(rootKeyFile, "latin1")).trim(), "hex");
}

/** Half a year: sealed, backed up, erased, held, shredded, let go; then the root key is changed. */
async function live(home: string, suite: SuiteName): Promise<Traces> {
  const clock = new Clock();
  const config = parseConfig({ MIDAN_HOME: home, MIDAN_SUITE: suite }, home);
  const oldKeys = join(home, "old-keys");
  const backups = [join(home, "backup-1"), join(home, "backup-2")];
  const save = async (vault: Vault, folder: string): Promise<unknown> =>
    backup(vault, { places: config, folder, actor: signedIn("a") });
  await using vault = await openVault(config, { now: clock.now });
  const death = addDays(clock.today, 120);
  const season = seasonOf(clock.today);
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
  const before = await rootOf(config);
  await rotateKeys(vault, { root: true, actor: signedIn("a"), onProgress: () => undefined });
  return {
    suite,
    config,
    backups,
    oldKeys,
    shredded: await placesOf(vault, early),
    erased: await placesOf(vault, erased),
    living: await placesOf(vault, mixed.slice(4)),
    deadIndexes: [mondayOf(death), season].map((epoch) => `${vault.tenant.id}.${epoch}`),
    roots: { before, after: await rootOf(config) },
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

/** The keys of now, and the whole copy that is four weeks old: nothing of it is left out. */
async function keyFilesOf({ config, oldKeys }: Traces) {
  const current = await filesUnder(config.keysDir);
  const old = await filesUnder(oldKeys);
  const generations = [...old.keys()].filter((file) => basename(file).startsWith("generation-"));
  assert.ok(generations.length > 0 && old.size > 8, "the copy is a whole one");
  return { current, old };
}

/** How many of each opened, and which dead index keys did. */
async function triedWith(traces: Traces, loot: Loot) {
  const { opened, bytes } = await openedWith(traces, loot);
  const count = (places: readonly string[]): number =>
    places.filter((place) => opened.has(place)).length;
  const { shredded, erased, living, deadIndexes } = traces;
  return {
    shredded: count(shredded),
    erased: count(erased),
    living: count(living),
    deadIndexes: deadIndexes.filter((name) => loot.indexes.has(name)).length,
    bytes,
  };
}

async function hunt(context: TestContext, suite: SuiteName): Promise<void> {
  await withDirectory(async (home) => {
    const traces = await live(home, suite);
    const { config, roots, shredded, erased, living, deadIndexes } = traces;
    assert.notDeepEqual(roots.before, roots.after);
    const { current, old } = await keyFilesOf(traces);
    const all = new Map([...current, ...old]);

    // (i) A whole old copy without a root key opens nothing at all.
    const stranger = plunder(randomBytes(32), all);
    assert.deepEqual([stranger.covers.size, stranger.indexes.size], [0, 0]);

    // (ii) With the root key that followed, what lives opens and nothing that is dead does. The
    // same search finds what lives, so it was not fooled by an empty disk.
    const loot = plunder(roots.after, all);
    const { bytes, ...found } = await triedWith(traces, loot);
    context.diagnostic(`${bytes} bytes, ${loot.covers.size} covers, ${loot.indexes.size} indexes`);
    assert.deepEqual(found, { shredded: 0, erased: 0, living: living.length, deadIndexes: 0 });
    assert.ok(loot.indexes.size > 0);

    // (iii) With the root key of its time it opens them all: that is what the bound is about.
    const whole = plunder(roots.before, all);
    const { bytes: _searched, ...bound } = await triedWith(traces, whole);
    const dead = { shredded: shredded.length, erased: erased.length };
    assert.deepEqual(bound, { ...dead, living: living.length, deadIndexes: deadIndexes.length });

    const needles = keyNeedles([...whole.secrets, ...loot.secrets]);
    assert.ok(whole.secrets.length + loot.secrets.length > 10);
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
