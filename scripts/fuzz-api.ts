/**
 * Requests against a real server, made of the examples and the OpenAPI file: walks through the
 * examples in which each step is right, or twisted, about what earlier answers gave, by nobody,
 * machines and people. A fault is a 5xx, an answer that the file does not allow, one that repeats
 * what was sent, a connection that ends without one, and a route that never answered a success.
 */
import { createHash } from "node:crypto";
import type { Hash } from "node:crypto";
import { EXAMPLES } from "../src/http/example-rows.ts";
import { exampleGives } from "../src/http/example.ts";
import type { ExampleRow } from "../src/http/example.ts";
import { dayAhead, withApi } from "../test/http/api-server.ts";
import type { ApiServer } from "../test/http/api-server.ts";
import { foundAuthority } from "../test/http/example-walk.ts";
import { faultOf } from "./fuzz-answer.ts";
import type { Content, Responses } from "./fuzz-answer.ts";
import { Known } from "./fuzz-known.ts";
import { Random } from "./fuzz-random.ts";
import { rightRequest, twistedRequest } from "./fuzz-request.ts";
import type { Asking, Made, Taken } from "./fuzz-request.ts";
import type { Shape } from "./fuzz-value.ts";

interface Operation {
  readonly parameters?: Taken["parameters"];
  readonly requestBody?: Content;
  readonly responses: Responses;
}

interface Route extends Taken {
  readonly responses: Responses;
}

export interface RouteTally {
  asked: number;
  /** How many of them answered a 2xx. */
  done: number;
}

export interface ApiTally {
  requests: number;
  /** Answers by their status. */
  readonly statuses: Map<number, number>;
  readonly routes: Map<string, RouteTally>;
  readonly faults: Map<string, number>;
  readonly examples: Map<string, string>;
  /** Of every request and its status, in order: the same for the same seed, one at a time. */
  digest: string;
}

export interface FuzzOptions {
  readonly count: number;
  readonly seed: number;
  /** Requests under way at once; with 1 a run can be played again exactly. */
  readonly atOnce?: number;
}

/** From so many requests on each route must have answered a success. */
const COVERED_FROM = 2_000;
const AT_ONCE = 8;
const EXAMPLE_CHARACTERS = 900;
/** Rows of which there shall not be thousands: other routes read all of what they make. */
const SELDOM = new Set(["POST /v1/organisations", "POST /v1/accounts", "POST /v1/webhooks"]);
const SELDOM_ONE_IN = 6;
const SELDOM_FROM = 40;

/** Asked of the server of an authority's office; on a carrier's it is refused, whoever asks. */
const OF_AN_OFFICE: readonly ExampleRow[] = [
  { route: "GET /v1/authority-scopes/{id}/reading", as: "OWNER", params: { id: "$SCOPE" } },
];

async function routesOf(api: ApiServer): Promise<Map<string, Route>> {
  const document = (await (await api.ask("/v1/openapi.json")).json()) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  };
  return new Map(
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { parameters = [], requestBody, responses }]) => {
        const body: Shape | null = requestBody?.content?.["application/json"]?.schema ?? null;
        return [`${method.toUpperCase()} ${path}`, { parameters, body, responses }] as const;
      }),
    ),
  );
}

interface Fuzzing {
  readonly api: ApiServer;
  readonly routes: ReadonlyMap<string, Route>;
  readonly callers: Readonly<Record<string, string>>;
  readonly known: Known;
  readonly tally: ApiTally;
  readonly digest: Hash;
  readonly options: FuzzOptions;
  walks: number;
}

/** Those who ask: the six of the examples, and other roles of a branch and of an office. */
async function callersOf(api: ApiServer, known: Known): Promise<Record<string, string>> {
  const { machine: KEY, person: SESSION, owner: OWNER, stateMachine, courier } = api;
  const founded = await api.ask("/v1/organisations", {
    as: OWNER,
    method: "POST",
    body: { kind: "headquarters", names: ["北辰总部", "栖霞网点"] },
  });
  const { organisations } = (await founded.json()) as { organisations: { id: string }[] };
  const [headquarters, outlet] = organisations.map(({ id }) => id);
  if (headquarters === undefined || outlet === undefined) throw new Error("nothing was founded");
  // There is one headquarters, so no walk will found it.
  known.add("HEADQUARTERS", headquarters);
  known.add("OUTLET", outlet);
  known.add("AUTHORITY", await foundAuthority(api));
  return {
    KEY,
    SESSION,
    OWNER,
    SECOND: await api.signIn("headquarters-operator", null),
    OFFICER: await api.signIn("security-officer", null),
    COUNTER: await api.signIn("station", null),
    MANAGER: await api.signIn("branch-manager", outlet),
    CLERK: await api.signIn("clerk", outlet),
    SUPPORT: await api.signIn("support", null),
    AUDITOR: await api.signIn("auditor", null),
    STATE_KEY: stateMachine,
    COURIER: courier,
  };
}

/** What an answer gave that later requests can be about. */
function learn({ known }: Fuzzing, row: ExampleRow, text: string): [string, string][] {
  if (!text.startsWith("{") || typeof row.body === "string") return [];
  const gives = { ...row.gives, cursor: "next" };
  const found = exampleGives({ ...row, gives }, JSON.parse(text));
  for (const [name, value] of found) known.add(name, value);
  return found;
}

function record({ tally }: Fuzzing, name: string, example: string): void {
  tally.faults.set(name, (tally.faults.get(name) ?? 0) + 1);
  if (!tally.examples.has(name)) tally.examples.set(name, example.slice(0, EXAMPLE_CHARACTERS));
}

/** Sends a request and judges its answer; what it gave, or null where it was no success. */
async function send(fuzzing: Fuzzing, row: ExampleRow, made: Made) {
  const { api, tally, routes, digest } = fuzzing;
  const { caller, url, init } = made;
  tally.requests += 1;
  const number = tally.requests;
  const told = (text: string) => `(${number}) ${caller} ${url} ${init.body ?? ""} → ${text}`;
  const route = routes.get(row.route);
  const count = tally.routes.get(row.route);
  if (route === undefined || count === undefined) {
    record(fuzzing, `${row.route}: an example of no route`, "");
    return null;
  }
  count.asked += 1;
  try {
    const answer = await fetch(`${api.address}${url}`, init);
    const text = await answer.text();
    digest.update(`${row.route} ${caller} ${answer.status}\n`);
    tally.statuses.set(answer.status, (tally.statuses.get(answer.status) ?? 0) + 1);
    const fault = faultOf(route.responses, answer, text);
    if (fault !== null) record(fuzzing, `${row.route}: ${fault}`, told(text));
    if (!answer.ok) return null;
    count.done += 1;
    return learn(fuzzing, row, text);
  } catch (error) {
    record(fuzzing, `${row.route}: no answer`, told(String(error)));
    return null;
  }
}

/** The groups of the examples, the first one first, for all others are about what it seals. */
function rowsInOrder(random: Random): ExampleRow[] {
  const [first = [], ...others] = Object.values(EXAMPLES);
  const later = [...others, OF_AN_OFFICE];
  const order = later.map((rows) => ({ rows, at: random.below(1_000_000) }));
  return [
    first,
    ...order.toSorted((one, other) => one.at - other.at).map(({ rows }) => rows),
  ].flat();
}

/** One walk through all examples: every step right once, most of the time, and twisted about it. */
async function walk(fuzzing: Fuzzing, random: Random): Promise<void> {
  const { api, known, callers, routes, tally, options } = fuzzing;
  fuzzing.walks += 1;
  const own = new Map([
    ["RUN", String(100_000 + fuzzing.walks)],
    ["TODAY", dayAhead(api, 0)],
    ["UNTIL", dayAhead(api, 30)],
    ["RECEIVER", "http://127.0.0.1:9/midan"],
    ["MACHINE", "erp"],
  ]);
  const asking: Asking = { random, known, callers, own };
  for (const row of rowsInOrder(random)) {
    if (tally.requests >= options.count) return;
    own.set("CODE", api.codes.at(-1) ?? "000000");
    const taken = routes.get(row.route) ?? { parameters: [], body: null };
    const isSeldom = fuzzing.walks > SELDOM_FROM && SELDOM.has(row.route);
    if (random.below(2) === 0) await send(fuzzing, row, twistedRequest(asking, row, taken));
    if (random.below(8) === 0 || (isSeldom && random.below(SELDOM_ONE_IN) > 0)) continue;
    const made = rightRequest(asking, row);
    for (const [name, value] of (await send(fuzzing, row, made)) ?? []) own.set(name, value);
    // The very same again, as a client does that lost the answer.
    if (random.below(16) === 0) await send(fuzzing, row, made);
    if (random.below(2) === 0) await send(fuzzing, row, twistedRequest(asking, row, taken));
  }
}

/** Routes that the run never reached, or that never did what they are for. */
function coverageFaults(fuzzing: Fuzzing): void {
  const { tally } = fuzzing;
  if (tally.requests < COVERED_FROM) return;
  const refused = new Set(OF_AN_OFFICE.map(({ route }) => route));
  for (const [route, { asked, done }] of tally.routes) {
    if (asked === 0) record(fuzzing, `${route}: was never asked; it has no example`, "");
    else if (done === 0 && !refused.has(route))
      record(fuzzing, `${route}: never answered a success`, `${asked} requests`);
  }
}

async function run(api: ApiServer, options: FuzzOptions): Promise<ApiTally> {
  const routes = await routesOf(api);
  const tally: ApiTally = {
    requests: 0,
    statuses: new Map(),
    routes: new Map([...routes.keys()].map((name) => [name, { asked: 0, done: 0 }])),
    faults: new Map(),
    examples: new Map(),
    digest: "",
  };
  const [known, digest] = [new Known(), createHash("sha256")];
  const callers = await callersOf(api, known);
  const fuzzing = { api, routes, callers, known, tally, digest, options, walks: 0 };
  const worker = async (at: number): Promise<void> => {
    const random = new Random(options.seed * 1_000 + at);
    while (tally.requests < options.count) await walk(fuzzing, random);
  };
  await Promise.all(Array.from({ length: options.atOnce ?? AT_ONCE }, (_, at) => worker(at)));
  coverageFaults(fuzzing);
  tally.digest = digest.digest("hex");
  return tally;
}

/** Sends `count` requests, eight at a time without `atOnce`, to a server of its own. */
export async function fuzzApi(options: FuzzOptions): Promise<ApiTally> {
  let told: ApiTally | null = null;
  const work = async (api: ApiServer): Promise<void> => {
    told = await run(api, options);
  };
  await withApi(work, { requestsPerMinute: 100_000_000, networks: ["127.0.0.0/8"] });
  if (told === null) throw new Error("nothing was asked");
  return told;
}
