import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { PROFILES } from "./mask-profile.ts";
import type { NameKind } from "./name-shape.ts";
import { looksLikeName, maskName } from "./name.ts";
import {
  COMMON_SURNAMES,
  COMPOUND_SURNAMES,
  RARE_SURNAMES,
  USUAL_SURNAMES,
} from "./surname-table.ts";

const ANY_TEXT = fc.oneof(
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc
    .array(fc.constantFrom(..."张王欧阳女士先生公司店·. 小老aB*１号𠮷"))
    .map((parts) => parts.join("")),
);

test("P1: every name hides at least one Chinese character, a letter where there is none", () => {
  fc.assert(
    fc.property(ANY_TEXT, fc.constantFrom(...Object.values(PROFILES)), (text, profile) => {
      const { masked } = maskName(text, profile);
      // What a star stands for in 张*B is hidden already.
      if (text.includes("*")) {
        assert.ok(masked.includes("*"));
        return;
      }
      const hidden = text.replace(/[^]/g, (unit, at: number) => (masked[at] === "*" ? unit : ""));
      if (/\p{Script=Han}/u.test(text)) assert.match(hidden, /\p{Script=Han}/u);
      else if (/\p{L}/u.test(text)) assert.notEqual(masked, text);
    }),
  );
});

test("P1: a title with no name before it is the name, also where the title stays", () => {
  for (const text of ["１先生", "1女士", "-先生", "（小姐"])
    assert.equal(maskName(text, PROFILES.strict).masked, "*".repeat(text.length), text);
});

test("P2: a mask keeps its length and shows only what stood there", () => {
  fc.assert(
    fc.property(ANY_TEXT, fc.constantFrom(...Object.values(PROFILES)), (text, profile) => {
      const { masked } = maskName(text, profile);
      assert.equal(masked.length, text.length);
      for (let at = 0; at < text.length; at += 1) {
        assert.ok(masked[at] === "*" || masked[at] === text[at]);
      }
    }),
  );
});

test("P3: the first character or a compound surname stays, the given name does not", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["陈小满", "陈**"],
    ["陈满", "陈*"],
    ["欧阳满", "欧阳*"],
    ["歐陽小滿", "歐陽**"],
    ["欧阳", "欧*"],
    ["满", "*"],
    ["陈先生", "陈**"],
    [" 陈小满 ", " 陈** "],
    ["陈 小满", "陈 **"],
    ["艾山·吐尔洪", "艾*****"],
    ["Mary", "M***"],
    ["M", "*"],
    ["M先生", "M**"],
    ["李A", "**"],
    ["1号", "**"],
    ["𠮷田", "𠮷*"],
    ["张*", "张*"],
  ];
  for (const [plain, masked] of cases) {
    assert.equal(maskName(plain, PROFILES.gb41833).masked, masked, plain);
  }
});

test("P3: strict leaves a title and nothing of the name", () => {
  assert.equal(maskName("陈小满女士", PROFILES.strict).masked, "***女士");
  assert.equal(maskName("陈帅", PROFILES.strict).masked, "**");
  assert.equal(maskName("陈小满女士", PROFILES.full).masked, "*****");
});

test("P3: the kind of a name is told apart", () => {
  const cases: readonly (readonly [string, NameKind])[] = [
    ["陈小满", "person"],
    ["艾山·吐尔洪", "person"],
    ["陈老师", "person"],
    ["老陈", "person"],
    ["Mary Lamb", "person"],
    ["松竹文具店", "org"],
    ["松竹科技有限公司", "org"],
    ["Pine & Bamboo Ltd", "org"],
    ["12345", "unsure"],
  ];
  for (const [text, kind] of cases) {
    assert.equal(maskName(text, PROFILES.gb41833).kind, kind, text);
  }
});

test("P3: runs that are names score above runs that are not", () => {
  const names = ["陈小满", "欧阳满", "陈女士", "周晓梅", "艾山·吐尔洪"];
  const others = ["放门口", "电话", "三单元", "松竹花园", "请放到", "12号", "", "快递柜"];
  const lowest = Math.min(...names.map(looksLikeName));
  const highest = Math.max(...others.map(looksLikeName));
  assert.ok(lowest > 0.6, String(lowest));
  assert.ok(highest < 0.35, String(highest));
});

test("P2: names of any length are masked in linear time", () => {
  const started = process.cpuUsage().user;
  const long = "欧阳".repeat(500_000);
  assert.equal(maskName(long, PROFILES.gb41833).masked.length, long.length);
  assert.ok((process.cpuUsage().user - started) / 1000 < 2_000);
});

test("P3: the surname table equals the file it was made from", () => {
  const path = new URL("../../assets/names/surnames.json", import.meta.url);
  // The file is ours and its two tables map a surname to its weight.
  const source = JSON.parse(readFileSync(path, "utf8")) as {
    single: Record<string, number>;
    compound: Record<string, number>;
  };
  const singles = Object.entries(source.single);
  const tier = (low: number, high: number): string =>
    singles.flatMap(([name, weight]) => (weight >= low && weight < high ? [name] : [])).join("");
  assert.equal(COMMON_SURNAMES, tier(100, Number.POSITIVE_INFINITY));
  assert.equal(USUAL_SURNAMES, tier(20, 100));
  assert.equal(RARE_SURNAMES, tier(0, 20));
  assert.deepEqual(COMPOUND_SURNAMES.split(" "), Object.keys(source.compound));
});
