import assert from "node:assert/strict";
import { test } from "node:test";
import { formalChinese, formalDocument, writtenDay } from "./official-document.ts";
import type { OfficialDocument } from "./official-document.ts";

const LETTER: OfficialDocument = {
  language: "zh",
  issuer: "某市人民检察院",
  title: "检察建议书",
  number: "某检建〔2026〕1号",
  addressee: "某市邮政管理局",
  parts: [{ heading: "一、案件来源", paragraphs: ["抽查发现,共 36,000 件"] }],
  signedOn: "2026年3月2日",
  seal: "(院印)",
  notes: [],
};

test("formal Chinese has full-width signs beside Chinese characters and nowhere else", () => {
  const rows = [
    ["合计:36,000 件,其中", "合计\uff1a36,000 件\uff0c其中"],
    ["覆盖率(95 % 区间 8.0 %)。", "覆盖率\uff0895\u00a0% 区间 8.0\u00a0%\uff09。"],
    ["Wilson (95 %): 0.9", "Wilson (95\u00a0%): 0.9"],
    ["种子“春,12(a):3”,共", "种子“春,12(a):3”\uff0c共"],
    ["(本次种子“甲,乙”);完", "\uff08本次种子“甲,乙”\uff09\uff1b完"],
  ] as const;
  for (const [draft, formal] of rows) assert.equal(formalChinese(draft), formal);
});

test("a document is bounded, and its English is left as it is", () => {
  assert.equal(formalDocument(LETTER).addressee, "某市邮政管理局\uff1a");
  assert.equal(formalDocument({ ...LETTER, language: "en" }).parts, LETTER.parts);
  const parts = Array.from({ length: 41 }, () => ({ heading: "一", paragraphs: [] }));
  assert.throws(() => formalDocument({ ...LETTER, parts }), RangeError);
});

test("days are written as letters write them", () => {
  assert.equal(writtenDay("2026-07-01", "zh"), "2026年7月1日");
  assert.equal(writtenDay("2026-07-01", "en"), "1 July 2026");
});
