/** SM3 (GB/T 32905-2016), the verifier's own: no browser has it. */
import { BLOCK_BYTES, padded } from "./hash-block.ts";

const STATE_WORDS = 8;
const ROUNDS = 64;
const EARLY_ROUNDS = 16;
/** Section 4.1. */
const INITIAL = Int32Array.of(
  0x7380166f,
  0x4914b2b9,
  0x172442d7,
  0xda8a0600,
  0xa96f30bc,
  0x163138aa,
  0xe38dee4d,
  0xb0fb0e4e,
);
/** Section 4.2. */
const CONSTANT_EARLY = 0x79cc4519;
const CONSTANT_LATE = 0x7a879d8a;

const turn = (word: number, by: number): number =>
  (word << (by % 32)) | (by % 32 === 0 ? 0 : word >>> (32 - (by % 32)));

/** P0 and P1 of section 4.4. */
const mixed0 = (word: number): number => word ^ turn(word, 9) ^ turn(word, 17);
const mixed1 = (word: number): number => word ^ turn(word, 15) ^ turn(word, 23);

/** The 68 words of a block (section 5.3.2). */
function expanded(view: DataView, at: number): Int32Array {
  const words = new Int32Array(ROUNDS + 4);
  for (let i = 0; i < 16; i += 1) words[i] = view.getInt32(at + 4 * i);
  const word = (i: number): number => words[i] ?? 0;
  for (let i = 16; i < words.length; i += 1) {
    const p = mixed1(word(i - 16) ^ word(i - 9) ^ turn(word(i - 3), 15));
    words[i] = p ^ turn(word(i - 13), 7) ^ word(i - 6);
  }
  return words;
}

/** Takes one block into `state` (section 5.3.3). */
function compress(state: Int32Array, words: Int32Array): void {
  // The state has eight words.
  let [a, b, c, d, e, f, g, h] = state as unknown as Eight;
  for (let i = 0; i < ROUNDS; i += 1) {
    const isEarly = i < EARLY_ROUNDS;
    const constant = isEarly ? CONSTANT_EARLY : CONSTANT_LATE;
    const ss1 = turn((turn(a, 12) + e + turn(constant, i)) | 0, 7);
    const ss2 = ss1 ^ turn(a, 12);
    const ff = isEarly ? a ^ b ^ c : (a & b) | (a & c) | (b & c);
    const gg = isEarly ? e ^ f ^ g : (e & f) | (~e & g);
    const word = words[i] ?? 0;
    const tt1 = (ff + d + ss2 + (word ^ (words[i + 4] ?? 0))) | 0;
    const tt2 = (gg + h + ss1 + word) | 0;
    [d, c, b, a] = [c, turn(b, 9), a, tt1];
    [h, g, f, e] = [g, turn(f, 19), e, mixed0(tt2)];
  }
  for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) state[i] = (state[i] ?? 0) ^ word;
}

type Eight = [number, number, number, number, number, number, number, number];

/** The hash of `bytes`, 32 bytes. */
export function sm3(bytes: Uint8Array): Uint8Array {
  const view = padded(bytes);
  const state = INITIAL.slice();
  for (let at = 0; at < view.byteLength; at += BLOCK_BYTES) compress(state, expanded(view, at));
  const hash = new DataView(new ArrayBuffer(4 * STATE_WORDS));
  for (const [i, word] of state.entries()) hash.setInt32(4 * i, word);
  return new Uint8Array(hash.buffer);
}
