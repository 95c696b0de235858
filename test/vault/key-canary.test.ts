/**
 * P6: no key outside memory but sealed. Every secret that the key store ever gave is searched for
 * in all bytes of the database, its WAL and logs, of the key store, of a backup and of the
 * program's output, raw and as hex and base64.
 */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { parseConfig } from "../../src/config.ts";
import type { Config } from "../../src/config.ts";
import { leafKey } from "../../src/crypto/key-tree.ts";
import { suiteOf } from "../../src/crypto/suites.ts";
import { openVault } from "../../src/main.ts";
import { erase } from "../../src/vault/erase.ts";
import { backupKeys, rotateKeys } from "../../src/vault/keys.ts";
import { reveal } from "../../src/vault/reveal.ts";
import { search } from "../../src/vault/search.ts";
import { shred } from "../../src/vault/shred.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { searchFolders } from "../support/canary.ts";
import type { Needle } from "../support/canary.ts";
import { Clock } from "../support/clock.ts";
import { withDirectory } from "../support/home.ts";
import { inventOrder, inventOrders, sealOrders } from "../support/orders.ts";
import { addDays } from "../../src/rules/calendar.ts";
import { signedIn } from "../support/actor.ts";

const OFFLINE = generateKeyPairSync("x25519", {
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

/** A secret in every form in which it could lie somewhere. */
function formsOf(name: string, secret: Uint8Array): Needle[] {
  const bytes = Buffer.from(secret);
  const text = (form: BufferEncoding): Buffer => Buffer.from(bytes.toString(form), "latin1");
  return [
    { name: `${name}, raw`, bytes },
    { name: `${name}, hex`, bytes: text("hex") },
    { name: `${name}, base64`, bytes: text("base64").subarray(0, 40) },
  ];
}

/** Roots, leaves and all other keys that live now. */
async function secretsOf(vault: Vault): Promise<Needle[]> {
  const { keys, tenant } = vault;
  const needles: Needle[] = [];
  for (const { serial, suite } of await keys.list()) {
    const { cover } = await keys.openCompartment(serial);
    for (const node of cover) needles.push(...formsOf(`node of ${serial}`, node.seed));
    for (const slot of [0, 512, 1024]) {
      const leaf = leafKey({ suite: suiteOf(suite), serial }, cover, slot);
      needles.push(...formsOf(`leaf ${slot} of ${serial}`, leaf));
    }
  }
  const { token, intake, pseudonym } = await keys.tenantKeys(tenant.id);
  needles.push(...formsOf("token key", token[0].key), ...formsOf("intake key", intake[0].key));
  needles.push(...formsOf("pseudonym key", pseudonym));
  for (const epoch of await keys.indexEpochs(tenant.id)) {
    const index = await keys.indexKey(tenant.id, epoch, null);
    if (index !== null) needles.push(...formsOf(`index key of ${epoch}`, index.key));
  }
  return needles;
}

function rootOf(config: Config): Needle {
  return { name: "root key", bytes: readFileSync(config.rootKeyFile).subarray(0, 64) };
}

/** Everything that a vault does with keys; what they were, and what it wrote. */
async function live(config: Config, out: string): Promise<Needle[]> {
  const clock = new Clock();
  const needles = [rootOf(config)];
  await using vault = await openVault(config, { now: clock.now });
  const { rows } = await sealOrders(vault, inventOrders(40));
  const tokens = rows.map(({ token }) => token);
  needles.push(...(await secretsOf(vault)));
  const asked = {
    fields: "phone",
    purpose: "contact",
    actor: signedIn("a"),
    reason: null,
  } as const;
  await reveal(vault, { ...asked, token: tokens[0] ?? "" });
  await search(vault, { phone: inventOrder(3).phone, actor: signedIn("a") });
  await erase(vault, { token: tokens[1] ?? "", reason: "本人请求删除", actor: signedIn("a") });
  needles.push(...(await secretsOf(vault)));
  const backup = await backupKeys(vault, { recipientPem: OFFLINE.publicKey, actor: signedIn("a") });
  await writeFile(path.join(out, "keys.backup"), backup.file);
  await rotateKeys(vault, { root: true, actor: signedIn("a"), onProgress: () => undefined });
  clock.set(addDays(clock.today, 121));
  await shred(vault, { on: clock.today, dryRun: false, sharePercentMax: 100 });
  return needles;
}

async function lookFor(suite: "intl" | "gm"): Promise<void> {
  await withDirectory(async (home) => {
    const out = path.join(home, "out");
    await mkdir(out);
    const config = parseConfig({ MIDAN_HOME: home, MIDAN_SUITE: suite }, home);
    // The first opening makes the root key, so that it can be read before the others.
    await (await openVault(config))[Symbol.asyncDispose]();
    const needles = await live(config, out);
    needles.push(rootOf(config));
    assert.ok(needles.length > 60, "there were keys to look for");
    const searched = await searchFolders([config.dataDir, config.keysDir, out], needles);
    assert.ok(searched.files > 50 && searched.bytes > 1_000_000);
    assert.deepEqual(searched.found, []);
    // The search finds what is there: the root key where it belongs.
    const control = await searchFolders([path.dirname(config.rootKeyFile)], [rootOf(config)]);
    assert.equal(control.found.length, 1);
  });
}

for (const suite of ["intl", "gm"] as const) {
  test(`P6: no key lies anywhere but sealed: database, WAL, keys, backup (${suite})`, async () =>
    lookFor(suite));
}
