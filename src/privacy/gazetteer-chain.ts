/**
 * Reads a chain of divisions from a place in an address: 省 市 区 县 街道 镇, in full, shortened,
 * repeated, left out, or unknown to the table but recognisable by their suffix.
 */

import { UNIT, classAt } from "./address-fold.ts";
import {
  pairAt,
  FILLER_NAMES,
  type Division,
  type DivisionLevel,
  type DivisionIndex,
  type NamedDivision,
} from "./gazetteer-index.ts";

import { unitSet, wordAt, words, wordsFromHead } from "./word-table.ts";

export interface ChainPart {
  readonly level: DivisionLevel;
  readonly start: number;
  readonly end: number;
  /** False for a name that only its suffix (镇, 区 …) makes a division. */
  readonly isKnown: boolean;
}

export interface DivisionChain {
  readonly parts: readonly ChainPart[];
  /** Code of the finest division that is certain; "" when none is. */
  readonly code: string;
  readonly town: string;
  /** First unit after the chain. */
  readonly end: number;
}

/** Grows while the chain is read. */
interface Reading {
  readonly folded: string;
  readonly gazetteer: DivisionIndex;
  readonly parts: ChainPart[];
  code: string;
  town: string;
  /** Counties of the same name that nothing has told apart yet. */
  rivals: readonly Division[];
  at: number;
}

/** 上海上海市: a municipality written twice is province and city. */
const MUNICIPALITIES = new Set(["11", "12", "31", "50"]);
const FILLER_UNITS = unitSet(FILLER_NAMES.map((name) => name.charAt(0)).join("") + "县");
/** First units of the suffixes of a town or a county that the table does not hold. */
const UNKNOWN_UNITS = unitSet("街镇乡区县市");
/** Where one of these ends a word a road or a village has begun, and no division goes on. */
const ROAD_UNITS = unitSet("路巷弄村");
const PARTS_MAX = 12;
const NO_TOWNS: readonly string[] = [];
const UNKNOWN_NAME_MAX = 8;
const TOWN_SUFFIXES = ["街道办事处", "街道办", "街道", "镇", "乡"];
/** What follows a road, place or house named after a division: 杭州路, 金华大厦. */
const NOT_AFTER_SHORT_1 = unitSet("路街巷弄桥村里站港范");
const NOT_AFTER_SHORT_2 = wordsFromHead(
  words(
    "市场 大道 大街 大厦 大酒 东路 西路 南路 北路 中路 一路 二路 三路 四路 五路 东街 西街 南街",
    "北街 中街 国际 广场 花园 公寓 小区 酒店 宾馆 饭店 新村 商城 银行 家园 大学 公司 名城 新城",
  ).map((word) => [word, true]),
);
/** Suffixes under which a name of the table may be written instead: 富阳市, 恩施州. */
const OTHER_SUFFIXES = new Set(["市", "区", "县", "州", "盟", "旗"]);
/** 中山市场, 城区, 小区 and the like are no divisions. */
const NOT_AFTER_FULL = new Map([
  ["市", new Set("场")],
  ["区", new Set("域间")],
]);
const NOT_UNKNOWN_COUNTY =
  /(?:小|园|社|校|街|厂|库|景|片|业|居|宅|住|一|二|三|四|五|六|七|八|九|十|城|市|东|西|南|北|中|新)区$|市$/;

/** Reads from `from`; a chain without parts ends where it began. */
export function readChain(folded: string, from: number, gazetteer: DivisionIndex): DivisionChain {
  const reading: Reading = {
    folded,
    gazetteer,
    parts: [],
    code: "",
    town: "",
    rivals: [],
    at: from,
  };
  for (let i = 0; i < PARTS_MAX; i += 1) {
    if (!readPart(reading)) break;
  }
  return { parts: reading.parts, code: reading.code, town: reading.town, end: reading.at };
}

function readPart(reading: Reading): boolean {
  const start = skipSigns(reading.folded, reading.at);
  if (classAt(reading.folded, start) === UNIT.sign) return false;
  return (
    readFiller(reading, start) ||
    readNamed(reading, start) ||
    readTown(reading, start) ||
    readUnknown(reading, start)
  );
}

function skipSigns(folded: string, from: number): number {
  let at = from;
  while (at < folded.length && classAt(folded, at) === UNIT.sign) at += 1;
  return at;
}

function readFiller(reading: Reading, start: number): boolean {
  const { folded, code, gazetteer } = reading;
  if (code === "" && folded.startsWith("中国", start)) {
    if (!gazetteer.lengths.has(folded.charCodeAt(start + 2))) return false;
    reading.at = start + 2;
    return true;
  }
  if (code === "") return false;
  if (folded.startsWith("null", start)) {
    reading.at = start + 4;
    return true;
  }
  if (FILLER_UNITS[folded.charCodeAt(start)] !== 1) return false;
  const isCountyOfChongqing = code === "50" && folded.charAt(start) === "县";
  const filler = FILLER_NAMES.find((name) => folded.startsWith(name, start));
  if (filler === undefined && !isCountyOfChongqing) return false;
  reading.at = start + (filler?.length ?? 1);
  return true;
}

function readNamed(reading: Reading, start: number): boolean {
  const { folded, gazetteer } = reading;
  const rows = gazetteer.pairs.get(pairAt(folded, start));
  if (rows === undefined) return false;
  for (const { name, named } of rows) {
    if (!folded.startsWith(name, start)) continue;
    if (takeNamed(reading, named, { start, end: start + name.length })) return true;
  }
  return false;
}

interface Extent {
  readonly start: number;
  readonly end: number;
}

function takeNamed(reading: Reading, named: readonly NamedDivision[], extent: Extent): boolean {
  const { folded } = reading;
  const short = named[0]?.short === true;
  const suffixed = short && isOtherSuffix(folded, extent.end);
  const end = suffixed ? extent.end + 1 : extent.end;
  if (short && !suffixed && isNameOfPlace(reading, extent.end)) return false;
  if (!short && NOT_AFTER_FULL.get(folded.charAt(end - 1))?.has(folded.charAt(end)) === true)
    return false;
  const fits = fitting(reading, named, suffixed);
  const best = fits[0];
  if (best === undefined) return false;
  if (fits.length === 1) settle(reading, [best.division]);
  else settle(reading, divisionsOf(fits, best.division.level));
  pushPart(reading, best.division, { start: extent.start, end });
  return true;
}

function divisionsOf(fits: readonly NamedDivision[], level: DivisionLevel): readonly Division[] {
  return fits.filter((each) => each.division.level === level).map((each) => each.division);
}

/** 富阳市 for 富阳区: the table of a later year has the same name under another suffix. */
function isOtherSuffix(folded: string, at: number): boolean {
  const sign = folded.charAt(at);
  if (!OTHER_SUFFIXES.has(sign)) return false;
  return NOT_AFTER_FULL.get(sign)?.has(folded.charAt(at + 1)) !== true;
}

/** True where a road or a house goes on, unless the next division does (台州 + 路桥区). */
function isNameOfPlace({ folded, gazetteer }: Reading, at: number): boolean {
  const isPlace =
    NOT_AFTER_SHORT_1[folded.charCodeAt(at)] === 1 ||
    wordAt(NOT_AFTER_SHORT_2, folded, { at, to: folded.length }) === true;
  return isPlace && gazetteer.names.get(folded.slice(at, at + 3))?.[0]?.short !== false;
}

/** The divisions of that name that the chain allows; those inside the place reached first. */
function fitting(
  reading: Reading,
  named: readonly NamedDivision[],
  suffixed: boolean,
): readonly NamedDivision[] {
  const { code } = reading;
  if (code === "") return beginning(reading, named, suffixed);
  const only = named.length === 1 ? named[0] : undefined;
  if (only !== undefined && isRelated(only.division.code, code)) return named;
  const inside = named.filter(({ division }) => isRelated(division.code, code));
  if (inside.length > 0) return inside;
  return named.filter((each) => (!each.short || suffixed) && mayReplace(each.division, code));
}

function isRelated(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}

function beginning(
  { parts, rivals }: Reading,
  named: readonly NamedDivision[],
  suffixed: boolean,
): readonly NamedDivision[] {
  const only = named.length === 1 ? named[0] : undefined;
  if (only !== undefined && !only.short) return named;
  const isSure = (each: NamedDivision): boolean => !each.short || suffixed || rivals.length > 0;
  return named.filter((each) => isSure(each) || (parts.length === 0 && mayBeginBare(each, named)));
}

/** A full name elsewhere starts the address anew; a county only while none inside was reached. */
function mayReplace(division: Division, code: string): boolean {
  if (division.level !== "district") return true;
  return code.length < 6 && division.name.length > 2 && division.code.startsWith(code.slice(0, 2));
}

/** Without any context a bare name is believed for all but counties that share it. */
function mayBeginBare({ division }: NamedDivision, named: readonly NamedDivision[]): boolean {
  return division.level !== "district" || /[市县]$/.test(division.name) || named.length === 1;
}

/** Takes the division as the place reached, unless several share the name and none is preferred. */
function settle(reading: Reading, divisions: readonly Division[]): void {
  const only = divisions[0];
  if (only === undefined) return;
  if (divisions.length > 1) {
    reading.rivals = divisions;
    return;
  }
  const isRepeat = reading.code.startsWith(only.code) && reading.code !== "";
  const isNarrowed = reading.rivals.some((rival) => rival.code.startsWith(only.code));
  reading.code = isRepeat ? reading.code : only.code;
  if (isNarrowed)
    reading.rivals = reading.rivals.filter((rival) => rival.code.startsWith(only.code));
  else reading.rivals = [];
  if (isNarrowed && reading.rivals.length === 1)
    reading.code = reading.rivals[0]?.code ?? only.code;
}

function pushPart(reading: Reading, division: Division, extent: Extent): void {
  const isAgain = reading.parts.at(-1)?.level === "prov" && MUNICIPALITIES.has(division.code);
  reading.parts.push({ level: isAgain ? "city" : division.level, ...extent, isKnown: true });
  reading.at = extent.end;
}

function readTown(reading: Reading, start: number): boolean {
  const { folded, gazetteer, parts } = reading;
  if (parts.length === 0) return false;
  const counties = countiesAt(reading);
  const pair = pairAt(folded, start);
  let name = "";
  let owner = "";
  for (const county of counties) {
    const towns = gazetteer.townsOf(county);
    for (const candidate of towns.pairs.get(pair) ?? NO_TOWNS) {
      if (candidate.length <= name.length) break;
      if (!folded.startsWith(candidate, start)) continue;
      if (isNameOfPlace(reading, start + candidate.length)) continue;
      name = candidate;
      owner = county;
    }
  }
  if (name === "") return false;
  if (reading.code.length !== 6 && !isShared(name, owner, reading)) reading.code = owner;
  takeTown(reading, { start, end: start + name.length }, true);
  return true;
}

function isShared(town: string, owner: string, reading: Reading): boolean {
  const others = countiesAt(reading).filter((county) => county !== owner);
  return others.some((county) => reading.gazetteer.townsOf(county).names.has(town));
}

function takeTown(reading: Reading, extent: Extent, isKnown: boolean): void {
  reading.rivals = [];
  reading.town = reading.folded.slice(extent.start, extent.end);
  reading.parts.push({ level: "town", ...extent, isKnown });
  reading.at = extent.end;
}

/** Where a town may be looked for: the county reached, or the counties of the city reached. */
function countiesAt({ code, gazetteer, rivals }: Reading): readonly string[] {
  if (rivals.length > 0) return rivals.map((rival) => rival.code);
  if (code.length === 6) return [code];
  return code.length === 4 ? gazetteer.countiesOf(code) : [];
}

/** Towns, counties and development zones that the table does not know, by their suffix. */
function readUnknown(reading: Reading, start: number): boolean {
  const { folded, parts } = reading;
  for (let at = start + 1; at < start + UNKNOWN_NAME_MAX && at < folded.length; at += 1) {
    if (classAt(folded, at) !== UNIT.han && classAt(folded, at) !== UNIT.numeral) return false;
    if (ROAD_UNITS[folded.charCodeAt(at)] === 1) return false;
    if (UNKNOWN_UNITS[folded.charCodeAt(at)] !== 1) continue;
    const level = unknownLevel(reading, start, at);
    if (level === null) continue;
    const end = at + level.suffix;
    if (isNameOfPlace(reading, end)) return false;
    if (level.level === "town") takeTown(reading, { start, end }, false);
    else parts.push({ level: level.level, start, end, isKnown: false });
    reading.at = end;
    return true;
  }
  return false;
}

function unknownLevel(
  { folded, code, parts }: Reading,
  start: number,
  at: number,
): { level: DivisionLevel; suffix: number } | null {
  const sign = folded.charAt(at);
  const suffix = TOWN_SUFFIXES.find((each) => folded.startsWith(each, at));
  if (suffix !== undefined && !parts.some((part) => part.level === "town")) {
    return { level: "town", suffix: suffix.length };
  }
  const isCounty = sign === "区" || sign === "县" || sign === "市";
  if (!isCounty || code === "" || code.length === 6) return null;
  if (at - start < (sign === "县" && code.length === 4 ? 1 : 2)) return null;
  if (parts.some((part) => part.level === "district")) return null;
  if (NOT_UNKNOWN_COUNTY.test(folded.slice(start, at + 1))) return null;
  return { level: "district", suffix: 1 };
}
