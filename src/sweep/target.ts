/** What a sweep is asked to look at: one table of another system, read once from its options. */
import type { Day } from "../rules/calendar.ts";
import { Failure } from "../rules/failure.ts";
import type { PersonalKind } from "./veil.ts";

export interface PersonalColumn {
  readonly kind: PersonalKind;
  readonly name: string;
}

export interface SweepTarget {
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly PersonalColumn[];
  /** The primary key as the caller knows it, to be checked; null to take the table's own. */
  readonly key: readonly string[] | null;
  /** Only rows whose date column lies before this day (Beijing time); null for all rows. */
  readonly before: { readonly column: string; readonly day: Day } | null;
}

export interface TargetWords {
  /** `orders` or `shop.orders`, as the catalogue spells it: nothing is folded to lower case. */
  readonly table: string;
  /** `name=recipient_name,phone=recipient_phone`; a kind may come more than once. */
  readonly columns: string;
  readonly key?: string;
}

const KINDS: readonly PersonalKind[] = ["name", "phone", "address"];
const DEFAULT_SCHEMA = "public";
const COLUMNS_MAX = 20;
const KEY_COLUMNS_MAX = 8;
/** PostgreSQL, NAMEDATALEN: longer names would be cut without a word. */
const IDENTIFIER_BYTES_MAX = 63;

function identifier(text: string, option: string): string {
  const tooLong = new TextEncoder().encode(text).length > IDENTIFIER_BYTES_MAX;
  if (text === "" || tooLong || /\p{Cc}/u.test(text)) throw new Failure("USAGE", { option });
  return text;
}

function columnOf(pair: string): PersonalColumn {
  const at = pair.indexOf("=");
  const kind = KINDS.find((known) => known === pair.slice(0, at).trim());
  if (at < 1 || kind === undefined) throw new Failure("USAGE", { option: "--columns" });
  return { kind, name: identifier(pair.slice(at + 1).trim(), "--columns") };
}

function columnsOf(text: string): readonly PersonalColumn[] {
  const columns = text.split(",").map(columnOf);
  const names = new Set(columns.map(({ name }) => name));
  if (columns.length > COLUMNS_MAX || names.size !== columns.length) {
    throw new Failure("USAGE", { option: "--columns" });
  }
  return columns;
}

function keyOf(text: string): readonly string[] {
  const names = text.split(",").map((name) => identifier(name.trim(), "--key"));
  if (names.length > KEY_COLUMNS_MAX) throw new Failure("USAGE", { option: "--key" });
  return names;
}

/** Reads the words of a command line. Fails with USAGE, naming the option. */
export function parseTarget(words: TargetWords, before: SweepTarget["before"]): SweepTarget {
  const parts = words.table.split(".");
  if (parts.length > 2) throw new Failure("USAGE", { option: "--table" });
  const [first = "", second] = parts;
  if (before !== null) identifier(before.column, "--date-column");
  return {
    schema: second === undefined ? DEFAULT_SCHEMA : identifier(first, "--table"),
    table: identifier(second ?? first, "--table"),
    columns: columnsOf(words.columns),
    key: words.key === undefined ? null : keyOf(words.key),
    before,
  };
}

/** A name as PostgreSQL reads it literally: quoted, with quotes inside doubled. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
