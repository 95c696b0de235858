/** Identity cards, bank cards, passports and e-mail addresses in running text. */

import type { TextRange } from "./free-text-name.ts";

const IDENTITY_CARD =
  /(?<![0-9A-Za-z])[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])/g;
/** A number after its own name is believed without a check digit. */
const NAMED_NUMBER =
  /(?:身份证|身份證|证件|证号|護照|护照|银行卡|卡号|账号|帐号|社保|驾照|驾驶证|车牌)[号码號碼是为:： ]{0,4}([0-9A-Za-z][0-9A-Za-z -]{4,24}[0-9A-Za-z])/g;
/** Handles by which a person is found, and codes that open a door or a locker. */
const NAMED_CODE =
  /(?:微信|VX|vx|QQ|qq|密码|门禁|开门码|取件码|提货码|验证码)(?:号|号码|码|锁|是|为|[:： ]){0,3}([0-9A-Za-z][0-9A-Za-z_-]{2,24})/g;
const EMAIL = /(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{2,20}){1,3}/g;
const CARD_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const CARD_CHECKS = "10X98765432";

/**
 * Identity numbers: eighteen characters whose check character agrees, or any number, handle or door
 * code that its own name introduces. `folded` is the text with digits made plain, of the same
 * length.
 */
export function findIdentityNumbers(folded: string): readonly TextRange[] {
  const found: TextRange[] = [];
  for (const match of folded.matchAll(IDENTITY_CARD)) {
    if (isIdentityCard(match[0])) found.push([match.index, match.index + match[0].length]);
  }
  for (const pattern of [NAMED_NUMBER, NAMED_CODE]) found.push(...namedNumbers(folded, pattern));
  return found;
}

/** The first group of each match, when it holds a digit. */
function namedNumbers(folded: string, pattern: RegExp): readonly TextRange[] {
  const found: TextRange[] = [];
  for (const match of folded.matchAll(pattern)) {
    const number = match[1] ?? "";
    const end = match.index + match[0].length;
    if (/\d/.test(number)) found.push([end - number.length, end]);
  }
  return found;
}

export function findEmails(folded: string): readonly TextRange[] {
  return [...folded.matchAll(EMAIL)].map((match) => [match.index, match.index + match[0].length]);
}

/** GB 11643-1999: weighted sum of seventeen digits modulo 11 names the last character. */
function isIdentityCard(card: string): boolean {
  const sum = CARD_WEIGHTS.reduce(
    (total, weight, at) => total + weight * Number(card.charAt(at)),
    0,
  );
  return CARD_CHECKS.charAt(sum % CARD_CHECKS.length) === card.charAt(17).toUpperCase();
}
