/** SHA-256 (FIPS 180-4) for browsers, which offer only a slow, asynchronous one. */
import { BLOCK_BYTES, padded } from "./hash-block.ts";

/* The first 64 primes make both tables: fractional parts of their cube and square roots. */
const ROUNDS = 64;
const STATE_WORDS = 8;
const WORD = 2 ** 32;

function primes(count: number): number[] {
  const found: number[] = [];
  for (let candidate = 2; found.length < count; candidate += 1)
    if (found.every((prime) => candidate % prime !== 0)) found.push(candidate);
  return found;
}

/** The first 32 bits behind the point of a root; exact, because doubles hold 53 bits of it. */
function fraction(root: number): number {
  return Math.floor((root - Math.floor(root)) * WORD) | 0;
}

const PRIMES = primes(ROUNDS);
const K = Int32Array.from(PRIMES, (prime) => fraction(Math.cbrt(prime)));
const INITIAL = Int32Array.from(PRIMES.slice(0, STATE_WORDS), (prime) =>
  fraction(Math.sqrt(prime)),
);

const turn = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

function schedule(words: Int32Array, view: DataView, at: number): void {
  for (let i = 0; i < 16; i += 1) words[i] = view.getInt32(at + 4 * i);
  for (let i = 16; i < ROUNDS; i += 1) {
    // Indices run below the length of the array, as everywhere in this file.
    const [w15, w2] = [words[i - 15] as number, words[i - 2] as number];
    const s0 = turn(w15, 7) ^ turn(w15, 18) ^ (w15 >>> 3);
    const s1 = turn(w2, 17) ^ turn(w2, 19) ^ (w2 >>> 10);
    words[i] = ((words[i - 16] as number) + s0 + (words[i - 7] as number) + s1) | 0;
  }
}

function compress(state: Int32Array, words: Int32Array): void {
  // The state has eight words.
  let [a, b, c, d, e, f, g, h] = state as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  for (let i = 0; i < ROUNDS; i += 1) {
    const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    // Both tables have 64 words.
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (K[i] as number) + (words[i] as number)) | 0;
    const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  const added = [a, b, c, d, e, f, g, h];
  // The state has eight words.
  for (let i = 0; i < STATE_WORDS; i += 1) state[i] = (state[i] as number) + (added[i] as number);
}

/** The hash of `bytes`, 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  const view = padded(bytes);
  const state = INITIAL.slice();
  const words = new Int32Array(ROUNDS);
  for (let at = 0; at < view.byteLength; at += BLOCK_BYTES) {
    schedule(words, view, at);
    compress(state, words);
  }
  const hash = new DataView(new ArrayBuffer(4 * STATE_WORDS));
  for (const [i, word] of state.entries()) hash.setInt32(4 * i, word);
  return new Uint8Array(hash.buffer);
}
