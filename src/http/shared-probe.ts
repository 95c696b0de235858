/** One answer for all who ask at about the same time: supervisors ask often, and many at once. */

/** How old an answer may be that is given to the next who asks. */
const SHARED_MS = 1_000;

export class SharedProbe<T> {
  readonly #ask: () => Promise<T>;
  readonly #nowMs: () => number;
  #last: { readonly askedAtMs: number; readonly answer: Promise<T> } | null = null;

  /** `nowMs` only grows, whatever the calendar does. */
  constructor(ask: () => Promise<T>, nowMs: () => number = () => performance.now()) {
    this.#ask = ask;
    this.#nowMs = nowMs;
  }

  /** The answer that is under way or younger than a second, or a new one. Throws as `ask` does. */
  async answer(): Promise<T> {
    const askedAtMs = this.#nowMs();
    if (this.#last === null || askedAtMs - this.#last.askedAtMs >= SHARED_MS)
      this.#last = { askedAtMs, answer: this.#ask() };
    return this.#last.answer;
  }
}
