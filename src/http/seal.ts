/** Sealing over HTTP: one order, up to a thousand, or a stream of any length. */
import { Readable } from "node:stream";
import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import type { Static } from "typebox";
import { joinAddress } from "../orders/address-parts.ts";
import type { OrderDefaults, RowResult } from "../orders/order.ts";
import { readDocuments, readOrders } from "../orders/read.ts";
import { Failure, isFailure } from "../rules/failure.ts";
import { PLATFORM_NAMES } from "../rules/platform.ts";
import type { SealOutcome } from "../vault/sealing-desk.ts";
import { answers, MASKED_PARTY, REFUSED, refusedItem } from "./api.ts";
import type { ApiServing } from "./api.ts";
import { actorOf } from "./caller.ts";
import { memberOf, ORDER, PARTY, readBodies } from "./order-body.ts";
import { closedObject, oneOf } from "./schema.ts";
import type { App } from "./serving.ts";

const ORDERS_MAX = 1_000;
const BATCH_BYTES_MAX = 4 * 1024 * 1024;
/** As PARTY bounds its texts: far above what a field may hold. */
const DEFAULT_CHARACTERS_MAX = 2_000;
const STREAM_CHUNK_ROWS = 4_000;
const TAGS = ["waybills"];
const SEAL = { caller: "seal" } as const;
/** The number of the order makes the token the same again. */
const ONCE = { ...SEAL, once: "made-again" } as const;

const SEALED_MEMBERS = {
  token: Type.String(),
  orderNumber: Type.String(),
  waybillNumber: Type.String(),
  state: Type.Union([Type.Literal("sealed"), Type.Literal("repeated")]),
  recipient: MASKED_PARTY,
};
const SEALED = Type.Object(SEALED_MEMBERS);
const ITEM = Type.Union([Type.Object({ ok: Type.Literal(true), ...SEALED_MEMBERS }), REFUSED]);

function failureOf({ rejection }: Extract<SealOutcome, { ok: false }>): Failure {
  return new Failure(rejection.code, { field: memberOf(rejection.field) });
}

function itemOf(request: FastifyRequest, outcome: SealOutcome) {
  if (!outcome.ok) return refusedItem(request, failureOf(outcome));
  const { line: _, ...row } = outcome.row;
  return { ...row, ok: true as const };
}

/** Seals for whoever asks, and counts what became of the orders. */
async function sealed(
  { sealing }: ApiServing,
  request: FastifyRequest,
  rows: readonly RowResult[],
): Promise<readonly SealOutcome[]> {
  const outcomes = await sealing.seal(actorOf(request), rows);
  const { figures } = request.server;
  for (const outcome of outcomes) figures.ordered(outcome.ok ? outcome.row.state : "rejected");
  return outcomes;
}

function oneRoute(app: App, serving: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary: "Seals one order. The same order again keeps its token (200); changed, it is refused.",
    body: ORDER,
    response: answers({ 200: SEALED, 201: SEALED }),
  };
  app.post("/v1/waybills", { config: ONCE, schema }, async (request, reply) => {
    const [outcome] = await sealed(serving, request, readBodies([request.body]));
    if (outcome === undefined) throw new Failure("DATABASE_FAILED");
    if (!outcome.ok) throw failureOf(outcome);
    const { line: _, ...row } = outcome.row;
    return reply.code(row.state === "sealed" ? 201 : 200).send(row);
  });
}

function batchRoute(app: App, serving: ApiServing): void {
  const body = closedObject({ orders: Type.Array(ORDER, { minItems: 1, maxItems: ORDERS_MAX }) });
  const schema = {
    tags: TAGS,
    summary: "Seals up to 1,000 orders; each has a result of its own, in the order of the request.",
    body,
    response: answers({ 200: Type.Object({ results: Type.Array(ITEM) }) }),
  };
  app.post(
    "/v1/waybills/batch",
    { config: ONCE, schema, bodyLimit: BATCH_BYTES_MAX },
    async (request) => {
      const outcomes = await sealed(serving, request, readBodies(request.body.orders));
      return { results: outcomes.map((outcome) => itemOf(request, outcome)) };
    },
  );
}

const PLATFORM_ORDERS = closedObject({
  platform: Type.Optional(oneOf(PLATFORM_NAMES)),
  merchant: Type.Optional(Type.String({ maxLength: DEFAULT_CHARACTERS_MAX })),
  carrier: Type.Optional(Type.String({ maxLength: DEFAULT_CHARACTERS_MAX })),
  sender: Type.Optional(PARTY),
  orders: Type.Array(Type.Unsafe<Record<string, unknown>>({ type: "object" }), {
    minItems: 1,
    maxItems: ORDERS_MAX,
  }),
});

type PlatformOrders = Static<typeof PLATFORM_ORDERS>;

/** What the request says for all its orders. */
function defaultsOf({ platform, merchant, carrier, sender }: PlatformOrders): OrderDefaults {
  const { name, phone } = sender ?? {};
  return {
    ...(platform === undefined ? {} : { platform }),
    ...(merchant === undefined ? {} : { merchant }),
    ...(carrier === undefined ? {} : { carrier }),
    ...(sender === undefined ? {} : { sender: { name, phone, address: senderAddress(sender) } }),
  };
}

function senderAddress(sender: Static<typeof PARTY>): string {
  const { province = "", city = "", district = "", town = "", address = "" } = sender;
  return joinAddress({ province, city, district, town, address, address_2: "" });
}

function platformRoute(app: App, serving: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary:
      "Seals up to 1,000 orders as a shop platform hands them out, recipient withheld: " +
      "docs/adapters.md. Each has a result of its own, in the order of the request.",
    body: PLATFORM_ORDERS,
    response: answers({ 200: Type.Object({ results: Type.Array(ITEM) }) }),
  };
  app.post(
    "/v1/waybills/platform-orders",
    { config: ONCE, schema, bodyLimit: BATCH_BYTES_MAX },
    async (request) => {
      const rows = readDocuments(request.body.orders, defaultsOf(request.body));
      const outcomes = await sealed(serving, request, rows);
      return { results: outcomes.map((outcome) => itemOf(request, outcome)) };
    },
  );
}

interface Streaming {
  readonly serving: ApiServing;
  readonly request: FastifyRequest;
  readonly body: Readable;
}

/** A line for each order once it is committed, and one at the end: `done`, or what failed. */
async function* streamLines({ serving, request, body }: Streaming): AsyncGenerator<string> {
  const counts = { sealed: 0, repeated: 0, rejected: 0 };
  const options = { format: "ndjson", chunkRows: STREAM_CHUNK_ROWS } as const;
  try {
    for await (const rows of readOrders({ kind: "stdin", stream: body }, options)) {
      const lines = rows.map((row) => (row.ok ? row.order.line : row.line));
      const outcomes = await sealed(serving, request, rows);
      const items = outcomes.map((outcome, at) => {
        counts[outcome.ok ? outcome.row.state : "rejected"] += 1;
        return JSON.stringify({ line: lines[at], ...itemOf(request, outcome) });
      });
      yield `${items.join("\n")}\n`;
    }
    yield `${JSON.stringify({ done: true, ...counts })}\n`;
  } catch (error) {
    // The head of the answer left long ago, so the line of the log is what tells of it too.
    request.failed = isFailure(error) ? error.code : "INTERNAL";
    yield `${JSON.stringify({ done: false, ...counts, code: request.failed })}\n`;
  }
}

function streamRoute(app: App, serving: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary:
      "Seals NDJSON of any length: a line comes back for each order once it is committed, and a " +
      "last one with `done`. Keys as in order files, also nested: {receiver:{name}}.",
    consumes: ["application/x-ndjson"],
    produces: ["application/x-ndjson"],
    response: answers({
      200: {
        description: "One JSON document a line.",
        content: { "application/x-ndjson": { schema: Type.String() } },
      },
    }),
  };
  void app.register(async (inner) => {
    inner.removeAllContentTypeParsers();
    inner.addContentTypeParser("application/x-ndjson", (_request, body, done) => {
      done(null, body);
    });
    const config = { ...SEAL, isLong: true };
    inner.post("/v1/waybills/stream", { schema, config }, async (request, reply) => {
      // The parser above hands on the request itself.
      const body = request.body as Readable | undefined;
      if (body === undefined) throw new Failure("FILE_EMPTY");
      const lines = Readable.from(streamLines({ serving, request, body }));
      return reply.type("application/x-ndjson").send(lines);
    });
    return Promise.resolve();
  });
}

/** `/v1/waybills`, and below it `batch`, `platform-orders` and `stream`. */
export function sealRoutes(app: App, serving: ApiServing): void {
  oneRoute(app, serving);
  batchRoute(app, serving);
  platformRoute(app, serving);
  streamRoute(app, serving);
}
