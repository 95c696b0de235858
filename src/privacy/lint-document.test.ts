import assert from "node:assert/strict";
import { test } from "node:test";
import { openNumbers } from "./lint-number.ts";

test("P1: numbers of documents are refused on a label, full-width and spaced too", () => {
  for (const text of [
    "H12345678",
    "寄件人证 Ｍ１２３４５６７８",
    "h1234 5678",
    "M-12345678-01",
    "护照E12345678",
    "护照号码:E 1234 5678",
    "passport no. G87654321",
    "台胞证 01234567",
    "台湾居民来往大陆通行证号:01234567",
    "外国人永久居留证 USA110080010112",
    "91350100M000100Y43",
    "9135 0100 M000 100Y 43",
    "９１３５０１００Ｍ０００１００Ｙ４３",
    "11010519491231002X",
    "１１０１０５　１９４９１２３１　００２Ｘ",
  ]) {
    assert.ok(openNumbers(text).includes("identity"), text);
  }
});

test("P1: waybill, order and article numbers are none, and neither is a hidden document", () => {
  for (const text of [
    "SDK26000001003",
    "DPK202611281234",
    "SF1234567890123",
    "H1234567",
    "HM12345678",
    "M123456789",
    "护照 E1*****78",
    "91350100M000100Y44",
    "通行证已核验",
    "请出示证件,周一至周五",
    "20261128",
  ]) {
    assert.equal(openNumbers(text).includes("identity"), false, text);
  }
});
