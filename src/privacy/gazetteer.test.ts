import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { buildGazetteer, resolveDivision } from "./gazetteer.ts";

const TABLE = readFileSync(
  new URL("../../assets/divisions/divisions.tsv", import.meta.url),
  "utf8",
);
const GAZETTEER = buildGazetteer(TABLE);

/* Places are real, doors and houses are invented. */
const ADDRESSES: readonly (readonly [text: string, code: string])[] = [
  ["江苏省苏州市姑苏区平江路8号", "320508"],
  ["江苏苏州姑苏区平江路8号", "320508"],
  ["苏州市姑苏区平江路8号", "320508"],
  ["义乌市稠城街道某某路1号", "330782"],
  ["义乌青蛙南路1号", "330782"],
  ["浙江省富阳市某某路1号", "330111"],
  ["上海上海市徐汇区某某路1号", "310104"],
  ["北京市海淀区某某路1号", "110108"],
  ["重庆市县酉阳土家族苗族自治县某某镇", "500242"],
  ["河南省省直辖县级行政区划济源市沁园路1号", "419001"],
  ["广东省东莞市长安镇某某路1号", "441900"],
  ["新疆维吾尔自治区喀什地区喀什市某某路1号", "653101"],
  ["内蒙呼和浩特市新城区某某街1号", "150102"],
  ["台灣省台北市信義區某某路1號", "710107"],
  ["香港特别行政区九龙油尖旺区某某道1号", "810005"],
  ["收件地址:浙江省杭州市西湖区某某路1号", "330106"],
  ["江西省南昌市西湖区某某路1号", "360103"],
];

/* Former names, short forms, zones and the Corps, as addresses still write them. */
const ALIASES: readonly (readonly [text: string, code: string])[] = [
  ["上海闸北区某某路1号", "310106"],
  ["沈阳市新城子区某某街1号", "210113"],
  ["邢台市桥东区某某路1号", "130502"],
  ["大同市城区某某街1号", "140213"],
  ["内蒙古呼伦贝尔盟海拉尔区某某路1号", "150702"],
  ["恩施州利川市某某路1号", "422802"],
  ["巴州库尔勒市某某路1号", "652801"],
  ["酉阳县某某镇1号", "500242"],
  ["郑州市高新区某某大道1号", "410172"],
  ["河南省郑州市高新技术开发区某某大道1号", "410172"],
  ["苏州高新区某某路1号", "320505"],
  ["新疆生产建设兵团第八师石河子市北泉镇某某路1号", "659001"],
  ["新疆兵团第一师阿拉尔市某某路1号", "659002"],
  ["浙江-杭州-西湖区杭州市西湖区某某路1号", "330106"],
];

const NO_DIVISION = [
  "",
  "某某大厦",
  "3号楼2单元",
  "中山市场3号",
  "北京东路8号",
  "第一师范学院",
  "\u{d83d}",
] as const;

test("divisions: full, short, repeated and former names give the county", () => {
  for (const [text, code] of ADDRESSES) {
    assert.equal(resolveDivision(text, GAZETTEER)?.code, code, text);
  }
});

test("divisions: former and short names, zones and the Corps give the county of today", () => {
  for (const [text, code] of ALIASES) {
    assert.equal(resolveDivision(text, GAZETTEER)?.code, code, text);
  }
});

test("divisions: a road before a county's name is no part of it", () => {
  const text = "杭州市某某路西湖区8号";
  assert.equal(resolveDivision(text, GAZETTEER)?.end, text.indexOf("某某路"));
});

test("divisions: a road or a market named after a city is no division", () => {
  for (const text of NO_DIVISION) assert.equal(resolveDivision(text, GAZETTEER), null, text);
});

test("divisions: names are official and the end lies after the last division", () => {
  const text = "浙江杭州余杭区仓前街道某某路1号";
  const found = resolveDivision(text, GAZETTEER);
  assert.deepEqual(found, {
    code: "330110",
    prov: "浙江省",
    city: "杭州市",
    district: "余杭区",
    town: "仓前街道",
    end: text.indexOf("某某路"),
  });
});

test("divisions: a county that cities share is told apart by its town, or left open", () => {
  assert.equal(resolveDivision("朝阳区麦子店街道某某路1号", GAZETTEER)?.code, "110105");
  assert.equal(resolveDivision("朝阳区某某路1号", GAZETTEER), null);
});

test("P2: resolving never throws and its end stays inside the text", () => {
  const unit = fc.oneof(
    fc.constantFrom("浙江", "省", "杭州", "市", "区", "县", "西湖", "街道", "镇", " ", "-", "一"),
    fc.string({ unit: "binary", maxLength: 4 }),
  );
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 60 }), (units) => {
      const text = units.join("");
      const found = resolveDivision(text, GAZETTEER);
      assert.ok(found === null || found.end <= text.length);
    }),
  );
});

test("divisions: the full table gives all counties", () => {
  assert.ok(GAZETTEER.byCode.size > 3000);
});
