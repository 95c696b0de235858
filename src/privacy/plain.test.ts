import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { PROFILES } from "./mask-profile.ts";
import { maskName } from "./name.ts";
import { maskPhone } from "./phone.ts";
import { parseParty, type RawParty } from "./plain.ts";

const GOOD = { name: "陈小满", phone: "13800001234", address: "松江省竹林市梅花路8号3栋2单元501" };
const TOKEN = "md10123456789abcdefghjkmnpq";

function codeOf(changed: Partial<Record<keyof RawParty, unknown>>): string {
  const reading = parseParty({ ...GOOD, ...changed });
  return reading.ok ? "ok" : `${reading.field} ${reading.code}`;
}

test("P4: a whole party is read and trimmed", () => {
  const reading = parseParty({ ...GOOD, name: " 陈小满\n", phone: 13_800_001_234 });
  assert.ok(reading.ok);
  assert.deepEqual({ ...reading.party }, GOOD);
});

test("P4: masked values and tokens are refused with their own codes", () => {
  for (const name of ["陈**", "陈*", "*小满", "陈^_^", "陈＊＊"]) {
    assert.equal(codeOf({ name }), "name MASKED_VALUE", name);
  }
  for (const phone of ["138******34", "138****1234", "138xxxx1234", "1******1234"]) {
    assert.equal(codeOf({ phone }), "phone MASKED_VALUE", phone);
  }
  for (const address of ["梅花路8号3栋*单元***", "梅花路8号3栋*", "梅花路^_^", "梅花路8号*室"]) {
    assert.equal(codeOf({ address }), "address MASKED_VALUE", address);
  }
  assert.equal(codeOf({ name: TOKEN.padEnd(29, "0") }), "name TOKEN_VALUE");
  assert.equal(codeOf({ address: TOKEN.padEnd(29, "0") }), "address TOKEN_VALUE");
});

test("P4: what the masker makes is never taken for plaintext", () => {
  const surname = fc.constantFrom(..."陈李王欧周");
  const given = fc.string({ unit: fc.constantFrom(..."小满梅晓林"), minLength: 1, maxLength: 3 });
  const number = fc.integer({ min: 13_000_000_000, max: 19_999_999_999 }).map(String);
  fc.assert(
    fc.property(surname, given, number, (family, own, phone) => {
      for (const profile of Object.values(PROFILES)) {
        assert.equal(codeOf({ name: maskName(family + own, profile).masked }), "name MASKED_VALUE");
        assert.equal(codeOf({ phone: maskPhone(phone, profile) }), "phone MASKED_VALUE");
      }
    }),
  );
});

test("P16: each field has its own refusals and bounds", () => {
  assert.equal(codeOf({ name: "" }), "name NAME_MISSING");
  assert.equal(codeOf({ name: undefined }), "name NAME_MISSING");
  assert.equal(codeOf({ name: 7 }), "name FIELD_NOT_TEXT");
  assert.equal(codeOf({ name: "满".repeat(65) }), "name NAME_TOO_LONG");
  assert.equal(codeOf({ name: "陈\u0000满" }), "name FIELD_CONTROL");
  assert.equal(codeOf({ name: "陈\u202e满" }), "name FIELD_CONTROL");
  assert.equal(codeOf({ name: "陈\ud800" }), "name FIELD_CONTROL");
  assert.equal(codeOf({ phone: null }), "phone PHONE_MISSING");
  assert.equal(codeOf({ phone: "1".repeat(41) }), "phone PHONE_TOO_LONG");
  assert.equal(codeOf({ phone: 1.5 }), "phone FIELD_NOT_TEXT");
  for (const phone of ["123456", "号码不详", "95000", "1380000123"]) {
    assert.equal(codeOf({ phone }), "phone PHONE_INVALID", phone);
  }
  assert.equal(codeOf({ phone: "17000001234-5678" }), "ok");
  assert.equal(codeOf({ address: "  " }), "address ADDRESS_MISSING");
  assert.equal(codeOf({ address: "路".repeat(301) }), "address ADDRESS_TOO_LONG");
});

test("P2: parsing never throws, whatever is sent", () => {
  fc.assert(
    fc.property(fc.anything(), fc.anything(), fc.anything(), (name, phone, address) => {
      assert.equal(typeof parseParty({ name, phone, address }).ok, "boolean");
    }),
  );
});
