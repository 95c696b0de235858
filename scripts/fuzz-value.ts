/** Values for a schema: right ones, nearly right ones, and hostile ones. */
import type { Known } from "./fuzz-known.ts";
import type { Random } from "./fuzz-random.ts";

/** A JSON Schema as our OpenAPI file has them. */
export interface Shape {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Shape[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly items?: Shape;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly additionalProperties?: unknown;
}

/** Stands in every hostile value: an answer that repeats it has repeated what it was sent. */
export const MARK = "15413912345";

const TEXTS: readonly string[] = [
  "",
  " ",
  MARK,
  `林${MARK}`,
  `'; drop table shell; -- ${MARK}`,
  `${MARK}\u0000`,
  `\u202e${MARK}`,
  "\ud800",
  `../../../etc/passwd?${MARK}`,
  `<script>${MARK}</script>`,
  `\${${MARK}}`,
  `${MARK}\r\nset-cookie: x=1`,
  MARK.repeat(30),
  "𠮷".repeat(64),
  "0",
  "-1",
  "1e400",
  "NaN",
  "null",
  "2026-02-30",
  "9999-12-31",
];

const OTHERS: readonly unknown[] = [
  null,
  true,
  -1,
  0.5,
  1e308,
  Number.MAX_SAFE_INTEGER,
  [],
  {},
  [[[[[]]]]],
  { toString: MARK },
];

export const NAMES: readonly string[] = ["__proto__", "constructor", "tenantId", "actor", MARK, ""];

/** Which variable of the examples a member of a body is. */
const MEMBERS: Readonly<Record<string, string>> = {
  token: "TOKEN",
  tokens: "TOKEN",
  account: "MACHINE",
  by: "HEADQUARTERS",
  under: "BRANCH",
  from: "OUTLET",
  to: "OUTLET",
  organisation: "OUTLET",
};

export function hostileText(random: Random): string {
  return random.pick(TEXTS);
}

/** A text or another value that nobody asked for. */
export function hostileValue(random: Random): unknown {
  // A copy, since whoever gets it may change it further.
  return random.below(2) === 0 ? hostileText(random) : structuredClone(random.pick(OTHERS));
}

export class Values {
  readonly #random: Random;
  /** What answers gave before, so that some requests are about things that are there. */
  readonly #known: Known;

  constructor(random: Random, known: Known) {
    this.#random = random;
    this.#known = known;
  }

  /** One time in `times`. */
  #once(times: number): boolean {
    return this.#random.below(times) === 0;
  }

  #text(shape: Shape, name: string): string {
    const known = this.#known.pick(MEMBERS[name] ?? name, this.#random);
    if (known !== null && !this.#once(4)) return known;
    const { pattern = "" } = shape;
    if (pattern.startsWith("^[0-9a-f]{8}")) return "00000000-0000-4000-8000-000000000000";
    if (pattern.startsWith("^[0-9]{4}-")) return `2026-12-${10 + this.#random.below(20)}`;
    if (pattern === "^[0-9]{6}$") return this.#random.digits(6);
    if (pattern.startsWith("^[a-z.]+"))
      return this.#random.pick(["recipient.phone", "name", "x.y"]);
    return `试${this.#random.digits(this.#random.below(4))}`;
  }

  /** A value as the schema wants it, but for one in `wrongness` parts of it. */
  make(shape: Shape, name: string, wrongness: number): unknown {
    if (this.#once(wrongness)) return hostileValue(this.#random);
    if (shape.const !== undefined) return shape.const;
    if (shape.enum !== undefined) return this.#random.pick(shape.enum);
    if (shape.anyOf !== undefined)
      return this.make(this.#random.pick(shape.anyOf), name, wrongness);
    switch (shape.type) {
      case "object":
        return this.#object(shape, wrongness);
      case "array":
        return this.#array(shape, name, wrongness);
      case "integer":
      case "number":
        return this.#number(shape);
      case "boolean":
        return this.#once(2);
      case "null":
        return null;
      case undefined:
      default:
        return this.#text(shape, name);
    }
  }

  #number({ minimum = 0, maximum = 1_000 }: Shape): number {
    if (this.#once(6)) return this.#random.pick([minimum - 1, maximum + 1, minimum, maximum]);
    return this.#random.int(minimum, Math.min(maximum, minimum + 1_000));
  }

  #array({ items = {}, minItems = 0, maxItems = 4 }: Shape, name: string, wrongness: number) {
    const count = this.#once(20) ? maxItems + 1 : this.#random.int(minItems, Math.min(maxItems, 4));
    return Array.from({ length: count }, () => this.make(items, name, wrongness));
  }

  #object({ properties = {}, required = [] }: Shape, wrongness: number): unknown {
    const made: Record<string, unknown> = {};
    for (const [name, shape] of Object.entries(properties)) {
      const isLeftOut = required.includes(name) ? this.#once(wrongness * 2) : this.#once(2);
      if (!isLeftOut) made[name] = this.make(shape, name, wrongness);
    }
    // Defined, so that `__proto__` becomes a member and not the prototype of this object.
    if (this.#once(wrongness * 2)) {
      const value = hostileValue(this.#random);
      Object.defineProperty(made, this.#random.pick(NAMES), { value, enumerable: true });
    }
    return made;
  }
}
