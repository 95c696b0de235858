import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { buildGazetteer } from "./gazetteer.ts";
import { maskLine, type LineEntity } from "./line.ts";
import { PROFILES } from "./mask-profile.ts";

const GAZETTEER = buildGazetteer(
  readFileSync(new URL("../../assets/divisions/divisions.tsv", import.meta.url), "utf8"),
);
const LONG_TEXT_CHARS = 10_000;
const LONG_TEXT_MAX_MS = 300;

const PHONE = "139" + "00000123";
const MASKED_PHONE = "139******23";
/* The regions are real, persons, roads and doors are invented. */
const NAMES = ["苗阿满", "苗满", "欧阳小满", "钱多多"];
const REGION = "江苏省苏州市姑苏区";
const DETAIL = "平江路88号青蛙湾小区3号楼2单元1201室";

function mask(text: string): ReturnType<typeof maskLine> {
  return maskLine(text, PROFILES.gb41833, GAZETTEER);
}

function textOf(line: string, entities: readonly LineEntity[], label: string): readonly string[] {
  return entities
    .filter(([each]) => each === label)
    .map(([, start, end]) => line.slice(start, end));
}

const ORDERS: readonly (readonly [first: number, second: number, third: number])[] = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

test("P1: name, number and address are found in any order, with and without signs", () => {
  for (const name of NAMES) {
    for (const order of ORDERS) {
      for (const sign of ["", " ", "，", "\n"]) {
        const parts = [name, PHONE, REGION + DETAIL];
        const line = order.map((index) => parts[index]).join(sign);
        const { masked, entities } = mask(line);
        assert.deepEqual(textOf(line, entities, "name"), [name], line);
        assert.deepEqual(textOf(line, entities, "phone"), [PHONE], line);
        assert.deepEqual(textOf(line, entities, "detail"), [DETAIL], line);
        assert.ok(masked.includes(MASKED_PHONE), line);
        assert.ok(masked.includes(`${REGION}平江路88号青蛙湾小区3号楼********`), masked);
        assert.ok(!masked.includes(name), line);
      }
    }
  }
});

test("P1: labels, several lines and nicknames", () => {
  const labelled = `收货人:苗阿满\n手机:${PHONE}\n地址:${REGION}平江路8号`;
  assert.equal(mask(labelled).masked, `收货人:苗**\n手机:${MASKED_PHONE}\n地址:${REGION}平江路8号`);
  assert.equal(mask(`阿满 ${PHONE} ${REGION}平江路8号`).masked.slice(0, 2), "阿*");
});

test("a number that touches a numeral or a room is still a number", () => {
  assert.ok(mask(`苗阿满${PHONE}四川省成都市青羊区某某路8号`).masked.includes(MASKED_PHONE));
  const glued = mask(`${REGION}青蛙湾3栋501${PHONE}苗阿满`);
  assert.ok(glued.masked.includes(`青蛙湾3栋***${MASKED_PHONE}`), glued.masked);
});

test("divisions are labelled one by one", () => {
  const line = `苗阿满${PHONE}${REGION}平江路8号`;
  const { entities } = mask(line);
  assert.deepEqual(textOf(line, entities, "prov"), ["江苏省"]);
  assert.deepEqual(textOf(line, entities, "city"), ["苏州市"]);
  assert.deepEqual(textOf(line, entities, "district"), ["姑苏区"]);
});

const PIECES = fc.oneof(
  fc.constantFrom(
    "苗阿满",
    "张三",
    PHONE,
    "浙江省",
    "杭州市",
    "西湖区",
    "路",
    "8号",
    "301",
    " ",
    "，",
  ),
  fc.constantFrom("收货人", ":", "电话", "先生", "欧阳", "·", "a", "一"),
  fc.string({ unit: "binary", maxLength: 3 }),
);
const ANY_TEXT = fc.array(PIECES, { maxLength: 30 }).map((pieces) => pieces.join(""));

test("P2: no line throws; masks keep the length, entities are in order", () => {
  fc.assert(
    fc.property(ANY_TEXT, fc.constantFrom(...Object.values(PROFILES)), (text, profile) => {
      const { masked, entities } = maskLine(text, profile, GAZETTEER);
      assert.equal(masked.length, text.length);
      for (let at = 0; at < text.length; at += 1) {
        assert.ok(masked[at] === "*" || masked[at] === text[at]);
      }
      let end = 0;
      for (const [, from, to] of entities) {
        assert.ok(end <= from && from < to && to <= text.length);
        end = to;
      }
    }),
  );
});

test("P2: a name that is a sign alone ends the address before it", () => {
  const { entities } = mask("一:·西湖区杭州市");
  assert.deepEqual(entities, [
    ["detail", 0, 1],
    ["name", 2, 3],
    ["district", 3, 6],
    ["city", 6, 9],
  ]);
});

test("P2: a mobile number keeps at most five digits wherever it stands", () => {
  fc.assert(
    fc.property(ANY_TEXT, ANY_TEXT, (before, after) => {
      const masked = mask(`${before} ${PHONE} ${after}`).masked;
      const shown = masked.slice(before.length + 1, before.length + 1 + PHONE.length);
      assert.ok(shown.replace(/[^0-9]/g, "").length <= 5, shown);
    }),
  );
});

test("P2: a very long line is masked in linear time", () => {
  for (const unit of ["一", "1", "张三 ", "浙江省", `${PHONE} `, "-"]) {
    const text = unit.repeat(LONG_TEXT_CHARS / unit.length);
    const start = performance.now();
    assert.equal(mask(text).masked.length, text.length);
    assert.ok(performance.now() - start < LONG_TEXT_MAX_MS, unit);
  }
});
