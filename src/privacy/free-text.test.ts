import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FREE_TEXT_MAX_CHARS, maskText, maskTextWith } from "./free-text.ts";
import { buildGazetteer } from "./gazetteer.ts";
import { PROFILES, type MaskProfile } from "./mask-profile.ts";

/** Strings of any UTF-16 units, lone surrogates and controls included. */
const ANY_UNITS = fc
  .array(fc.integer({ min: 0, max: 0xffff }))
  .map((units) => String.fromCharCode(...units));
const GAZETTEER = buildGazetteer("");

function mask(text: string, profile: MaskProfile = PROFILES.gb41833): string {
  return maskText(text, profile, GAZETTEER).masked;
}

function found(text: string): readonly string[] {
  return maskText(text, PROFILES.gb41833, GAZETTEER).entities.map(
    ([label, start, end]) => `${label} ${text.slice(start, end)}`,
  );
}

test("P2: remarks lose names, numbers and rooms and keep the rest", () => {
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ["请打电话给陈小满13800001234", ["name 陈小满", "phone 13800001234"]],
    ["放门口,谢谢", []],
    ["不要放快递柜,送货上门", []],
    ["发票抬头青禾纸品有限公司", ["org 发票抬头青禾纸品有限公司"]],
    ["收件人:周晓梅,电话010-60001234转8", ["name 周晓梅", "phone 010-60001234转8"]],
    ["证件990001199003070028", ["id 990001199003070028"]],
    ["护照号: G00000001", ["id G00000001"]],
    ["发到 xiaoman@example.com", ["email xiaoman@example.com"]],
    ["改送梅花路8号3栋2单元501", ["address 梅花路8号3栋2单元501"]],
    ["陈女士代收", ["name 陈女士"]],
    ["联系人:欧阳小满", ["name 欧阳小满"]],
    ["不通就打我老公陈明13900001234", ["name 陈明", "phone 13900001234"]],
    ["放物业前台陈姐", ["name 陈姐"]],
    ["门禁密码 5678", ["id 5678"]],
    ["微信号 pine_2001", ["id pine_2001"]],
    ["放502室门口", ["address 放502室"]],
    ["放502门口", ["address 502"]],
    ["送2-3-502", ["address 2-3-502"]],
    ["麻烦送到3-502", ["address 3-502"]],
    ["2栋/502", ["address 2栋/502"]],
    ["Room 502", ["address Room 502"]],
    ["满300送200", []],
    ["陈三丰收", ["name 陈三丰"]],
    ["楼下保安李某收", ["name 李某"]],
    ["请查收,周末收,本人收,门卫收", []],
    ["艾山·吐尔洪收", ["name 艾山·吐尔洪"]],
    ["红色3件 蓝色2件 共128.50元", []],
    ["高兴就好,成功下单,周末送", []],
  ];
  for (const [text, expected] of rows) assert.deepEqual(found(text), expected, text);
});

test("P3: each kind of entity is masked by its own rule", () => {
  assert.equal(mask("请打电话给陈小满13800001234"), "请打电话给陈**138******34");
  assert.equal(mask("证件990001199003070028"), "证件******************");
  assert.equal(mask("发到 a.b@example.com 吧"), "发到 *.*@*******.*** 吧");
  assert.equal(mask("找陈小满拿", PROFILES.strict), "找***拿");
  assert.equal(mask("找陈小满拿, 3 件", PROFILES.full), "*****, * *");
  assert.doesNotMatch(mask("改送梅花路8号3栋2单元501"), /501/);
});

test("P1: a remark in which the lint still finds a number is hidden whole", () => {
  for (const remark of ["有事 138/0000/1234", "138****1234 打", "❶❸❽⓿⓿⓿⓿❶❷❸❹ 谢谢"])
    assert.doesNotMatch(mask(remark), /[\p{L}\p{N}]/u, remark);
  assert.equal(mask("12-500 33/44/55"), "12-500 33/44/55");
});

test("P3: door and receiver of a note for the courier are hidden", () => {
  assert.equal(mask("请放2栋3单元502 陈三丰收"), "请放2栋****** 陈**收");
  assert.equal(mask("梅花路8号2栋, 502"), "梅花路8号2栋, ***");
  assert.equal(mask("2栋5 0 2"), "2栋* * *");
});

test("P2: any text keeps its length, its entities lie in order, nothing throws", () => {
  const piece = fc.constantFrom(
    ..."陈小满 13800001234 梅花路8号3栋501室 990001199003070028 a@b.cn 有限公司 · 请给 找 \ud800 𠮷 １３８ 一二三".split(
      " ",
    ),
  );
  const text = fc.oneof(
    ANY_UNITS,
    fc.array(piece, { maxLength: 30 }).map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(text, fc.constantFrom(...Object.values(PROFILES)), (plain, profile) => {
      const { masked, entities } = maskText(plain, profile, GAZETTEER);
      assert.equal(masked.length, plain.length);
      let last = 0;
      for (const [, start, end] of entities) {
        assert.ok(last <= start && start < end && end <= plain.length);
        last = end;
      }
      for (let at = 0; at < plain.length; at += 1) {
        assert.ok(masked[at] === "*" || masked[at] === plain[at]);
      }
    }),
  );
});

test("P1: a phone in a remark never keeps more than five digits", () => {
  const number = fc.integer({ min: 13_000_000_000, max: 19_999_999_999 }).map(String);
  fc.assert(
    fc.property(number, fc.constantFrom("电话", "打", "→", "", "陈"), (phone, lead) => {
      const digits = mask(`${lead}${phone},谢谢`).match(/\d/g) ?? [];
      assert.ok(digits.length <= 5);
    }),
  );
});

test("P2: long texts are read in linear time and over the bound are hidden whole", () => {
  // Time of the processor: other work on the machine must not fail the test.
  const started = process.cpuUsage().user;
  for (const part of [
    "陈",
    "陈小满",
    "1",
    "路1号",
    "a@",
    "公司",
    "青禾",
    "·艾",
    "(",
    "一",
    "村路",
    "街道",
  ]) {
    mask(part.repeat(50_000 / part.length));
  }
  assert.equal(mask("陈".repeat(FREE_TEXT_MAX_CHARS + 1)), "*".repeat(FREE_TEXT_MAX_CHARS + 1));
  assert.ok(process.cpuUsage().user - started < 12_000_000);
});

test("P3: spans say what was found, how surely and why", () => {
  const { spans, entities } = maskText(
    "联系人:周晓梅,微信 pine_river",
    PROFILES.gb41833,
    GAZETTEER,
  );
  assert.deepEqual(
    spans.map(({ kind, reason }) => `${kind} ${reason}`),
    ["name cue", "wechat cue"],
  );
  assert.deepEqual(
    entities.map(([label]) => label),
    ["name", "id"],
  );
  assert.ok(spans.every(({ confidence }) => confidence > 0 && confidence <= 1));
});

test("P2: cards, plates and accounts are told from other numbers", () => {
  const kinds = (text: string): readonly string[] =>
    maskText(text, PROFILES.gb41833, GAZETTEER).spans.map(({ kind }) => kind);
  assert.deepEqual(kinds("990001199003070028"), ["identity-card"]);
  assert.deepEqual(kinds("990001199003070027"), []);
  assert.deepEqual(kinds("打款 6200 0000 0000 0000 05"), ["bank-card"]);
  assert.deepEqual(kinds("打款 6200 0000 0000 0000 04"), []);
  assert.deepEqual(kinds("车 浙Z·00X00 停地库"), ["plate"]);
  assert.deepEqual(kinds("QQ 10001000"), ["qq"]);
  assert.deepEqual(kinds("浙江A12345款"), []);
});

test("P2: a place counts when a division, a second place or a building stands with it", () => {
  const gazetteer = buildGazetteer("33\tp\t浙江省\n3301\tc\t杭州市\n330106\td\t西湖区");
  const places = (text: string): readonly string[] =>
    maskText(text, PROFILES.gb41833, gazetteer)
      .spans.filter(({ kind }) => kind === "address")
      .map(({ start, end, reason }) => `${reason} ${text.slice(start, end)}`);
  assert.deepEqual(places("送到西湖区梅影路就行"), ["division 西湖区梅影路"]);
  assert.deepEqual(places("改到枫溪镇白石村"), ["places 枫溪镇白石村"]);
  assert.deepEqual(places("道路施工,农村不派送,走高速公路"), []);
  assert.deepEqual(places("一路顺风,思路清楚"), []);
});

test("P3: a surname with a title stays where surnames may, but not at a receipt", () => {
  assert.equal(mask("赵女士说很好"), "赵女士说很好");
  assert.equal(mask("赵女士说很好", PROFILES.strict), "***说很好");
  assert.equal(mask("赵女士代收"), "赵**代收");
});

test("P2: scanned text may have letters for digits, and digits too few or too many", () => {
  const scan = (text: string): string =>
    maskTextWith(text, {
      profile: PROFILES.gb41833,
      gazetteer: GAZETTEER,
      options: { isScanned: true },
    }).masked;
  for (const number of ["l38OOOO1234", "138O0001234", "1380001234", "138000001234"])
    assert.ok((scan(`电话 ${number}`).match(/[0-9A-Za-z]/g)?.length ?? 0) <= 5, number);
  assert.equal(scan("Oil 500 ml, size XL"), "Oil 500 ml, size XL");
});

test("P1: a numeral that ends a name is no digit of the number behind it", () => {
  const mobile = "139" + "00000123";
  const rows = [
    [`张三${mobile}`, "张*139******23"],
    ["李四139-0000-0123", "李*139-****-**23"],
    ["王五1390000 0123", "王*139**** **23"],
    [`赵六${mobile}三栋`, "赵*139******23三栋"],
    ["张三一三九零零零零零一二三", "张三一三九******二三"],
    ["一三九零零零零零一二三", "一三九******二三"],
    ["联系人张三", "联系人张*"],
  ] as const;
  for (const [text, masked] of rows)
    assert.equal(maskText(text, PROFILES.gb41833, GAZETTEER).masked, masked, text);
});

test("P1: what nobody sees does not divide a name or a number", () => {
  const rows = [
    ["王\u200b小\u200b明收", "王\u200b*\u200b*收"],
    ["转交王\u202e小明 13900\u2060000123", "转交王\u202e** 139**\u2060****23"],
    ["\u{1f468}\u200d\u{1f469} 放门口", "\u{1f468}\u200d\u{1f469} 放门口"],
  ] as const;
  for (const [text, masked] of rows) {
    const read = maskText(text, PROFILES.gb41833, GAZETTEER);
    assert.equal(read.masked, masked);
    for (const [, start, end] of read.entities) assert.ok(start < end && end <= text.length);
  }
});
