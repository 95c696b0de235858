/** KS-20: the root key is changed, in its place or to another one, of the same kind or not. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { cpSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { fileRootKey } from "../../src/keystore/file-root-key.ts";
import type { OpenOptions, RootState } from "../../src/keystore/generation.ts";
import { KeyStore } from "../../src/keystore/key-store.ts";
import { movingRootKey } from "../../src/keystore/moving-root-key.ts";
import { passphraseRootKey } from "../../src/keystore/passphrase-root-key.ts";
import { pkcs11KeyWrapper } from "../../src/keystore/pkcs11-root-key.ts";
import { remoteRootKey } from "../../src/keystore/remote-root-key.ts";
import type { RootKey } from "../../src/keystore/root-key.ts";
import { rotateGeneration } from "../../src/keystore/rotation.ts";
import type { RotationProgress } from "../../src/keystore/rotation.ts";
import { transitKeyWrapper } from "../../src/keystore/transit-root-key.ts";
import { DeadDisk } from "./dead-disk.ts";
import { failure, freshBase, optionsIn, REQUEST, TENANT } from "./fresh-store.ts";
import { softToken } from "./soft-token.ts";
import { TOKEN, transitServer } from "./transit-server.ts";

const random = (count: number): Uint8Array => randomBytes(count);
const STEPS_MAX = 400;
const IS_GONE = /KEYSTORE_ROOT_(?:MISSING|WRONG)/u;

/** Makes root keys of one kind, each time the same key for the same name. */
type Maker = (base: string, name: string) => RootKey;

async function makersFor(context: TestContext): Promise<Record<RootKey["kind"], Maker>> {
  const secrets = freshBase(context);
  const secretFile = (name: string, text: string): string => {
    const file = path.join(secrets, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  };
  const token = softToken(context);
  const { url } = await transitServer(context);
  const tokenFile = secretFile("access", TOKEN);
  const place = { url, mount: "transit", tokenFile, namespace: null, timeoutMs: 5000 };
  return {
    file: (base, name) => fileRootKey(path.join(base, "roots", name), random),
    passphrase: (base, name) =>
      passphraseRootKey({
        file: path.join(base, "roots", `${name}.sealed`),
        passphraseFile: secretFile(name, `seven waybills, twelve keys, ${name}`),
        randomBytes: random,
      }),
    pkcs11: (base, name) => {
      const key = `${name}-${path.basename(base).slice(-12)}`;
      return remoteRootKey(pkcs11KeyWrapper({ ...token, key }), random);
    },
    transit: (base, name) => {
      const key = `${name}-${path.basename(base)}`;
      return remoteRootKey(transitKeyWrapper({ ...place, key }), random);
    },
  };
}

async function contentsOf(options: OpenOptions): Promise<unknown> {
  const store = await KeyStore.open(options);
  const { cover } = await store.openCompartment(1);
  const contents = { cover, keys: await store.tenantKeys(TENANT), all: await store.list() };
  await store.close();
  return contents;
}

/** What `keys status` says of the root key. */
async function rootStateIn(options: OpenOptions): Promise<RootState> {
  const store = await KeyStore.open(options);
  const state = await store.root();
  await store.close();
  return state;
}

/** A store with something in it, under `rootKey`; its contents. */
async function fill(base: string, rootKey: RootKey): Promise<unknown> {
  const options = { ...optionsIn(base), rootKey };
  const store = await KeyStore.open(options);
  await store.lease(REQUEST);
  await store.tenantKeys(TENANT);
  await store.close();
  return contentsOf(options);
}

/** The counts of generations under the old root key that a change tells, in order. */
async function change(options: OpenOptions): Promise<number[]> {
  const told: number[] = [];
  const onProgress = ({ phase, old }: RotationProgress): void => {
    if (phase === "root") told.push(old);
  };
  await rotateGeneration(options, { root: true, onProgress });
  return told;
}

/** `key` on a machine that may stop before each thing it is asked to do. */
function watched(disk: DeadDisk, key: RootKey): RootKey {
  const { destroy } = key;
  return {
    ...key,
    make: disk.calling(async () => key.make()),
    wrap: disk.calling(async (secret: Uint8Array, associated: Uint8Array) =>
      key.wrap(secret, associated),
    ),
    ...(destroy === undefined ? {} : { destroy: disk.calling(destroy) }),
  };
}

const KINDS = ["file", "passphrase", "pkcs11", "transit"] as const;

/** A use of a passphrase takes a fifth of a second, so it meets its own kind and one other. */
const PAIRS = KINDS.flatMap((from) => KINDS.map((to) => [from, to] as const)).filter(
  (pair) => !pair.includes("passphrase") || !(pair.includes("pkcs11") || pair.includes("transit")),
);

for (const [from, to] of PAIRS) {
  test(`KS-20: from ${from} to ${to}: the old root key opens nothing afterwards`, async (t) => {
    const makers = await makersFor(t);
    const base = freshBase(t);
    const options = optionsIn(base);
    const [old, next] = [makers[from](base, "old"), makers[to](base, "new")];
    const before = await fill(base, old);
    const copy = `${options.folder}-copy`;
    cpSync(options.folder, copy, { recursive: true });
    const moving = { ...options, rootKey: movingRootKey(old, next) };
    assert.deepEqual(await contentsOf(moving), before);
    await rotateGeneration(moving);
    assert.equal(await next.exists(), false, "nothing is begun unasked");
    assert.deepEqual(await change(moving), [1, 0]);
    assert.deepEqual(await contentsOf(moving), before);
    assert.deepEqual(await contentsOf({ ...options, rootKey: next }), before);
    await assert.rejects(KeyStore.open({ ...options, rootKey: old }), IS_GONE);
    // Where the key can be ended from here, whole older copies open no more either.
    assert.equal(await old.exists(), from === "transit");
    if (from !== "transit") {
      const older = { ...options, folder: copy, rootKey: old };
      await assert.rejects(KeyStore.open(older), failure("KEYSTORE_ROOT_MISSING"));
    }
    // Again, with both still named, changes nothing for the worse.
    await change({ ...options, rootKey: movingRootKey(old, next) });
    assert.deepEqual(await contentsOf({ ...options, rootKey: next }), before);
  });
}

for (const kind of ["file", "passphrase", "transit"] as const) {
  test(`KS-20: ${kind}: changed in its place, what was copied before opens no more`, async (t) => {
    const makers = await makersFor(t);
    const base = freshBase(t);
    const options = { ...optionsIn(base), rootKey: makers[kind](base, "old") };
    const before = await fill(base, options.rootKey);
    const copy = `${options.folder}-copy`;
    cpSync(options.folder, copy, { recursive: true });
    assert.deepEqual(await change(options), [1, 0]);
    // As another process sees it, which remembers nothing of the change.
    const again = { ...options, rootKey: makers[kind](base, "old") };
    assert.deepEqual(await contentsOf(again), before);
    await assert.rejects(KeyStore.open({ ...again, folder: copy }), failure("KEYSTORE_ROOT_WRONG"));
    assert.deepEqual(await change(again), [1, 0]);
    assert.deepEqual(await contentsOf(again), before);
  });
}

test("KS-20: a token's key has no other place: the new one is named first", async (t) => {
  const makers = await makersFor(t);
  const base = freshBase(t);
  const options = { ...optionsIn(base), rootKey: makers.pkcs11(base, "old") };
  await fill(base, options.rootKey);
  await assert.rejects(change(options), failure("KEYSTORE_ROOT_FIXED"));
});

test("KS-20: a new root key that is the old one is not destroyed", async (t) => {
  const makers = await makersFor(t);
  for (const kind of ["file", "pkcs11"] as const) {
    const base = freshBase(t);
    const old = makers[kind](base, "old");
    const before = await fill(base, old);
    const rootKey = movingRootKey(old, makers[kind](base, "old"));
    const options = { ...optionsIn(base), rootKey };
    await assert.rejects(change(options), failure("KEYSTORE_ROOT_SAME"));
    assert.deepEqual(await contentsOf({ ...options, rootKey: old }), before);
  }
});

/** Pairs in which each kind leaves and arrives; every how many steps the machine is stopped. */
const STOPPED = [
  ["file", "file", 1],
  ["file", "pkcs11", 3],
  ["pkcs11", "transit", 3],
  ["transit", "file", 3],
  ["file", "passphrase", 18],
  ["passphrase", "file", 18],
] as const;

for (const [from, to, stride] of STOPPED) {
  test(`KS-20: from ${from} to ${to}: stopped dead on the way, it goes on later`, async (t) => {
    const makers = await makersFor(t);
    const disk = new DeadDisk();
    let stops = 0;
    let unfinished = 0;
    for (let step = 1; step < STEPS_MAX; step += stride) {
      const base = freshBase(t);
      const options = optionsIn(base);
      const [old, next] = [makers[from](base, "old"), makers[to](base, "new")];
      const before = await fill(base, old);
      const rootKey = movingRootKey(watched(disk, old), watched(disk, next));
      const stopped = await disk.run(options.folder, step, async () =>
        change({ ...options, rootKey }),
      );
      const moving = { ...options, rootKey: movingRootKey(old, next) };
      assert.deepEqual(await contentsOf(moving), before, `step ${step}`);
      const state = await rootStateIn(moving);
      assert.equal(state.kind, state.change === null ? from : to);
      if ((state.change?.old ?? 0) > 0) unfinished += 1;
      await change({ ...options, rootKey: movingRootKey(old, next) });
      assert.deepEqual(await contentsOf({ ...options, rootKey: next }), before, `step ${step}`);
      await assert.rejects(KeyStore.open({ ...options, rootKey: old }), IS_GONE, `step ${step}`);
      if (!stopped) break;
      stops += 1;
    }
    assert.ok(stride > 1 || unfinished > 0, "a change on its way was never seen");
    assert.ok(stops * stride >= 30 && stops * stride < STEPS_MAX - stride, `${stops} stops`);
    t.diagnostic(`stopped ${stops} times, at every step of ${stride}`);
  });
}
