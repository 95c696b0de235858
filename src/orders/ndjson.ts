import type { FailureCode } from "../rules/failure.ts";
import { meaningOf, normaliseHeading, type ColumnOverrides } from "./columns.ts";
import type { Field } from "./field.ts";
import { platformOf } from "../rules/platform.ts";
import type { Platform } from "../rules/platform.ts";
import { fieldsAt, placesOf, shapeOf } from "./platform-place.ts";

/** Longest line, in UTF-16 units. */
export const LINE_CHARS_MAX = 65_536;

interface Found {
  readonly text: string;
  /** Of the key that said it; a lower one is better. */
  readonly rank: number;
}

export interface NdjsonRow {
  /** As an editor counts, from 1. */
  readonly line: number;
  readonly found: ReadonlyMap<Field, Found>;
  /** Set when the line could not be read; `field` is "row" when it is the line as a whole. */
  readonly problem: { readonly field: Field | "row"; readonly code: FailureCode } | null;
}

/** Reads JSON Lines that arrive in pieces with `\n` line ends; every line is one object. */
export class NdjsonReading {
  readonly #keys: KeyMemory;
  readonly #platform: Platform | null;
  #text = "";
  #line = 1;
  #skipping = false;

  /** `platform` is whose shape every line has that does not name another. */
  constructor(overrides: ColumnOverrides = new Map(), platform: Platform | null = null) {
    this.#keys = new KeyMemory(overrides);
    this.#platform = platform;
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
    else rows.push(this.#read(line, text));
  }

  #read(line: number, text: string): NdjsonRow {
    const value = parseObject(text);
    if (value === undefined) {
      const garbled = text.includes("\uFFFD");
      return refused(line, "row", garbled ? "ENCODING_BROKEN" : "JSON_BROKEN");
    }
    const mayBePlatforms = this.#platform !== null || PLATFORM_HINT.test(text);
    return mayBePlatforms ? this.document(line, value) : { line, ...readFields(value, this.#keys) };
  }

  /** Reads one document that was parsed already; its place counts as its line. */
  document(line: number, value: object): NdjsonRow {
    const shaped = readShaped(value, this.#keys, this.#platform);
    return { line, ...(shaped ?? readFields(value, this.#keys)) };
  }

  #skip(rows: NdjsonRow[]): void {
    if (!this.#skipping) rows.push(refused(this.#line, "row", "ROW_TOO_LONG"));
    this.#skipping = true;
    this.#text = "";
  }
}

function refused(line: number, field: Field | "row", code: FailureCode): NdjsonRow {
  return { line, found: new Map(), problem: { field, code } };
}

/** Words of which every platform's shape has one; most lines have none and are not searched. */
const PLATFORM_HINT = /platform|oaid|address_?id|ewaybill|_mask"|mask_post|encrypt|desensitise/iu;

type ReadFields = Omit<NdjsonRow, "line">;

function unread(field: Field): ReadFields {
  return { found: new Map(), problem: { field, code: "FIELD_NOT_TEXT" } };
}

function readFields(value: object, keys: KeyMemory): ReadFields {
  const found = new Map<Field, Found>();
  const wrong = collectAll(found, value, keys);
  return wrong === undefined ? { found, problem: null } : unread(wrong);
}

function collectAll(found: Map<Field, Found>, value: object, keys: KeyMemory): Field | undefined {
  let first: Field | undefined;
  for (const [key, content] of entriesOf(value)) {
    const wrong = isObject(content)
      ? collectNested(found, content, keys.inside(key))
      : collect(found, keys.meaning(key), content);
    first ??= wrong;
  }
  return first;
}

/** One order in the shape of a platform, filled up with keys of ours; null when it has none. */
function readShaped(value: object, keys: KeyMemory, named: Platform | null): ReadFields | null {
  const places = placesOf(value);
  const platform = platformOf(places.get("platform") ?? "") ?? named ?? shapeOf(places);
  if (platform === null) return null;
  const found = new Map<Field, Found>();
  // A platform nests its own words elsewhere; what does not read as ours is no error of ours.
  collectAll(found, value, keys);
  for (const [field, [text]] of fieldsAt(places, platform)) {
    if (text === null) return unread(field);
    if (text !== undefined) found.set(field, { text, rank: 0 });
  }
  found.set("platform", { text: platform, rank: 0 });
  return { found, problem: null };
}

function entriesOf(value: object): [string, unknown][] {
  return Object.entries(value);
}

/** The fields of one nested level, named `outer.inner`: {receiver:{name}}. */
function collectNested(
  found: Map<Field, Found>,
  value: object,
  keys: KeyMemory,
): Field | undefined {
  for (const [key, content] of entriesOf(value)) {
    const wrong = collect(found, keys.meaning(key), content);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

/** Keeps the content when no better key said the field; gives the field when it is no text. */
function collect(
  found: Map<Field, Found>,
  meaning: KeyMeaning | undefined,
  content: unknown,
): Field | undefined {
  if (meaning === undefined || content === null || content === "") return undefined;
  const text = plainText(content);
  if (text === undefined) return meaning.field;
  const known = found.get(meaning.field);
  if (known === undefined || meaning.rank < known.rank) {
    found.set(meaning.field, { rank: meaning.rank, text });
  }
  return undefined;
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

/** Numbers that JSON cannot hold exactly have lost digits already, so they are refused. */
function plainText(content: unknown): string | undefined {
  if (typeof content === "string") return content;
  return Number.isSafeInteger(content) ? String(content) : undefined;
}

const KEYS_MAX = 1_000;
const OUTER_KEYS_MAX = 50;
const KEY_CHARS_MAX = 64;

interface KeyMeaning {
  readonly field: Field;
  readonly rank: number;
}

/** Remembers what keys mean, because every line of a file has the same ones. */
class KeyMemory {
  readonly #overrides: ColumnOverrides;
  readonly #prefix: string;
  readonly #seen = new Map<string, KeyMeaning | undefined>();
  readonly #inside = new Map<string, KeyMemory>();

  constructor(overrides: ColumnOverrides, prefix = "") {
    this.#overrides = overrides;
    this.#prefix = prefix;
  }

  meaning(key: string): KeyMeaning | undefined {
    if (key.length > KEY_CHARS_MAX) return undefined;
    const seen = this.#seen.get(key);
    if (seen !== undefined || this.#seen.has(key)) return seen;
    const meaning = this.#lookUp(`${this.#prefix}${key}`);
    if (this.#seen.size < KEYS_MAX) this.#seen.set(key, meaning);
    return meaning;
  }

  /** The memory for the keys of the object under `key`. */
  inside(key: string): KeyMemory {
    if (key.length > KEY_CHARS_MAX) return NOTHING_INSIDE;
    const seen = this.#inside.get(key);
    if (seen !== undefined) return seen;
    const memory = new KeyMemory(this.#overrides, `${key}.`);
    if (this.#inside.size < OUTER_KEYS_MAX) this.#inside.set(key, memory);
    return memory;
  }

  #lookUp(key: string): KeyMeaning | undefined {
    const name = normaliseHeading(key);
    for (const [field, heading] of this.#overrides) {
      if (normaliseHeading(heading) === name) return { field, rank: 0 };
    }
    const meaning = meaningOf(key);
    return meaning === undefined || this.#overrides.has(meaning.field) ? undefined : meaning;
  }
}

/** Stands for what lies under a key that is too long to be ours. */
const NOTHING_INSIDE = new KeyMemory(new Map(), "x".repeat(KEY_CHARS_MAX));
