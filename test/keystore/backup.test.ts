import assert from "node:assert/strict";
import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { backupHead, openBackup, recipientOf } from "../../src/keystore/backup.ts";
import { KeyStore } from "../../src/keystore/key-store.ts";
import type { OpenOptions } from "../../src/keystore/generation.ts";
import { failure, freshOptions, NOW, OTHER_TENANT, REQUEST, TENANT, WEEK } from "./fresh-store.ts";
import { both } from "./media.ts";
import type { Bench } from "./media.ts";

const OFFLINE = generateKeyPairSync("x25519");

/** A store with something of every kind. */
async function filled(bench: Bench): Promise<KeyStore> {
  const store = await bench.open();
  const { record } = await store.lease(REQUEST);
  await store.lease({ ...REQUEST, tenant: OTHER_TENANT });
  const third = await store.lease({ ...REQUEST, suite: 2 });
  await store.tenantKeys(TENANT);
  await store.indexKey(TENANT, WEEK, 24);
  await store.signing.current("log", () => new Uint8Array(32).fill(7));
  await store.checkpoints.save("origin", Buffer.from("size 1"), null);
  await store.puncture(record.serial, [7], NOW);
  await store.hold(record.serial, [9]);
  await store.destroy(third.record.serial, NOW);
  return store;
}

async function contents(store: KeyStore): Promise<unknown> {
  const opened = [await store.openCompartment(1), await store.openCompartment(2)];
  return {
    covers: opened.map(({ cover }) => cover),
    tenant: await store.tenantKeys(TENANT),
    index: await store.indexKey(TENANT, WEEK, null),
    signing: await store.signing.current("log", () => assert.fail()),
    checkpoint: await store.checkpoints.last("origin"),
    tombstones: [await store.tombstones(), await store.leafTombstones()],
    held: (await store.held()).map(({ slots }) => slots),
  };
}

/** Another, empty store on another machine, with a root key of its own. */
function elsewhere(bench: Bench): OpenOptions {
  return { ...freshOptions(bench.context), putsBack: true };
}

both.test("BAK-1: a backup brings everything back under a root key of its own", async (t) => {
  const store = await filled(t);
  const before = await contents(store);
  const { copy, file } = await store.copies.make(OFFLINE.publicKey);
  assert.equal(copy.compartments, 2);
  const other = await KeyStore.open(elsewhere(t));
  await other.putBack(openBackup(file, OFFLINE.privateKey));
  assert.deepEqual(await contents(other), before);
  await assert.rejects(other.openCompartment(3), failure("KEY_DESTROYED"));
  const next = await other.lease(REQUEST);
  assert.equal(next.record.serial, 4, "nobody seals into what was put back");
  await other.close();
});

both.test("BAK-2: a copy is listed until somebody says that it is destroyed", async (t) => {
  const store = await filled(t);
  const { copy, file } = await store.copies.make(OFFLINE.publicKey);
  assert.deepEqual(await (await t.open()).copies.list(), [copy]);
  const { id, recipient } = backupHead(file);
  assert.deepEqual([id, recipient], [copy.id, recipientOf(OFFLINE.privateKey)]);
  const other = await KeyStore.open(elsewhere(t));
  await other.putBack(openBackup(file, OFFLINE.privateKey));
  assert.deepEqual(await other.copies.list(), [copy], "what came out of it knows of it");
  await other.close();
  await assert.rejects(store.copies.discard("00"), failure("KEY_COPY_UNKNOWN"));
  await store.copies.discard(copy.id);
  assert.deepEqual(await store.copies.list(), []);
});

both.test("BAK-3: a changed byte, a cut or another key opens nothing", async (t) => {
  const store = await filled(t);
  const { file } = await store.copies.make(OFFLINE.publicKey);
  const foreign = generateKeyPairSync("x25519").privateKey;
  assert.throws(() => openBackup(file, foreign), failure("KEY_BACKUP_FOREIGN"));
  for (let at = 0; at < file.length; at += 11) {
    const bent = Buffer.from(file);
    bent[at] = (bent[at] ?? 0) ^ 0x80;
    const codes = /KEY_BACKUP_(?:BROKEN|FOREIGN)/u;
    assert.throws(() => openBackup(bent, OFFLINE.privateKey), { code: codes });
  }
  for (const length of [0, 4, 37, 69, 70, file.length - 1]) {
    const cut = file.subarray(0, length);
    assert.throws(() => openBackup(cut, OFFLINE.privateKey), failure("KEY_BACKUP_BROKEN"));
  }
});

both.test("BAK-4: nothing is put over a store that holds anything", async (t) => {
  const store = await filled(t);
  const { file } = await store.copies.make(OFFLINE.publicKey);
  const before = await contents(store);
  const backup = openBackup(file, OFFLINE.privateKey);
  await assert.rejects(store.putBack(backup), failure("KEYSTORE_NOT_EMPTY"));
  assert.deepEqual(await contents(store), before);
});

both.test("BAK-5: what stopped half way opens only for the same backup again", async (t) => {
  const store = await filled(t);
  const before = await contents(store);
  const { file } = await store.copies.make(OFFLINE.publicKey);
  const backup = openBackup(file, OFFLINE.privateKey);
  const options = elsewhere(t);
  const other = await KeyStore.open(options);
  const part = { ...backup, entries: backup.entries.slice(0, 5) };
  const spoiled = [...part.entries, { part: "records", name: "no serial", bytes: Buffer.of(1) }];
  // The part is one of the format's own; only its content is not.
  const broken = { ...backup, entries: spoiled as typeof part.entries };
  await assert.rejects(other.putBack(broken), failure("KEYSTORE_BROKEN"));
  await other.close();
  await assert.rejects(KeyStore.open({ ...options, putsBack: false }), {
    code: "KEYSTORE_RESTORING",
  });
  const again = await KeyStore.open(options);
  const { file: newer } = await store.copies.make(OFFLINE.publicKey);
  const unlike = openBackup(newer, OFFLINE.privateKey);
  await assert.rejects(again.putBack(unlike), failure("KEYSTORE_NOT_EMPTY"));
  await again.putBack(backup);
  await again.close();
  const whole = await KeyStore.open({ ...options, putsBack: false });
  assert.deepEqual(await contents(whole), before);
  await whole.close();
});

interface BackupVector {
  readonly privateKey: string;
  readonly id: string;
  readonly madeAt: string;
  readonly recipient: string;
  readonly entries: readonly {
    readonly part: string;
    readonly name: string;
    readonly bytes: string;
  }[];
  readonly file: string;
}

test("BAK-6: the published backup opens, to what it was made of elsewhere", () => {
  const text = readFileSync(new URL("../vectors/key-backup.json", import.meta.url), "utf8");
  // The file is part of this repository and has this shape.
  const { backups } = JSON.parse(text) as { backups: readonly BackupVector[] };
  assert.equal(backups.length, 1);
  for (const one of backups) {
    const der = Buffer.from(`302e020100300506032b656e04220420${one.privateKey}`, "hex");
    const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
    const { entries, ...head } = openBackup(Buffer.from(one.file, "hex"), key);
    assert.deepEqual(head, {
      id: one.id,
      madeAt: new Date(one.madeAt),
      recipient: one.recipient,
    });
    assert.deepEqual(
      entries.map((entry) => ({ ...entry, bytes: Buffer.from(entry.bytes).toString("hex") })),
      one.entries,
    );
  }
});
