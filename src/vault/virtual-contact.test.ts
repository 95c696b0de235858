import assert from "node:assert/strict";
import { test } from "node:test";
import { parseParty } from "../privacy/plain.ts";
import { hasVirtual } from "./virtual-contact.ts";

const PHONES: readonly (readonly [string, boolean])[] = [
  ["15400009999转1234", true],
  ["15400009999-1234", true],
  ["15400009999转1234/15400008888转4321", true],
  ["15400009999", false],
  ["15400009999转1234 15400008888", false],
  ["15400009999转1234/15400008888", false],
  ["15400008888/15400009999转1234", false],
];

test("P10: one virtual number does not make a real one beside it virtual", () => {
  for (const [phone, wanted] of PHONES) {
    const reading = parseParty({ name: "沈青禾", phone, address: "北辰市青禾路1号" });
    assert.ok(reading.ok, phone);
    assert.equal(hasVirtual(reading.party), wanted, phone);
  }
  assert.equal(PHONES.length, 7);
});
