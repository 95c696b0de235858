/**
 * What the catalogue of the other database says of a table, before anything is changed: its key,
 * its columns, and what would break a sweep or keep a copy of the old values.
 */
import { Failure } from "../rules/failure.ts";
import type { Connection } from "../store/query.ts";
import { query } from "../store/query.ts";
import { text, wholeNumber } from "../store/row.ts";
import type { PersonalColumn, SweepTarget } from "./target.ts";
import { quoted } from "./target.ts";

/** Why a sweep stops before it begins; the second group may pass when the caller says so. */
export const OBSTACLES = {
  unique: { acceptable: false },
  "foreign-key": { acceptable: false },
  "row-security": { acceptable: false },
  rule: { acceptable: false },
  inheritance: { acceptable: false },
  rights: { acceptable: false },
  generated: { acceptable: false },
  "key-is-personal": { acceptable: false },
  trigger: { acceptable: true },
  check: { acceptable: true },
} as const satisfies Record<string, { acceptable: boolean }>;

export type ObstacleKind = keyof typeof OBSTACLES;

export interface Obstacle {
  readonly kind: ObstacleKind;
  /** The schema object: constraint, index, trigger, rule or column. */
  readonly name: string;
}

export interface KeyColumn {
  readonly name: string;
  /** As `format_type` writes it, which PostgreSQL reads back. */
  readonly type: string;
}

export interface Layout {
  /** Schema and table, quoted. */
  readonly relation: string;
  readonly schema: string;
  readonly oid: number;
  readonly key: readonly KeyColumn[];
  readonly columns: readonly PersonalColumn[];
  readonly before: { readonly name: string; readonly type: string; readonly from: string } | null;
}

interface ColumnRow {
  readonly name: string;
  readonly type: string;
  readonly generated: boolean;
  readonly keyPlace: number;
}

const PERSONAL_TYPE = /^(?:text|character varying(?:\(\d+\))?)$/;
const DATE_TYPE = /^(?:date|timestamp(?:\(\d\))? with(?:out)? time zone)$/;

const TABLE = `
  select c.oid::bigint as oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'p')`;

const COLUMNS = `
  select a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
    case when a.attgenerated <> '' then 1 else 0 end as generated,
    coalesce(array_position(k.conkey, a.attnum), 0) as place
  from pg_attribute a
  left join pg_constraint k on k.conrelid = a.attrelid and k.contype = 'p'
  where a.attrelid = $1::bigint::oid and a.attnum > 0 and not a.attisdropped`;

/*
 * Triggers count when they fire on UPDATE (bit 16 of tgtype) and are not PostgreSQL's own, on the
 * table or on a partition of it. Unique indexes count when a swept column is one of their keys or
 * stands in their expressions: pg_depend knows those.
 */
const OBSTACLE_QUERY = `
  with swept as (
    select a.attnum, a.attname from pg_attribute a
    where a.attrelid = $1::bigint::oid and a.attname = any($2::text[])),
  tree as (
    select $1::bigint::oid as oid union select relid from pg_partition_tree($1::bigint::oid))
  select 'unique' as kind, i.relname::text as name
  from pg_index x join pg_class i on i.oid = x.indexrelid
  where x.indrelid = $1::bigint::oid and (x.indisunique or x.indisexclusion) and not x.indisprimary
    and (exists (
      select 1 from swept where attnum = any((x.indkey::int2[])[0:x.indnkeyatts - 1]))
    or (0 = any(x.indkey::int2[]) and exists (
      select 1 from pg_depend d join swept s on s.attnum = d.refobjsubid
      where d.objid = x.indexrelid and d.refobjid = x.indrelid)))
  union
  select case contype when 'f' then 'foreign-key' else 'check' end, conname::text from pg_constraint
  where conrelid = $1::bigint::oid and contype in ('f', 'c')
    and exists (select 1 from swept where attnum = any(conkey))
  union
  select 'trigger', tgname::text from pg_trigger
  where tgrelid in (select oid from tree) and not tgisinternal and tgenabled <> 'D'
    and tgtype & 16 <> 0
  union
  select 'rule', rulename::text from pg_rewrite
  where ev_class = $1::bigint::oid and ev_type = '2' and ev_enabled <> 'D'
  union
  select 'inheritance', c.relname::text
  from pg_inherits h join pg_class p on p.oid = h.inhparent join pg_class c on c.oid = h.inhrelid
  where h.inhparent = $1::bigint::oid and p.relkind = 'r'
  union
  select 'row-security', $3 where row_security_active($1::bigint::oid)
  union
  select 'rights', s.attname::text from swept s
  where not has_column_privilege($1::bigint::oid, s.attnum, 'select')
    or not has_column_privilege($1::bigint::oid, s.attnum, 'update')
  order by 1, 2`;

async function tableOid(connection: Connection, target: SweepTarget): Promise<number> {
  const [row] = await query(connection, { text: TABLE, values: [target.schema, target.table] });
  if (row === undefined) throw new Failure("SWEEP_TABLE_UNKNOWN", { option: "--table" });
  return wholeNumber(row, "oid");
}

async function columnsOf(
  connection: Connection,
  oid: number,
): Promise<ReadonlyMap<string, ColumnRow>> {
  const rows = await query(connection, { text: COLUMNS, values: [oid] });
  return new Map(
    rows.map((row) => [
      text(row, "name"),
      {
        name: text(row, "name"),
        type: text(row, "type"),
        generated: wholeNumber(row, "generated") === 1,
        keyPlace: wholeNumber(row, "place"),
      },
    ]),
  );
}

function keyOf(known: ReadonlyMap<string, ColumnRow>, target: SweepTarget): readonly KeyColumn[] {
  const key = [...known.values()]
    .filter(({ keyPlace }) => keyPlace > 0)
    .toSorted((a, b) => a.keyPlace - b.keyPlace);
  const names = key.map(({ name }) => name);
  const asked = target.key ?? names;
  const isSame = asked.length === names.length && asked.every((name) => names.includes(name));
  if (key.length === 0 || !isSame) {
    throw new Failure("SWEEP_KEY_WRONG", { key: names.join(",") });
  }
  return key.map(({ name, type }) => ({ name, type }));
}

function mustBe(known: ReadonlyMap<string, ColumnRow>, name: string, rule: RegExp): ColumnRow {
  const column = known.get(name);
  if (column === undefined) {
    throw new Failure("SWEEP_COLUMN_UNKNOWN", {
      option: rule === DATE_TYPE ? "--date-column" : "--columns",
    });
  }
  if (!rule.test(column.type)) throw new Failure("SWEEP_COLUMN_TYPE", { column: column.name });
  return column;
}

async function obstaclesOf(
  connection: Connection,
  target: SweepTarget,
  found: { readonly oid: number; readonly known: ReadonlyMap<string, ColumnRow> },
): Promise<readonly Obstacle[]> {
  const names = target.columns.map(({ name }) => name);
  const rows = await query(connection, {
    text: OBSTACLE_QUERY,
    values: [found.oid, names, target.table],
  });
  const swept = names.flatMap((name) => found.known.get(name) ?? []);
  const ofColumns = swept.flatMap(({ name, generated, keyPlace }): readonly Obstacle[] => [
    ...(generated ? [{ kind: "generated", name } as const] : []),
    ...(keyPlace > 0 ? [{ kind: "key-is-personal", name } as const] : []),
  ]);
  const ofTable = rows.map((row): Obstacle => ({
    kind: kindOf(text(row, "kind")),
    name: text(row, "name"),
  }));
  return [...ofColumns, ...ofTable];
}

function kindOf(word: string): ObstacleKind {
  // The words come from the query above, whose kinds are keys of the table; another is our mistake.
  if (!Object.hasOwn(OBSTACLES, word)) throw new RangeError("an obstacle without a row");
  return word as ObstacleKind;
}

/** Midnight in Beijing; a `date` or a timestamp without zone reads the beginning of that day. */
function midnight(day: string): string {
  return `${day} 00:00:00+08`;
}

/**
 * Reads layout and obstacles of the target in the caller's transaction. Throws
 * SWEEP_TABLE_UNKNOWN, SWEEP_COLUMN_UNKNOWN, SWEEP_COLUMN_TYPE or SWEEP_KEY_WRONG when the target
 * does not fit the table.
 */
export async function surveyLayout(
  connection: Connection,
  target: SweepTarget,
): Promise<{ readonly layout: Layout; readonly obstacles: readonly Obstacle[] }> {
  const oid = await tableOid(connection, target);
  const known = await columnsOf(connection, oid);
  for (const { name } of target.columns) mustBe(known, name, PERSONAL_TYPE);
  const before = target.before === null ? null : mustBe(known, target.before.column, DATE_TYPE);
  const layout: Layout = {
    relation: `${quoted(target.schema)}.${quoted(target.table)}`,
    schema: target.schema,
    oid,
    key: keyOf(known, target),
    columns: target.columns,
    before:
      before === null || target.before === null
        ? null
        : { name: before.name, type: before.type, from: midnight(target.before.day) },
  };
  return { layout, obstacles: await obstaclesOf(connection, target, { oid, known }) };
}

/** The obstacles that `accepted` does not cover, or that nobody may accept. */
export function standing(
  obstacles: readonly Obstacle[],
  accepted: ReadonlySet<ObstacleKind>,
): readonly Obstacle[] {
  return obstacles.filter(({ kind }) => !(OBSTACLES[kind].acceptable && accepted.has(kind)));
}
