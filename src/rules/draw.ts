/**
 * The random draw of a spot check (双随机), from a seed that is printed so that anyone can repeat it
 * (快递暂行条例 2025-06-01, art. 47; 快递市场管理办法 2024-03-01, art. 42).
 *
 * Algorithm `midan-draw/1`: FNV-1a 64 over the UTF-8 bytes of the seed text (NFC, trimmed);
 * splitmix64 makes four words of state from it; xoshiro256** (Blackman and Vigna 2018) gives 64-bit
 * numbers; numbers below a bound by rejection; a Fisher-Yates shuffle of the population sorted by
 * UTF-16 code units, stopped after `count` picks. Repeatable, not secret: whoever may choose seeds
 * until one suits can steer a draw, so a seed is fixed before the population is known, or taken
 * from something public.
 */

export const DRAW_ALGORITHM = "midan-draw/1";

/** Inspectors and prosecutors work at least in twos (人民检察院公益诉讼办案规则 2021-07-01, art. 36). */
export const INSPECTORS_MIN = 2;

export const SEED_MAX_CHARS = 200;
export const POPULATION_MAX = 10_000_000;

const WORD = 64;
const FNV_OFFSET = 0xcbf29ce484222325n;
const FNV_PRIME = 0x100000001b3n;

function word(value: bigint): bigint {
  return BigInt.asUintN(WORD, value);
}

/** FNV-1a, 64 bits, over the UTF-8 bytes of `text` (Fowler, Noll and Vo). */
export function fnv1a(text: string): bigint {
  return new TextEncoder()
    .encode(text)
    .reduce((hash, byte) => word((hash ^ BigInt(byte)) * FNV_PRIME), FNV_OFFSET);
}

/** A source of 64-bit numbers. */
export type Words = () => bigint;

/** splitmix64 (Steele, Lea, Flood 2014), which spreads one word over many. */
export function splitmix64(start: bigint): Words {
  let state = word(start);
  return () => {
    state = word(state + 0x9e3779b97f4a7c15n);
    let z = state;
    z = word((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = word((z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    return z ^ (z >> 31n);
  };
}

function rotateLeft(value: bigint, bits: bigint): bigint {
  return word((value << bits) | (value >> (BigInt(WORD) - bits)));
}

export type State = readonly [bigint, bigint, bigint, bigint];

/** xoshiro256** from a state of four words, not all zero. */
export function xoshiro256(state: State): Words {
  let [a, b, c, d] = state;
  return () => {
    const result = word(rotateLeft(word(b * 5n), 7n) * 9n);
    const shifted = word(b << 17n);
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 45n);
    return result;
  };
}

function wordsOf(seed: string): Words {
  const spread = splitmix64(fnv1a(seed));
  return xoshiro256([spread(), spread(), spread(), spread()]);
}

/** A number in 0..bound−1, each equally likely: words of the uneven rest are thrown away. */
export function below(words: Words, bound: number): number {
  const size = BigInt(bound);
  const even = (1n << BigInt(WORD)) - ((1n << BigInt(WORD)) % size);
  let value = words();
  while (value >= even) value = words();
  return Number(value % size);
}

/** The seed as it enters the draw; null when it is empty or longer than 200 characters. */
export function parseSeed(text: string): string | null {
  const seed = text.normalize("NFC").trim();
  return seed.length === 0 || seed.length > SEED_MAX_CHARS ? null : seed;
}

/**
 * The seed of one stage of a campaign, e.g. `stageSeed(seed, "parcels", outletId)`: stages must not
 * share numbers. Labels are names of ours or ids and hold no `/`.
 */
export function stageSeed(seed: string, ...labels: readonly string[]): string {
  return [seed, ...labels].join("/");
}

function checkDraw(population: readonly string[], distinct: number, count: number): void {
  if (population.length > POPULATION_MAX) throw new RangeError("the population is too large");
  if (distinct !== population.length) throw new RangeError("an id stands twice in the population");
  if (!Number.isSafeInteger(count) || count < 0 || count > distinct) {
    throw new RangeError("a draw takes between none and all of the population");
  }
}

/**
 * `count` different ids of `population`, in the order drawn. The order of the input does not
 * matter; the same seed text and the same ids always give the same draw. Throws RangeError when an
 * id stands twice or count is not within 0..population: the caller decides what a small outlet
 * means.
 */
export function drawWithoutReplacement(
  seed: string,
  population: readonly string[],
  count: number,
): readonly string[] {
  const ids = [...new Set(population)].sort();
  checkDraw(population, ids.length, count);
  const words = wordsOf(seed.normalize("NFC").trim());
  const drawn: string[] = [];
  for (let at = 0; at < count; at += 1) {
    const from = at + below(words, ids.length - at);
    // Both positions lie below ids.length, so both hold an id.
    const [picked, displaced] = [ids[from] as string, ids[at] as string];
    ids[from] = displaced;
    drawn.push(picked);
  }
  return drawn;
}
