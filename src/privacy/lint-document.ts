/**
 * Numbers of documents other than the identity card that can still be read (实名收寄: none of them may
 * stand on a label, 快递暂行条例 article 23). Own patterns, none of the validation's (P1). Order and
 * waybill numbers look like many of them, so what has no check of its own counts beside its name.
 */

/** What people put between the characters of one number. */
const GAPS = /(?<=[0-9A-Z])[\s.·_-]{1,2}(?=[0-9A-Z])/g;
/** Mainland travel permits for Hong Kong and Macao residents: a letter and 8 or 10 digits. */
const PERMIT = /(?<![0-9A-Z])[HM]\d{8}(?:\d{2})?(?![0-9A-Z])/;
/** Passports, permits for Taiwan residents, residence cards of foreigners: beside their name. */
const NAMED =
  /(?:护照|護照|通行证|通行證|回乡证|台胞证|居留证|居留身份证|PASSPORT|PERMIT)[^0-9A-Z*]{0,12}(?:NO|号码|号)?[^0-9A-Z*]{0,4}(?=[A-Z]{0,3}\d)[0-9A-Z]{5,18}(?![0-9A-Z*])/;
const CREDIT =
  /(?<![0-9A-Z])[159AY][1239](?:[1-5]\d|6[1-5])\d{4}[0-9A-HJ-NP-RTUW-Y]{10}(?![0-9A-Z])/g;
const CREDIT_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/** GB 32100-2015: the check character makes the sum, weighted by powers of 3, 0 modulo 31. */
function isCreditCode(code: string): boolean {
  let [sum, weight] = [CREDIT_CHARACTERS.indexOf(code.charAt(17)), 1];
  for (const character of code.slice(0, 17)) {
    sum += CREDIT_CHARACTERS.indexOf(character) * weight;
    weight = (weight * 3) % 31;
  }
  return sum % 31 === 0;
}

/** Whether `shown`, folded by `foldShown`, holds such a number. Linear; never throws. */
export function showsDocument(shown: string): boolean {
  const capitals = shown.toUpperCase();
  return [capitals, capitals.replace(GAPS, "")].some(
    (text) =>
      PERMIT.test(text) ||
      NAMED.test(text) ||
      [...text.matchAll(CREDIT)].some(([code]) => isCreditCode(code)),
  );
}
