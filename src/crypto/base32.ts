/**
 * Crockford base32 (https://www.crockford.com/base32.html): digits and letters without i, l, o and
 * u, read with their look-alikes. Symbols are numbers 0..31.
 */

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const ALIASES: Readonly<Record<string, number>> = { o: 0, i: 1, l: 1 };
const NO_SYMBOL = 0xff;
const CODES = Uint8Array.from(ALPHABET, (character) => character.charCodeAt(0));
const SYMBOLS = symbolTable();

function symbolTable(): Uint8Array {
  const table = new Uint8Array(128).fill(NO_SYMBOL);
  for (const [symbol, code] of CODES.entries()) table[code] = symbol;
  for (const [alias, symbol] of Object.entries(ALIASES)) table[alias.charCodeAt(0)] = symbol;
  return table;
}

/** The text of `symbols` (0..31 each), lower case. */
export function textOf(symbols: Uint8Array): string {
  let text = "";
  for (const symbol of symbols) text += ALPHABET.charAt(symbol);
  return text;
}

/** The symbols of lower-case `text`, or null when a character is none, not even as a look-alike. */
export function symbolsOf(text: string): Uint8Array | null {
  const symbols = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) {
    const symbol = SYMBOLS[text.charCodeAt(at)] ?? NO_SYMBOL;
    if (symbol === NO_SYMBOL) return null;
    symbols[at] = symbol;
  }
  return symbols;
}
