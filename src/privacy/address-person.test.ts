import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { maskAddress } from "./address.ts";
import { buildGazetteer } from "./gazetteer.ts";
import { PROFILES } from "./mask-profile.ts";

const GAZETTEER = buildGazetteer(
  readFileSync(new URL("../../assets/divisions/divisions.tsv", import.meta.url), "utf8"),
);
/* No segment begins with 1390000; names and places behind the road are invented. */
const MOBILE = "139" + "00000123";
const NAMES = [
  ..."苗阿满 苗女士 苗总 四哥 板栗 小胖 阿强 老苗 糖糖 豆豆妈 开心果 大头儿子 欧阳阿满".split(" "),
  "苗",
  "一二",
  "小A",
  "Tom",
  "阿依古丽·苗木提",
];
const PLACES = [
  "江苏省苏州市姑苏区平江路88号青蛙湾5栋301",
  "青蛙湾5栋301",
  "江苏省苏州市姑苏区某某镇青蛙村",
  "江苏省苏州市姑苏区平江路88号青蛙超市",
];

type Form = (name: string, place: string) => string;

const FORMS: Readonly<Record<string, Form>> = {
  "glued behind the place": (name, place) => place + name + MOBILE,
  "behind the number": (name, place) => place + MOBILE + name,
  "between blanks": (name, place) => `${place} ${name} ${MOBILE}`,
  "between commas": (name, place) => `${place},${name},${MOBILE}`,
  "after number and comma": (name, place) => `${place},${MOBILE},${name}`,
  "in brackets": (name, place) => `${place}(${name}${MOBILE})`,
  "in brackets alone": (name, place) => `${place}(${name})${MOBILE}`,
  "at the beginning": (name, place) => name + MOBILE + place,
  "at the beginning with blanks": (name, place) => `${name} ${MOBILE} ${place}`,
  "between number and place": (name, place) => MOBILE + name + place,
  "between number and place, blanks": (name, place) => `${MOBILE} ${name} ${place}`,
  "after a label": (name, place) => `${place}联系人${name}电话${MOBILE}`,
  "before 收": (name, place) => `${place}${name}收${MOBILE}`,
  "before 电话": (name, place) => `${place}${name} 电话:${MOBILE}`,
  "before a number with dashes": (name, place) => `${place}${name}139-0000-0123`,
  "before a number with blanks": (name, place) => `${place}${name}139 0000 0123`,
  "before a number in numerals": (name, place) => `${place}${name}一三九零零零零零一二三`,
  "before a landline": (name, place) => `${place}${name}0512-65000123`,
  "at the beginning, number at the end": (name, place) => `${name},${place},${MOBILE}`,
};

for (const [form, build] of Object.entries(FORMS)) {
  test(`P1: a name ${form} is hidden with the number`, () => {
    let looked = 0;
    for (const name of NAMES) {
      for (const place of PLACES) {
        const text = build(name, place);
        const at = build("\u0001", place).indexOf("\u0001");
        const { masked } = maskAddress(text, PROFILES.gb41833, GAZETTEER);
        assert.notEqual(masked.slice(at, at + name.length), name, text);
        assert.doesNotMatch(masked, /\d{5}|0000|零{3}/, text);
        looked += 1;
      }
    }
    assert.equal(looked, NAMES.length * PLACES.length);
  });
}

test("P1: rooms glued to a number, and numbers glued to a room, are hidden with it", () => {
  for (const text of [
    `青蛙湾5栋301${MOBILE}`,
    `青蛙湾5栋${MOBILE}301`,
    `青蛙湾5栋301四哥${MOBILE}`,
  ]) {
    assert.match(maskAddress(text, PROFILES.gb41833, GAZETTEER).masked, /^青蛙湾5栋\*+$/, text);
  }
});

test("P3: a number alone hides no division and no road", () => {
  const text = `江苏省苏州市姑苏区平江路88号,${MOBILE}`;
  const { masked } = maskAddress(text, PROFILES.gb41833, GAZETTEER);
  assert.equal(masked, `江苏省苏州市姑苏区平江路88号,${"*".repeat(MOBILE.length)}`);
});

test("P1: the owner's name in the name of a shop is hidden, the trade stays", () => {
  const rows = [
    ["平江路88号张三五金店501", "平江路88号**五金店***"],
    ["青蛙湾5栋张小花水果店", "青蛙湾5栋***水果店"],
    ["平江路88号江南水果店", "平江路88号江南水果店"],
    ["平江路88号白云山大药房", "平江路88号白云山大药房"],
  ] as const;
  for (const [text, masked] of rows)
    assert.equal(maskAddress(text, PROFILES.gb41833, GAZETTEER).masked, masked);
});
