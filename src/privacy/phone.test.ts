import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { openNumbers } from "./lint-number.ts";
import { PROFILES } from "./mask-profile.ts";
import type { PhoneKind } from "./phone-scan.ts";
import { findPhones, maskPhone, maskPhoneField, normalisePhone } from "./phone.ts";

const ANY_TEXT = fc.oneof(
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc
    .array(fc.constantFrom(..."0123456789+-() ,#转分机１３８一三八零𝟏"), { maxLength: 60 })
    .map((parts) => parts.join("")),
);
const MOBILE = fc.integer({ min: 13_000_000_000, max: 19_999_999_999 }).map(String);
const DIGIT = /\p{Nd}/gu;

function hiddenDigits(plain: string, masked: string): number {
  return (plain.match(DIGIT)?.length ?? 0) - (masked.match(DIGIT)?.length ?? 0);
}

test("P1: a mobile hides six digits or more however it is written", () => {
  const dress = fc.constantFrom(
    (n: string) => n,
    (n: string) => `+86${n}`,
    (n: string) => `0086 ${n}`,
    (n: string) => `(+86)${n}`,
    (n: string) => `0${n}`,
    (n: string) => `17951${n}`,
    (n: string) => `${n.slice(0, 3)}-${n.slice(3, 7)}-${n.slice(7)}`,
    (n: string) => `${n.slice(0, 3)} ${n.slice(3, 7)} ${n.slice(7)}`,
    (n: string) => n.replace(/\d/g, (d) => String.fromCharCode(d.charCodeAt(0) + 0xfee0)),
    (n: string) => n.split("").join(" "),
  );
  fc.assert(
    fc.property(MOBILE, dress, (number, write) => {
      const plain = write(number);
      const masked = maskPhone(plain, PROFILES.gb41833);
      assert.ok(hiddenDigits(plain, masked) >= 6, `${plain.length} units`);
      assert.deepEqual(normalisePhone(plain), { digits: number, extension: "" });
    }),
  );
});

test("P1: extensions are hidden whole", () => {
  for (const join of ["-", "转", " 转 ", "#", "_", ",", "分机", "分机号", "（转", " ext. "]) {
    const plain = `17000001234${join}5678`;
    const masked = maskPhone(plain, PROFILES.gb41833);
    assert.ok(masked.startsWith("170******34"), join);
    assert.doesNotMatch(masked.slice(11), /\d/, join);
    assert.deepEqual(normalisePhone(plain), { digits: "17000001234", extension: "5678" }, join);
  }
  assert.equal(maskPhone("[5678]17000001234", PROFILES.gb41833), "[****]170******34");
  assert.equal(normalisePhone("$17000001234$#5678#")?.extension, "5678");
});

test("P2: no field makes the mask throw, grow, or show more than five digits of a number", () => {
  fc.assert(
    fc.property(ANY_TEXT, fc.constantFrom(...Object.values(PROFILES)), (text, profile) => {
      const masked = maskPhone(text, profile);
      assert.equal(masked.length, text.length);
      normalisePhone(text);
      for (const run of masked.matchAll(/\d{6,}/g)) assert.fail(`${run[0].length} digits in a row`);
    }),
  );
});

test("P2: what is no number in a phone field is hidden, name and all", () => {
  assert.equal(maskPhone("陈小满13800001234", PROFILES.gb41833), "***138******34");
  assert.equal(maskPhone("号码不详", PROFILES.gb41833), "****");
  assert.equal(maskPhone("123456", PROFILES.gb41833), "******");
  assert.equal(maskPhone("㏕㎞", PROFILES.gb41833), "**");
  assert.equal(maskPhone("", PROFILES.gb41833), "");
  assert.equal(maskPhone("138****1234", PROFILES.gb41833), "***********");
});

test("P2: scanning stays linear on long hostile text", () => {
  const started = process.cpuUsage().user;
  for (const part of ["1", "(", "+86", "0-", "1 3 ", "一", "[1234]", "13800001234-"]) {
    findPhones(part.repeat(100_000 / part.length));
  }
  assert.ok((process.cpuUsage().user - started) / 1000 < 3_000);
});

test("P3: kinds, digits and extensions are read", () => {
  const cases: readonly (readonly [string, PhoneKind, string, string])[] = [
    ["13800001234", "mobile", "13800001234", ""],
    ["+86-138 0000 1234", "mobile", "13800001234", ""],
    ["(138)0000-1234", "mobile", "13800001234", ""],
    ["138_0000_1234", "mobile", "13800001234", ""],
    ["086-13800001234", "mobile", "13800001234", ""],
    ["4001-123-123", "hotline", "4001123123", ""],
    ["一三八零零零零一二三四", "mobile", "13800001234", ""],
    ["17000001234转567", "virtual", "17000001234", "567"],
    ["010-60001234", "landline", "01060001234", ""],
    ["(0755)60001234-801", "landline", "075560001234", "801"],
    ["+86-755-60001234", "landline", "075560001234", ""],
    ["400-600-1234", "hotline", "4006001234", ""],
    ["+852 6000 1234", "hk", "60001234", ""],
    ["853-60001234", "mo", "60001234", ""],
    ["0912000123", "tw", "0912000123", ""],
    ["+886 912000123", "tw", "0912000123", ""],
    ["1440000001234", "iot", "1440000001234", ""],
    ["60001234", "landline", "60001234", ""],
    ["+1 202 600 1234", "unknown", "12026001234", ""],
  ];
  for (const [text, kind, digits, extension] of cases) {
    const field = normalisePhone(text);
    assert.deepEqual(field, { digits, extension }, text);
    const found = findPhones(text)[0];
    if (text !== "60001234") assert.equal(found?.kind, kind, text);
  }
});

test("P3: running text gives its phones and nothing else", () => {
  const text = "订单20260102030405 共3件 电话13800001234,或010-60001234转8,住12号楼301";
  const found = findPhones(text).map((match) => text.slice(match.start, match.end));
  assert.deepEqual(found, ["13800001234", "010-60001234转8"]);
  for (const plain of [
    "11010119900101123X",
    "2026-01-02 10:20:30",
    "3.1415926535",
    "12 34 56 78 90 1",
  ]) {
    assert.deepEqual(findPhones(plain), [], plain);
  }
});

test("P1: a mobile glued to another or to a door is a number still, and the lint sees it", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["1390000012313900000124", ["13900000123", "13900000124"]],
    ["收1390000012313900000124收", ["13900000123", "13900000124"]],
    ["青蛙139000001233栋501", ["13900000123"]],
    ["139000001232单元", ["13900000123"]],
    ["13900000123501室", ["13900000123"]],
    ["单号13900000123123", []],
  ];
  for (const [text, numbers] of cases) {
    assert.deepEqual(
      findPhones(text).map(({ digits }) => digits),
      numbers,
      text,
    );
    assert.deepEqual(openNumbers(text), numbers.length === 0 ? [] : ["phone"], text);
  }
});

test("P1: a field said to be virtual keeps one number readable and nothing beside it", () => {
  const mobile = "139" + "00000123";
  const read = (text: string): string =>
    maskPhoneField(text, PROFILES.gb41833, { source: "virtual" }).masked;
  assert.equal(read(mobile), mobile);
  assert.equal(read("17000001234转5678"), "17000001234转5678");
  assert.equal(read("苗阿满"), "***");
  assert.equal(read(`苗阿满 ${mobile}`), "*** 139******23");
  assert.equal(read(`17000001234转5678/${mobile}`), "170******34转****/139******23");
});
