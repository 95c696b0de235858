import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { CsvSplitting, ROW_CHARS_MAX, type CsvRow } from "./csv.ts";

function split(text: string, pieceChars = text.length || 1): CsvRow[] {
  const splitting = new CsvSplitting();
  const rows: CsvRow[] = [];
  for (let at = 0; at < text.length; at += pieceChars) {
    rows.push(...splitting.push(text.slice(at, at + pieceChars)));
  }
  return [...rows, ...splitting.end()];
}

function cells(text: string): (readonly string[])[] {
  return split(text).map((row) => row.cells);
}

const cell = fc.string({ unit: fc.constantFrom("a", "云", ",", ";", '"', "\n", " ", "𠮷", "1") });
const table = fc.integer({ min: 2, max: 5 }).chain((width) =>
  fc.array(fc.array(cell, { minLength: width, maxLength: width }), {
    minLength: 1,
    maxLength: 8,
  }),
);

function written(rows: readonly (readonly string[])[], always: boolean): string {
  return rows
    .map((row) =>
      row.map((text) =>
        always || /[",\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text,
      ),
    )
    .map((row) => `${row.join(",")}\n`)
    .join("");
}

test("P16: splits well-formed CSV as csv-parse does, in pieces of any size", () => {
  const heading = "甲,乙\n";
  fc.assert(
    fc.property(table, fc.boolean(), fc.integer({ min: 1, max: 9 }), (rows, always, piece) => {
      const text = heading + written(rows, always);
      const expected: string[][] = parse(text, { relax_column_count: true });
      assert.deepEqual(
        split(text, piece).map((row) => row.cells),
        expected,
      );
    }),
  );
});

test("P16: commas, tabs and semicolons are told apart by the first line", () => {
  assert.deepEqual(cells("a\tb,c\td\n1\t2\t3"), [
    ["a", "b,c", "d"],
    ["1", "2", "3"],
  ]);
  assert.deepEqual(cells('"a,a";b;c\n1;2;3\n'), [
    ["a,a", "b", "c"],
    ["1", "2", "3"],
  ]);
  assert.deepEqual(cells("a title\na\tb\n"), [["a title"], ["a", "b"]]);
  assert.deepEqual(cells("one\n"), [["one"]]);
});

test("P16: line numbers are those of an editor", () => {
  const rows = split('h,i\n\n"a\nb",1\n"c\n\n\nd",2\ne,3');
  assert.deepEqual(
    rows.map((row) => row.line),
    [1, 2, 3, 5, 9],
  );
});

test("P16: quotation marks that hurt nobody are read as they were meant", () => {
  assert.deepEqual(cells('5" disc,"big" box,x\n'), [['5" disc', "big box", "x"]]);
});

test("P16: an unclosed quotation mark costs its own line and no other", () => {
  const text = `h,i\n1,"open\n${"2,fine\n".repeat(20_000)}`;
  for (const piece of [1_000, text.length]) {
    const rows = split(text, piece);
    assert.equal(rows.length, 20_002);
    assert.deepEqual(
      rows.filter((row) => row.problem !== null),
      [{ line: 2, cells: [], problem: "ROW_QUOTE_BROKEN" }],
    );
  }
});

test("P16: a stray mark that meets another one lines later gives the lines back", () => {
  const rows = split('h,i\n1,"open\n2,fine\n3,"also" open"x\n4,"ok"\n');
  assert.deepEqual(
    rows.map((row) => [row.line, row.problem]),
    [
      [1, null],
      [2, "ROW_QUOTE_BROKEN"],
      [3, null],
      [4, null],
      [5, null],
    ],
  );
});

test("P16: a line past its bound is refused once and the next is read", () => {
  const text = `h,i\n${"x".repeat(ROW_CHARS_MAX * 3)}\n1,2\n`;
  for (const piece of [10_000, text.length]) {
    assert.deepEqual(
      split(text, piece).map((row) => [row.line, row.cells.length, row.problem]),
      [
        [1, 2, null],
        [2, 0, "ROW_TOO_LONG"],
        [3, 2, null],
      ],
    );
  }
});

test("P2: no text makes it throw, lose a line or depend on the size of the pieces", () => {
  const text = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\t", "云") });
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 5 }), (body, piece) => {
      const whole = `h,i\n${body}`;
      assert.deepEqual(split(whole, piece), split(whole));
      const starts = split(whole).map((row) => row.line);
      assert.deepEqual(
        starts,
        starts.toSorted((a, b) => a - b),
      );
      assert.equal(new Set(starts).size, starts.length);
    }),
    { numRuns: 500 },
  );
});
