import assert from "node:assert/strict";
import { test } from "node:test";
import { unitSet, wordAt, wordBefore, words, wordsFromHead, wordsFromTail } from "./word-table.ts";

const LIST = words("号 号楼 楼", "号楼门");
const ENTRIES = LIST.map((word) => [word, word.length] as const);

test("P3: the longest word of a table is found from its head and from its tail", () => {
  const heads = wordsFromHead(ENTRIES);
  const tails = wordsFromTail(ENTRIES);
  assert.equal(wordAt(heads, "3号楼门", { at: 1, to: 4 }), 3);
  assert.equal(wordAt(heads, "3号楼门", { at: 1, to: 3 }), 2);
  assert.equal(wordAt(heads, "3号楼门", { at: 0, to: 4 }), undefined);
  assert.equal(wordAt(heads, "3号楼", { at: 9, to: 12 }), undefined);
  assert.equal(wordBefore(tails, "3号楼", { from: 0, end: 3 }), 2);
  assert.equal(wordBefore(tails, "3号楼", { from: 2, end: 3 }), 1);
  assert.equal(wordBefore(tails, "3号楼", { from: 0, end: 0 }), undefined);
});

test("P2: a word that no table can hold is refused when the table is made", () => {
  assert.throws(() => wordsFromHead([["一二三四五六七八九", 1]]), RangeError);
});

test("P3: a set of units knows its members only", () => {
  const set = unitSet("路街");
  assert.deepEqual(
    [..."路街巷"].map((sign) => set[sign.charCodeAt(0)]),
    [1, 1, 0],
  );
});
