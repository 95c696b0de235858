/**
 * Which passwords are taken. Length instead of signs of several kinds, and nothing that guessers
 * try first: NIST SP 800-63B-4 section 3.1.1.2, where 8 characters do beside a second factor and 15
 * alone. Twelve is our own bound between the two.
 */

export const PASSWORD_CHARACTERS_MIN = 12;
export const PASSWORD_CHARACTERS_MAX = 128;
/** Fewer different characters than this are a pattern. */
const DIFFERENT_MIN = 5;
/** What must be left once the words that everybody uses are taken out. */
const OWN_CHARACTERS_MIN = 6;
const NAME_LENGTH_THAT_COUNTS = 3;

/** Parts of the passwords that head every published list of leaked ones, in China and elsewhere. */
const COMMON_PARTS =
  /password|passw0rd|qwertyuiop|qwerty|asdfghjkl|asdfgh|zxcvbnm|1qaz2wsx|qazwsx|iloveyou|woaini|letmein|welcome|admin|root|monkey|dragon|abc123|a123456|123456789|12345678|1234567|123456|123123|147258|5201314|666666|888888|000000|111111|19\d{6}|20\d{6}|midan|密单|kuaidi|快递/giu;

export type PasswordFault = "short" | "long" | "pattern" | "common" | "name";

/** The form in which a password is compared: what looks alike on two keyboards is alike. */
export function passwordText(given: string): string {
  return given.normalize("NFKC");
}

/** Why the password is not taken for the account of that name; null when it is. */
export function passwordFault(given: string, accountName: string): PasswordFault | null {
  const text = passwordText(given);
  const { length } = [...text];
  if (length < PASSWORD_CHARACTERS_MIN) return "short";
  if (length > PASSWORD_CHARACTERS_MAX) return "long";
  if (new Set(text).size < DIFFERENT_MIN) return "pattern";
  const lower = text.toLowerCase();
  const name = accountName.toLowerCase();
  if (name.length >= NAME_LENGTH_THAT_COUNTS && lower.includes(name)) return "name";
  if ([...lower.replace(COMMON_PARTS, "")].length < OWN_CHARACTERS_MIN) return "common";
  return null;
}
