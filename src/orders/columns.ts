import { Failure } from "../rules/failure.ts";
import { MEANINGS, type Meaning } from "./column-words.ts";
import { FIELDS, isField, type Field, type Role } from "./field.ts";

/** For each field the columns that may hold it, best first; the first that is not empty counts. */
export type ColumnMapping = Readonly<Record<Field, readonly number[]>>;

/** What `--map` says: field -> heading text, or `#n` for the n-th column counted from 1. */
export type ColumnOverrides = ReadonlyMap<Field, string>;

/** Where the shape of a platform has each field; what it withholds need have no column. */
export type PlatformColumns = ReadonlyMap<Field, readonly number[]>;

export const COLUMNS_MAX = 200;
const HEADING_CHARS_MAX = 64;
const MAP_CHARS_MAX = 4_096;

/** Traditional characters in headings of Hong Kong, Macau and Taiwan exports. */
const TRADITIONAL = "貨電話機訂單號碼運縣鎮區備註詳細聯繫絡鄉遞買賣發稱戶編號門";
const SIMPLIFIED = "货电话机订单号码运县镇区备注详细联系络乡递买卖发称户编号门";

/**
 * The form in which headings are compared: NFKC (so that 全角 letters and brackets become plain),
 * lower case, simplified characters, without what stands in brackets and without anything that is
 * not a letter or digit. `*收件人(必填)` and `Receiver_Name` become `收件人` and `receivername`.
 */
export function normaliseHeading(heading: string): string {
  return heading
    .normalize("NFKC")
    .toLowerCase()
    .replace(/\([^)]*\)|\[[^\]]*\]|【[^】]*】/gu, "")
    .replace(/[^\p{L}\p{N}]+/gu, "")
    .replace(/\p{Script=Han}/gu, (sign) => {
      const at = TRADITIONAL.indexOf(sign);
      return at < 0 ? sign : SIMPLIFIED.charAt(at);
    });
}

/** What a heading or JSON key means, or undefined when it is none of ours. */
export function meaningOf(heading: string): Meaning | undefined {
  return heading.length > HEADING_CHARS_MAX ? undefined : MEANINGS.get(normaliseHeading(heading));
}

/**
 * Reads `--map`: `recipient_phone=收货电话,order_number=#2`.
 * Throws MAP_BROKEN for a part that is not FIELD=HEADING or a field given twice, MAP_FIELD_UNKNOWN
 * for a field that does not exist; `part` counts from 1. The caller shows it and stops.
 */
export function parseMap(text: string): ColumnOverrides {
  if (text.length > MAP_CHARS_MAX) throw new Failure("MAP_BROKEN", { part: 1 });
  const overrides = new Map<Field, string>();
  for (const [index, part] of text.split(/[,，]/u).entries()) {
    const cut = part.search(/[=＝]/u);
    const field = part.slice(0, Math.max(cut, 0)).trim();
    const heading = part.slice(cut + 1).trim();
    if (cut < 1 || heading === "") throw new Failure("MAP_BROKEN", { part: index + 1 });
    if (!isField(field)) throw new Failure("MAP_FIELD_UNKNOWN", { part: index + 1 });
    if (overrides.has(field)) throw new Failure("MAP_BROKEN", { part: index + 1 });
    overrides.set(field, heading);
  }
  return overrides;
}

interface Claim {
  readonly column: number;
  readonly rank: number;
}

/**
 * Finds out which column holds which field.
 *
 * A heading that does not say whose it is (姓名, 电话, 地址) is the recipient's. When such a heading
 * stands there twice, each belongs to the party named last before it; if no party was named, nobody
 * can tell and COLUMNS_AMBIGUOUS is thrown. COLUMNS_UNKNOWN names the missing fields in `fields`
 * (`order_number` there means: neither an order number nor a waybill number). Both are for the
 * caller to show with the advice to use `--map`. Headings are never part of a failure.
 */
export function mapColumns(
  headings: readonly string[],
  overrides: ColumnOverrides = new Map(),
  platform: PlatformColumns | null = null,
): ColumnMapping {
  checkSize(headings);
  const chosen = chooseColumns(headings, overrides);
  const claims = claimColumns(headings, new Set(chosen.values()));
  const mapping = Object.fromEntries(
    FIELDS.map((field): [Field, readonly number[]] => {
      const column = chosen.get(field);
      const claimed = ranked(claims.get(field) ?? []);
      const columns = [...new Set([...(platform?.get(field) ?? []), ...claimed])];
      return [field, column === undefined ? columns : [column]];
    }),
    // Holds because FIELDS lists every Field once.
  ) as Record<Field, readonly number[]>;
  const missing = missingFields(mapping, platform === null ? NEEDED : []);
  if (missing.length > 0) throw new Failure("COLUMNS_UNKNOWN", { fields: missing.join(",") });
  return mapping;
}

function checkSize(headings: readonly string[]): void {
  if (headings.length > COLUMNS_MAX) throw new Failure("COLUMNS_TOO_MANY", { max: COLUMNS_MAX });
}

function ranked(claims: readonly Claim[]): readonly number[] {
  return claims.toSorted((a, b) => a.rank - b.rank || a.column - b.column).map((c) => c.column);
}

function chooseColumns(
  headings: readonly string[],
  overrides: ColumnOverrides,
): ReadonlyMap<Field, number> {
  const names = headings.map(normaliseHeading);
  const chosen = new Map<Field, number>();
  for (const [field, heading] of overrides) {
    const number = /^#(\d{1,3})$/u.exec(heading)?.[1];
    const column =
      number === undefined ? names.indexOf(normaliseHeading(heading)) : Number(number) - 1;
    if (column < 0 || column >= headings.length) {
      throw new Failure("COLUMNS_UNKNOWN", { fields: field });
    }
    chosen.set(field, column);
  }
  return chosen;
}

function claimColumns(
  headings: readonly string[],
  taken: ReadonlySet<number>,
): ReadonlyMap<Field, readonly Claim[]> {
  const meanings = headings.map((heading, column) =>
    taken.has(column) ? undefined : meaningOf(heading),
  );
  const claims = new Map<Field, Claim[]>();
  let owner: Role | undefined;
  for (const [column, meaning] of meanings.entries()) {
    if (meaning === undefined) continue;
    if (!meaning.bare) owner = roleOf(meaning.field) ?? owner;
    const field = isRepeated(meaning, meanings) ? fieldFor(meaning.field, owner) : meaning.field;
    const list = claims.get(field) ?? [];
    list.push({ column, rank: meaning.rank });
    claims.set(field, list);
  }
  return claims;
}

function isRepeated(meaning: Meaning, all: readonly (Meaning | undefined)[]): boolean {
  return meaning.bare && all.filter((other) => other === meaning).length > 1;
}

function roleOf(field: Field): Role | undefined {
  if (field.startsWith("recipient_")) return "recipient";
  return field.startsWith("sender_") ? "sender" : undefined;
}

function fieldFor(bare: Field, owner: Role | undefined): Field {
  if (owner === undefined) throw new Failure("COLUMNS_AMBIGUOUS", { field: bare });
  const field = bare.replace(/^recipient/u, owner);
  // Bare meanings are always the recipient's, and each recipient field has a sender twin.
  if (!isField(field)) throw new Failure("COLUMNS_AMBIGUOUS", { field: bare });
  return field;
}

const NEEDED: readonly Field[] = ["recipient_name", "recipient_phone", "recipient_address"];

function missingFields(mapping: ColumnMapping, needed: readonly Field[]): readonly Field[] {
  const missing = needed.filter((field) => mapping[field].length === 0);
  const numbered = mapping.order_number.length + mapping.waybill_number.length > 0;
  return numbered ? missing : ["order_number", ...missing];
}
