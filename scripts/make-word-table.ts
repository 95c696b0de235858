/**
 * Writes src/privacy/common-word-table.ts from the dictionary of jieba (MIT):
 * `node scripts/make-word-table.ts dict.txt`, where dict.txt lies in the source package of jieba
 * 0.42.1. Words of two characters that are no persons' names show where a name begins and ends.
 */

import { readFileSync, writeFileSync } from "node:fs";

/** Occurrences in the corpus of the dictionary; rarer words are as likely parts of names. */
const COUNT_MIN = 60;
const LINE_CHARS = 90;
const TARGET = "src/privacy/common-word-table.ts";
const HEAD = `/**
 * Common words of two characters, grouped by the first: the group's head, its second characters and
 * a blank. Made by scripts/make-word-table.ts from the dictionary of jieba 0.42.1 (MIT, NOTICE).
 */
export const COMMON_WORDS =
`;

function wordsOf(dictionary: string): ReadonlyMap<string, string> {
  const groups = new Map<string, string>();
  for (const line of dictionary.split("\n")) {
    const [word = "", count, tag = ""] = line.trim().split(" ");
    if (word.length !== 2 || Number(count) < COUNT_MIN || tag.startsWith("nr")) continue;
    const [first = "", second = ""] = word;
    if (!/^[\u4e00-\u9fff]{2}$/.test(word)) continue;
    groups.set(first, (groups.get(first) ?? "") + second);
  }
  return groups;
}

const [path = ""] = process.argv.slice(2);
const groups = wordsOf(readFileSync(path, "utf8"));
const text = [...groups].map(([first, seconds]) => first + seconds).join(" ");
const lines = text.match(new RegExp(`.{1,${LINE_CHARS}}`, "gs")) ?? [];
if (lines.length === 0) throw new RangeError("the dictionary holds no words");
writeFileSync(TARGET, `${HEAD}${lines.map((line) => `  ${JSON.stringify(line)}`).join(" +\n")};\n`);
process.stdout.write(`${TARGET}: ${text.length} characters\n`);
