/** The HTTP server with its bounds: who asks slowly, or for too much, is let go. */
import cookie from "@fastify/cookie";
import { TypeBoxValidatorCompiler } from "@fastify/type-provider-typebox";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import fastify from "fastify";
import type { FastifyReply } from "fastify";
import { randomUUID } from "node:crypto";
import type { SecureContextOptions } from "node:tls";
import { Failure } from "../rules/failure.ts";
import { SANDBOX_HEADER } from "../rules/sandbox.ts";
import { requireCallers } from "./caller.ts";
import { Figures } from "./figures.ts";
import { sendProblem } from "./problem.ts";
import { tellRequests, tellUnforeseen } from "./request-log.ts";
import { NO_LOG } from "./server-log.ts";
import type { ServerLog } from "./server-log.ts";
import type { App } from "./serving.ts";
import { limitTime } from "./time-limit.ts";
import type { Tracer } from "../trace/span.ts";
import { traceRequests } from "./trace.ts";
import { readTls, TlsKeeper } from "./tls-files.ts";
import type { SecureServer, TlsFiles } from "./tls-files.ts";
import { watchTraffic } from "./traffic.ts";
import type { Stopping } from "./traffic.ts";

const BODY_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;
const HEADER_BYTES_MAX = 8 * 1024;
const BODY_BYTES_MAX = 64 * 1024;
const PARAM_CHARACTERS_MAX = 100;
const CONNECTIONS_MAX = 512;
const REQUESTS_MAX = 256;
const HANDSHAKE_TIMEOUT_MS = 10_000;
const STOPPING: Stopping = { delayMs: 0, timeoutMs: 30_000 };

export interface Place {
  readonly host: string;
  readonly port: number;
  /** Addresses of proxies whose word for the client's address is taken, or null. */
  readonly trustedProxies?: string | null;
  /** How long a body may take, or where it may be long, a pause in it; 30 seconds without it. */
  readonly bodyTimeoutMs?: number | undefined;
  /** How many requests may be under way at once; 256 without it. */
  readonly requestsMax?: number;
  /** Certificate and key to speak TLS with; null or nothing for plain HTTP. */
  readonly tls?: TlsFiles | null;
  /** How the server ends; within 30 seconds without it. */
  readonly stopping?: Stopping;
  /** Where it tells of itself; nowhere without it. */
  readonly log?: ServerLog;
  /** Whether it tells addresses of clients too; not without it. */
  readonly logAddresses?: boolean;
  /** Whether each answer says that all of it is invented; none does without it. */
  readonly isSandbox?: boolean;
  /** What makes a span of each request; none does without it. */
  readonly tracer?: Tracer | null;
}

/** Adds what the server has to answer. */
export type Resource = (app: App) => void | Promise<void>;

export interface Listening {
  /** Address and port, e.g. `http://127.0.0.1:8480`. */
  readonly address: string;
  /** Lets what is under way come to its end, as `stopping` says. */
  readonly close: () => Promise<void>;
  /** Reads certificate and key again. */
  readonly reload: () => Promise<void>;
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

type Headers = Readonly<Record<string, string>>;

/** Browsers that were here by TLS come by TLS for a year (RFC 6797). */
const TLS_HEADERS: Headers = { "strict-transport-security": "max-age=31536000" };
const SANDBOX_HEADERS: Headers = { [SANDBOX_HEADER]: "true" };

function headersOf({ secure = null, isSandbox = false }: AppOptions): Headers {
  return {
    ...HEADERS,
    ...(secure === null ? {} : TLS_HEADERS),
    ...(isSandbox ? SANDBOX_HEADERS : {}),
  };
}

async function setHeaders(
  reply: FastifyReply,
  payload: unknown,
  headers: Headers,
): Promise<unknown> {
  for (const [name, value] of Object.entries(headers))
    if (!reply.hasHeader(name)) reply.header(name, value);
  return Promise.resolve(payload);
}

interface AppOptions extends Omit<Place, "host" | "port" | "tls" | "stopping"> {
  readonly secure?: SecureContextOptions | null;
}

/** A server with its bounds, without a single hook. */
function boundedApp({ secure = null, trustedProxies }: AppOptions, headers: Headers): App {
  const bounds = { maxHeaderSize: HEADER_BYTES_MAX, headersTimeout: HEADERS_TIMEOUT_MS };
  return fastify({
    ...(secure === null
      ? { http: bounds }
      : // A server of TLS is one of HTTP to all that use it but `TlsKeeper`.
        { https: { ...bounds, ...secure, handshakeTimeout: HANDSHAKE_TIMEOUT_MS } as object }),
    // Never the client's own, which may hold anything.
    genReqId: () => randomUUID(),
    // `limitTime` does this for each route.
    requestTimeout: 0,
    bodyLimit: BODY_BYTES_MAX,
    routerOptions: { maxParamLength: PARAM_CHARACTERS_MAX },
    trustProxy: trustedProxies ?? false,
    // An address that the router cannot read: its own answer would repeat it.
    frameworkErrors: (error, request, reply) => {
      // No hook runs before a route is found.
      reply.headers(headers);
      sendProblem(request, reply, error);
    },
    forceCloseConnections: "idle",
    // `Traffic` says who is answered while the server stops.
    return503OnClosing: false,
  }).withTypeProvider<TypeBoxTypeProvider>();
}

/** A server with its bounds, answering nothing yet. */
export function newApp(options: AppOptions = {}): App {
  const { bodyTimeoutMs = BODY_TIMEOUT_MS, requestsMax = REQUESTS_MAX } = options;
  const { log = NO_LOG, logAddresses = false, tracer = null } = options;
  const headers = headersOf(options);
  const app = boundedApp(options, headers);
  requireCallers(app);
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  app.setErrorHandler((error, request, reply) => {
    const answer = sendProblem(request, reply, error);
    if (request.failed === "INTERNAL") tellUnforeseen(log, request, error);
    return answer;
  });
  app.setNotFoundHandler((request, reply) =>
    sendProblem(request, reply, new Failure("ROUTE_UNKNOWN")),
  );
  if (tracer !== null) traceRequests(app, tracer);
  tellRequests(app, log, logAddresses);
  app.addHook("onRequest", async (request, reply) => limitTime(request, reply, bodyTimeoutMs));
  watchTraffic(app, requestsMax);
  app.decorate("figures", new Figures());
  app.addHook("onSend", async (_request, reply, payload) => setHeaders(reply, payload, headers));
  return app;
}

/** What a server does besides answering, once it listens. */
function listening(app: App, address: string, place: Place): Listening {
  const { tls = null, stopping = STOPPING, log = NO_LOG } = place;
  // `newApp` made it a server of TLS where there are files.
  const server = app.server as unknown as SecureServer;
  const told = (isRead: boolean): void =>
    log.tell(isRead ? "info" : "error", { event: isRead ? "tls-read" : "tls-failed" });
  const keeper = tls === null ? null : new TlsKeeper(tls, server, { tell: told });
  log.tell("info", { event: "listening", tls: tls !== null });
  return {
    address,
    close: async () => {
      keeper?.[Symbol.dispose]();
      log.tell("info", { event: "stopping", requests: app.traffic.count });
      await app.traffic.stop(app, stopping);
      log.tell("info", { event: "stopped" });
    },
    reload: async () => keeper?.reload(),
  };
}

/**
 * Begins to listen. Throws PORT_UNAVAILABLE when the port cannot be had, and as `readTls`.
 */
export async function listen(place: Place, resources: readonly Resource[]): Promise<Listening> {
  const secure = place.tls === undefined || place.tls === null ? null : await readTls(place.tls);
  const app = newApp({ ...place, secure });
  await app.register(cookie);
  for (const add of resources) await add(app);
  app.server.maxConnections = CONNECTIONS_MAX;
  try {
    const { host, port } = place;
    return listening(app, await app.listen({ host, port }), place);
  } catch (error) {
    await app.close();
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw new Failure("PORT_UNAVAILABLE", { port: place.port, reason });
  }
}
