import assert from "node:assert/strict";
import { argon2Sync, createDecipheriv, randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { fileRootKey } from "../../src/keystore/file-root-key.ts";
import type { OpenOptions } from "../../src/keystore/generation.ts";
import { KeyStore } from "../../src/keystore/key-store.ts";
import { passphraseRootKey } from "../../src/keystore/passphrase-root-key.ts";
import { pkcs11KeyWrapper } from "../../src/keystore/pkcs11-root-key.ts";
import { remoteRootKey } from "../../src/keystore/remote-root-key.ts";
import type { RootKey } from "../../src/keystore/root-key.ts";
import { rotateGeneration } from "../../src/keystore/rotation.ts";
import { transitKeyWrapper } from "../../src/keystore/transit-root-key.ts";
import { failure, freshBase, optionsIn, REQUEST, TENANT } from "./fresh-store.ts";
import { softToken } from "./soft-token.ts";
import { TOKEN, transitServer } from "./transit-server.ts";

const PASSPHRASE = "七张运单,十二个密舱";
const random = (count: number): Uint8Array => randomBytes(count);
const SECRET = Buffer.from("a generation key of forty bytes, or so..");
const PLACE = Buffer.from("MDKS place");

interface PassphrasePlaces {
  readonly file: string;
  readonly passphraseFile: string;
}

function passphrasePlaces(base: string, text: string): PassphrasePlaces {
  mkdirSync(path.join(base, "elsewhere"), { mode: 0o700 });
  const passphraseFile = path.join(base, "elsewhere", "passphrase");
  writeFileSync(passphraseFile, `${text}\n`, { mode: 0o600 });
  return { file: path.join(base, "midan-root", "root.key"), passphraseFile };
}

/** A root key of each kind, over nothing yet. */
const KINDS: Readonly<Record<RootKey["kind"], (context: TestContext) => Promise<RootKey>>> = {
  file: async (context) =>
    Promise.resolve(fileRootKey(path.join(freshBase(context), "root.key"), random)),
  passphrase: async (context) => {
    const places = passphrasePlaces(freshBase(context), PASSPHRASE);
    return Promise.resolve(passphraseRootKey({ ...places, randomBytes: random }));
  },
  pkcs11: async (context) =>
    Promise.resolve(remoteRootKey(pkcs11KeyWrapper(softToken(context)), random)),
  transit: async (context) => {
    const { url } = await transitServer(context);
    const tokenFile = path.join(freshBase(context), "token");
    writeFileSync(tokenFile, TOKEN, { mode: 0o600 });
    const root = {
      url,
      mount: "transit",
      key: "midan-root",
      tokenFile,
      namespace: null,
      timeoutMs: 5000,
    };
    return remoteRootKey(transitKeyWrapper(root), random);
  },
};

for (const [kind, make] of Object.entries(KINDS)) {
  test(`ROOT-1: ${kind}: what was wrapped is unwrapped, with a changed byte refused`, async (t) => {
    const root = await make(t);
    assert.equal(root.kind, kind);
    assert.equal(await root.exists(), false);
    await assert.rejects(root.unwrap(Buffer.alloc(80), PLACE), /KEYSTORE_ROOT_(?:MISSING|WRONG)/u);
    await root.make();
    assert.equal(await root.exists(), true);
    const wrapped = await root.wrap(SECRET, PLACE);
    assert.deepEqual(await root.unwrap(wrapped, PLACE), SECRET);
    assert.ok(!Buffer.from(wrapped).includes(SECRET));
    assert.notDeepEqual(await root.wrap(SECRET, PLACE), wrapped);
    // Deriving takes a fifth of a second, so every byte would take a minute.
    const step = kind === "passphrase" ? 13 : 1;
    for (let at = 0; at < wrapped.length; at += step) {
      const broken = Buffer.from(wrapped);
      broken[at] = (broken[at] ?? 0) ^ 0x20;
      await assert.rejects(root.unwrap(broken, PLACE), failure("KEYSTORE_ROOT_WRONG"));
    }
    const elsewhere = root.unwrap(wrapped, Buffer.from("MDKS other"));
    await assert.rejects(elsewhere, failure("KEYSTORE_ROOT_WRONG"));
    for (const cut of [0, 1, 20, wrapped.length - 1]) {
      const short = root.unwrap(wrapped.subarray(0, cut), PLACE);
      await assert.rejects(short, failure("KEYSTORE_ROOT_WRONG"));
    }
  });

  test(`ROOT-2: ${kind}: a whole key store lives on it, and a rotation passes`, async (t) => {
    const options: OpenOptions = { ...optionsIn(freshBase(t)), rootKey: await make(t) };
    const store = await KeyStore.open(options);
    const { record } = await store.lease(REQUEST);
    const keys = await store.tenantKeys(TENANT);
    const { cover } = await store.openCompartment(record.serial);
    await store.close();
    await rotateGeneration(options);
    const again = await KeyStore.open(options);
    assert.deepEqual(await again.tenantKeys(TENANT), keys);
    assert.deepEqual((await again.openCompartment(record.serial)).cover, cover);
    // Another root of the same kind, with a key of its own, does not open it.
    const other = await make(t);
    await assert.rejects(
      KeyStore.open({ ...options, rootKey: other }),
      failure("KEYSTORE_ROOT_MISSING"),
    );
    assert.equal(await other.exists(), false);
    await other.make();
    await assert.rejects(
      KeyStore.open({ ...options, rootKey: other }),
      failure("KEYSTORE_ROOT_WRONG"),
    );
  });
}

test("ROOT-3: a passphrase file is what its page says, read without our code", async (t) => {
  const places = passphrasePlaces(freshBase(t), PASSPHRASE);
  const root = passphraseRootKey({ ...places, randomBytes: random });
  await root.make();
  const text = readFileSync(places.file, "latin1");
  const [, , version, name, cost, salt = "", sealed = ""] = text.trimEnd().split("$");
  assert.deepEqual([version, name, cost], ["v=1", "argon2id", "m=65536,t=3,p=4"]);
  const key = argon2Sync("argon2id", {
    message: Buffer.from(PASSPHRASE.normalize("NFC"), "utf8"),
    nonce: Buffer.from(salt, "base64url"),
    memory: 65_536,
    passes: 3,
    parallelism: 4,
    tagLength: 32,
  });
  const bytes = Buffer.from(sealed, "base64url");
  const cipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12));
  cipher.setAAD(Buffer.from(text.slice(0, text.lastIndexOf("$") + 1), "latin1"));
  cipher.setAuthTag(bytes.subarray(-16));
  const rootKey = Buffer.concat([cipher.update(bytes.subarray(12, -16)), cipher.final()]);
  const plain = path.join(path.dirname(places.file), "plain.key");
  writeFileSync(plain, `${rootKey.toString("hex")}\n`, { mode: 0o600 });
  const wrapped = await root.wrap(SECRET, PLACE);
  assert.deepEqual(await fileRootKey(plain, random).unwrap(wrapped, PLACE), SECRET);
});

test("ROOT-3: another passphrase, or a file that was changed, opens nothing", async (t) => {
  const places = passphrasePlaces(freshBase(t), PASSPHRASE);
  const root = passphraseRootKey({ ...places, randomBytes: random });
  await root.make();
  const wrapped = await root.wrap(SECRET, PLACE);
  const text = readFileSync(places.file, "latin1");
  const changes = [
    ["t=3", "t=4"],
    ["p=4", "p=3"],
    ["m=65536", "m=65544"],
    ["argon2id", "argon2i"],
    ["v=1", "v=2"],
    ["m=65536", "m=1024"],
    ["t=3", "t=1"],
    ["m=65536", "m=9999999"],
    ["\n", ""],
    [text.slice(-9, -1), "AAAAAAAA"],
  ] as const;
  for (const [from, to] of changes) {
    writeFileSync(places.file, text.replace(from, to));
    await assert.rejects(root.unwrap(wrapped, PLACE), failure("KEYSTORE_ROOT_WRONG"), to);
  }
  writeFileSync(places.file, text);
  writeFileSync(places.passphraseFile, `${PASSPHRASE}!\n`);
  await assert.rejects(root.unwrap(wrapped, PLACE), failure("KEYSTORE_ROOT_WRONG"));
  writeFileSync(places.passphraseFile, PASSPHRASE);
  assert.deepEqual(await root.unwrap(wrapped, PLACE), SECRET);
});

test("ROOT-3: the same passphrase typed in another Unicode form is the same", async (t) => {
  const places = passphrasePlaces(freshBase(t), "Straße nach Zürich".normalize("NFD"));
  const root = passphraseRootKey({ ...places, randomBytes: random });
  await root.make();
  const wrapped = await root.wrap(SECRET, PLACE);
  writeFileSync(places.passphraseFile, "Straße nach Zürich".normalize("NFC"));
  assert.deepEqual(await root.unwrap(wrapped, PLACE), SECRET);
});

test("ROOT-4: a short passphrase makes no key, a missing or open file opens none", async (t) => {
  const places = passphrasePlaces(freshBase(t), "nineteen characters");
  const root = passphraseRootKey({ ...places, randomBytes: random });
  await assert.rejects(root.make(), failure("SETTING_INVALID"));
  assert.equal(await root.exists(), false);
  writeFileSync(places.passphraseFile, PASSPHRASE.repeat(2));
  await root.make();
  assert.equal((statSync(places.file).mode & 0o777).toString(8), "600");
  chmodSync(places.passphraseFile, 0o640);
  await assert.rejects(root.wrap(SECRET, PLACE), failure("KEYSTORE_PERMISSIONS"));
  chmodSync(places.passphraseFile, 0o600);
  const unfit = [Buffer.alloc(0), Buffer.from("\n"), Buffer.alloc(4097, 65), Buffer.from([0xff])];
  for (const bytes of unfit) {
    writeFileSync(places.passphraseFile, bytes);
    await assert.rejects(root.wrap(SECRET, PLACE), failure("KEYSTORE_ROOT_UNAVAILABLE"));
  }
  rmSync(places.passphraseFile);
  await assert.rejects(root.wrap(SECRET, PLACE), failure("KEYSTORE_ROOT_UNAVAILABLE"));
});
