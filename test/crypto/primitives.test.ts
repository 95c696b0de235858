import assert from "node:assert/strict";
import { test } from "node:test";
import { aeadOpen, aeadSeal } from "../../src/crypto/aead.ts";
import { NONCE_BYTES, SUITES, TAG_BYTES } from "../../src/crypto/suites.ts";
import { linesOf } from "./vector-file.ts";
import { Case } from "./vector-run.ts";

/** How many published cases have nonces of other sizes than 96 bits; a new one fails. */
const ODD_NONCES = [
  { suite: SUITES.intl, file: "wycheproof-aes-256-gcm.jsonl", cases: 15 },
  { suite: SUITES.gm, file: "wycheproof-sm4-gcm.jsonl", cases: 19 },
] as const;

for (const { suite, file, cases } of ODD_NONCES) {
  test(`P5: ${suite.cipher} refuses the ${cases} published nonces that have not 96 bits`, () => {
    const all = linesOf<Record<string, unknown>>(file).map((row) => new Case(row));
    const odd = all.filter((one) => one.bytes("iv").length !== NONCE_BYTES);
    assert.equal(odd.length, cases);
    for (const one of odd) {
      const [key, nonce, associated] = [one.bytes("key"), one.bytes("iv"), one.bytes("aad")];
      const input = { key, nonce, associated };
      const plaintext = one.bytes("msg");
      const target = Buffer.alloc(plaintext.length + TAG_BYTES);
      assert.throws(() => aeadSeal(suite, input, { plaintext, target }), RangeError, one.id);
      const sealed = Buffer.concat([one.bytes("ct"), one.bytes("tag")]);
      assert.throws(() => aeadOpen(suite, input, sealed), RangeError, one.id);
    }
  });

  test(`P5: ${suite.cipher} takes keys of its own size only, and no shorter tag`, () => {
    const input = { nonce: Buffer.alloc(12), associated: Buffer.alloc(0) };
    for (const length of [0, 15, 16, 24, 31, 32, 33].filter((bytes) => bytes !== suite.keyBytes)) {
      const key = Buffer.alloc(length);
      assert.throws(() => aeadOpen(suite, { ...input, key }, Buffer.alloc(16)), RangeError);
    }
    const key = Buffer.alloc(suite.keyBytes);
    const sealed = Buffer.alloc(16);
    aeadSeal(suite, { ...input, key }, { plaintext: Buffer.alloc(0), target: sealed });
    for (let bytes = 0; bytes < 16; bytes += 1) {
      assert.equal(aeadOpen(suite, { ...input, key }, sealed.subarray(0, bytes)), null);
    }
  });
}
