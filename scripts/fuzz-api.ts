/**
 * Requests made from the OpenAPI file against a real server: right, nearly right and hostile ones,
 * by nobody, machines and people. A fault is a 5xx, an answer that the file does not allow, an
 * answer that repeats what was sent, and a connection that ends without one.
 */
import Schema from "typebox/schema";
import { orderBody, withApi } from "../test/http/api-server.ts";
import type { ApiServer } from "../test/http/api-server.ts";
import type { Random } from "./fuzz-random.ts";
import { MARK, Values } from "./fuzz-value.ts";
import type { Shape } from "./fuzz-value.ts";

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Shape }>>;
}

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; schema: Shape }[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}

interface Route {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

export interface ApiTally {
  requests: number;
  /** Answers by their status. */
  readonly statuses: Map<number, number>;
  /** Routes that answered a 2xx at least once. */
  readonly done: Set<string>;
  readonly routes: number;
  readonly faults: Map<string, number>;
  readonly examples: Map<string, string>;
}

const WRONGNESS = [1_000, 30, 6] as const;
const AT_ONCE = 8;
const EXAMPLE_CHARACTERS = 900;
const KNOWN_MAX = 200;
const BAD_KEYS = ["x", "mdk1AAAA", `mds1${"A".repeat(43)}`, `${MARK} y`];
const NEVER = new Set(["POST /v1/waybills/stream"]);

async function routesOf(api: ApiServer): Promise<Route[]> {
  const document = (await (await api.ask("/v1/openapi.json")).json()) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  };
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .map(([method, operation]) => ({ method: method.toUpperCase(), path, operation }))
      .filter((route) => !NEVER.has(`${route.method} ${route.path}`)),
  );
}

interface Fuzzing {
  readonly api: ApiServer;
  readonly random: Random;
  readonly values: Values;
  readonly known: Record<string, string[]>;
  readonly tally: ApiTally;
}

interface Made {
  readonly url: string;
  readonly init: {
    readonly method: string;
    readonly headers: Record<string, string>;
    readonly body?: string;
  };
}

function bodyFor({ values, random }: Fuzzing, { operation, method }: Route, wrongness: number) {
  const schema = operation.requestBody?.content?.["application/json"]?.schema;
  if (schema === undefined)
    return method !== "GET" && random.below(20) === 0 ? `{"x":"${MARK}"}` : undefined;
  if (random.below(60) === 0)
    return random.pick(["", "{", `{"a":`, "[".repeat(2_000), `"${MARK}"`, "null", "\u0000"]);
  return JSON.stringify(values.make(schema, "", wrongness));
}

function callerFor({ api, random }: Fuzzing): string | null {
  if (random.below(25) === 0) return random.pick(BAD_KEYS);
  const { machine, stateMachine, courier, owner, person } = api;
  // Who may do something asks more often.
  return random.pick([null, stateMachine, courier, machine, machine, owner, owner, person, person]);
}

function placeFor({ values }: Fuzzing, route: Route, wrongness: number): string {
  let { path } = route;
  const query = new URLSearchParams();
  for (const { name, in: where, schema } of route.operation.parameters ?? []) {
    const kind = path.startsWith("/v1/accounts") && name === "id" ? "accountId" : name;
    const made = values.make(schema, kind, wrongness);
    const value = typeof made === "string" ? made : JSON.stringify(made);
    if (where === "path")
      path = path.replace(`{${name}}`, encodeURIComponent(value.toWellFormed()));
    if (where === "query" && value !== "") query.set(name, value.toWellFormed());
  }
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}

function requestFor(fuzzing: Fuzzing, route: Route): Made {
  const { random } = fuzzing;
  const wrongness = random.pick(WRONGNESS);
  const headers: Record<string, string> = {};
  const caller = callerFor(fuzzing);
  if (caller !== null) headers["authorization"] = `Bearer ${caller}`;
  if (random.below(8) === 0) headers["idempotency-key"] = `k${random.below(40)}`;
  if (random.below(8) === 0) headers["if-match"] = random.pick(['"x"', "*", `"${MARK}"`]);
  if (random.below(4) === 0) headers["accept-language"] = random.pick(["en", "zh", MARK]);
  const body = bodyFor(fuzzing, route, wrongness);
  const type = random.below(40) === 0 ? "text/plain" : "application/json";
  if (body !== undefined) headers["content-type"] = type;
  const init = { method: route.method, headers, ...(body === undefined ? {} : { body }) };
  return { url: placeFor(fuzzing, route, wrongness), init };
}

/** What an answer gave that later requests can be about. */
function learn({ known }: Fuzzing, route: Route, text: string): void {
  for (const [, name = "", value = ""] of text.matchAll(
    /"(id|token|entry|next)":"([^"]{4,300})"/g,
  )) {
    const account = route.path.startsWith("/v1/accounts");
    const kinds = {
      id: account ? "accountId" : "id",
      next: "cursor",
      entry: "entry",
      token: "token",
    };
    const list = (known[Reflect.get(kinds, name) as string] ??= []);
    // The people who ask stay: only accounts that were made here are known.
    if (account && name === "id" && route.method !== "POST") continue;
    if (list.length < KNOWN_MAX) list.push(value);
  }
}

function shapeOf({ responses }: Operation, status: number): Content | undefined {
  return responses[String(status)] ?? responses[`${String(status)[0]}XX`];
}

/** Why the answer is a fault, or null. */
function faultOf(route: Route, answer: Response, text: string): string | null {
  const { status } = answer;
  if (status >= 500) return `${status}`;
  const allowed = shapeOf(route.operation, status);
  if (allowed === undefined) return `${status} is not in the file`;
  const type = (answer.headers.get("content-type") ?? "").split(";")[0] ?? "";
  const { content } = allowed;
  if (status >= 400 && text.includes(MARK)) return `${status} repeats what was sent`;
  if (content === undefined || status === 204) return text === "" ? null : `${status} has a body`;
  const schema = content[type]?.schema;
  if (schema === undefined) return `${status} with ${type}`;
  if (!type.endsWith("json")) return null;
  return Schema.Check(schema, JSON.parse(text)) ? null : `${status} is not what its schema says`;
}

function record(
  { tally }: Fuzzing,
  route: Route,
  { fault, example }: { readonly fault: string; readonly example: string },
): void {
  const name = `${route.method} ${route.path}: ${fault}`;
  tally.faults.set(name, (tally.faults.get(name) ?? 0) + 1);
  if (!tally.examples.has(name)) tally.examples.set(name, example.slice(0, EXAMPLE_CHARACTERS));
}

async function askOnce(fuzzing: Fuzzing, route: Route): Promise<void> {
  const { url, init } = requestFor(fuzzing, route);
  const { api, tally } = fuzzing;
  tally.requests += 1;
  try {
    const answer = await fetch(`${api.address}${url}`, init);
    const text = await answer.text();
    tally.statuses.set(answer.status, (tally.statuses.get(answer.status) ?? 0) + 1);
    if (answer.ok) {
      tally.done.add(`${route.method} ${route.path}`);
      learn(fuzzing, route, text);
    }
    const fault = faultOf(route, answer, text);
    if (fault !== null)
      record(fuzzing, route, { fault, example: `${url} ${init.body ?? ""} → ${text}` });
  } catch (error) {
    const example = `${url} ${init.body ?? ""} ${String(error)}`;
    record(fuzzing, route, { fault: "no answer", example });
  }
}

/** Sends `count` requests, eight at a time, to a server of its own. */
export async function fuzzApi(count: number, random: Random): Promise<ApiTally> {
  let told: ApiTally | null = null;
  const work = async (api: ApiServer): Promise<void> => {
    const routes = await routesOf(api);
    const known: Record<string, string[]> = { account: ["erp"], goods: ["陶瓷杯"] };
    const tally: ApiTally = {
      requests: 0,
      statuses: new Map(),
      done: new Set(),
      routes: routes.length,
      faults: new Map(),
      examples: new Map(),
    };
    const values = new Values(random, known);
    const fuzzing = { api, random, values, known, tally };
    for (let at = 0; at < 20; at += 1) {
      const asked = { as: api.machine, method: "POST", body: orderBody(at) };
      const { token } = (await (await api.ask("/v1/waybills", asked)).json()) as { token: string };
      (known["token"] ??= []).push(token);
      (known["tokens"] ??= []).push(token);
    }
    const worker = async (): Promise<void> => {
      while (tally.requests < count) await askOnce(fuzzing, random.pick(routes));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    told = tally;
  };
  await withApi(work, { requestsPerMinute: 100_000_000 });
  if (told === null) throw new Error("nothing was asked");
  return told;
}
