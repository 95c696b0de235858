/** Asks for the next few things while one is looked at: a log that lies far away answers late. */
const AHEAD = 4;

export class ReadAhead<Thing> {
  readonly #read: (index: number) => Promise<Thing>;
  readonly #count: number;
  readonly #asked = new Map<number, Promise<Thing>>();

  /** `read` is asked for the things from 0 up to `count`, in order. */
  constructor(read: (index: number) => Promise<Thing>, count: number) {
    this.#read = read;
    this.#count = count;
  }

  /** Thing `index`; to be called in order. Throws what reading it threw. */
  async take(index: number): Promise<Thing> {
    for (let next = index; next < Math.min(this.#count, index + AHEAD); next += 1) {
      if (this.#asked.has(next)) continue;
      const asked = this.#read(next);
      // It is looked at when its turn comes; until then nobody misses it.
      asked.catch(() => undefined);
      this.#asked.set(next, asked);
    }
    // It was asked for just now, or before.
    const thing = this.#asked.get(index) as Promise<Thing>;
    this.#asked.delete(index);
    return thing;
  }
}
