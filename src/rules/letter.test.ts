import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDay } from "./calendar.ts";
import type { Day } from "./calendar.ts";
import { coverageOf } from "./coverage.ts";
import { draftLetter, LETTER_PARTS } from "./letter.ts";
import type { LetterFacts, LetterSection } from "./letter.ts";

const day = (text: string): Day => {
  const parsed = parseDay(text);
  assert.ok(parsed !== null);
  return parsed;
};

const FACTS: LetterFacts = {
  number: "示例检行公建〔2026〕1号",
  agency: "示例市邮政管理局",
  procuratorate: "示例市人民检察院",
  source: "deputy-transfer",
  campaign: {
    name: "第一次抽查",
    seed: "2026-05-06 甲",
    lookedOn: day("2026-05-06"),
    outlets: 12,
  },
  carriers: [
    { carrier: "示例甲速运", figure: coverageOf({ x: 10, n: 100 }, "gb41833") },
    { carrier: "示例乙快递", figure: coverageOf({ x: 12, n: 100 }, "gb41833") },
  ],
  total: coverageOf({ x: 22, n: 200 }, "gb41833"),
  switchHolder: "headquarters",
  refusals: 3,
  unread: [],
  waits: [
    {
      organisation: "示例甲速运第一网点",
      filedOn: day("2026-05-10"),
      answeredOn: day("2026-06-20"),
      asOf: day("2026-06-30"),
    },
    {
      organisation: "示例乙快递第二网点",
      filedOn: day("2026-05-11"),
      answeredOn: null,
      asOf: day("2026-06-30"),
    },
  ],
  oldRows: 5000,
  laws: ["pipl-51", "market-36", "gb-41833"],
  urgent: false,
  issuedOn: day("2026-12-31"),
  suggestion: "统一电子运单加密标准",
};

function partOf(facts: LetterFacts, part: LetterSection["part"], language: "zh" | "en"): string {
  const section = draftLetter(facts).sections.find((one) => one.part === part);
  return (section?.paragraphs ?? []).map((paragraph) => paragraph[language]).join("\n");
}

test("CASE-9: a letter has the eight parts in their order, none empty in either language", () => {
  const { sections } = draftLetter(FACTS);
  assert.deepEqual(
    sections.map(({ heading }) => heading.zh),
    [
      "行政机关名称",
      "案件来源",
      "公益受损事实",
      "认定不依法履职的事实和理由",
      "法律依据",
      "建议的具体内容",
      "整改期限",
      "其他需要说明的事项",
    ],
  );
  assert.equal(Object.keys(LETTER_PARTS).length, 8);
  for (const { paragraphs, part } of sections) {
    assert.ok(paragraphs.length > 0, part);
    for (const { zh, en } of paragraphs) assert.ok(zh.length > 0 && en.length > 0, part);
  }
});

test("CASE-10: every figure has count, level and intervals, and the claim its bound", () => {
  for (const language of ["zh", "en"] as const) {
    const lines = partOf(FACTS, "harm", language).split("\n").slice(1);
    assert.equal(lines.length, 3);
    for (const line of lines) {
      assert.match(line, /gb41833 L2/);
      assert.match(line, /Wilson [\d.]+ %–[\d.]+ %/);
      assert.match(line, /Clopper-Pearson [\d.]+ %–[\d.]+ %/);
    }
  }
  assert.match(partOf(FACTS, "harm", "zh"), /200 件中 22 件合规.*覆盖率低于 90 %/);
  const nine = { ...FACTS, total: coverageOf({ x: 900, n: 1000 }, "gb41833") };
  assert.match(partOf(nine, "harm", "en"), /over 90 % not shown/);
});

test("CASE-4: the term is two months to the calendar, 15 days when urgent", () => {
  assert.match(partOf(FACTS, "term", "zh"), /两个月内.*2027-02-28/);
  assert.match(partOf({ ...FACTS, urgent: true }, "term", "en"), /15 days.*2027-01-15/);
});

test("CASE-9: waits are counted in days, and what was not looked at is not said", () => {
  const omission = partOf(FACTS, "omission", "zh");
  assert.match(omission, /等待 41 日/);
  assert.match(omission, /已等待 50 日,总部仍未答复/);
  assert.match(omission, /5000 行/);
  assert.doesNotMatch(partOf({ ...FACTS, oldRows: null }, "omission", "zh"), /历史订单表/);
  assert.doesNotMatch(partOf({ ...FACTS, suggestion: null }, "other", "zh"), /代表建议/);
});

test("CASE-9: of carriers that show nothing nothing is counted, and that is said", () => {
  const unread = { refusals: null, waits: [], unread: ["示例甲速运", "示例乙快递"] } as const;
  const omission = partOf({ ...FACTS, ...unread }, "omission", "zh");
  assert.doesNotMatch(omission, /被系统拒绝/);
  assert.match(omission, /示例甲速运、示例乙快递未向本院开放/);
  assert.doesNotMatch(partOf(FACTS, "omission", "zh"), /未向本院开放/);
});

test("CASE-9: a recommended standard is not passed off as a duty", () => {
  const lines = partOf(FACTS, "law", "zh").split("\n");
  assert.deepEqual(
    lines.map((line) => line.includes("推荐性标准")),
    [false, false, true],
  );
});

test("CASE-9: without a finding or a provision no letter is drafted", () => {
  assert.throws(() => draftLetter({ ...FACTS, carriers: [] }), RangeError);
  assert.throws(() => draftLetter({ ...FACTS, laws: [] }), RangeError);
});
