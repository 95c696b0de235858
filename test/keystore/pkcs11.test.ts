import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { Worker } from "node:worker_threads";
import pkcs11js from "pkcs11js";
import { KeyStore } from "../../src/keystore/key-store.ts";
import { pkcs11KeyWrapper } from "../../src/keystore/pkcs11-root-key.ts";
import { remoteRootKey } from "../../src/keystore/remote-root-key.ts";
import { rotateGeneration } from "../../src/keystore/rotation.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { failure, freshBase, optionsIn, REQUEST, TENANT } from "./fresh-store.ts";
import { ROOT_VECTORS } from "./root-vectors.ts";
import { PIN, softToken } from "./soft-token.ts";
import type { SoftToken } from "./soft-token.ts";

const KEY = randomBytes(32);

interface Visit {
  readonly module: pkcs11js.PKCS11;
  readonly session: Buffer;
}

/** Visits the token as another program would. */
function visit<T>(token: SoftToken, work: (visit: Visit) => T): T {
  const module = new pkcs11js.PKCS11();
  module.load(token.module);
  module.C_Initialize();
  try {
    const [slot] = module.C_GetSlotList(true);
    assert.ok(slot);
    const session = module.C_OpenSession(slot, 6);
    module.C_Login(session, 1, PIN);
    return work({ module, session });
  } finally {
    module.C_Finalize();
    module.close();
  }
}

function onlyKey({ module, session }: Visit): Buffer {
  module.C_FindObjectsInit(session, [{ type: pkcs11js.CKA_CLASS, value: 4 }]);
  const keys = module.C_FindObjects(session, 5);
  module.C_FindObjectsFinal(session);
  const [key] = keys;
  assert.ok(key !== undefined && keys.length === 1);
  return key;
}

/** Attributes by their names in the standard, without its prefix. */
function attributesOf(values: Readonly<Record<string, boolean>>): pkcs11js.Template {
  return Object.entries(values).map(([name, value]) => {
    const type: unknown = Reflect.get(pkcs11js, `CKA_${name}`);
    assert.ok(typeof type === "number", name);
    return { type, value };
  });
}

const is = (code: number) => (error: unknown) =>
  error instanceof Error && "code" in error && error.code === code;

test("ROOT-5: the key cannot leave the token, and does nothing but wrap and unwrap", async (t) => {
  const token = softToken(t);
  await pkcs11KeyWrapper(token).make();
  visit(token, (found) => {
    const key = onlyKey(found);
    const { module, session } = found;
    const value = [{ type: pkcs11js.CKA_VALUE }];
    assert.throws(
      () => module.C_GetAttributeValue(session, key, value),
      is(pkcs11js.CKR_ATTRIBUTE_SENSITIVE),
    );
    const parameter = Buffer.alloc(16);
    const mechanism = { mechanism: pkcs11js.CKM_AES_CBC, parameter };
    const denied = is(pkcs11js.CKR_KEY_FUNCTION_NOT_PERMITTED);
    assert.throws(() => module.C_EncryptInit(session, mechanism, key), denied);
    assert.throws(() => module.C_DecryptInit(session, mechanism, key), denied);
    const extractable = [{ type: pkcs11js.CKA_EXTRACTABLE, value: true }];
    assert.throws(() => module.C_SetAttributeValue(session, key, extractable));
    const names = ["TOKEN", "PRIVATE", "SENSITIVE", "ALWAYS_SENSITIVE", "NEVER_EXTRACTABLE"];
    const types = [...names, "WRAP", "UNWRAP"].map((name) => {
      const type: unknown = Reflect.get(pkcs11js, `CKA_${name}`);
      assert.ok(typeof type === "number");
      return { type };
    });
    const found1 = module.C_GetAttributeValue(session, key, types).map(({ value: one }) => one[0]);
    assert.deepEqual(found1, [1, 1, 1, 1, 1, 1, 1]);
  });
});

test("ROOT-5: a key that can leave or do more than wrap, and two keys, are refused", async (t) => {
  const token = softToken(t);
  const names = ["EXTRACTABLE", "ENCRYPT", "DECRYPT", "SIGN", "DERIVE"] as const;
  const make = (allowed: string | null = null): void =>
    visit(token, ({ module, session }) => {
      module.C_GenerateKey(session, { mechanism: pkcs11js.CKM_AES_KEY_GEN }, [
        { type: pkcs11js.CKA_CLASS, value: 4 },
        { type: pkcs11js.CKA_KEY_TYPE, value: pkcs11js.CKK_AES },
        { type: pkcs11js.CKA_LABEL, value: token.key },
        { type: pkcs11js.CKA_VALUE_LEN, value: 32 },
        { type: pkcs11js.CKA_TOKEN, value: true },
        { type: pkcs11js.CKA_SENSITIVE, value: true },
        ...attributesOf(Object.fromEntries(names.map((name) => [name, name === allowed]))),
        { type: pkcs11js.CKA_WRAP, value: true },
        { type: pkcs11js.CKA_UNWRAP, value: true },
      ]);
    });
  const remove = (): void =>
    visit(token, (found) => found.module.C_DestroyObject(found.session, onlyKey(found)));
  const wrapper = pkcs11KeyWrapper(token);
  for (const name of names) {
    make(name);
    await assert.rejects(wrapper.exists(), failure("KEYSTORE_ROOT_WRONG"));
    await assert.rejects(wrapper.wrapKey(KEY), failure("KEYSTORE_ROOT_WRONG"));
    remove();
  }
  make();
  assert.equal(await wrapper.exists(), true);
  make();
  await assert.rejects(wrapper.exists(), failure("KEYSTORE_ROOT_WRONG"));
});

async function storeOn(t: TestContext, token: SoftToken) {
  const rootKey = remoteRootKey(pkcs11KeyWrapper(token), (count) => randomBytes(count));
  const options = { ...optionsIn(freshBase(t)), rootKey };
  const store = await KeyStore.open(options);
  await store.lease(REQUEST);
  return { options, store };
}

test("ROOT-6: a store opens again when its token is back, and not before", async (t) => {
  const token = softToken(t);
  const { options, store } = await storeOn(t, token);
  const keys = await store.tenantKeys(TENANT);
  for (let run = 0; run < 3; run += 1) {
    token.remove();
    await assert.rejects(KeyStore.open(options), failure("KEYSTORE_ROOT_UNAVAILABLE"));
    await assert.rejects(rotateGeneration(options), failure("KEYSTORE_ROOT_UNAVAILABLE"));
    token.putBack();
    const again = await KeyStore.open(options);
    assert.deepEqual(await again.tenantKeys(TENANT), keys);
  }
  await rotateGeneration(options);
  assert.deepEqual(await (await KeyStore.open(options)).tenantKeys(TENANT), keys);
});

test("ROOT-6: another token, no module and a module that is none are not there", async (t) => {
  const token = softToken(t);
  const others = [
    { ...token, token: "another" },
    { ...token, module: "/nonexistent/module.so" },
    { ...token, module: new URL(import.meta.url).pathname },
  ];
  for (const other of others) {
    await assert.rejects(pkcs11KeyWrapper(other).exists(), (error) => {
      assert.ok(isFailure(error, "KEYSTORE_ROOT_UNAVAILABLE"));
      return !JSON.stringify([error.message, error.details]).includes("/");
    });
  }
});

test("ROOT-7: a PIN that the token refused is not tried again until it changes", async (t) => {
  const token = softToken(t);
  const wrapper = pkcs11KeyWrapper(token);
  await wrapper.make();
  token.setPin("000000");
  // SoftHSM shows a counter of wrong PINs only as flags; the answers tell whether it was asked.
  const reasons: unknown[] = [];
  for (let run = 0; run < 5; run += 1) {
    await wrapper.exists().catch((error: unknown) => {
      assert.ok(isFailure(error, "KEYSTORE_ROOT_UNAVAILABLE"));
      reasons.push(`${error.details["reason"]}, ${error.details["asked"]}`);
    });
  }
  assert.deepEqual(reasons, ["pin, true", ...Array.from({ length: 4 }, () => "pin, false")]);
  token.setPin(PIN);
  assert.equal(await wrapper.exists(), true);
});

test("ROOT-8: the token is used from the main thread only", async (t) => {
  const token = softToken(t);
  const { module, key, pinFile } = token;
  const source = `
    const { parentPort, workerData } = require("node:worker_threads");
    import(workerData.file).then(async ({ pkcs11KeyWrapper }) => {
      await pkcs11KeyWrapper(workerData.root).exists().catch((e) => parentPort.postMessage(e.name));
    });`;
  const file = new URL("../../src/keystore/pkcs11-root-key.ts", import.meta.url).href;
  const workerData = { file, root: { module, key, pinFile, token: token.token } };
  const worker = new Worker(source, { eval: true, workerData });
  const name = await new Promise((resolve) => worker.once("message", resolve));
  assert.equal(name, "RangeError");
});

test("ROOT-9: a token that holds the published key opens the published bytes", async (t) => {
  const token = softToken(t);
  visit(token, ({ module, session }) => {
    module.C_CreateObject(session, [
      { type: pkcs11js.CKA_CLASS, value: 4 },
      { type: pkcs11js.CKA_KEY_TYPE, value: pkcs11js.CKK_AES },
      { type: pkcs11js.CKA_LABEL, value: token.key },
      { type: pkcs11js.CKA_VALUE, value: Buffer.from(ROOT_VECTORS.rootKey, "hex") },
      { type: pkcs11js.CKA_TOKEN, value: true },
      { type: pkcs11js.CKA_SENSITIVE, value: true },
      { type: pkcs11js.CKA_EXTRACTABLE, value: false },
      { type: pkcs11js.CKA_ENCRYPT, value: false },
      { type: pkcs11js.CKA_DECRYPT, value: false },
      { type: pkcs11js.CKA_SIGN, value: false },
      { type: pkcs11js.CKA_DERIVE, value: false },
      { type: pkcs11js.CKA_WRAP, value: true },
      { type: pkcs11js.CKA_UNWRAP, value: true },
    ]);
  });
  const root = remoteRootKey(pkcs11KeyWrapper(token), (count) => randomBytes(count));
  const [published] = ROOT_VECTORS.remote;
  assert.equal(published?.kind, "pkcs11");
  const [wrapped, associated] = [published.wrapped, ROOT_VECTORS.associated].map((hex) =>
    Buffer.from(hex, "hex"),
  );
  assert.ok(wrapped && associated);
  const secret = await root.unwrap(wrapped, associated);
  assert.equal(secret.toString("hex"), ROOT_VECTORS.secret);
});
