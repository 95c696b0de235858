import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { buildGazetteer } from "./gazetteer.ts";
import { lintPrintable, type LintField } from "./lint.ts";
import { PROFILES, type MaskProfile } from "./mask-profile.ts";
import { maskName } from "./name.ts";
import { maskPhone } from "./phone.ts";

/** Strings of any UTF-16 units, lone surrogates and controls included. */
const ANY_UNITS = fc
  .array(fc.integer({ min: 0, max: 0xffff }))
  .map((units) => String.fromCharCode(...units));
const GAZETTEER = buildGazetteer("");

function rules(
  kind: LintField["kind"],
  text: string,
  profile: MaskProfile = PROFILES.gb41833,
): string {
  const found = lintPrintable([{ zone: "recipient", kind, text }], profile, GAZETTEER);
  return [...new Set(found.map((finding) => finding.rule))].join();
}

function expectRules(kind: LintField["kind"], rows: readonly (readonly [string, string])[]): void {
  assert.ok(rows.length > 0);
  for (const [text, expected] of rows) assert.equal(rules(kind, text), expected, text);
}

test("P1: a name with nothing hidden is refused", () => {
  expectRules("name", [
    ["陈小满", "W2"],
    ["Mary", "W2"],
    ["陈女士", "W2"],
    ["陈**", ""],
    ["*小满", "W2"],
    ["陈小满*", "W2"],
    ["陈小*", "W2"],
    ["陈*满", "W2"],
    ["欧阳**", ""],
    ["*女士", ""],
    ["青**店", ""],
    ["青***有限公司", ""],
    ["陈*店", "W2"],
    ["M*** *****", ""],
    ["M*** Smith", "W2"],
    ["陈*501", "W2"],
    ["陈●●", ""],
    ["***", ""],
    ["", ""],
    ["陈*13800001234", "W2,W3"],
  ]);
});

test("P1: a phone that hides fewer than six digits is refused", () => {
  expectRules("phone", [
    ["138****5678", "W3"],
    ["13800001234", "W3"],
    ["１３８００００１２３４", "W3"],
    ["138-****-1234", "W3"],
    ["13*******64", ""],
    ["138******78", ""],
    ["1******5678", ""],
    ["+86 138-****-**34", ""],
    ["170******34-****", ""],
    ["170****1234-****", "W3"],
    ["170****1234转****", "W3"],
    ["138******34/139****1234", "W3"],
    ["138******34,139******12", ""],
    ["6000****", "W3"],
    ["60******", ""],
    ["010-******34", ""],
    ["0755-****1234", "W3"],
    ["陈小满", "W3"],
    ["", ""],
  ]);
});

test("P1: an address with a readable unit, door or room is refused", () => {
  expectRules("address", [
    ["梅花路8号3栋2单元501", "W4"],
    ["梅花路8号3栋*单元501室", "W4"],
    ["梅花路8号3栋1201", "W4"],
    ["梅花路8号3号楼1201", "W4"],
    ["梅花小区3-1-1201", "W4"],
    ["梅花小区三单元", "W4"],
    ["梅花路8号A座1203", "W4"],
    ["梅花路8号3栋5层", "W4"],
    ["梅花路８号３栋５０１室", "W4"],
    ["梅花小区6栋3号", "W4"],
    ["梅花路8号梅苑88号101", "W4"],
    ["梅花文创园2301", "W4"],
    ["梅苑5一1一901", "W4"],
    ["梅花路1702", ""],
    ["竹林村八房五组", ""],
    ["梅花路8号4幢624幢", ""],
    ["梅花路8号3栋*单元***", ""],
    ["梅花路8号3栋*********", ""],
    ["梅花路8-2号3号楼", ""],
    ["梅花镇竹林村12号", ""],
    ["梅花小区3栋****13800001234", "W3"],
    ["2栋3楼", "W4"],
    ["2栋五楼", "W4"],
    ["2栋/501", "W4"],
    ["2栋, 501", "W4"],
    ["2栋5 0 1", "W4"],
    ["2栋五零一", "W4"],
    ["8/1/702", "W4"],
    ["Room 501", "W4"],
    ["梅花路8号2栋3号楼***", ""],
    ["梅花路8号12栋/13栋***", ""],
  ]);
});

test("P1: open text with a phone, an identity card or an e-mail address is refused", () => {
  expectRules("text", [
    ["放门口,有事打13800001234", "W3"],
    ["有事打138 0000 1234", "W3"],
    ["有事打010-60001234", "W3"],
    ["有事打138****1234", "W3"],
    ["证件990001199003070012", ""],
    ["证件99000119900307001X", "W1"],
    ["写信 xiaoman@example.com", "W1"],
    ["订单2026010203040506078", ""],
    ["文具 3 件,易碎", ""],
  ]);
});

test("P1: no sign, script or prefix carries a whole number past the lint", () => {
  expectRules("text", [
    ["138.0000.1234", "W3"],
    ["138,0000,1234", "W3"],
    ["138/0000/1234", "W3"],
    ["138_0000_1234", "W3"],
    ["138–0000—1234", "W3"],
    ["138·0000·1234", "W3"],
    ["1 3 8 0 0 0 0 1 2 3 4", "W3"],
    ["8613800001234", "W3"],
    ["+8613800001234", "W3"],
    ["08613800001234", "W3"],
    ["013800001234", "W3"],
    ["0086-138-0000-1234", "W3"],
    ["单号20261123 13800001234", "W3"],
    ["13800001234/13900001234", "W3"],
    ["\u0661\u0663\u0668\u0660\u0660\u0660\u0660\u0661\u0662\u0663\u0664", "W3"],
    ["一三八零零零零一二三四", "W3"],
    ["幺三八 零零零零 幺二三四", "W3"],
    ["❶❸❽⓿⓿⓿⓿❶❷❸❹", "W3"],
    ["138\u034f0000\ufe0f12\u206134", "W3"],
    ["1\u20e33\u20e38\u20e30\u20e30\u20e30\u20e30\u20e31\u20e32\u20e33\u20e34\u20e3", "W3"],
    ["010.6000.1234", "W3"],
    ["990001 19900307 001X", "W1,W3"],
  ]);
});

test("P1: goods, dates, sizes and amounts are no numbers of people", () => {
  expectRules("text", [
    ["12-500 33/44/55", ""],
    ["2026-11-23 14:05", ""],
    ["2026-11-23 14:05:06", ""],
    ["2026.11.23-2026.12.01", ""],
    ["150*200*30", ""],
    ["100×200×30cm", ""],
    ["160/165/170/175", ""],
    ["36/37/38/39/40", ""],
    ["138,001,380.00", ""],
    ["¥13,800,138", ""],
    ["MD260000008270", ""],
    ["YT1234567890123", ""],
    ["330-106-08 A2", ""],
    ["138******34", ""],
  ]);
});

test("P1: a code with a door is refused, one without passes", () => {
  expectRules("code", [
    ["周晓梅 2栋501", "W4"],
    ["3单元", "W4"],
    ["顺达快运", ""],
    ["571-A01-02", ""],
    ["401642356984783000", ""],
  ]);
});

test("P1: strict shows no name, digit or building, full shows nothing", () => {
  assert.equal(rules("name", "陈**", PROFILES.strict), "W2");
  assert.equal(rules("name", "*女士", PROFILES.strict), "");
  assert.equal(rules("phone", "*********34", PROFILES.strict), "W3");
  assert.equal(rules("address", "梅花路8号3栋***", PROFILES.strict), "W4");
  assert.equal(rules("address", "梅花路*****", PROFILES.strict), "");
  assert.equal(rules("address", "梅花路*****", PROFILES.full), "W4");
  assert.equal(rules("name", "***", PROFILES.full), "");
});

test("P1: what the maskers make passes in every profile", () => {
  const name = fc.stringMatching(/^[陈李王欧阳][小满梅晓林]{1,3}$/);
  const phone = fc
    .constantFrom("138", "1700", "+86139", "010-6", "0755-8", "852-6")
    .chain((head) =>
      fc.stringMatching(/^\d{8}$/).map((tail) => (head + tail).slice(0, head.length + 8)),
    );
  fc.assert(
    fc.property(
      name,
      phone,
      fc.constantFrom(...Object.values(PROFILES)),
      (plain, number, profile) => {
        assert.equal(rules("name", maskName(plain, profile).masked, profile), "");
        assert.equal(rules("phone", maskPhone(number, profile), profile), "");
      },
    ),
  );
});

test("P2: the lint never throws and stays linear", () => {
  const started = process.cpuUsage().user;
  fc.assert(
    fc.property(
      ANY_UNITS,
      fc.constantFrom("name" as const, "phone" as const, "address" as const, "text" as const),
      (text, kind) => {
        rules(kind, text);
      },
    ),
  );
  for (const part of ["1", "1-", "*", "0 ", "a@", "号"]) {
    for (const kind of ["name", "phone", "address", "text"] as const)
      rules(kind, part.repeat(1_000));
  }
  assert.equal(rules("text", "放".repeat(2_001)), "W1");
  assert.ok((process.cpuUsage().user - started) / 1000 < 3_000);
});

test("P1: the lint reads a number behind a name that ends with a numeral", () => {
  const mobile = "139" + "00000123";
  for (const text of [`张三${mobile}`, "李四1390000 0123", "张三一三九零零零零零一二三"]) {
    const fields = [{ zone: "other", kind: "text", text }] as const;
    assert.deepEqual(
      lintPrintable(fields, PROFILES.gb41833, GAZETTEER).map(({ rule }) => rule),
      ["W3"],
      text,
    );
  }
});

test("P1: beds, stalls, rooms with a letter, financial numerals and long chains are doors", () => {
  for (const text of [
    "3号宿舍楼412-3床",
    "34号摊位",
    "17号楼9b",
    "3号楼叁零壹室",
    "青蛙湾5一9一2一7",
  ]) {
    const fields = [{ zone: "recipient", kind: "address", text }] as const;
    assert.ok(
      lintPrintable(fields, PROFILES.gb41833, GAZETTEER).some(({ rule }) => rule === "W4"),
      text,
    );
  }
});
