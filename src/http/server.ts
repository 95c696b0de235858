/** The HTTP server with its bounds: who asks slowly, or for too much, is let go. */
import cookie from "@fastify/cookie";
import { TypeBoxValidatorCompiler } from "@fastify/type-provider-typebox";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import fastify from "fastify";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { IncomingMessage } from "node:http";
import { Failure } from "../rules/failure.ts";
import { requireCallers } from "./caller.ts";
import { sendProblem } from "./problem.ts";
import type { App } from "./serving.ts";

const BODY_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;
const HEADER_BYTES_MAX = 8 * 1024;
const BODY_BYTES_MAX = 64 * 1024;
const PARAM_CHARACTERS_MAX = 100;
const CONNECTIONS_MAX = 512;

export interface Place {
  readonly host: string;
  readonly port: number;
  /** Addresses of proxies whose word for the client's address is taken, or null. */
  readonly trustedProxies?: string | null;
  /** How long a body may take, or where it may be long, a pause in it; 30 seconds without it. */
  readonly bodyTimeoutMs?: number | undefined;
}

/** Adds what the server has to answer. */
export type Resource = (app: App) => void | Promise<void>;

export interface Listening {
  /** Address and port, e.g. `http://127.0.0.1:8480`. */
  readonly address: string;
  readonly close: () => Promise<void>;
}

/** Only our own files, no frames, nothing kept by caches; some resources say otherwise. */
const HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
    "img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
} as const;

async function setHeaders(reply: FastifyReply, payload: unknown): Promise<unknown> {
  for (const [name, value] of Object.entries(HEADERS))
    if (!reply.hasHeader(name)) reply.header(name, value);
  return Promise.resolve(payload);
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** Whether the body may take as long as it keeps coming. */
    readonly isLong?: boolean;
  }
}

/** Whether it is the client that keeps us waiting: for more of the body, or for a reader. */
function waitsForClient({ complete, readableLength, socket }: IncomingMessage): boolean {
  return (!complete && readableLength === 0) || socket.writableLength > 0;
}

/** Lets go of who sends a body slowly: in all, or where it may be long, after a pause. */
async function limitTime(
  { raw, routeOptions }: FastifyRequest,
  { raw: response }: FastifyReply,
  timeoutMs: number,
): Promise<void> {
  const { socket } = raw;
  // What is still being sent after the answer is nobody's to read.
  const isLong = (): boolean => routeOptions.config.isLong === true && !response.writableEnded;
  let moved = -1;
  const timer = setInterval(() => {
    const before = moved;
    moved = socket.bytesRead + socket.bytesWritten;
    const isLate = isLong() ? before === moved && waitsForClient(raw) : !raw.complete;
    if (isLate) socket.destroy();
    const isOver = raw.complete && response.writableFinished;
    if (isOver || socket.destroyed) clearInterval(timer);
  }, timeoutMs).unref();
  response.once("close", () => {
    if (raw.complete) clearInterval(timer);
  });
  return Promise.resolve();
}

/** A server with its bounds, answering nothing yet. `trustedProxies` as in `Place`. */
export function newApp(trustedProxies: string | null, bodyTimeoutMs = BODY_TIMEOUT_MS): App {
  const app = fastify({
    http: { maxHeaderSize: HEADER_BYTES_MAX, headersTimeout: HEADERS_TIMEOUT_MS },
    // `limitTime` does this for each route.
    requestTimeout: 0,
    bodyLimit: BODY_BYTES_MAX,
    routerOptions: { maxParamLength: PARAM_CHARACTERS_MAX },
    trustProxy: trustedProxies ?? false,
    forceCloseConnections: true,
  }).withTypeProvider<TypeBoxTypeProvider>();
  requireCallers(app);
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  app.setErrorHandler((error, request, reply) => sendProblem(request, reply, error));
  app.setNotFoundHandler((request, reply) =>
    sendProblem(request, reply, new Failure("ROUTE_UNKNOWN")),
  );
  app.addHook("onRequest", async (request, reply) => limitTime(request, reply, bodyTimeoutMs));
  app.addHook("onSend", async (_request, reply, payload) => setHeaders(reply, payload));
  return app;
}

/** Begins to listen. Throws PORT_UNAVAILABLE when the port cannot be had. */
export async function listen(place: Place, resources: readonly Resource[]): Promise<Listening> {
  const app = newApp(place.trustedProxies ?? null, place.bodyTimeoutMs);
  await app.register(cookie);
  for (const add of resources) await add(app);
  app.server.maxConnections = CONNECTIONS_MAX;
  try {
    const { host, port } = place;
    const address = await app.listen({ host, port });
    return { address, close: async () => app.close() };
  } catch (error) {
    await app.close();
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw new Failure("PORT_UNAVAILABLE", { port: place.port, reason });
  }
}
