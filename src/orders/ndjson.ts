import type { FailureCode } from "../rules/failure.ts";
import { meaningOf, normaliseHeading, type ColumnOverrides } from "./columns.ts";
import type { Field } from "./field.ts";

/** Longest line, in UTF-16 units. */
export const LINE_CHARS_MAX = 65_536;

export interface NdjsonRow {
  /** As an editor counts, from 1. */
  readonly line: number;
  readonly fields: ReadonlyMap<Field, string>;
  /** Set when the line could not be read; `field` is "row" when it is the line as a whole. */
  readonly problem: { readonly field: Field | "row"; readonly code: FailureCode } | null;
}

/** Reads JSON Lines that arrive in pieces with `\n` line ends; every line is one object. */
export class NdjsonReading {
  readonly #keys: KeyMemory;
  #text = "";
  #line = 1;
  #skipping = false;

  constructor(overrides: ColumnOverrides = new Map()) {
    this.#keys = new KeyMemory(overrides);
  }

  /** Takes the next piece of text and gives the lines that are complete by now. */
  push(text: string): NdjsonRow[] {
    const rows: NdjsonRow[] = [];
    const whole = this.#text + text;
    let at = 0;
    for (let end = whole.indexOf("\n"); end >= 0; end = whole.indexOf("\n", at)) {
      this.#take(whole.slice(at, end), rows);
      at = end + 1;
    }
    this.#text = whole.slice(at);
    if (this.#text.length > LINE_CHARS_MAX) this.#skip(rows);
    return rows;
  }

  /** Gives the last line when it has no line end. */
  end(): NdjsonRow[] {
    const rows: NdjsonRow[] = [];
    this.#take(this.#text, rows);
    return rows;
  }

  #take(text: string, rows: NdjsonRow[]): void {
    const line = this.#line++;
    const skipped = this.#skipping;
    this.#skipping = false;
    if (skipped || text.trim() === "") return;
    if (text.length > LINE_CHARS_MAX) rows.push(refused(line, "row", "ROW_TOO_LONG"));
    else rows.push(readLine(line, text, this.#keys));
  }

  #skip(rows: NdjsonRow[]): void {
    if (!this.#skipping) rows.push(refused(this.#line, "row", "ROW_TOO_LONG"));
    this.#skipping = true;
    this.#text = "";
  }
}

function refused(line: number, field: Field | "row", code: FailureCode): NdjsonRow {
  return { line, fields: new Map(), problem: { field, code } };
}

function readLine(line: number, text: string, keys: KeyMemory): NdjsonRow {
  const value = parseObject(text);
  if (value === undefined) {
    const garbled = text.includes("\uFFFD");
    return refused(line, "row", garbled ? "ENCODING_BROKEN" : "JSON_BROKEN");
  }
  const found = new Map<Field, { rank: number; text: string }>();
  for (const [key, content] of flatEntries(value)) {
    const meaning = keys.meaning(key);
    if (meaning === undefined || content === null || content === "") continue;
    const plain = plainText(content);
    if (plain === undefined) return refused(line, meaning.field, "FIELD_NOT_TEXT");
    const known = found.get(meaning.field);
    if (known === undefined || meaning.rank < known.rank) {
      found.set(meaning.field, { rank: meaning.rank, text: plain });
    }
  }
  const fields = new Map([...found].map(([field, best]): [Field, string] => [field, best.text]));
  return { line, fields, problem: null };
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    // What JSON.parse says quotes the line, so it is not passed on.
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The entries, with those of one nested level named `outer.inner`: {receiver:{name}}. */
function flatEntries(value: object): [string, unknown][] {
  return Object.entries(value).flatMap(([key, content]: [string, unknown]) =>
    isObject(content)
      ? Object.entries(content).map(([inner, deep]): [string, unknown] => [`${key}.${inner}`, deep])
      : [[key, content] satisfies [string, unknown]],
  );
}

/** Numbers that JSON cannot hold exactly have lost digits already, so they are refused. */
function plainText(content: unknown): string | undefined {
  if (typeof content === "string") return content;
  return Number.isSafeInteger(content) ? String(content) : undefined;
}

const KEYS_MAX = 1_000;

interface KeyMeaning {
  readonly field: Field;
  readonly rank: number;
}

/** Remembers what keys mean, because every line of a file has the same ones. */
class KeyMemory {
  readonly #overrides: ReadonlyMap<string, Field>;
  readonly #overridden: ReadonlySet<Field>;
  readonly #seen = new Map<string, KeyMeaning | undefined>();

  constructor(overrides: ColumnOverrides) {
    this.#overridden = new Set(overrides.keys());
    this.#overrides = new Map(
      [...overrides].map(([field, heading]) => [normaliseHeading(heading), field]),
    );
  }

  meaning(key: string): KeyMeaning | undefined {
    if (this.#seen.has(key)) return this.#seen.get(key);
    const meaning = this.#lookUp(key);
    if (this.#seen.size < KEYS_MAX) this.#seen.set(key, meaning);
    return meaning;
  }

  #lookUp(key: string): KeyMeaning | undefined {
    const field = this.#overrides.get(normaliseHeading(key));
    if (field !== undefined) return { field, rank: 0 };
    const meaning = meaningOf(key);
    return meaning === undefined || this.#overridden.has(meaning.field) ? undefined : meaning;
  }
}
