/**
 * A line for each request, with an id that the answer says too. It names the route by its template,
 * never by the address that was asked for, which may hold a token; no body, no header and, unless
 * it is told to, no address of a client (P9).
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import { errorKind } from "../rules/error-kind.ts";
import type { FailureCode } from "../rules/failure.ts";
import { sourceOf } from "./requester.ts";
import type { ServerLog } from "./server-log.ts";
import type { App } from "./serving.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** What the answer says that failed: a row of our table, or an error that nobody foresaw. */
    failed: FailureCode | "INTERNAL" | null;
  }
}

/** The name of the header in which an answer says the id of its request. */
export const REQUEST_ID_HEADER = "midan-request-id";

const CLIENT_FAULT = 400;
const SERVER_FAULT = 500;
const FRAMES_MAX = 6;
const MS_DIGITS = 1;

/** The route by its template; `none` where there is no such route. */
export function routeOf({ routeOptions }: Pick<FastifyRequest, "routeOptions">): string {
  return routeOptions.url ?? "none";
}

const FRAME = /^ {4}at (?:async )?(?:([\w.#<> ]{1,80}) \()?\S*?((?:src|node_modules)\/\S+?:\d+)/;

/** Where in the program an error came from: functions and lines of code, no message. */
function framesOf(error: unknown): string[] {
  const lines = error instanceof Error ? (error.stack ?? "").split("\n") : [];
  const frames = lines.map((line) => FRAME.exec(line)).filter((frame) => frame !== null);
  return frames.slice(0, FRAMES_MAX).map(([, name = "", place = ""]) => `${name} ${place}`.trim());
}

/** Tells of an error that nobody foresaw, whose answer says nothing but the request's id. */
export function tellUnforeseen(log: ServerLog, request: FastifyRequest, error: unknown): void {
  const { id, method } = request;
  const told = { method, route: routeOf(request), kind: errorKind(error), frames: framesOf(error) };
  log.tell("error", { event: "unforeseen", requestId: id, ...told });
}

function tellRequest(
  log: ServerLog,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  tellsAddress: boolean,
): void {
  const { statusCode: status, elapsedTime, raw } = reply;
  const { id: requestId, method, failed: code, routeOptions } = request;
  if (routeOptions.config.isVital === true && status < CLIENT_FAULT) return;
  const isOurs = status >= SERVER_FAULT || code === "INTERNAL";
  const level = isOurs ? "error" : code !== null || status >= CLIENT_FAULT ? "warn" : "info";
  const ms = Number(elapsedTime.toFixed(MS_DIGITS));
  log.tell(level, {
    event: "request",
    requestId,
    method,
    route: routeOf(request),
    status,
    ms,
    ...(code === null ? {} : { code }),
    // The client left before it had the whole answer.
    ...(raw.writableFinished ? {} : { cut: true as const }),
    ...(tellsAddress ? { address: sourceOf(request) } : {}),
  });
}

/** Tells `log` of every request of `app`. */
export function tellRequests(app: App, log: ServerLog, tellsAddress: boolean): void {
  app.decorateRequest("failed", null);
  app.addHook("onRequest", async ({ id }, reply) => {
    reply.header(REQUEST_ID_HEADER, id);
    return Promise.resolve();
  });
  app.addHook("onResponse", async (request, reply) => {
    tellRequest(log, { request, reply }, tellsAddress);
    return Promise.resolve();
  });
}
