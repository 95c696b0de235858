/** Tables of short words, looked up in a text without trying lengths that no word has. */

/** No word of a table is longer; one bit for each length. */
export const WORD_MAX_UNITS = 8;

export interface WordTable<T> {
  readonly values: ReadonlyMap<string, T>;
  /** By the first (or the last) UTF-16 unit of a word: bit n-1 says that a word has n units. */
  readonly lengths: Uint8Array;
}

const UNITS = 0x10000;

/** Words that are looked for by their first unit. Throws RangeError when a word is too long. */
export function wordsFromHead<T>(entries: Iterable<readonly [string, T]>): WordTable<T> {
  return tableOf(entries, (word) => word.charCodeAt(0));
}

/** Words that are looked for by their last unit. Throws RangeError when a word is too long. */
export function wordsFromTail<T>(entries: Iterable<readonly [string, T]>): WordTable<T> {
  return tableOf(entries, (word) => word.charCodeAt(word.length - 1));
}

/** The value of the longest word that begins at `at` and ends by `to`. */
export function wordAt<T>(
  table: WordTable<T>,
  text: string,
  { at, to }: { readonly at: number; readonly to: number },
): T | undefined {
  let lengths = table.lengths[text.charCodeAt(at)] ?? 0;
  while (lengths !== 0) {
    const length = longest(lengths);
    lengths &= ~(1 << (length - 1));
    const value = at + length <= to ? table.values.get(text.slice(at, at + length)) : undefined;
    if (value !== undefined) return value;
  }
  return undefined;
}

/** The value of the longest word that ends at `end` and begins at `from` or later. */
export function wordBefore<T>(
  table: WordTable<T>,
  text: string,
  { from, end }: { readonly from: number; readonly end: number },
): T | undefined {
  let lengths = table.lengths[text.charCodeAt(end - 1)] ?? 0;
  while (lengths !== 0) {
    const length = longest(lengths);
    lengths &= ~(1 << (length - 1));
    const value =
      end - length >= from ? table.values.get(text.slice(end - length, end)) : undefined;
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Flags, 1 for each of the signs; read with the UTF-16 unit as the index. */
export function unitSet(signs: string): Uint8Array {
  const flags = new Uint8Array(UNITS);
  for (let i = 0; i < signs.length; i += 1) flags[signs.charCodeAt(i)] = 1;
  return flags;
}

/** The words of a list with blanks between them. */
export function words(...lists: readonly string[]): readonly string[] {
  return lists.flatMap((list) => list.split(" "));
}

function tableOf<T>(
  entries: Iterable<readonly [string, T]>,
  keyOf: (word: string) => number,
): WordTable<T> {
  const values = new Map(entries);
  const lengths = new Uint8Array(UNITS);
  for (const word of values.keys()) {
    if (word.length > WORD_MAX_UNITS) throw new RangeError(`a word of ${word.length} units`);
    const key = keyOf(word);
    lengths[key] = (lengths[key] ?? 0) | (1 << (word.length - 1));
  }
  return { values, lengths };
}

function longest(lengths: number): number {
  return 32 - Math.clz32(lengths);
}
