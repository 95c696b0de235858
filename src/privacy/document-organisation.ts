/**
 * The unified social credit code (统一社会信用代码, GB 32100-2015): registering authority and kind,
 * division of six digits, the organisation code of nine (GB/T 11714-1997) with its own check, and a
 * check character over all.
 */

const CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const BASE = CHARACTERS.length;
const ORGANISATION_AT = 8;
const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2] as const;
const CHECK_AT = 17;

/** GB 32100-2015 section 5.5: weights are powers of 3 modulo 31, values those of 31 characters. */
function creditCheck(code: string): string | undefined {
  let [sum, weight] = [0, 1];
  for (const character of code.slice(0, CHECK_AT)) {
    sum += CHARACTERS.indexOf(character) * weight;
    weight = (weight * 3) % BASE;
  }
  return CHARACTERS[(BASE - (sum % BASE)) % BASE];
}

/** GB/T 11714-1997: 11 less the weighted sum modulo 11, X for 10 and 0 for 11; A is worth 10. */
function organisationCheck(code: string): string {
  const sum = ORGANISATION_WEIGHTS.reduce(
    (total, weight, at) => total + weight * Number.parseInt(code.charAt(at), 36),
    0,
  );
  const check = 11 - (sum % 11);
  return check === 10 ? "X" : String(check % 11);
}

/** Whether both check characters of a code of 18 characters fit. */
export function hasCheckedOrganisationCode(code: string): boolean {
  const organisation = code.slice(ORGANISATION_AT, CHECK_AT);
  return (
    creditCheck(code) === code.charAt(CHECK_AT) &&
    organisationCheck(organisation) === organisation.charAt(ORGANISATION_AT)
  );
}
