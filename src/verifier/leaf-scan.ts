/**
 * Judges a leaf in one pass over its bytes, without making a text or an object of it: a log has
 * millions. It knows only the plain shapes and accepts nothing that `readLeaf` would not; what it
 * passes over is for `readLeaf` to judge.
 */
import { instantIn } from "./instant.ts";

const NO = -1;
const DEPTH_MAX = 8;
const LEAF_BYTES_MAX = 8192;
const DIGITS_MAX = 15;
const ID_BYTES = 34;
const TENANT_BYTES = 38;
const TYPE_BYTES_MAX = 66;
const WORD_DIGITS = 8;

const codeOf = (character: string): number => character.charCodeAt(0);
const [QUOTE, BACKSLASH, COLON, COMMA, MINUS] = [...'"\\:,-'].map(codeOf);
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [..."{}[]"].map(codeOf);
const [LETTER_T, LETTER_F, LETTER_N, LETTER_U] = [..."tfnu"].map(codeOf);
const [ZERO, ONE] = [..."01"].map(codeOf);

function tableOf(isIn: (byte: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_none, byte) => (isIn(byte) ? 1 : 0));
}

/** Bytes that stand for themselves in a string; those above 0x7f are judged as UTF-8 elsewhere. */
const PLAIN = tableOf((byte) => byte >= 0x20 && byte !== QUOTE && byte !== BACKSLASH);
/** The same in ASCII: keys that are nothing else sort by their bytes. */
const KEY = tableOf((byte) => PLAIN[byte] === 1 && byte < 0x80);
const SHORT_ESCAPE = tableOf((byte) => '"\\bfnrt'.includes(String.fromCharCode(byte)));
const DIGIT = tableOf((byte) => byte >= 0x30 && byte <= 0x39);
const LETTER = tableOf((byte) => /[a-z]/.test(String.fromCharCode(byte)));
const TYPE = tableOf((byte) => /[a-z0-9-]/.test(String.fromCharCode(byte)));
/** The worth of a hex digit; 16 for what is none. */
const HEX = Uint8Array.from({ length: 256 }, (_none, byte) => {
  const worth = "0123456789abcdef".indexOf(String.fromCharCode(byte));
  return worth < 0 ? 16 : worth;
});

const isIn = (table: Uint8Array, byte: number | undefined): boolean => table[byte ?? 0] === 1;

/** `\u00` and two digits for a control character that has no short escape. */
function isLongEscape(bytes: Uint8Array, at: number): boolean {
  const isNull = bytes[at] === LETTER_U && bytes[at + 1] === ZERO && bytes[at + 2] === ZERO;
  const high = HEX[bytes[at + 3] ?? 0] ?? 16;
  const low = HEX[bytes[at + 4] ?? 0] ?? 16;
  if (!isNull || high > 1 || low > 15) return false;
  return high === 1 || !"\b\t\n\f\r".includes(String.fromCharCode(low));
}

/** Behind the quote that ends a string whose first character is at `from`. */
function endOfString(bytes: Uint8Array, from: number): number {
  let at = from;
  for (;;) {
    while (isIn(PLAIN, bytes[at])) at += 1;
    if (bytes[at] === QUOTE) return at + 1;
    if (bytes[at] !== BACKSLASH) return NO;
    if (isIn(SHORT_ESCAPE, bytes[at + 1])) at += 2;
    else if (isLongEscape(bytes, at + 1)) at += 6;
    else return NO;
  }
}

function endOfNumber(bytes: Uint8Array, from: number): number {
  const first = bytes[from] === MINUS ? from + 1 : from;
  let at = first;
  while (isIn(DIGIT, bytes[at])) at += 1;
  const digits = at - first;
  if (digits === 0 || digits > DIGITS_MAX) return NO;
  return bytes[first] === ZERO && (digits > 1 || first > from) ? NO : at;
}

const WORDS = ["true", "false", "null"].map((word) => Uint8Array.from(word, codeOf));

function endOfWord(bytes: Uint8Array, from: number): number {
  const word = WORDS.find((letters) => isAt(bytes, from, letters));
  return word === undefined ? NO : from + word.length;
}

function endOfArray(bytes: Uint8Array, from: number, depth: number): number {
  if (bytes[from] === CLOSE_BRACKET) return from + 1;
  for (let at = from; ; at += 1) {
    at = endOfValue(bytes, at, depth);
    if (at < 0) return NO;
    if (bytes[at] === CLOSE_BRACKET) return at + 1;
    if (bytes[at] !== COMMA) return NO;
  }
}

function endOfValue(bytes: Uint8Array, from: number, depth: number): number {
  switch (bytes[from] ?? 0) {
    case QUOTE:
      return endOfString(bytes, from + 1);
    case OPEN_BRACE:
      return depth < DEPTH_MAX ? endOfObject(bytes, from + 1, { depth: depth + 1 }) : NO;
    case OPEN_BRACKET:
      return depth < DEPTH_MAX ? endOfArray(bytes, from + 1, depth + 1) : NO;
    case LETTER_T:
    case LETTER_F:
    case LETTER_N:
      return endOfWord(bytes, from);
    default:
      return endOfNumber(bytes, from);
  }
}

/** Whether the key from `b` to its quote sorts behind the one from `a` to its own. */
function isBehind(bytes: Uint8Array, a: number, b: number): boolean {
  for (let at = 0; ; at += 1) {
    // Both keys end with a quote, which is in neither.
    const [first, second] = [bytes[a + at] as number, bytes[b + at] as number];
    if (second === QUOTE) return false;
    if (first === QUOTE || first < second) return true;
    if (first > second) return false;
  }
}

interface Within {
  readonly depth: number;
  /** Told of each member of the outermost object. */
  readonly leaf?: ScannedLeaf;
}

/** Behind the brace that ends an object whose first key's quote is at `from`. */
function endOfObject(bytes: Uint8Array, from: number, within: Within): number {
  if (bytes[from] === CLOSE_BRACE) return from + 1;
  let before = NO;
  for (let at = from; ; at += 1) {
    const key = at + 1;
    let end = key;
    while (isIn(KEY, bytes[end])) end += 1;
    if (bytes[at] !== QUOTE || bytes[end] !== QUOTE || bytes[end + 1] !== COLON) return NO;
    if (before !== NO && !isBehind(bytes, before, key)) return NO;
    at = endOfValue(bytes, end + 2, within.depth);
    if (at < 0) return NO;
    within.leaf?.take(bytes, { key, end, from: end + 2, to: at });
    if (bytes[at] === CLOSE_BRACE) return at + 1;
    if (bytes[at] !== COMMA) return NO;
    before = key;
  }
}

interface Member {
  readonly key: number;
  readonly end: number;
  readonly from: number;
  readonly to: number;
}

const WANTED = ["at", "id", "tenant", "type", "v"].map((name) => Uint8Array.from(name, codeOf));
const ALL = 2 ** WANTED.length - 1;

function isAt(bytes: Uint8Array, from: number, name: Uint8Array): boolean {
  for (let at = 0; at < name.length; at += 1) if (bytes[from + at] !== name[at]) return false;
  return true;
}

function placeOf(bytes: Uint8Array, { key, end }: Member): number {
  for (const [place, name] of WANTED.entries())
    if (name.length === end - key && isAt(bytes, key, name)) return place;
  return NO;
}

/** What was found in the leaf that was scanned last. */
export class ScannedLeaf {
  /** The id as four numbers. */
  readonly id = new Uint32Array(4);
  /** Milliseconds since 1970. */
  at = 0;
  #found = 0;

  /**
   * Whether the bytes from `from` on are a plain leaf of version 1. The bytes must be UTF-8, which
   * is not looked at here.
   */
  scan(bytes: Uint8Array, from: number): boolean {
    this.#found = 0;
    if (bytes.length - from > LEAF_BYTES_MAX || bytes[from] !== OPEN_BRACE) return false;
    const end = endOfObject(bytes, from + 1, { depth: 0, leaf: this });
    return end === bytes.length && this.#found === ALL;
  }

  take(bytes: Uint8Array, member: Member): void {
    const place = placeOf(bytes, member);
    if (place >= 0 && this.#isFit(bytes, place, member)) this.#found |= 2 ** place;
  }

  #isFit(bytes: Uint8Array, place: number, { from, to }: Member): boolean {
    switch (place) {
      case 0:
        this.at = bytes[from] === QUOTE && to - from === 26 ? instantIn(bytes, from + 1) : NaN;
        return !Number.isNaN(this.at);
      case 1:
        return to - from === ID_BYTES && this.#takeId(bytes, from + 1);
      case 2:
        return to - from === TENANT_BYTES && isTenant(bytes, from + 1);
      case 3:
        return bytes[from] === QUOTE && to - from <= TYPE_BYTES_MAX && isType(bytes, from + 1);
      default:
        return to - from === 1 && bytes[from] === ONE;
    }
  }

  #takeId(bytes: Uint8Array, from: number): boolean {
    let isHex = true;
    for (let word = 0; word < 4; word += 1) {
      let value = 0;
      for (let digit = 0; digit < WORD_DIGITS; digit += 1) {
        const worth = HEX[bytes[from + word * WORD_DIGITS + digit] ?? 0] ?? 16;
        if (worth > 15) isHex = false;
        value = (value << 4) | worth;
      }
      this.id[word] = value;
    }
    return isHex;
  }
}

function isTenant(bytes: Uint8Array, from: number): boolean {
  for (let at = 0; at < 36; at += 1) {
    const isDash = at === 8 || at === 13 || at === 18 || at === 23;
    const byte = bytes[from + at] ?? 0;
    if (isDash ? byte !== MINUS : (HEX[byte] ?? 16) > 15) return false;
  }
  return true;
}

function isType(bytes: Uint8Array, from: number): boolean {
  let at = from;
  while (isIn(TYPE, bytes[at])) at += 1;
  return isIn(LETTER, bytes[from]) && bytes[at] === QUOTE;
}
