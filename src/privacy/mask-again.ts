/**
 * A mask that comes back as input stays as it is: masking it again must not hide the little that it
 * leaves. What stood under the stars is not known, so a few fillings are tried; where one of them
 * would have given the very same mask, the text shows nothing that the mask would hide.
 */

const MASK = "*";
/** Digits that fit most places where digits were hidden: numbers, area codes, doors. */
const FILLINGS = ["5", "2", "0", "1", "4"] as const;

/**
 * True when `text` holds stars and is what `mask` makes of it with each star filled by a digit.
 * `mask` keeps the length and writes a star for each hidden unit.
 */
export function isOwnMask(text: string, mask: (filled: string) => string): boolean {
  if (!text.includes(MASK)) return false;
  return FILLINGS.some((filling) => isSame(text, mask(text.replaceAll(MASK, filling))));
}

/** Stars of the text may be filled with a digit that the mask keeps; everything else is equal. */
function isSame(text: string, masked: string): boolean {
  if (masked.length !== text.length) return false;
  for (let at = 0; at < text.length; at += 1) {
    const shown = text.charAt(at);
    if (shown !== MASK && shown !== masked.charAt(at)) return false;
  }
  return true;
}
