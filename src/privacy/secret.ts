/**
 * A value that cannot slip into a log, an error, a template or JSON; reading it is one visible
 * call.
 */

const INSPECT = Symbol.for("nodejs.util.inspect.custom");
const COVER = "[secret]";

/**
 * Holds `T` behind a private field. Printing, inspecting, joining and JSON-encoding show
 * `[secret]`; `structuredClone` and `Object.keys` find nothing. Only `expose()` returns the value.
 */
export class Secret<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  /** The value itself; call it as late and as near to its use as possible. */
  expose(): T {
    return this.#value;
  }

  toString(): string {
    return COVER;
  }

  toJSON(): string {
    return COVER;
  }

  [Symbol.toPrimitive](): string {
    return COVER;
  }

  [INSPECT](): string {
    return COVER;
  }
}
