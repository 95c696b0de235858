/** The verifier's own SM3 and SM2: held against the standards, openssl and the writer's library. */
import assert from "node:assert/strict";
import { hash, randomBytes } from "node:crypto";
import { test } from "node:test";
import { newSm2KeyPair, sm2Sign, sm2Verify } from "../../src/crypto/sm2.ts";
import { verifySm2 } from "../../src/verifier/sm2.ts";
import { sm3 } from "../../src/verifier/sm3.ts";
import { openssl, privatePem, rawSignature } from "../crypto/openssl.ts";
import { bytesOf, linesOf } from "../crypto/vector-file.ts";

type Vector = Readonly<Record<string, string>>;

const ORDER = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;
const FIELD = 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn;
const random = (count: number): Uint8Array => randomBytes(count);
const number32 = (value: bigint): Buffer => bytesOf(value.toString(16).padStart(64, "0"));

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = new Uint8Array(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

test("P13: the verifier's SM3 is that of GB/T 32905, and of Node for every length", () => {
  const vectors = linesOf<Vector>("gbt-sm3-sm4.jsonl").filter(({ alg }) => alg === "SM3");
  assert.equal(vectors.length, 2);
  for (const { msg = "", digest } of vectors)
    assert.equal(Buffer.from(sm3(bytesOf(msg))).toString("hex"), digest);
  for (let length = 0; length <= 200; length += 1) {
    const bytes = randomBytes(length);
    assert.deepEqual(Buffer.from(sm3(bytes)), hash("sm3", bytes, "buffer"), String(length));
  }
});

test("P13: the verifier's SM2 takes the example of GB/T 32918.5", () => {
  const [vector] = linesOf<Vector>("gbt-sm2.jsonl");
  assert.ok(vector !== undefined);
  const { pub = "", msg = "", r = "", s = "" } = vector;
  const signature = bytesOf(r + s);
  assert.ok(verifySm2(bytesOf(pub), bytesOf(msg), signature));
  for (let at = 0; at < signature.length; at += 1)
    assert.equal(verifySm2(bytesOf(pub), bytesOf(msg), flipped(signature, at)), false);
  for (let at = 0; at < 65; at += 1)
    assert.equal(verifySm2(flipped(bytesOf(pub), at), bytesOf(msg), signature), false);
  assert.equal(verifySm2(bytesOf(pub), flipped(bytesOf(msg), 0), signature), false);
});

test("P13: the verifier's SM2 takes what the openssl command signs", () => {
  const message = Buffer.from("midan checkpoint\n");
  for (let run = 0; run < 8; run += 1) {
    const pair = newSm2KeyPair(random);
    const signed = (id: string): Buffer => {
      const options = ["-rawin", "-digest", "sm3", "-pkeyopt", `distid:${id}`];
      const words = ["pkeyutl", "-sign", "-inkey", "key", "-in", "message", ...options];
      const key = privatePem(pair.privateKey, pair.publicKey);
      return rawSignature(openssl(words, { key, message }));
    };
    assert.ok(verifySm2(pair.publicKey, message, signed("1234567812345678")));
    assert.equal(verifySm2(pair.publicKey, message, signed("8765432187654321")), false);
  }
});

test("P13: the verifier's SM2 and the writer's library agree, also about what is wrong", () => {
  let [held, refused] = [0, 0];
  for (let run = 0; run < 24; run += 1) {
    const pair = newSm2KeyPair(random);
    const message = randomBytes(run * 7);
    const signature = sm2Sign(pair, message, random);
    const cases = [signature, flipped(signature, run), flipped(signature, 32 + run)];
    for (const made of cases) {
      const verdict = verifySm2(pair.publicKey, message, made);
      assert.equal(verdict, sm2Verify(pair.publicKey, message, made));
      if (verdict) held += 1;
      else refused += 1;
    }
  }
  assert.deepEqual([held, refused], [24, 48]);
});

test("P13: numbers at the edges of SM2's ranges do not hold and do not throw", () => {
  const pair = newSm2KeyPair(random);
  const message = Buffer.from("m");
  const edges = [0n, 1n, ORDER - 1n, ORDER, ORDER + 1n, 2n ** 256n - 1n].map(number32);
  for (const r of edges) {
    for (const s of edges)
      assert.equal(verifySm2(pair.publicKey, message, Buffer.concat([r, s])), false);
  }
  const signature = sm2Sign(pair, message, random);
  assert.ok(verifySm2(pair.publicKey, message, signature));
  // The same numbers, with the order of the group or of the field added, are other spellings.
  for (const [from, to] of [
    [0, 32],
    [32, 64],
  ] as const) {
    const value = BigInt(`0x${Buffer.from(signature.subarray(from, to)).toString("hex")}`) + ORDER;
    if (value >= 2n ** 256n) continue;
    const other = Buffer.from(signature);
    other.set(number32(value), from);
    assert.equal(verifySm2(pair.publicKey, message, other), false);
  }
  const zeros = Buffer.concat([Buffer.of(4), number32(0n), number32(0n)]);
  const outside = Buffer.concat([Buffer.of(4), number32(FIELD), number32(FIELD)]);
  for (const key of [zeros, outside, pair.publicKey.subarray(1), Buffer.alloc(0)])
    assert.equal(verifySm2(key, message, signature), false);
  assert.equal(verifySm2(pair.publicKey, message, signature.subarray(1)), false);
});
