import assert from "node:assert/strict";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { KeyStore } from "../../src/keystore/key-store.ts";
import { isFailure } from "../../src/rules/failure.ts";
import type { OpenOptions } from "../../src/keystore/generation.ts";
import {
  failure,
  freshBase,
  freshOptions,
  NOW,
  optionsIn,
  OTHER_TENANT,
  REQUEST,
  rootKeyFileIn,
  TENANT,
  WEEK,
} from "./fresh-store.ts";
import { Guest } from "./guest-process.ts";

/** A store with one thing of each kind in it. */
async function filled(options: OpenOptions): Promise<KeyStore> {
  const store = await KeyStore.open(options);
  const { record } = await store.lease(REQUEST);
  await store.release(record.serial, 1);
  await store.tenantKeys(TENANT);
  await store.indexKey(TENANT, WEEK, 24);
  return store;
}

const fileIn = (options: OpenOptions, name: string): string => path.join(options.folder, name);

/** The root key of the store lies beside its folder. */
const rootKeyFileOf = (options: OpenOptions): string => rootKeyFileIn(path.dirname(options.folder));

function flipBit(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[Math.floor(at / 8)] = (bytes[Math.floor(at / 8)] ?? 0) ^ (1 << (at % 8));
  writeFileSync(file, bytes);
}

test("KS-1: everything is for its owner only", async (t) => {
  const options = freshOptions(t);
  await filled(options);
  const above = path.dirname(options.folder);
  const names = readdirSync(above, { recursive: true, encoding: "utf8" });
  const modes = names.map((name) => {
    const { mode } = statSync(path.join(above, name));
    return (mode & 0o7777).toString(8);
  });
  // Eleven folders and the files: root key, generation, serial, cover, record, tenant, index.
  assert.deepEqual(
    [modes.filter((mode) => mode === "700").length, modes.filter((mode) => mode === "600").length],
    [11, 7],
  );
  assert.equal(modes.length, 18);
});

test("KS-1: a key that others can read, or a folder they can write to, is refused", async (t) => {
  const options = freshOptions(t);
  const store = await filled(options);
  for (const file of [rootKeyFileOf(options), fileIn(options, "generation-000001.key")]) {
    chmodSync(file, 0o640);
    await assert.rejects(KeyStore.open(options), failure("KEYSTORE_PERMISSIONS"));
    chmodSync(file, 0o600);
  }
  chmodSync(fileIn(options, `rings/${TENANT}.key`), 0o604);
  await assert.rejects(store.tenantKeys(TENANT), failure("KEYSTORE_PERMISSIONS"));
  chmodSync(fileIn(options, "index"), 0o770);
  await assert.rejects(KeyStore.open(options), failure("KEYSTORE_PERMISSIONS"));
});

test("KS-4: what was written is there again when the store is opened again", async (t) => {
  const options = freshOptions(t);
  const first = await filled(options);
  const again = await KeyStore.open(options);
  assert.deepEqual(await again.tenantKeys(TENANT), await first.tenantKeys(TENANT));
  assert.deepEqual(await again.indexKey(TENANT, WEEK, null), await first.indexKey(TENANT, WEEK, 8));
  assert.deepEqual(await again.openCompartment(1), await first.openCompartment(1));
  assert.equal((await again.indexKey(TENANT, WEEK, null))?.bits, 24);
  assert.deepEqual(again.generationMadeAt, NOW);
  assert.ok((await again.sizeBytes()) > 0);
});

test("KS-4: keys of two tenants and of one tenant differ", async (t) => {
  const store = await KeyStore.open(freshOptions(t));
  const own = await store.tenantKeys(TENANT);
  const other = await store.tenantKeys(OTHER_TENANT);
  const keys = [own, other]
    .flatMap(({ token, intake, pseudonym }) => [token[0].key, intake[0].key, pseudonym])
    .map((key) => Buffer.from(key).toString("hex"));
  assert.equal(new Set(keys).size, 6);
  assert.ok(keys.every((key) => key.length === 64));
});

test("KS-4: without the root key nothing opens, and no new one is made", async (t) => {
  const options = freshOptions(t);
  await filled(options);
  rmSync(rootKeyFileOf(options));
  await assert.rejects(KeyStore.open(options), failure("KEYSTORE_ROOT_MISSING"));
  assert.deepEqual(readdirSync(path.dirname(rootKeyFileOf(options))), []);
});

test("KS-4: another root key, or text that is none, is refused", async (t) => {
  const options = freshOptions(t);
  await filled(options);
  for (const text of ["ab".repeat(32), "ab".repeat(31), "", "no key\n"]) {
    writeFileSync(rootKeyFileOf(options), text);
    await assert.rejects(KeyStore.open(options), failure("KEYSTORE_ROOT_WRONG"));
  }
});

test("KS-4: a root key that is already there is used by a new store", async (t) => {
  const options = freshOptions(t);
  mkdirSync(path.dirname(rootKeyFileOf(options)), { mode: 0o700 });
  const text = `${"5a".repeat(32)}\n`;
  writeFileSync(rootKeyFileOf(options), text, { mode: 0o600 });
  await filled(options);
  assert.equal(readFileSync(rootKeyFileOf(options), "latin1"), text);
});

test("KS-4: a store that lost its generation key is damaged, not new", async (t) => {
  const options = freshOptions(t);
  const store = await filled(options);
  await store.destroy(1, NOW);
  await store.destroyIndexKey(TENANT, WEEK);
  rmSync(fileIn(options, `rings/${TENANT}.key`));
  rmSync(fileIn(options, "generation-000001.key"));
  // Only a tombstone and a counter are left; that is enough to know.
  await assert.rejects(KeyStore.open(options), failure("KEYSTORE_BROKEN"));
  assert.ok(!readdirSync(options.folder).includes("generation-000001.key"));
});

test("KS-3: no flipped bit of any sealed file goes unnoticed", async (t) => {
  const options = freshOptions(t);
  const store = await filled(options);
  const reads = [
    ["compartments/0000000001.key", async () => store.openCompartment(1)],
    [`rings/${TENANT}.key`, async () => store.tenantKeys(TENANT)],
    [`index/${TENANT}.${WEEK}.key`, async () => store.indexKey(TENANT, WEEK, null)],
  ] as const;
  for (const [name, read] of reads) {
    const file = fileIn(options, name);
    const bits = statSync(file).size * 8;
    assert.ok(bits > 38 * 8);
    for (let at = 0; at < bits; at += 3) {
      flipBit(file, at);
      await assert.rejects(read, failure("KEYSTORE_BROKEN"));
      flipBit(file, at);
    }
    await read();
  }
});

test("KS-3: files cannot be exchanged, whatever they hold", async (t) => {
  const options = freshOptions(t);
  const store = await filled(options);
  await store.tenantKeys(OTHER_TENANT);
  await store.indexKey(TENANT, "2027-03-15", 24);
  const second = await store.lease({ ...REQUEST, tenant: OTHER_TENANT });
  assert.equal(second.record.serial, 2);
  const exchanges = [
    ["compartments/0000000001.key", "compartments/0000000002.key"],
    [`rings/${TENANT}.key`, `rings/${OTHER_TENANT}.key`],
    [`index/${TENANT}.2027-03-15.key`, `index/${TENANT}.${WEEK}.key`],
    [`rings/${TENANT}.key`, `index/${TENANT}.${WEEK}.key`],
    ["records/0000000001.key", "records/0000000002.key"],
  ] as const;
  const reads = {
    compartments: async () => store.openCompartment(2),
    records: async () => store.list(),
    rings: async () => store.tenantKeys(OTHER_TENANT),
    index: async () => store.indexKey(TENANT, WEEK, null),
  };
  for (const [from, to] of exchanges) {
    const kept = readFileSync(fileIn(options, to));
    copyFileSync(fileIn(options, from), fileIn(options, to));
    const [folder = ""] = to.split("/");
    // The folders are the ones named just above.
    await assert.rejects(reads[folder as keyof typeof reads], failure("KEYSTORE_BROKEN"));
    writeFileSync(fileIn(options, to), kept);
  }
});

test("KS-2: half a file of an interrupted write or destruction goes on opening", async (t) => {
  const options = freshOptions(t);
  await filled(options);
  const left = ["serial.new", "records/0000000009.key.new", "index/x.key.gone"];
  for (const name of left) writeFileSync(fileIn(options, name), "half", { mode: 0o600 });
  await KeyStore.open(options);
  const names = readdirSync(options.folder, { recursive: true, encoding: "utf8" });
  assert.deepEqual(
    names.filter((name) => /\.(?:new|gone)$/u.test(name)),
    [],
  );
  assert.ok(names.length >= 9);
});

test("KS-9: two processes that make the store at once make one store", async (t) => {
  const base = freshBase(t);
  const guests = [
    new Guest(t, base, "open"),
    new Guest(t, base, "open"),
    new Guest(t, base, "open"),
  ];
  const codes = await Promise.all(guests.map(async (guest) => guest.end()));
  assert.deepEqual(codes, [0, 0, 0]);
  const options = optionsIn(base);
  assert.deepEqual(
    readdirSync(options.folder).filter((name) => name.startsWith("generation-")),
    ["generation-000001.key"],
  );
  await filled(options);
});

test("KS-4: a closed store gives out nothing more and writes nothing", async (t) => {
  const options = freshOptions(t);
  const store = await filled(options);
  await store.close();
  await assert.rejects(store.openCompartment(1), failure("KEYSTORE_BROKEN"));
  await assert.rejects(store.tenantKeys(OTHER_TENANT), failure("KEYSTORE_BROKEN"));
  assert.ok(!readdirSync(fileIn(options, "rings")).includes(`${OTHER_TENANT}.key`));
});

test("KS-3: an identity that leads out of its folder is refused", async (t) => {
  const store = await KeyStore.open(freshOptions(t));
  for (const name of ["../root", "a/b", "", ".hidden", "a\0b"]) {
    await assert.rejects(store.tenantKeys(name), RangeError);
  }
});

test("KS-2: what the disk refuses says so, and names no path", async (t) => {
  const base = freshBase(t);
  writeFileSync(path.join(base, "midan-keys"), "a file where the folder should be");
  await assert.rejects(KeyStore.open(optionsIn(base)), (error) => {
    assert.ok(isFailure(error, "KEYSTORE_FAILED"));
    assert.deepEqual(error.details, { file: "midan-keys", reason: "EEXIST" });
    return !error.message.includes(base);
  });
});
