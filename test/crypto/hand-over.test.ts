import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { newHandOverKeys, openSealed, sealTo } from "../../src/crypto/hand-over.ts";
import { SUITES, suiteOf } from "../../src/crypto/suites.ts";
import type { Suite } from "../../src/crypto/suites.ts";
import { bytesOf, documentOf } from "./vector-file.ts";

const random = (count: number): Uint8Array => randomBytes(count);
const INFO = Buffer.from("midan test");
const HEAD_BYTES: Readonly<Record<Suite["name"], number>> = { intl: 2 + 32, gm: 2 + 129 };

for (const suite of Object.values(SUITES)) {
  const { name } = suite;
  test(`HAND-1: ${name}: what was sealed to a key opens with it, and with no other`, () => {
    const keys = newHandOverKeys(suite, random);
    for (const length of [0, 1, 300, 100_000]) {
      const plaintext = randomBytes(length);
      const input = { suite, publicKey: keys.publicKey, info: INFO, randomBytes: random };
      const sealed = sealTo(input, plaintext);
      assert.equal(sealed.length, HEAD_BYTES[name] + length + 16);
      const opening = { suite, privateKey: keys.privateKey, info: INFO };
      assert.deepEqual(openSealed(opening, sealed), plaintext);
      const { privateKey } = newHandOverKeys(suite, random);
      assert.equal(openSealed({ ...opening, privateKey }, sealed), null);
      assert.equal(openSealed({ ...opening, info: Buffer.from("midan tesu") }, sealed), null);
      assert.notDeepEqual(sealTo(input, plaintext), sealed);
    }
  });

  test(`HAND-2: ${name}: with any byte changed or missing it does not open`, () => {
    const { publicKey, privateKey } = newHandOverKeys(suite, random);
    const input = { suite, publicKey, info: INFO, randomBytes: random };
    const sealed = sealTo(input, randomBytes(20));
    const opening = { suite, privateKey, info: INFO };
    for (let at = 0; at < sealed.length; at += 1) {
      const broken = Buffer.from(sealed);
      broken[at] = (broken[at] ?? 0) ^ 1;
      assert.equal(openSealed(opening, broken), null, String(at));
      assert.equal(openSealed(opening, sealed.subarray(0, at)), null, String(at));
    }
    assert.equal(openSealed(opening, Buffer.concat([sealed, Buffer.alloc(1)])), null);
  });

  test(`HAND-3: ${name}: a message of the other suite and a key that is none are refused`, () => {
    const other = name === "gm" ? SUITES.intl : SUITES.gm;
    const mine = newHandOverKeys(suite, random);
    const theirs = newHandOverKeys(other, random);
    const sealed = sealTo(
      { suite: other, publicKey: theirs.publicKey, info: INFO, randomBytes: random },
      Buffer.alloc(200),
    );
    assert.equal(openSealed({ suite, privateKey: mine.privateKey, info: INFO }, sealed), null);
    const bad = [Buffer.alloc(mine.publicKey.length), mine.publicKey.subarray(1), Buffer.alloc(0)];
    for (const publicKey of bad) {
      const input = { suite, publicKey, info: INFO, randomBytes: random };
      assert.throws(() => sealTo(input, Buffer.alloc(1)), RangeError);
    }
  });
}

test("HAND-4: a number that a curve would reduce opens nothing twice", () => {
  const { publicKey, privateKey } = newHandOverKeys(SUITES.intl, random);
  const input = { suite: SUITES.intl, publicKey, info: INFO, randomBytes: random };
  const sealed = sealTo(input, randomBytes(20));
  // The highest bit of an X25519 key is ignored by the curve, but bound by the key schedule.
  const twin = Buffer.from(sealed);
  twin[33] = (twin[33] ?? 0) ^ 0x80;
  assert.equal(openSealed({ suite: SUITES.intl, privateKey, info: INFO }, twin), null);
});

interface Published {
  readonly info: string;
  readonly plaintext: string;
  readonly cases: readonly (Readonly<
    Record<"privateKey" | "publicKey" | "ephemeral" | "sealed", string>
  > & { readonly suite: number })[];
}

test("HAND-5: the published messages open, and the one that can be made again is made", () => {
  const { info, plaintext, cases } = documentOf<Published>("hand-over.json");
  assert.equal(cases.length, 2);
  for (const one of cases) {
    const suite = suiteOf(one.suite);
    const opening = { suite, privateKey: bytesOf(one.privateKey), info: bytesOf(info) };
    assert.equal(openSealed(opening, bytesOf(one.sealed))?.toString("hex"), plaintext);
    // SM2 draws its number inside the library, so its messages differ each time.
    if (one.ephemeral === "") continue;
    const input = { suite, publicKey: bytesOf(one.publicKey), info: bytesOf(info) };
    const ephemeral = (): Uint8Array => bytesOf(one.ephemeral);
    const sealed = sealTo({ ...input, randomBytes: ephemeral }, bytesOf(plaintext));
    assert.equal(sealed.toString("hex"), one.sealed);
  }
});
