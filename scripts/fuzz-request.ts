/**
 * One request of a walk through the examples: right as the example has it, or twisted in its body,
 * its place, its head or in who asks.
 */
import { exampleBody, examplePath, STREAM_TYPE } from "../src/http/example.ts";
import type { ExampleRow } from "../src/http/example.ts";
import type { Known } from "./fuzz-known.ts";
import { broken, mutated } from "./fuzz-mutation.ts";
import type { Random } from "./fuzz-random.ts";
import { hostileText, MARK, Values } from "./fuzz-value.ts";
import type { Shape } from "./fuzz-value.ts";

const VARIABLE = /\$([A-Z_]+)/g;
const BAD_KEYS = ["x", "mdk1AAAA", `mds1${"A".repeat(43)}`, `${MARK} y`];
const WRONGNESS = [1_000, 30, 6] as const;
const IDEMPOTENCY_KEYS = 40;

/** What one route takes, as the description has it. */
export interface Taken {
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly schema: Shape;
  }[];
  readonly body: Shape | null;
}

export interface Asking {
  readonly random: Random;
  readonly known: Known;
  /** Tokens of those who ask, by name. */
  readonly callers: Readonly<Record<string, string>>;
  /** What this walk was given, by variable. */
  readonly own: ReadonlyMap<string, string>;
}

export interface Made {
  /** Who asks, as a name. */
  readonly caller: string;
  readonly url: string;
  readonly init: {
    readonly method: string;
    readonly headers: Record<string, string>;
    readonly body?: string;
  };
}

/** A text with its variables filled in; what nothing is known of becomes an id of nothing. */
function filled({ random, known, callers, own }: Asking, text: string): string {
  return text.replaceAll(VARIABLE, (_whole, name: string) => {
    const mine = random.below(12) === 0 ? undefined : own.get(name);
    const value = callers[name] ?? mine ?? known.pick(name, random);
    return value ?? "00000000-0000-4000-8000-000000000000";
  });
}

interface Parts {
  caller: string;
  path: string;
  body: string | null;
  type: string;
  readonly headers: Record<string, string>;
}

function rightParts(asking: Asking, row: ExampleRow): Parts {
  const body = exampleBody(row);
  return {
    caller: row.as ?? "",
    path: filled(asking, examplePath(row)),
    body: body === null ? null : filled(asking, body),
    type: typeof row.body === "string" ? STREAM_TYPE : "application/json",
    headers: {},
  };
}

type Twist = (asking: Asking, parts: Parts, taken: Taken) => void;

function twistBody({ random, known }: Asking, parts: Parts, { body: shape }: Taken): void {
  const { body, type } = parts;
  if (body === null) {
    if (random.below(2) === 0) parts.body = `{"x":"${MARK}"}`;
    return;
  }
  const kind = random.below(8);
  if (kind === 0) parts.body = broken(random, body);
  else if (type === STREAM_TYPE) parts.body = `${mutated(random, body)}\n`.repeat(random.int(1, 3));
  else if (kind < 3 && shape !== null) {
    const made = new Values(random, known).make(shape, "", random.pick(WRONGNESS));
    parts.body = JSON.stringify(made);
  } else parts.body = mutated(random, body);
}

/** The path with one of its places, or the query, made anew. */
function twistPlace({ random, known }: Asking, parts: Parts, taken: Taken): void {
  const [path = "", query = ""] = parts.path.split("?");
  const places = path.split("/");
  const asked = new URLSearchParams(query);
  const queries = taken.parameters.filter((parameter) => parameter.in === "query");
  if (queries.length > 0 && random.below(2) === 0) {
    const { name, schema } = random.pick(queries);
    const made = new Values(random, known).make(schema, name, random.pick(WRONGNESS));
    asked.set(name, (typeof made === "string" ? made : JSON.stringify(made)).toWellFormed());
  } else {
    const at = random.int(3, Math.max(3, places.length - 1));
    const any = known.pickAny(random) ?? "";
    const value = random.pick([any, hostileText(random), (places[at] ?? "").slice(1)]);
    if (places[at] !== undefined) places[at] = encodeURIComponent(value.toWellFormed());
  }
  parts.path = `${places.join("/")}${asked.size === 0 ? "" : `?${asked.toString()}`}`;
}

function twistCaller({ random, callers }: Asking, parts: Parts): void {
  parts.caller = random.pick(["", "WRONG", ...Object.keys(callers)]);
}

function twistHead({ random }: Asking, parts: Parts): void {
  const { headers } = parts;
  if (random.below(2) === 0) headers["idempotency-key"] = `k${random.below(IDEMPOTENCY_KEYS)}`;
  if (random.below(3) === 0) headers["if-match"] = random.pick(['"x"', "*", `"${MARK}"`]);
  if (random.below(3) === 0) headers["if-none-match"] = random.pick(['"x"', "*", `"${MARK}"`]);
  if (random.below(2) === 0) headers["accept-language"] = random.pick(["en", "zh", MARK, "zh;q=x"]);
  if (random.below(6) === 0) headers["origin"] = `https://${MARK}.example`;
  if (random.below(5) === 0)
    parts.type = random.pick(["text/plain", STREAM_TYPE, `a/b; x="${MARK}"`]);
}

const TWISTS: readonly Twist[] = [
  twistBody,
  twistBody,
  twistBody,
  twistPlace,
  twistPlace,
  twistCaller,
  twistCaller,
  twistHead,
];

function madeOf({ random, callers }: Asking, method: string, parts: Parts): Made {
  const { caller, path: url, body, type, headers } = parts;
  const token = caller === "WRONG" ? random.pick(BAD_KEYS) : callers[caller];
  if (token !== undefined) headers["authorization"] = `Bearer ${token}`;
  if (body !== null) headers["content-type"] = type;
  const sent = body === null || method === "GET" ? {} : { body };
  return { caller, url, init: { method, headers, ...sent } };
}

/** The request of a row as it is right. */
export function rightRequest(asking: Asking, row: ExampleRow): Made {
  const [method = ""] = row.route.split(" ");
  return madeOf(asking, method, rightParts(asking, row));
}

/** The same with one or two things wrong, or merely otherwise. */
export function twistedRequest(asking: Asking, row: ExampleRow, taken: Taken): Made {
  const [method = ""] = row.route.split(" ");
  const parts = rightParts(asking, row);
  // Each at most once: a body that was broken is not twisted as if it were still right.
  const twists = new Set([asking.random.pick(TWISTS), asking.random.pick(TWISTS)]);
  for (const twist of twists) twist(asking, parts, taken);
  return madeOf(asking, method, parts);
}
