/** Numbers and handles of a person in running text: cards, documents, plates, accounts, codes. */

import type { TextKind, TextReason } from "./free-text-span.ts";

export interface NumberMention {
  readonly kind: TextKind;
  readonly start: number;
  readonly end: number;
  readonly confidence: number;
  readonly reason: TextReason;
}

interface NumberForm {
  readonly kind: TextKind;
  /** The first group, where there is one, is the number; else the whole match is. */
  readonly pattern: RegExp;
  readonly confidence: number;
  readonly reason: TextReason;
  readonly agrees?: (number: string) => boolean;
}

/* Earlier rows win where ranges overlap. */
const FORMS: readonly NumberForm[] = [
  {
    // GB 11643-1999: area, date of birth, sequence, check character.
    kind: "identity-card",
    pattern:
      /(?<![0-9A-Za-z])[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])/g,
    confidence: 0.99,
    reason: "check-digit",
    agrees: isIdentityCard,
  },
  {
    // ISO/IEC 7812-1: issuer, account, check digit; 62 is UnionPay, 4 and 5 the international ones.
    kind: "bank-card",
    pattern:
      /(?<![0-9A-Za-z-])(?:62|4\d|5[1-5]|35|37)\d{2}(?:[ -]?\d{4}){2,3}(?:[ -]?\d{1,4})?(?![0-9A-Za-z-])/g,
    confidence: 0.9,
    reason: "check-digit",
    agrees: isBankCard,
  },
  {
    kind: "document",
    pattern:
      /(?:身份证|身份證|证件|证号|護照|护照|社保|驾照|驾驶证|通行证|军官证)[号码號碼是为:： ]{0,4}([0-9A-Za-z][0-9A-Za-z -]{4,24}[0-9A-Za-z])/g,
    confidence: 0.9,
    reason: "cue",
    agrees: holdsDigit,
  },
  {
    kind: "bank-card",
    pattern: /(?:银行卡|卡号|账号|帐号|賬號)[号码號碼是为:： ]{0,4}([0-9][0-9 -]{4,24}[0-9])/g,
    confidence: 0.9,
    reason: "cue",
  },
  {
    // GA 36-2018: province, authority without I and O, five characters, six for new energy.
    kind: "plate",
    pattern:
      /[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·• -]?(?:[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳])(?![0-9A-Za-z])/g,
    confidence: 0.85,
    reason: "form",
    agrees: (plate) => /\d{2}/.test(plate),
  },
  {
    kind: "plate",
    pattern: /车牌[号码是为:： ]{0,4}([\u4e00-\u9fff]?[0-9A-Za-z][0-9A-Za-z· -]{4,8}[0-9A-Za-z])/g,
    confidence: 0.85,
    reason: "cue",
    agrees: holdsDigit,
  },
  {
    // Six to twenty characters after a letter; older handles are a phone or a QQ number.
    kind: "wechat",
    pattern:
      /(?:微信|薇信|威信|(?<![A-Za-z])(?:VX|vx|Vx|WX|wx|[Ww]e[Cc]hat))(?:号码|号|是|为|同号|[:： ]){0,3}([A-Za-z][A-Za-z0-9_-]{4,19}|[1-9]\d{4,11})(?![0-9A-Za-z_-])/g,
    confidence: 0.9,
    reason: "cue",
  },
  {
    kind: "qq",
    pattern: /(?:(?<![A-Za-z])[Qq]{2}|扣扣)(?:号码|号|是|为|[:： ]){0,3}([1-9]\d{4,11})(?!\d)/g,
    confidence: 0.9,
    reason: "cue",
  },
  {
    kind: "door-code",
    pattern:
      /(?:密码|门禁|开门码|取件码|提货码|验证码)(?:号|码|锁|是|为|[:： ]){0,3}([0-9A-Za-z#*][0-9A-Za-z#*-]{2,24})/g,
    confidence: 0.8,
    reason: "cue",
    agrees: holdsDigit,
  },
  {
    kind: "email",
    pattern: /(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{2,20}){1,3}/g,
    confidence: 0.99,
    reason: "form",
  },
];

/** A character that OCR read wrong makes the check fail; the date still has to be one. */
const BLURRED_CARD =
  /(?<![0-9A-Za-z])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3,4}[\dXx]?(?![0-9A-Za-z])/g;

/**
 * Numbers in `folded`, the text with digits made plain and of the same length. With `tolerant` also
 * cards whose check character does not agree or that lack or double one digit.
 */
export function findNumbers(folded: string, tolerant: boolean): readonly NumberMention[] {
  const found = FORMS.flatMap((form) => mentionsOf(folded, form));
  if (!tolerant) return found;
  for (const match of folded.matchAll(BLURRED_CARD)) {
    const end = match.index + match[0].length;
    const range = { kind: "identity-card", start: match.index, end } as const;
    found.push({ ...range, confidence: 0.6, reason: "blurred" });
  }
  return found;
}

function mentionsOf(folded: string, form: NumberForm): NumberMention[] {
  const { kind, confidence, reason } = form;
  const found: NumberMention[] = [];
  for (const match of folded.matchAll(form.pattern)) {
    const number = match[1] ?? match[0];
    const end = match.index + match[0].length;
    if (form.agrees !== undefined && !form.agrees(number)) continue;
    found.push({ kind, start: end - number.length, end, confidence, reason });
  }
  return found;
}

function holdsDigit(number: string): boolean {
  return /\d/.test(number);
}

const CARD_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const CARD_CHECKS = "10X98765432";

/** GB 11643-1999: weighted sum of seventeen digits modulo 11 names the last character. */
function isIdentityCard(card: string): boolean {
  const sum = CARD_WEIGHTS.reduce(
    (total, weight, at) => total + weight * Number(card.charAt(at)),
    0,
  );
  return CARD_CHECKS.charAt(sum % CARD_CHECKS.length) === card.charAt(17).toUpperCase();
}

const BANK_CARD_DIGITS = { min: 15, max: 19 } as const;

/** ISO/IEC 7812-1, annex B (Luhn): each second digit from the right doubled, sum modulo 10 is 0. */
function isBankCard(text: string): boolean {
  const digits = text.replace(/\D/g, "");
  if (digits.length < BANK_CARD_DIGITS.min || digits.length > BANK_CARD_DIGITS.max) return false;
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = Number(digits.charAt(digits.length - 1 - place));
    const doubled = place % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
