/** What answers gave so far, by the variables of the examples, so that requests are about it. */
import type { Random } from "./fuzz-random.ts";

const KEPT_MAX = 200;

export class Known {
  readonly #lists = new Map<string, string[]>();

  /** Keeps the newest few of each name. */
  add(name: string, value: string): void {
    const list = this.#lists.get(name) ?? [];
    this.#lists.set(name, list);
    list.push(value);
    if (list.length > KEPT_MAX) list.shift();
  }

  pick(name: string, random: Random): string | null {
    const list = this.#lists.get(name);
    return list === undefined ? null : random.pick(list);
  }

  /** Something that was given under any name. */
  pickAny(random: Random): string | null {
    if (this.#lists.size === 0) return null;
    return this.pick(random.pick([...this.#lists.keys()]), random);
  }
}
