import assert from "node:assert/strict";
import { test } from "node:test";
import {
  bodyKeyOf,
  fingerprintTag,
  merchantKeyOf,
  orderKeyOf,
  phoneTag,
  pseudonymOf,
} from "../../src/crypto/blind-index.ts";
import { openPart, sealPart, waybillIdOf } from "../../src/crypto/envelope.ts";
import { leafKey, LeafWalker } from "../../src/crypto/key-tree.ts";
import { suiteOf } from "../../src/crypto/suites.ts";
import { encodeToken, locateToken, parseToken } from "../../src/crypto/token.ts";
import { PARTS } from "../../src/crypto/waybill-key.ts";
import type { PartName } from "../../src/crypto/waybill-key.ts";
import type { RefEnvelope } from "./reference.ts";
import { bytesOf, documentOf } from "./vector-file.ts";

interface Cases<Case> {
  readonly version: number;
  readonly cases: readonly Case[];
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

test("TREE-5: the published leaves come out, by one path and by walking", () => {
  type Case = { suite: number; serial: number; slot: number; root: string; leaf: string };
  const { version, cases } = documentOf<Cases<Case>>("key-tree.json");
  assert.deepEqual([version, cases.length], [1, 10]);
  for (const { suite, serial, slot, root, leaf } of cases) {
    const tree = { suite: suiteOf(suite), serial };
    const cover = [{ level: 0, index: 0, seed: bytesOf(root) }];
    assert.equal(hexOf(leafKey(tree, cover, slot)), leaf);
    assert.equal(hexOf(new LeafWalker(tree, cover).key(slot)), leaf);
  }
});

function partNamed(number: number): PartName {
  for (const [name, value] of Object.entries(PARTS)) {
    // Keys of the table are part names.
    if (value === number) return name as PartName;
  }
  return assert.fail("no such part");
}

test("ENV-8: the published envelopes come out byte for byte, and open", () => {
  type Case = RefEnvelope & { suite: number; envelope: string };
  const { version, cases } = documentOf<Cases<Case>>("envelope.json");
  assert.deepEqual([version, cases.length], [1, 10]);
  for (const one of cases) {
    const { serial, slot, generation, revision, schema } = one;
    const part = partNamed(one.part);
    const waybillId = waybillIdOf(serial, slot, bytesOf(one.random));
    const place = { tenant: bytesOf(one.tenant), waybillId };
    const leaf = bytesOf(one.leaf);
    const header = { suite: suiteOf(one.suite), serial, slot, generation, part, revision, schema };
    const input = { header, place, leaf, nonce: bytesOf(one.nonce) };
    assert.equal(hexOf(sealPart(input, bytesOf(one.plaintext))), one.envelope);
    const opened = openPart({ leaf, place, part, serial, slot }, bytesOf(one.envelope));
    assert.deepEqual(opened.header, header);
    assert.equal(hexOf(opened.plaintext), one.plaintext);
  }
});

test("TOK-7: the published tokens come out, and lead back", () => {
  type Case = {
    suite: number;
    key: string;
    serial: number;
    slot: number;
    random: string;
    token: string;
  };
  const { version, cases } = documentOf<Cases<Case>>("token.json");
  assert.deepEqual([version, cases.length], [1, 12]);
  for (const { suite, serial, slot, random, ...one } of cases) {
    const key = { suite: suiteOf(suite), key: bytesOf(one.key) };
    assert.equal(encodeToken({ serial, slot, random: bytesOf(random) }, key), one.token);
    const place = locateToken(parseToken(one.token), key);
    assert.deepEqual([place.serial, place.slot, hexOf(place.random)], [serial, slot, random]);
  }
});

interface IndexVectors {
  readonly version: number;
  readonly phones: readonly {
    suite: number;
    key: string;
    digits: string;
    extension: string;
    bits: number;
    tag: number;
  }[];
  readonly fingerprints: readonly {
    suite: number;
    key: string;
    name: string;
    phone: string;
    address: string;
    bits: number;
    tag: number;
  }[];
  readonly orders: readonly Record<
    | "key"
    | "merchant"
    | "orderNumber"
    | "orderKey"
    | "merchantKey"
    | "body"
    | "bodyKey"
    | "account"
    | "pseudonym",
    string
  >[];
}

test("IDX-6: the published tags and keyed hashes come out", () => {
  const { version, phones, fingerprints, orders } = documentOf<IndexVectors>("blind-index.json");
  assert.deepEqual([version, phones.length, fingerprints.length, orders.length], [1, 12, 2, 2]);
  for (const { suite, key, bits, tag, ...phone } of phones) {
    const index = { suite: suiteOf(suite), key: bytesOf(key) };
    assert.equal(phoneTag(index, phone, bits), tag);
  }
  for (const { suite, key, bits, tag, ...recipient } of fingerprints) {
    const index = { suite: suiteOf(suite), key: bytesOf(key) };
    assert.equal(fingerprintTag(index, recipient, bits), tag);
  }
  for (const [at, one] of orders.entries()) {
    const index = { suite: suiteOf(at + 1), key: bytesOf(one.key) };
    assert.equal(hexOf(orderKeyOf(index, one.merchant, one.orderNumber)), one.orderKey);
    assert.equal(hexOf(merchantKeyOf(index, one.merchant)), one.merchantKey);
    assert.equal(hexOf(bodyKeyOf(index, one.body)), one.bodyKey);
    assert.equal(pseudonymOf(index, one.account), one.pseudonym);
  }
});
