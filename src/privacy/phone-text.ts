/**
 * Reading aids for numbers: the same text, unit for unit, with digits and signs made plain ASCII.
 */

const ASCII_ONLY = /^[\x20-\x7e]*$/;
/** What folding may change: everything but ASCII and the blocks of Chinese characters. */
const FOREIGN_SIGN = /[^\x20-\x7e\u3400-\ufaff]/g;
const FULL_WIDTH_FIRST = 0xff01;
const FULL_WIDTH_LAST = 0xff5e;
const FULL_WIDTH_OFFSET = 0xfee0;

/** Signs that stand for an ASCII one; invisible characters count as the blanks they look like. */
const SIGNS: ReadonlyMap<string, string> = new Map([
  ..."‐‑‒–—―−﹣➖ー".split("").map((sign) => [sign, "-"] as const),
  ..."　\u00a0\u2002\u2003\u2009\u202f\u200b\u200c\u200d\u2060\ufeff\u00ad\t"
    .split("")
    .map((sign) => [sign, " "] as const),
  ["【", "["],
  ["】", "]"],
  ["〔", "["],
  ["〕", "]"],
  ["、", ","],
  ["﹢", "+"],
]);

/** First code units of decimal digit rows in other scripts that keyboards and OCR produce. */
const DIGIT_ROWS = [0x0660, 0x06f0, 0x0966, 0x09e6, 0x0e50, 0x0f20] as const;

const HAN_DIGITS = "零一二三四五六七八九";
const HAN_DIGIT_FORMS: ReadonlyMap<string, string> = new Map([
  ...HAN_DIGITS.split("").map((sign, value) => [sign, String(value)] as const),
  ..."〇壹贰叁肆伍陆柒捌玖".split("").map((sign, value) => [sign, String(value)] as const),
  ["幺", "1"],
  ["○", "0"],
  ["貳", "2"],
  ["參", "3"],
  ["陸", "6"],
]);
/** Numbers spelled in characters: seven or more in a row cannot be a count, a year or a room. */
const SPELLED_RUN = /[0-9〇○零一二三四五六七八九壹贰貳叁參肆伍陆陸柒捌玖幺]{7,}/g;
/**
 * 张三13…, 李四一三…: a numeral before a whole mobile, or before the digits with which one or an
 * area code begins, ends the name that stands there.
 */
const END_OF_NAME =
  /^[〇零一二三四五六七八九]{1,2}(?=(?:1[3-9]|0[1-9]|86)\d{4}|[1一壹幺][3-9三四五六七八九叁參肆伍陆陸柒捌玖].{9})/;
/** 13…三栋: a numeral after a whole mobile begins what follows it. */
const MOBILE_DIGITS = 11;
const WHOLE_MOBILE = /^1[3-9]\d{9}(?!\d)/;

/** The same length as `text`; offsets therefore hold in both. */
export function foldPhoneText(text: string): string {
  if (ASCII_ONLY.test(text)) return text;
  const folded = text.replace(FOREIGN_SIGN, foldUnit);
  return folded.replace(SPELLED_RUN, spellOut);
}

/**
 * True for what may not stay readable in a phone field: letters, digits, numerals of any script.
 */
export function isHiddenInPhone(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  if (unit < 0x80) return (unit >= 48 && unit <= 57) || isAsciiLetter(unit);
  if (unit >= 0xd800 && unit <= 0xdfff) return true;
  return READABLE.test(text.charAt(index));
}

/** Symbols count too: some are whole words or numbers in one character (㏕, ㎞). */
const READABLE = /[\p{L}\p{N}\p{M}\p{S}]/u;

function isAsciiLetter(unit: number): boolean {
  const lower = unit | 0x20;
  return lower >= 97 && lower <= 122;
}

function foldUnit(sign: string): string {
  const unit = sign.charCodeAt(0);
  if (unit >= FULL_WIDTH_FIRST && unit <= FULL_WIDTH_LAST) {
    return String.fromCharCode(unit - FULL_WIDTH_OFFSET);
  }
  const row = DIGIT_ROWS.find((first) => unit >= first && unit < first + 10);
  return row === undefined ? (SIGNS.get(sign) ?? sign) : String(unit - row);
}

function spellOut(run: string): string {
  const from = END_OF_NAME.exec(run)?.[0].length ?? 0;
  const number = run.slice(from);
  const to = from + (WHOLE_MOBILE.test(number) ? MOBILE_DIGITS : number.length);
  const digits = run
    .slice(from, to)
    .replace(/[^0-9]/g, (sign) => HAN_DIGIT_FORMS.get(sign) ?? sign);
  return run.slice(0, from) + digits + run.slice(to);
}
