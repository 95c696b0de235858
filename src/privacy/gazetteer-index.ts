/**
 * The table of administrative divisions, indexed for reading addresses: names, short names and
 * aliases of provinces, cities and counties at once, towns of a county on first use.
 */

export type DivisionLevel = "prov" | "city" | "district" | "town";

export interface Division {
  /** 2 digits province, 4 city, 6 county, 9 town (GB/T 2260 and GB/T 10114). */
  readonly code: string;
  readonly level: DivisionLevel;
  /** Official name. */
  readonly name: string;
}

/** One way of writing a division; `short` when its suffix (省 市 区 县 …) is left out. */
export interface NamedDivision {
  readonly division: Division;
  readonly short: boolean;
}

export interface DivisionIndex {
  /** Provinces, cities and counties by every name. */
  readonly names: ReadonlyMap<string, readonly NamedDivision[]>;
  /** Lengths of those names, longest first, by their first UTF-16 unit. */
  readonly lengths: NameLengths;
  /** The same names by their first two units (`pairAt`), longest first: one or two to compare. */
  readonly pairs: ReadonlyMap<number, readonly NameRow[]>;
  /** Official names of provinces, cities and counties by code. */
  readonly byCode: ReadonlyMap<string, Division>;
  /** Towns of a county (six-digit code). */
  townsOf(county: string): Towns;
  /** Codes of the counties of a city (four-digit code) or province (two-digit code). */
  countiesOf(code: string): readonly string[];
}

export type NameLengths = ReadonlyMap<number, readonly number[]>;

/** All divisions of one name. */
export interface NameRow {
  readonly name: string;
  readonly named: readonly NamedDivision[];
}

export interface Towns {
  readonly names: ReadonlySet<string>;
  /** By their first two units (`pairAt`), longest first. */
  readonly pairs: ReadonlyMap<number, readonly string[]>;
}

const LEVELS: Readonly<Record<string, DivisionLevel>> = {
  p: "prov",
  c: "city",
  d: "district",
  t: "town",
};

/** Not names but fillers of the statistics tables; never a name to look up. */
export const FILLER_NAMES: readonly string[] = [
  "省直辖县级行政区划",
  "自治区直辖县级行政区划",
  "省直辖县级行政单位",
  "省直辖行政单位",
  "省直辖县级",
  "市辖区",
  "市辖县",
  "省直辖",
];

const PEOPLES =
  "壮族 回族 维吾尔 满族 蒙古族 蒙古 藏族 羌族 彝族 苗族 侗族 土家族 土族 布依族 哈尼族 傣族 白族 傈僳族 " +
  "朝鲜族 哈萨克 柯尔克孜 黎族 瑶族 仡佬族 水族 畲族 各族 纳西族 拉祜族 佤族 布朗族 景颇族 独龙族 怒族 " +
  "普米族 仫佬族 毛南族 东乡族 保安族 撒拉族 裕固族 达斡尔族 锡伯 塔吉克 鄂温克族 鄂伦春";
const PEOPLE_NAMES = PEOPLES.split(" ");
const SUFFIXES = [
  "特别行政区",
  "维吾尔自治区",
  "自治区",
  "自治州",
  "自治县",
  "自治旗",
  "地区",
  "新区",
  "林区",
  "特区",
  "矿区",
  "省",
  "市",
  "区",
  "县",
  "盟",
  "旗",
];
/** Development zones that the table counts as counties, and what addresses call them. */
const ZONES: readonly (readonly [form: RegExp, names: readonly string[]])[] = [
  [
    /高(?:新)?技术(?:产业)?(?:开发|园)区$|高新区$/,
    ["高新区", "高新技术产业开发区", "高新技术开发区", "高新开发区"],
  ],
  [/经济(?:技术)?开发区$/, ["经开区", "经济技术开发区", "经济开发区", "开发区"]],
  [/一体化示范区$/, ["城乡一体化示范区", "一体化示范区", "示范区"]],
];
const ZONE_NAME_MIN = 6;
const SHORT_NAME_MIN = 2;

/**
 * Indexes a table of `code TAB level TAB name` rows with a heading line; levels p, c, d, t. Rows
 * that have another shape are skipped, and a row whose code was seen before is an alias of it.
 */
export function indexDivisions(tsv: string): DivisionIndex {
  const names = new Map<string, NamedDivision[]>();
  const byCode = new Map<string, Division>();
  const towns = new Map<string, string[]>();
  for (const line of tsv.split("\n")) {
    const division = divisionOf(line);
    if (division === null) continue;
    if (division.level === "town") pushTo(towns, division.code.slice(0, 6), division.name);
    else indexNames(division, names, byCode);
  }
  const lengths = lengthsOf(names.keys());
  const rows = [...names].map(([name, named]) => ({ name, named }));
  const pairs = byPair(rows, (row) => row.name);
  return { names, lengths, pairs, byCode, ...lookups(byCode, towns) };
}

function divisionOf(line: string): Division | null {
  const first = line.indexOf("\t");
  const level = LEVELS[line.charAt(first + 1)];
  const name = line.slice(first + 3).trimEnd();
  if (first < 2 || level === undefined || line.charAt(first + 2) !== "\t") return null;
  return name === "" ? null : { code: line.slice(0, first), level, name };
}

function indexNames(
  row: Division,
  names: Map<string, NamedDivision[]>,
  byCode: Map<string, Division>,
): void {
  const known = byCode.get(row.code);
  if (known === undefined) byCode.set(row.code, row);
  if (FILLER_NAMES.includes(row.name) || row.name === "县") return;
  const division = known ?? row;
  addName(names, row.name, { division, short: known !== undefined && !hasSuffix(row.name) });
  for (const zone of zoneNames(row)) addName(names, zone, { division, short: true });
  const stem = stemOf(row.name);
  if (stem !== row.name) addName(names, stem, { division, short: true });
}

/** Aliases often share their stem with the official name, which must count once. */
function addName(names: Map<string, NamedDivision[]>, name: string, row: NamedDivision): void {
  const isKnown = names.get(name)?.some((each) => each.division.code === row.division.code);
  if (isKnown !== true) pushTo(names, name, row);
}

function hasSuffix(name: string): boolean {
  return SUFFIXES.some((end) => name.endsWith(end));
}

/** 某市高新技术产业开发区 is written 高新区 inside its city. */
function zoneNames({ name, level }: Division): readonly string[] {
  if (level !== "district" || name.length < ZONE_NAME_MIN) return [];
  return ZONES.find(([form]) => form.test(name))?.[1] ?? [];
}

/** The name without its suffix and the peoples before it: 云岭苗族自治县 becomes 云岭. */
function stemOf(name: string): string {
  const suffix = SUFFIXES.find((end) => name.endsWith(end));
  if (suffix === undefined || name.length - suffix.length < SHORT_NAME_MIN) return name;
  let stem = name.slice(0, -suffix.length);
  for (let people = peopleAtEnd(stem); people !== null; people = peopleAtEnd(stem)) {
    stem = stem.slice(0, -people.length);
  }
  return stem;
}

function peopleAtEnd(stem: string): string | null {
  const people = PEOPLE_NAMES.find((each) => stem.endsWith(each)) ?? null;
  return people !== null && stem.length - people.length >= SHORT_NAME_MIN ? people : null;
}

function lookups(
  byCode: ReadonlyMap<string, Division>,
  towns: ReadonlyMap<string, readonly string[]>,
): Pick<DivisionIndex, "townsOf" | "countiesOf"> {
  const townTables = new Map<string, Towns>();
  const countyLists = new Map<string, string[]>();
  for (const code of byCode.keys()) {
    if (code.length !== 6) continue;
    pushTo(countyLists, code.slice(0, 2), code);
    pushTo(countyLists, code.slice(0, 4), code);
  }
  return {
    townsOf(county) {
      const built = townTables.get(county);
      if (built !== undefined) return built;
      const names = new Set(towns.get(county) ?? []);
      const fresh = { names, pairs: byPair(names, (name) => name) };
      townTables.set(county, fresh);
      return fresh;
    },
    countiesOf: (code) => countyLists.get(code) ?? [],
  };
}

/** The two UTF-16 units of `text` at `at` as one small integer; no name is shorter. */
export function pairAt(text: string, at: number): number {
  return (text.charCodeAt(at) << 16) | text.charCodeAt(at + 1);
}

function byPair<T>(
  rows: Iterable<T>,
  nameOf: (row: T) => string,
): ReadonlyMap<number, readonly T[]> {
  const pairs = new Map<number, T[]>();
  for (const row of rows) {
    const pair = pairAt(nameOf(row), 0);
    const known = pairs.get(pair);
    if (known === undefined) pairs.set(pair, [row]);
    else known.push(row);
  }
  for (const list of pairs.values()) list.sort((a, b) => nameOf(b).length - nameOf(a).length);
  return pairs;
}

function lengthsOf(names: Iterable<string>): NameLengths {
  const lengths = new Map<number, number[]>();
  for (const name of names) {
    const first = name.charCodeAt(0);
    const known = lengths.get(first);
    if (known === undefined) lengths.set(first, [name.length]);
    else if (!known.includes(name.length)) known.push(name.length);
  }
  for (const list of lengths.values()) list.sort((a, b) => b - a);
  return lengths;
}

function pushTo<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
