/**
 * Reading form of an address: the same text, unit for unit, in which width, case, traditional
 * signs, circled and foreign digits and frequent slips of the keyboard no longer differ. Offsets
 * hold in both.
 */

/** What a folded unit can be part of; one value per UTF-16 unit. */
export const UNIT = {
  other: 0,
  digit: 1,
  letter: 2,
  /** Chinese numeral. */
  numeral: 3,
  /** Heavenly stem: 甲 to 癸 as a label of buildings. */
  stem: 4,
  /** Blank, dash, comma and other signs. */
  sign: 5,
  han: 6,
} as const;

export type UnitClass = (typeof UNIT)[keyof typeof UNIT];

/** Pairs: a traditional sign or a frequent slip, then the sign that the grammar knows. */
const TRADITIONAL =
  "號号樓楼單单層层棟栋戶户區区縣县鎮镇鄉乡臺台灣湾門门廈厦園园廣广東东組组莊庄線线國国際际華华開开發发業业長长" +
  "陽阳鄰邻衚胡衕同舖铺鋪铺間间書书館馆場场廠厂醫医學学車车馬马龍龙蘇苏慶庆寧宁貴贵黃黄營营嶺岭" +
  "橋桥連连濱滨岡冈蘭兰義义彌弥鳳凤豐丰蘆芦頭头衛卫內内萬万興兴關关領领總总裡里裏里" +
  "観观觀观礎础歲岁會会協协榮荣島岛錦锦雲云電电話话聯联憧幢撞幢幛幢橦幢懂栋搂楼喽楼単单箪单";
const NUMERALS = "零〇一二三四五六七八九十百两廿卅壹贰叁肆伍陆柒捌玖拾";
const STEMS = "甲乙丙丁戊己庚辛壬癸";
/** Signs that stand for what was hidden before; they read as the digits of a number. */
const MASKS = "*＊∗✱●■█▇";
const DASHES = "-‐‑‒–—―−﹣－~～〜ー";

/** Arguments in one call; far more than an address has. */
const APPLY_MAX_UNITS = 1024;

const FOLDED = new Uint16Array(0x10000);
const CLASSES = new Uint8Array(0x10000);

for (let unit = 0; unit < 0x10000; unit += 1) FOLDED[unit] = unit;
foldRange(0x00a0, 0x00ff);
foldRange(0x2000, 0x33ff);
foldRange(0xf900, 0xffef);
for (let unit = 0x41; unit <= 0x5a; unit += 1) FOLDED[unit] = unit | 0x20;
for (let i = 0; i + 1 < TRADITIONAL.length; i += 2) {
  FOLDED[TRADITIONAL.charCodeAt(i)] = TRADITIONAL.charCodeAt(i + 1);
}
for (const mask of MASKS) FOLDED[mask.charCodeAt(0)] = 0x2a;
for (const dash of DASHES) FOLDED[dash.charCodeAt(0)] = 0x2d;
for (let unit = 0; unit < 0x10000; unit += 1) CLASSES[unit] = classify(unit);

/** Folds width, case and variants; the result has the length of `text`. Linear, never throws. */
export function foldAddress(text: string): string {
  let at = 0;
  while (at < text.length && FOLDED[text.charCodeAt(at)] === text.charCodeAt(at)) at += 1;
  return at === text.length ? text : text.slice(0, at) + foldUnits(text, at);
}

function foldUnits(text: string, from: number): string {
  let folded = "";
  for (let i = from; i < text.length; i += APPLY_MAX_UNITS) {
    const units: number[] = [];
    const end = Math.min(text.length, i + APPLY_MAX_UNITS);
    for (let at = i; at < end; at += 1) units.push(FOLDED[text.charCodeAt(at)] ?? 0);
    folded += String.fromCharCode(...units);
  }
  return folded;
}

/** The class that the unit at `index` has once it is folded; `UNIT.sign` outside the text. */
export function rawClassAt(text: string, index: number): number {
  return CLASSES[FOLDED[text.charCodeAt(index)] ?? 0x20] ?? UNIT.sign;
}

/** The class of the folded unit at `index`; `UNIT.sign` outside the text. */
export function classAt(folded: string, index: number): number {
  return CLASSES[folded.charCodeAt(index)] ?? UNIT.sign;
}

/** Compatibility forms become their first plain unit: ① reads as 1, Ⅳ as i, ａ as a. */
function foldRange(first: number, last: number): void {
  for (let unit = first; unit <= last; unit += 1) {
    const plain = String.fromCharCode(unit).normalize("NFKC").trim().toLowerCase();
    if (plain === "") FOLDED[unit] = 0x20;
    else if (/^[\dA-Za-z(]/.test(plain) && plain.length > 1)
      FOLDED[unit] = firstLetterOrDigit(plain);
    else FOLDED[unit] = plain.charCodeAt(0);
  }
}

function firstLetterOrDigit(plain: string): number {
  return (/[\da-z]/.exec(plain)?.[0] ?? "0").charCodeAt(0);
}

function classify(unit: number): UnitClass {
  if ((unit >= 0x30 && unit <= 0x39) || unit === 0x2a) return UNIT.digit;
  if (unit >= 0x61 && unit <= 0x7a) return UNIT.letter;
  const sign = String.fromCharCode(unit);
  if (NUMERALS.includes(sign)) return UNIT.numeral;
  if (STEMS.includes(sign)) return UNIT.stem;
  if ((unit >= 0x3400 && unit <= 0x9fff) || unit === 0x25cb) return UNIT.han;
  return classifyRare(unit, sign);
}

function classifyRare(unit: number, sign: string): UnitClass {
  if (unit >= 0xd800 && unit <= 0xdfff) return UNIT.other;
  if (/\p{N}/u.test(sign)) return UNIT.digit;
  if (/[\p{L}\p{M}]/u.test(sign)) return unit < 0x2000 ? UNIT.letter : UNIT.other;
  return UNIT.sign;
}
