import type { FailureCode } from "../rules/failure.ts";

/** One record. `line` is where it starts, as an editor counts, from 1. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
  /** Set when the record could not be split; `cells` is empty then. */
  readonly problem: FailureCode | null;
}

/** Longest record, in UTF-16 units, quoted line breaks included. */
export const ROW_CHARS_MAX = 65_536;

const DELIMITERS = [",", "\t", ";"] as const;
type Delimiter = (typeof DELIMITERS)[number];

/** What the reading of one record found: where the next starts, or why it could not be read. */
type Reading = { cells: string[]; next: number } | "incomplete" | "broken";

/**
 * Splits CSV text (RFC 4180, also with tabs or semicolons) that arrives in pieces and has `\n` line
 * ends. Written by hand because csv-parse reads bytes one by one and is several times slower; a
 * test holds the two equal on well-formed files.
 *
 * More lenient than the RFC where a person can still see what was meant: a quotation mark inside an
 * unquoted value is text, and so is what follows a closing one. A quoted value that swallows lines
 * and then does not end well is refused for its first line only; reading goes on at the next line,
 * so that a stray quotation mark never costs the orders after it.
 */
export class CsvSplitting {
  #text = "";
  #at = 0;
  #line = 1;
  #quote = -1;
  #skipping = false;
  #delimiter: Delimiter | null = null;

  /** Takes the next piece of text and gives the records that are complete by now. */
  push(text: string): CsvRow[] {
    return this.#read(text, false);
  }

  /** Gives the records that remain once all text was pushed. */
  end(): CsvRow[] {
    return this.#read("", true);
  }

  #read(text: string, final: boolean): CsvRow[] {
    this.#text = this.#text.slice(this.#at) + text;
    this.#at = 0;
    this.#quote = this.#text.indexOf('"');
    const rows: CsvRow[] = [];
    const delimiter = this.#delimiter ?? detectDelimiter(this.#text, final);
    if (delimiter === null) return rows;
    this.#delimiter = delimiter;
    while (this.#at < this.#text.length) {
      const row = this.#next(delimiter, final);
      if (row === "incomplete") break;
      if (row !== null) rows.push(row);
    }
    return rows;
  }

  /** The next record, null where there is none to tell of, or that more text is needed. */
  #next(delimiter: Delimiter, final: boolean): CsvRow | null | "incomplete" {
    const start = this.#at;
    const found = this.#text.indexOf("\n", start);
    if (found < 0 && !final) return this.#tooLongSoFar(start);
    const end = found < 0 ? this.#text.length : found;
    if (this.#skipping) return this.#skipTo(end);
    if (end - start > ROW_CHARS_MAX) return this.#refuse("ROW_TOO_LONG", end);
    if (this.#quote >= 0 && this.#quote < start) this.#quote = this.#text.indexOf('"', start);
    if (this.#quote < 0 || this.#quote >= end) {
      this.#at = end + 1;
      const line = this.#line++;
      return { line, cells: this.#text.slice(start, end).split(delimiter), problem: null };
    }
    return this.#quoted({ delimiter, final, end });
  }

  #quoted(how: { delimiter: Delimiter; final: boolean; end: number }): CsvRow | "incomplete" {
    const start = this.#at;
    const reading = readRecord(this.#text, start, how);
    if (reading === "incomplete") {
      const tooLong = this.#text.length - start > ROW_CHARS_MAX;
      return tooLong ? this.#refuse("ROW_QUOTE_BROKEN", how.end) : "incomplete";
    }
    if (reading === "broken" || reading.next - start > ROW_CHARS_MAX) {
      return this.#refuse("ROW_QUOTE_BROKEN", how.end);
    }
    const line = this.#line;
    this.#at = reading.next;
    this.#line += countLines(this.#text, start, reading.next);
    return { line, cells: reading.cells, problem: null };
  }

  /** Gives up the physical line that ends at `end`; reading goes on behind it. */
  #refuse(problem: FailureCode, end: number): CsvRow {
    this.#at = end + 1;
    return { line: this.#line++, cells: [], problem };
  }

  /** A line without end is reported once its bound is passed, and the rest of it thrown away. */
  #tooLongSoFar(start: number): CsvRow | null | "incomplete" {
    if (this.#text.length - start <= ROW_CHARS_MAX) return "incomplete";
    const reported = this.#skipping;
    this.#skipping = true;
    this.#at = this.#text.length;
    return reported ? null : { line: this.#line, cells: [], problem: "ROW_TOO_LONG" };
  }

  #skipTo(end: number): null {
    this.#skipping = false;
    this.#at = end + 1;
    this.#line++;
    return null;
  }
}

function readRecord(
  text: string,
  start: number,
  how: { delimiter: Delimiter; final: boolean },
): Reading {
  const cells: string[] = [];
  let at = start;
  for (;;) {
    const cell = readCell(text, at, how);
    if (typeof cell === "string") return cell;
    const spansLines = text.lastIndexOf("\n", cell.end - 1) >= start;
    if (cell.tail && spansLines) return "broken";
    cells.push(cell.value);
    if (text[cell.end] !== how.delimiter) return { cells, next: cell.end + 1 };
    at = cell.end + 1;
  }
}

interface Cell {
  readonly value: string;
  /** Where the delimiter, the line end or the end of the text stands. */
  readonly end: number;
  /** True when text followed the closing quotation mark. */
  readonly tail: boolean;
}

function readCell(
  text: string,
  at: number,
  how: { delimiter: Delimiter; final: boolean },
): Cell | "incomplete" | "broken" {
  if (text[at] !== '"') {
    const end = cellEnd(text, at, how.delimiter);
    if (end === text.length && !how.final) return "incomplete";
    return { value: text.slice(at, end), end, tail: false };
  }
  const close = closingQuote(text, at + 1);
  // A quotation mark at the very end may be the first half of a doubled one.
  if (close < 0 || (close + 1 === text.length && !how.final)) {
    return how.final ? "broken" : "incomplete";
  }
  const inside = text.slice(at + 1, close).replaceAll('""', '"');
  const end = cellEnd(text, close + 1, how.delimiter);
  if (end === text.length && !how.final) return "incomplete";
  const tail = text.slice(close + 1, end);
  return { value: inside + tail, end, tail: tail.trim() !== "" };
}

function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}

function cellEnd(text: string, from: number, delimiter: Delimiter): number {
  for (let at = from; at < text.length; at++) {
    const sign = text[at];
    if (sign === delimiter || sign === "\n") return at;
  }
  return text.length;
}

function countLines(text: string, start: number, end: number): number {
  let lines = 0;
  for (let at = text.indexOf("\n", start); at >= 0 && at < end; at = text.indexOf("\n", at + 1)) {
    lines++;
  }
  return lines;
}

/** Lines that are looked at for a delimiter; a title above the headings has none. */
const DELIMITER_LINES_MAX = 5;

/**
 * The delimiter that stands most often in the first line that has any, a comma when none has; null
 * while too little text is there to tell.
 */
function detectDelimiter(text: string, final: boolean): Delimiter | null {
  const lines = text.split("\n", DELIMITER_LINES_MAX + 1);
  const all = final || lines.length > DELIMITER_LINES_MAX || text.length > ROW_CHARS_MAX;
  const whole = all ? lines.slice(0, DELIMITER_LINES_MAX) : lines.slice(0, -1);
  for (const line of whole) {
    const bare = line.replace(/"[^"]*"/gu, "");
    const count = (sign: string): number => bare.split(sign).length - 1;
    const best = DELIMITERS.reduce((one, other) => (count(other) > count(one) ? other : one));
    if (count(best) > 0) return best;
  }
  return all ? "," : null;
}
