import assert from "node:assert/strict";
import { test } from "node:test";
import { cleanLabel, cleanText } from "./label.ts";
import type { LabelData } from "./label.ts";

const PARTY = { name: "陈**", phone: "161******36", address: "浙江省杭州市***" };
const LABEL: LabelData = {
  carrier: "北辰物流",
  waybillNumber: "YT1234567890123",
  sortCode: "",
  destination: "杭州市",
  recipient: PARTY,
  sender: PARTY,
  goods: "",
  orderNumber: "",
  printedAt: "2026-11-23 14:05",
  printNumber: 1,
  token: "",
  remark: "",
};

test("P1: what no eye can see does not reach the label", () => {
  assert.equal(cleanText("\ufeff 陈\u200b**\r\n\t(\u202e门口) "), "陈** (门口)");
  assert.equal(cleanText("e\u0301"), "\u00e9");
});

test("P1: a cleaned label holds the known fields only and cannot be changed any more", () => {
  const withMore = { ...LABEL, identityCard: "must not travel" };
  const clean = cleanLabel(withMore);
  assert.ok(!("identityCard" in clean));
  assert.ok(
    Object.isFrozen(clean) && Object.isFrozen(clean.recipient) && Object.isFrozen(clean.sender),
  );
});

test("P14: a print number that does not count is a mistake of the program", () => {
  for (const printNumber of [0, -1, 1.5, Number.NaN]) {
    assert.throws(() => cleanLabel({ ...LABEL, printNumber }), RangeError);
  }
});
