import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  bodyKeyOf,
  fingerprintTag,
  merchantKeyOf,
  orderKeyOf,
  phoneTag,
  pseudonymOf,
  tagBitsFor,
} from "./blind-index.ts";
import type { IndexKey } from "./blind-index.ts";
import { SUITES } from "./suites.ts";

const index: IndexKey = { suite: SUITES.intl, key: new Uint8Array(32).fill(1) };
const digits = (min: number, max: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: min, maxLength: max });
const phones = fc.record({ digits: digits(1, 15), extension: digits(0, 8) });
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

test("IDX-1: one number has one tag, whatever was asked before", () => {
  fc.assert(
    fc.property(phones, phones, (one, other) => {
      const tag = phoneTag(index, one, 32);
      phoneTag(index, other, 32);
      assert.equal(phoneTag(index, one, 32), tag);
    }),
  );
});

test("IDX-1: digits and extension are told apart, and zeros at the end count", () => {
  const rows = [
    { digits: "1380", extension: "" },
    { digits: "13800", extension: "" },
    { digits: "138", extension: "0" },
    { digits: "1380", extension: "0" },
    { digits: "138", extension: "00" },
    { digits: "01380", extension: "" },
  ];
  assert.equal(new Set(rows.map((row) => phoneTag(index, row, 32))).size, rows.length);
});

test("IDX-1: what is not a normalised number is a programmer's error", () => {
  for (const text of ["", "abc", "1".repeat(16), "+86138", "１３８", "138 0"]) {
    assert.throws(() => phoneTag(index, { digits: text, extension: "" }, 24), RangeError);
  }
  assert.throws(() => phoneTag(index, { digits: "1", extension: "123456789" }, 24), RangeError);
});

test("IDX-2: a tag of fewer bits is the head of the longer one, and stays within its bits", () => {
  fc.assert(
    fc.property(phones, fc.integer({ min: 8, max: 31 }), (phone, bits) => {
      const tag = phoneTag(index, phone, bits);
      assert.ok(tag >= 0 && tag < 2 ** bits);
      assert.equal(tag, phoneTag(index, phone, 32) >>> (32 - bits));
    }),
  );
});

test("IDX-3: another key or suite gives another index", () => {
  const other: IndexKey = { ...index, key: new Uint8Array(32).fill(2) };
  const gm: IndexKey = { ...index, suite: SUITES.gm };
  let equal = 0;
  for (let number = 0; number < 300; number += 1) {
    const phone = { digits: String(13_800_000_000 + number), extension: "" };
    const tags = [index, other, gm].map((key) => phoneTag(key, phone, 32));
    equal += 3 - new Set(tags).size;
  }
  assert.equal(equal, 0);
});

test("IDX-4: the fingerprint tells name, phone and address apart", () => {
  const recipient = { name: "样张甲", phone: "13800000000", address: "样板路1号" };
  const others = [
    { ...recipient, name: "样张乙" },
    { ...recipient, phone: "13800000001" },
    { ...recipient, address: "样板路2号" },
    { name: "", phone: "样张甲", address: "13800000000样板路1号" },
  ];
  const tags = [recipient, ...others].map((one) => fingerprintTag(index, one, 32));
  assert.equal(new Set(tags).size, tags.length);
  assert.equal(fingerprintTag(index, { ...recipient }, 32), tags[0]);
});

test("IDX-5: keyed hashes of intake have their sizes and never meet under one key", () => {
  const text = "样板";
  const hashes = [
    orderKeyOf(index, text, ""),
    bodyKeyOf(index, text),
    merchantKeyOf(index, text),
  ].map(hexOf);
  assert.deepEqual(
    hashes.map((hash) => hash.length),
    [32, 32, 16],
  );
  assert.match(pseudonymOf(index, text), /^st-[0-9a-f]{16}$/u);
  assert.equal(
    new Set([...hashes, pseudonymOf(index, text).slice(3)].map((h) => h.slice(0, 16))).size,
    4,
  );
});

test("P18: the width follows from the volume, two bits more than it takes to count", () => {
  const rows: readonly (readonly [number, number])[] = [
    [0, 8],
    [1, 8],
    [64, 8],
    [1000, 12],
    [1_000_000, 22],
    [10 ** 12, 32],
  ];
  for (const [count, bits] of rows) assert.equal(tagBitsFor(count), bits);
});

test("IDX-4: fields that hold a zero byte are refused, so that no two orders run together", () => {
  const recipient = { name: "n", phone: "1", address: "a" };
  for (const field of ["name", "phone", "address"] as const) {
    const odd = { ...recipient, [field]: "x\0y" };
    assert.throws(() => fingerprintTag(index, odd, 24), RangeError);
  }
  assert.throws(() => orderKeyOf(index, "m\0", "1"), RangeError);
  assert.throws(() => orderKeyOf(index, "m", "\u00001"), RangeError);
});

test("IDX-2: a width that is none is refused", () => {
  for (const bits of [0, 7, 33, -1, Number.NaN]) {
    assert.throws(
      () => phoneTag(index, { digits: "13800000000", extension: "" }, bits),
      RangeError,
    );
  }
});
