import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileRootKey } from "../../src/keystore/file-root-key.ts";
import { passphraseRootKey } from "../../src/keystore/passphrase-root-key.ts";
import { remoteRootKey } from "../../src/keystore/remote-root-key.ts";
import type { KeyWrapper } from "../../src/keystore/remote-root-key.ts";
import { freshBase } from "./fresh-store.ts";
import { ROOT_VECTORS } from "./root-vectors.ts";

const bytesOf = (hex: string): Buffer => Buffer.from(hex, "hex");
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const secret = bytesOf(ROOT_VECTORS.secret);
const associated = bytesOf(ROOT_VECTORS.associated);

/** Gives the bytes that are named, in order, as if they had come from a source of randomness. */
function handedOut(...hex: readonly string[]): (count: number) => Uint8Array {
  const left = [...hex];
  return (count) => {
    const bytes = bytesOf(left.shift() ?? assert.fail("nothing is left"));
    assert.equal(bytes.length, count);
    return bytes;
  };
}

test("ROOT-9: the published key files are written and read byte for byte", async (t) => {
  const base = freshBase(t);
  const { file: plain, passphrase: under, rootKey } = ROOT_VECTORS;
  const plainFile = path.join(base, "plain.key");
  const file = fileRootKey(plainFile, handedOut(rootKey, plain.nonce));
  await file.make();
  assert.equal(readFileSync(plainFile, "latin1"), plain.text);
  assert.equal(hexOf(await file.wrap(secret, associated)), plain.wrapped);
  assert.deepEqual(await file.unwrap(bytesOf(plain.wrapped), associated), secret);

  mkdirSync(path.join(base, "p"));
  const passphraseFile = path.join(base, "p", "passphrase");
  writeFileSync(passphraseFile, under.passphrase, { mode: 0o600 });
  const places = { file: path.join(base, "sealed.key"), passphraseFile };
  const randomBytes = handedOut(under.salt, rootKey, under.nonce);
  const sealed = passphraseRootKey({ ...places, randomBytes });
  await sealed.make();
  assert.equal(readFileSync(places.file, "latin1"), under.text);
  assert.deepEqual(await sealed.unwrap(bytesOf(under.wrapped), associated), secret);
});

test("ROOT-9: the published bytes of tokens and services are written and read", async () => {
  assert.equal(ROOT_VECTORS.remote.length, 2);
  for (const { kind, key, nonce, wrappedKey, wrapped } of ROOT_VECTORS.remote) {
    const nothing = async (): Promise<never> => Promise.reject(new Error("not asked here"));
    const wrapper: KeyWrapper = {
      kind,
      exists: nothing,
      make: nothing,
      wrapKey: async (one) => {
        assert.equal(hexOf(one), key);
        return Promise.resolve(bytesOf(wrappedKey));
      },
      unwrapKey: async (one) => {
        assert.equal(hexOf(one), wrappedKey);
        return Promise.resolve(bytesOf(key));
      },
    };
    const root = remoteRootKey(wrapper, handedOut(key, nonce));
    assert.equal(hexOf(await root.wrap(secret, associated)), wrapped);
    assert.deepEqual(await root.unwrap(bytesOf(wrapped), associated), secret);
  }
});
