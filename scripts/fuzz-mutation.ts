/** A right body made wrong in one place or a few: its members, its values, its bytes. */
import type { Random } from "./fuzz-random.ts";
import { hostileText, hostileValue, MARK, NAMES } from "./fuzz-value.ts";

const STEPS_MAX = 3;
const MANY = 2_000;
const DEEP = 3_000;

type Held = Record<string, unknown> | unknown[];

function isHeld(value: unknown): value is Held {
  return typeof value === "object" && value !== null;
}

/** Every object and array in a value, itself first. */
function holders(value: unknown): Held[] {
  return isHeld(value) ? [value, ...Object.values(value).flatMap(holders)] : [];
}

/** Defined, so that `__proto__` becomes a member and not the prototype of the object. */
function put(holder: Held, name: string, value: unknown): void {
  const told = { value, enumerable: true, configurable: true, writable: true };
  Object.defineProperty(holder, name, told);
}

function twistedText(random: Random, text: string): string {
  const at = random.below(text.length + 1);
  return random.pick([
    text.slice(0, at),
    `${text}${MARK}`,
    `${text.slice(0, at)}${hostileText(random)}${text.slice(at)}`,
    text.toUpperCase(),
    ` ${text} `,
    text.replaceAll("-", ""),
    text.repeat(40),
    `${text.slice(0, at)}*${text.slice(at)}`,
  ]);
}

function twistedNumber(random: Random, value: number): unknown {
  const { MAX_SAFE_INTEGER } = Number;
  return random.pick([value + 1, -value, value + 0.5, value * 1e9, MAX_SAFE_INTEGER, `${value}`]);
}

function twisted(random: Random, value: unknown): unknown {
  if (random.below(3) === 0) return hostileValue(random);
  if (typeof value === "string") return twistedText(random, value);
  if (typeof value === "number") return twistedNumber(random, value);
  if (Array.isArray(value) && value.length > 0 && random.below(8) === 0)
    return Array.from({ length: MANY }, () => value[0] as unknown);
  return hostileValue(random);
}

/** Changes `holder` in one of its members, or adds one. */
function twist(random: Random, holder: Held): void {
  const names = Object.keys(holder);
  if (names.length === 0 || random.below(4) === 0) {
    if (Array.isArray(holder)) holder.push(hostileValue(random));
    else put(holder, random.pick(NAMES), hostileValue(random));
    return;
  }
  const name = random.pick(names);
  if (random.below(4) === 0 && !Array.isArray(holder)) Reflect.deleteProperty(holder, name);
  else put(holder, name, twisted(random, Reflect.get(holder, name)));
}

/** `text` is JSON that was right; it comes back changed in one to three places. */
export function mutated(random: Random, text: string): string {
  const value: unknown = JSON.parse(text);
  if (!isHeld(value)) return JSON.stringify(hostileValue(random));
  for (let step = random.int(1, STEPS_MAX); step > 0; step -= 1)
    twist(random, random.pick(holders(value)));
  return JSON.stringify(value);
}

/** Bytes that are no JSON, or nothing like what was wanted. */
export function broken(random: Random, text: string): string {
  const cut = random.below(text.length + 1);
  return random.pick([
    "",
    "{",
    "null",
    "\u0000",
    `"${MARK}"`,
    `[${text}]`,
    `\uFEFF${text}`,
    text.slice(0, cut),
    `${text.slice(0, cut)}\u0000${text.slice(cut)}`,
    text.replace("{", `{"__proto__":{"isAdmin":true},`),
    text.replace("{", `{"x":${"[".repeat(DEEP)}${"]".repeat(DEEP)},`),
    `${text}${text}`,
    text.replaceAll('"', "'"),
  ]);
}
