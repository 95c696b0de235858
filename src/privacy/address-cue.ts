/** Names in an address that no telephone number gives away, but a title, a label, 收 or signs do. */

import { UNIT, classAt } from "./address-fold.ts";
import type { Range } from "./address-span.ts";
import { kindOfText } from "./address-text.ts";
import type { Gazetteer } from "./gazetteer.ts";
import { looksLikeName } from "./name.ts";
import { unitSet } from "./word-table.ts";

type Cue = "title" | "label" | "receipt" | "shop";

const CUES: readonly (readonly [word: string, cue: Cue])[] = [
  ["先生", "title"],
  ["女士", "title"],
  ["小姐", "title"],
  ["老师", "title"],
  ["师傅", "title"],
  ["阿姨", "title"],
  ["联系人", "label"],
  ["收件人", "label"],
  ["收货人", "label"],
  ["姓名", "label"],
  ["亲收", "receipt"],
  ["收", "receipt"],
  ...(
    "五金 水果 理发 烟酒 小吃 便利店 小卖部 杂货 早餐 面馆 饭馆 饭店 快餐 熟食 副食 粮油 服装 窗帘 裁缝 修理 " +
    "汽修 摩托 诊所 美容 美发 超市 批发"
  )
    .split(" ")
    .map((word) => [word, "shop"] as const),
];
const CUE_UNITS = unitSet(CUES.map(([word]) => word.charAt(0)).join(""));
const TITLED_MIN = 0.85;
const RECEIPT_MIN = 0.6;
const LABELLED_MIN = 0.3;
const SHOP_OWNER_MIN = 0.84;
/** 张三, 李四: what a numeral follows is no place, and no score tells it. */
const NUMBERED_NAME = /^[张王李赵刘陈杨周吴孙][三四五六七]$/;
const BETWEEN_SIGNS_MIN = 0.84;
const NAME_MAX_CHARS = 4;
/** A surname that more often ends the place before a titled name. */
const PLACE_SIGNS = new Set("路街巷村店城楼里门口区院园东西南北号室");

/** Ranges of names, in order, not overlapping; titles are part of them. Linear. */
export function findCuedNames(folded: string, gazetteer: Gazetteer): readonly Range[] {
  const found: Range[] = [];
  let runStart = 0;
  for (let at = 0; at <= folded.length; at += 1) {
    const range = CUE_UNITS[folded.charCodeAt(at)] === 1 ? cuedAt(folded, at) : null;
    if (range !== null) take(found, range);
    if (at < folded.length && isHan(folded, at)) continue;
    const alone = betweenSigns(folded, [runStart, at], gazetteer);
    if (alone !== null) take(found, alone);
    runStart = at + 1;
  }
  return found;
}

function take(found: Range[], range: Range): void {
  const last = found[found.length - 1];
  if (last === undefined || last[1] <= range[0]) found.push(range);
}

function cuedAt(folded: string, at: number): Range | null {
  for (const [word, cue] of CUES) {
    if (!folded.startsWith(word, at)) continue;
    const end = at + word.length;
    if (cue === "title") return titled(folded, at, end);
    if (cue === "label") return labelled(folded, end);
    if (cue === "shop") return shopOwner(folded, at);
    return isEdge(folded, end) ? received(folded, at) : null;
  }
  return null;
}

/** The longest run before the title that is a surname, alone or with a given name. */
function titled(folded: string, at: number, end: number): Range | null {
  for (let start = Math.max(0, at - 3); start < at; start += 1) {
    if (!isHanRun(folded, start, at)) continue;
    const isPlaceSign = at - start > 1 && PLACE_SIGNS.has(folded.charAt(start));
    if (!isPlaceSign && looksLikeName(folded.slice(start, end)) >= TITLED_MIN) return [start, end];
  }
  return null;
}

function labelled(folded: string, labelEnd: number): Range | null {
  let start = labelEnd;
  while (start < folded.length && classAt(folded, start) === UNIT.sign) start += 1;
  let end = start;
  while (end < folded.length && end - start < NAME_MAX_CHARS && isHan(folded, end)) end += 1;
  for (const length of [3, 2]) {
    const isName = looksLikeName(folded.slice(start, start + length)) >= LABELLED_MIN;
    if (end - start > length && isName) return [start, start + length];
  }
  return end > start ? [start, end] : null;
}

/** 张三收 at the end of the field or before a sign. */
function received(folded: string, at: number): Range | null {
  for (const length of [3, 2]) {
    const start = at - length;
    if (start < 0 || !isHanRun(folded, start, at)) continue;
    const text = folded.slice(start, at);
    if (looksLikeName(text) >= RECEIPT_MIN || NUMBERED_NAME.test(text)) return [start, at];
  }
  return null;
}

/** 张小花水果店: the owner's name in the name of a shop, where the part before it surely ends. */
function shopOwner(folded: string, at: number): Range | null {
  for (const length of [3, 2]) {
    const start = at - length;
    if (start < 0 || !isHanRun(folded, start, at) || !endsPart(folded, start)) continue;
    const text = folded.slice(start, at);
    const isOwner = length === 3 ? looksLikeName(text) >= SHOP_OWNER_MIN : NUMBERED_NAME.test(text);
    if (isOwner) return [start, at];
  }
  return null;
}

/** A sign, a digit, or a sign of number, building or floor stands before `start`. */
function endsPart(folded: string, start: number): boolean {
  return (
    isEdge(folded, start - 1) || "号號栋棟幢座楼樓层層路街巷弄".includes(folded.charAt(start - 1))
  );
}

/** A run between signs that has the shape of a name and not that of a place. */
function betweenSigns(folded: string, [start, end]: Range, gazetteer: Gazetteer): Range | null {
  const length = end - start;
  if (length < 2 || length > 3 || !isEdge(folded, start - 1) || !isEdge(folded, end)) return null;
  const text = folded.slice(start, end);
  if (looksLikeName(text) < BETWEEN_SIGNS_MIN || gazetteer.names.has(text)) return null;
  return kindOfText(folded, start, end) === "unknown" ? [start, end] : null;
}

function isEdge(folded: string, at: number): boolean {
  return at < 0 || at >= folded.length || classAt(folded, at) === UNIT.sign;
}

function isHanRun(folded: string, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (!isHan(folded, at)) return false;
  return true;
}

function isHan(folded: string, at: number): boolean {
  const unit = classAt(folded, at);
  return unit === UNIT.han || unit === UNIT.numeral || unit === UNIT.stem;
}
