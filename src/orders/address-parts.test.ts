import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { joinAddress, type AddressParts } from "./address-parts.ts";

function join(...texts: readonly string[]): string {
  const [province = "", city = "", district = "", town = "", address = "", address_2 = ""] = texts;
  return joinAddress({ province, city, district, town, address, address_2 });
}

const WHOLE = "浙江省杭州市西湖区翠柏路8号";

test("P16: division columns and the detail are joined without doubling", () => {
  for (const detail of [
    "翠柏路8号",
    "西湖区翠柏路8号",
    "杭州市西湖区翠柏路8号",
    "浙江省杭州市西湖区翠柏路8号",
    "浙江省 杭州市 西湖区 翠柏路8号",
    "浙江杭州市西湖区翠柏路8号",
    "杭州西湖区翠柏路8号",
  ]) {
    assert.equal(join("浙江省", "杭州市", "西湖区", "", detail), WHOLE, detail);
  }
  assert.equal(join("浙江省", "杭州市", "西湖区", "", WHOLE), WHOLE);
});

test("P16: a road named like a division is not cut", () => {
  const cases = [
    [["广东省", "深圳市", "南山区", "", "深圳市场路3号"], "广东省深圳市南山区深圳市场路3号"],
    [["江苏省", "南京市", "玄武区", "", "北京东路5号"], "江苏省南京市玄武区北京东路5号"],
    [["北京", "", "朝阳区", "", "北京路7号"], "北京朝阳区北京路7号"],
  ] as const;
  for (const [parts, whole] of cases) assert.equal(join(...parts), whole);
});

test("P16: municipalities and placeholders of the statistics are said once", () => {
  assert.equal(join("北京市", "北京市", "朝阳区", "", "甲一路2号"), "北京市朝阳区甲一路2号");
  assert.equal(join("北京", "北京市", "朝阳区", "", "甲一路2号"), "北京市朝阳区甲一路2号");
  assert.equal(join("上海市", "市辖区", "静安区", "", "甲一路2号"), "上海市静安区甲一路2号");
});

test("P16: a second line follows the first, a Latin address keeps its order", () => {
  assert.equal(join("", "", "", "", "甲一路2号", "3栋401"), "甲一路2号 3栋401");
  assert.equal(join("", "", "", "", "甲一路2号3栋401", "3栋401"), "甲一路2号3栋401");
  assert.equal(
    join("Zhejiang", "Hangzhou", "Xihu District", "", "8 Cuibai Road", "Room 401"),
    "8 Cuibai Road Room 401, Xihu District, Hangzhou, Zhejiang",
  );
});

test("P2: no part of the detail is lost that is not said by a division column", () => {
  const division = fc.constantFrom("", "浙江省", "杭州市", "西湖区", "杭州", "市辖区", "转塘街道");
  const parts: fc.Arbitrary<AddressParts> = fc.record({
    province: division,
    city: division,
    district: division,
    town: division,
    address: fc.tuple(division, division, fc.string()).map((texts) => texts.join("")),
    address_2: fc.constant(""),
  });
  fc.assert(
    fc.property(parts, fc.stringMatching(/^[0-9]{3}$/u), (given, mark) => {
      assert.ok(joinAddress({ ...given, address: `${given.address}${mark}` }).includes(mark));
    }),
  );
});
