/**
 * Ids that were seen, 16 bytes each in one array: a log has millions of them, and each must be in
 * it once. Open addressing, at most half full.
 */
const WORDS = 4;
const SLOTS_FIRST = 1024;

type Four = [number, number, number, number];

const isZeros = ([a, b, c, d]: Four): boolean => a === 0 && b === 0 && c === 0 && d === 0;

export class IdSet {
  readonly #seed: number;
  #slots = new Uint32Array(SLOTS_FIRST * WORDS);
  #count = 0;
  /** A slot of zeros is free, so the id of zeros is remembered apart. */
  #hasZeros = false;

  /** `seed`: 32 bits that whoever chose the ids could not choose as well, such as of the root. */
  constructor(seed: number) {
    this.#seed = seed;
  }

  #home([a, b, c, d]: Four): number {
    let mixed = Math.imul(a ^ this.#seed, 0x9e3779b1);
    mixed = Math.imul(mixed ^ (mixed >>> 15) ^ b, 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13) ^ c, 0xc2b2ae35);
    mixed = Math.imul(mixed ^ (mixed >>> 16) ^ d, 0x27d4eb2f);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  }

  /** Puts four words into a free slot; false when they are there already. */
  #put(id: Four): boolean {
    const [a, b, c, d] = id;
    const slots = this.#slots;
    const count = slots.length / WORDS;
    for (let slot = this.#home(id) % count; ; slot = (slot + 1) % count) {
      const at = slot * WORDS;
      const [w, x, y, z] = [slots[at], slots[at + 1], slots[at + 2], slots[at + 3]];
      if (w === a && x === b && y === c && z === d) return false;
      if (w !== 0 || x !== 0 || y !== 0 || z !== 0) continue;
      slots[at] = a;
      slots[at + 1] = b;
      slots[at + 2] = c;
      slots[at + 3] = d;
      return true;
    }
  }

  #grow(): void {
    const before = this.#slots;
    this.#slots = new Uint32Array(before.length * 2);
    for (let at = 0; at < before.length; at += WORDS) {
      // Indices run below the length of the array.
      const id = [before[at], before[at + 1], before[at + 2], before[at + 3]] as Four;
      if (!isZeros(id)) this.#put(id);
    }
  }

  /** Remembers the id in the four words from `at` on; false when it was there already. */
  add(words: Uint32Array, at: number): boolean {
    // The caller's array has four words from there.
    const id = [words[at], words[at + 1], words[at + 2], words[at + 3]] as Four;
    if (isZeros(id)) {
      const isNew = !this.#hasZeros;
      this.#hasZeros = true;
      return isNew;
    }
    if (this.#count * 2 * WORDS >= this.#slots.length) this.#grow();
    if (!this.#put(id)) return false;
    this.#count += 1;
    return true;
  }
}
