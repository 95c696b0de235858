/** The text of a label as a reader sees it: no invisible signs, one form of each digit. */

/** Every sign that people print in place of a character, folded to one. */
const MASKS = /[*●■█▇∗✱•※□]/g;
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}\u2800]/gu;
const ASCII_ONLY = /^[\x20-\x7e]*$/;
/** Decimal digits of other scripts; full-width and mathematical ones are gone after NFKC. */
const OTHER_DIGIT = /(?![0-9])\p{Nd}/gu;
/** Digits in circles that NFKC leaves alone: the first sign of each row and what it stands for. */
const CIRCLED_ROWS = [
  [0x24f5, 1],
  [0x2776, 1],
  [0x2780, 1],
  [0x278a, 1],
] as const;
const CIRCLED = /[\u24f5-\u24ff\u2776-\u2793]/g;
const CIRCLED_ZERO = 0x24ff;
const HAN_DIGITS: ReadonlyMap<string, string> = new Map(
  ["零〇○", "一壹幺", "二贰貳", "三叁參", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖"].flatMap(
    (forms, value) => [...forms].map((form) => [form, String(value)] as const),
  ),
);
const HAN_DIGIT = new RegExp(`[${[...HAN_DIGITS.keys()].join("")}]`, "g");
const MARK = /\p{M}/gu;

/** Width, mask signs and digits of any script made plain, invisible signs taken out. */
export function foldShown(text: string): string {
  return foldMasks(ASCII_ONLY.test(text) ? text : foldDigits(withoutInvisible(text)));
}

/** As `foldShown`, without NFKC, so that one letter stays one letter. */
export function foldMasks(text: string): string {
  return withoutInvisible(text).replace(MASKS, "*");
}

/** `shown` with Chinese digits as plain ones; only good for finding numbers. */
export function foldSpelled(shown: string): string {
  if (ASCII_ONLY.test(shown)) return shown;
  return shown.replace(MARK, "").replace(HAN_DIGIT, (form) => HAN_DIGITS.get(form) ?? form);
}

function withoutInvisible(text: string): string {
  return ASCII_ONLY.test(text) ? text : text.replace(INVISIBLE, "");
}

function foldDigits(text: string): string {
  return text.normalize("NFKC").replace(CIRCLED, circledValue).replace(OTHER_DIGIT, digitValue);
}

function circledValue(sign: string): string {
  const code = sign.charCodeAt(0);
  if (code === CIRCLED_ZERO) return "0";
  const row = CIRCLED_ROWS.findLast(([first]) => first <= code);
  return row === undefined ? sign : String(code - row[0] + row[1]);
}

/** The digits of a script stand in one row of ten, zero first (Unicode, section 4.6). */
function digitValue(sign: string): string {
  let zero = sign.codePointAt(0) ?? 0;
  const code = zero;
  while (code - zero < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String(code - zero);
}
