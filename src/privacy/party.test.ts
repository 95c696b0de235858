import assert from "node:assert/strict";
import { test } from "node:test";
import { buildGazetteer } from "./gazetteer.ts";
import { lintPrintable, type LintField } from "./lint.ts";
import { PROFILES } from "./mask-profile.ts";
import { maskParty, readParty } from "./party.ts";
import { parseParty } from "./plain.ts";

const GAZETTEER = buildGazetteer("");
const RAW = { name: "陈小满", phone: "17000001234-5678", address: "梅花路8号3栋2单元501室" };

for (const profile of Object.values(PROFILES)) {
  test(`P1: a party masked by ${profile.name} passes the lint of that profile`, () => {
    const reading = parseParty(RAW);
    assert.ok(reading.ok);
    const masked = maskParty(reading.party, profile, GAZETTEER);
    const fields = (["name", "phone", "address"] as const).map((kind): LintField => ({
      zone: "recipient",
      kind,
      text: masked[kind],
    }));
    assert.deepEqual(lintPrintable(fields, profile, GAZETTEER), []);
    assert.equal(masked.phone.length, RAW.phone.length);
  });
}

test("P3: the default shows surname, five digits and the building", () => {
  const reading = parseParty(RAW);
  assert.ok(reading.ok);
  const masked = maskParty(reading.party, PROFILES.gb41833, GAZETTEER);
  assert.equal(masked.name, "陈**");
  assert.equal(masked.phone, "170******34-****");
  assert.ok(masked.address.startsWith("梅花路8号3栋"));
  assert.doesNotMatch(masked.address, /501/);
});

test("P3: the divisions at the head of an address end where the road begins", () => {
  const gazetteer = buildGazetteer("33\tp\t浙江省\n3301\tc\t杭州市\n330106\td\t西湖区\n");
  const address = "浙江省杭州市西湖区梅花路8号3栋501室";
  const reading = parseParty({ ...RAW, address });
  assert.ok(reading.ok);
  const { divisionsEnd } = readParty(reading.party, PROFILES.gb41833, gazetteer);
  assert.equal(address.slice(0, divisionsEnd), "浙江省杭州市西湖区");
  const plain = parseParty(RAW);
  assert.ok(plain.ok);
  assert.equal(readParty(plain.party, PROFILES.gb41833, gazetteer).divisionsEnd, 0);
});
