/** An address as order files give it: division columns, some maybe empty, and the rest. */
export interface AddressParts {
  readonly province: string;
  readonly city: string;
  readonly district: string;
  readonly town: string;
  readonly address: string;
  /** A second address line or a door number, appended when the first does not end with it. */
  readonly address_2: string;
}

/** What the Bureau of Statistics writes where a level has no name of its own; it is no place. */
const PLACEHOLDERS: ReadonlySet<string> = new Set([
  "市辖区",
  "县",
  "省直辖县级行政区划",
  "自治区直辖县级行政区划",
]);

const DIVISION_END = /(?:特别行政区|自治区|自治州|自治县|地区|街道|省|市|区|县|旗|盟|州|镇|乡)$/u;

const HAS_HAN = /\p{Script=Han}/u;

/**
 * Joins division columns and the detailed address to one line without saying a division twice:
 * 浙江省 + 杭州市 + 西湖区 + "浙江省杭州市西湖区翠柏路8号" is "浙江省杭州市西湖区翠柏路8号".
 * Never fails. Latin addresses are joined in their own order, smallest part first, with commas.
 */
export function joinAddress(parts: AddressParts): string {
  const divisions = [parts.province, parts.city, parts.district, parts.town].filter(
    (part, index, all) =>
      part !== "" && !PLACEHOLDERS.has(part) && !sameDivision(part, all[index + 1]),
  );
  const detail = withSecondLine(parts.address, parts.address_2);
  if (divisions.length === 0) return detail;
  const [first] = divisions;
  if (first !== undefined && !HAS_HAN.test(first) && !HAS_HAN.test(detail)) {
    return [detail, ...divisions.toReversed()].filter((part) => part !== "").join(", ");
  }
  return divisions.join("") + withoutDivisions(detail, divisions);
}

/** 北京 + 北京市 and 北京市 + 北京市 are one place; the longer, later writing is kept. */
function sameDivision(part: string, next: string | undefined): boolean {
  return next !== undefined && (next === part || (next !== "" && next === `${part}市`));
}

function withSecondLine(address: string, second: string): string {
  if (second === "" || address.endsWith(second)) return address;
  const joint = HAS_HAN.test(address) && /^\p{Script=Han}/u.test(second) ? "" : " ";
  return address === "" ? second : address + joint + second;
}

/**
 * The detail behind the divisions it repeats. What was read counts as a repetition only when it
 * starts with the province or reaches the smallest division given, because a road may be named like
 * a city (南山区 + 深圳市场路); keeping a division twice is harmless, losing part of a road is not.
 */
function withoutDivisions(detail: string, divisions: readonly string[]): string {
  let rest = detail;
  let reached = -1;
  let startsAtTop = false;
  for (const [index, division] of divisions.entries()) {
    const next = behind(rest, division, divisions.slice(index + 1));
    if (next === undefined) continue;
    rest = next;
    reached = index;
    if (index === 0) startsAtTop = true;
  }
  const smallest = divisions.findLastIndex((part) => !/(?:街道|镇|乡)$/u.test(part));
  return startsAtTop || reached >= smallest ? rest : detail;
}

/** `text` behind `division`, also in its short form (杭州) where a smaller division follows. */
function behind(text: string, division: string, smaller: readonly string[]): string | undefined {
  const start = text.replace(/^[\s,，、\-/]+/u, "");
  if (start.startsWith(division)) {
    const rest = start.slice(division.length);
    return DIVISION_END.test(division) || startsWithAny(rest, smaller)
      ? rest.replace(/^[\s,，、\-/]+/u, "")
      : undefined;
  }
  const short = division.replace(DIVISION_END, "");
  if (short.length < 2 || !start.startsWith(short)) return undefined;
  const rest = start.slice(short.length);
  return startsWithAny(rest, smaller) ? rest : undefined;
}

function startsWithAny(text: string, divisions: readonly string[]): boolean {
  return divisions.some((division) => text.trimStart().startsWith(division));
}
