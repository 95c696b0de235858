import assert from "node:assert/strict";
import { createPrivateKey, randomBytes, sign } from "node:crypto";
import { test } from "node:test";
import {
  isSm2PublicKey,
  newSm2KeyPair,
  SM2_CIPHERTEXT_EXTRA_BYTES,
  sm2Decrypt,
  sm2Encrypt,
  sm2KeyPairOf,
  sm2Sign,
  sm2Verify,
} from "../../src/crypto/sm2.ts";
import {
  derCiphertext,
  derSignature,
  openssl,
  privatePem,
  publicPem,
  rawCiphertext,
  rawSignature,
} from "./openssl.ts";
import { bytesOf, linesOf } from "./vector-file.ts";

type Vector = Record<"id" | "alg" | "msg" | "d" | "pub" | "k", string> &
  Partial<Record<"r" | "s" | "c1" | "c2" | "c3", string>>;

const [SIGNING, ENCRYPTION] = linesOf<Vector>("gbt-sm2.jsonl");
assert.ok(SIGNING !== undefined && ENCRYPTION !== undefined);
const ORDER = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;
const MESSAGE = Buffer.from("midan checkpoint\n");
const DISTID = "distid:1234567812345678";
const SM3 = ["-rawin", "-digest", "sm3", "-pkeyopt", DISTID] as const;
const random = (count: number): Uint8Array => randomBytes(count);
const hexOf = (bytes: Uint8Array | null): string => Buffer.from(bytes ?? []).toString("hex");
const number32 = (value: bigint): Buffer => bytesOf(value.toString(16).padStart(64, "0"));

test("P5: SM2 signs and verifies the example of GB/T 32918.5", () => {
  const pair = sm2KeyPairOf(bytesOf(SIGNING.d));
  assert.equal(hexOf(pair.publicKey), SIGNING.pub);
  const signature = sm2Sign(pair, bytesOf(SIGNING.msg), () => bytesOf(SIGNING.k));
  assert.equal(hexOf(signature), `${SIGNING.r}${SIGNING.s}`);
  assert.ok(sm2Verify(pair.publicKey, bytesOf(SIGNING.msg), signature));
});

test("P5: SM2 opens the example of GB/T 32918.5", () => {
  const { c1 = "", c2 = "", c3 = "", d, msg } = ENCRYPTION;
  assert.equal(hexOf(sm2Decrypt(bytesOf(d), bytesOf(c1 + c3 + c2))), msg);
});

test("P5: the openssl command verifies our SM2 signatures with the standard's id", () => {
  for (let run = 0; run < 8; run += 1) {
    const pair = newSm2KeyPair(random);
    const files = {
      key: publicPem(pair.publicKey),
      message: MESSAGE,
      signature: derSignature(sm2Sign(pair, MESSAGE, random)),
    };
    const words = ["pkeyutl", "-verify", "-pubin", "-inkey", "key", "-in", "message"];
    const verify = [...words, "-sigfile", "signature", ...SM3];
    assert.match(openssl(verify, files).toString(), /Signature Verified Successfully/u);
    const other = { ...files, message: Buffer.from("midan checkpoint\r") };
    assert.throws(() => openssl(verify, other));
    const anonymous = verify.map((word) => (word === DISTID ? "distid:" : word));
    assert.throws(() => openssl(anonymous, files));
  }
});

test("P5: we verify SM2 signatures of the openssl command", () => {
  for (let run = 0; run < 8; run += 1) {
    const pair = newSm2KeyPair(random);
    const files = { key: privatePem(pair.privateKey, pair.publicKey), message: MESSAGE };
    const der = openssl(["pkeyutl", "-sign", "-inkey", "key", "-in", "message", ...SM3], files);
    assert.ok(sm2Verify(pair.publicKey, MESSAGE, rawSignature(der)));
  }
});

test("P5: SM2 ciphertexts pass to the openssl command and back", () => {
  for (const length of [16, 32, 100]) {
    const pair = newSm2KeyPair(random);
    const secret = randomBytes(length);
    const sealed = sm2Encrypt(pair.publicKey, secret);
    assert.equal(sealed.length, length + SM2_CIPHERTEXT_EXTRA_BYTES);
    const key = privatePem(pair.privateKey, pair.publicKey);
    const decrypt = ["pkeyutl", "-decrypt", "-inkey", "key", "-in", "sealed"];
    assert.deepEqual(openssl(decrypt, { key, sealed: derCiphertext(sealed) }), secret);
    const encrypt = ["pkeyutl", "-encrypt", "-pubin", "-inkey", "key", "-in", "secret"];
    const theirs = openssl(encrypt, { key: publicPem(pair.publicKey), secret });
    assert.deepEqual(sm2Decrypt(pair.privateKey, rawCiphertext(theirs)), secret);
  }
});

test("P5: what crypto.sign makes on the SM2 curve is not taken for SM2", () => {
  const pair = newSm2KeyPair(random);
  const key = createPrivateKey(privatePem(pair.privateKey, pair.publicKey));
  const signature = rawSignature(sign("sm3", MESSAGE, key));
  assert.equal(sm2Verify(pair.publicKey, MESSAGE, signature), false);
});

test("P5: a changed byte of message, key or signature does not verify, and never throws", () => {
  const pair = newSm2KeyPair(random);
  const signature = sm2Sign(pair, MESSAGE, random);
  const flipped = (bytes: Uint8Array, at: number): Buffer => {
    const copy = Buffer.from(bytes);
    copy[at] = (copy[at] ?? 0) ^ 1;
    return copy;
  };
  for (let at = 0; at < signature.length; at += 1) {
    assert.equal(sm2Verify(pair.publicKey, MESSAGE, flipped(signature, at)), false);
  }
  for (let at = 0; at < pair.publicKey.length; at += 1) {
    assert.equal(sm2Verify(flipped(pair.publicKey, at), MESSAGE, signature), false);
  }
  assert.equal(sm2Verify(pair.publicKey, flipped(MESSAGE, 0), signature), false);
  assert.equal(sm2Verify(pair.publicKey, MESSAGE, signature.subarray(1)), false);
  assert.equal(sm2Verify(pair.publicKey.subarray(1), MESSAGE, signature), false);
});

test("P5: SM2 signatures outside 1..n-1 are refused, also where the sum would fit", () => {
  const pair = newSm2KeyPair(random);
  const signature = sm2Sign(pair, MESSAGE, random);
  const [r, s] = [signature.subarray(0, 32), signature.subarray(32)];
  for (const bad of [0n, ORDER, ORDER + 1n, 2n ** 256n - 1n].map(number32)) {
    assert.equal(sm2Verify(pair.publicKey, MESSAGE, Buffer.concat([bad, s])), false);
    assert.equal(sm2Verify(pair.publicKey, MESSAGE, Buffer.concat([r, bad])), false);
  }
});

test("P5: every changed byte of an SM2 ciphertext is refused in the same way", () => {
  const pair = newSm2KeyPair(random);
  const sealed = sm2Encrypt(pair.publicKey, randomBytes(16));
  for (let at = 0; at < sealed.length; at += 1) {
    const broken = Buffer.from(sealed);
    broken[at] = (broken[at] ?? 0) ^ 0x40;
    assert.equal(sm2Decrypt(pair.privateKey, broken), null, String(at));
  }
  assert.equal(sm2Decrypt(newSm2KeyPair(random).privateKey, sealed), null);
  assert.equal(sm2Decrypt(pair.privateKey, sealed.subarray(1)), null);
  assert.equal(sm2Decrypt(pair.privateKey, Buffer.alloc(0)), null);
});

test("P5: keys outside 1..n-2, points off the curve and short plaintexts are refused", () => {
  for (const bad of [0n, ORDER - 1n, ORDER, 2n ** 256n - 1n].map(number32)) {
    assert.throws(() => sm2KeyPairOf(bad), RangeError);
    assert.throws(() => sm2Decrypt(bad, Buffer.alloc(200)), RangeError);
  }
  const scalars = [0n, ORDER, ORDER - 1n, 1n].map(number32);
  assert.deepEqual(newSm2KeyPair(() => scalars.shift() ?? assert.fail()).privateKey, number32(1n));
  const { publicKey } = newSm2KeyPair(random);
  assert.ok(isSm2PublicKey(publicKey));
  const off = Buffer.from(publicKey);
  off[64] = (off[64] ?? 0) ^ 1;
  assert.equal(isSm2PublicKey(off), false);
  assert.throws(() => sm2Encrypt(off, randomBytes(16)), RangeError);
  for (const length of [0, 15, 4097]) {
    assert.throws(() => sm2Encrypt(publicKey, randomBytes(length)), RangeError);
  }
});
