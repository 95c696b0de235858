/**
 * A span for each request: its method, its route by template, its status, the code of what failed
 * and the id that the answer says too. No address, body, header or token (P9).
 */
import type { FastifyRequest } from "fastify";
import { parseTraceparent } from "../trace/context.ts";
import { within } from "../trace/span.ts";
import type { Span, Tracer } from "../trace/span.ts";
import { routeOf } from "./request-log.ts";
import type { App } from "./serving.ts";

const SERVER_FAULT = 500;

/** Lets every request of `app` be a span, under the span of who asks where that one is told. */
export function traceRequests(app: App, tracer: Tracer): void {
  const spans = new WeakMap<FastifyRequest, Span>();
  app.addHook("onRequest", (request, _reply, done) => {
    const { method, id, headers } = request;
    const route = routeOf(request);
    const attributes = {
      "http.request.method": method,
      "http.route": route,
      "midan.request_id": id,
    };
    const start = { name: `${method} ${route}`, kind: "server", attributes } as const;
    const span = tracer.begin(start, parseTraceparent(headers["traceparent"]));
    spans.set(request, span);
    within(span, done);
  });
  // Reading the body goes through the socket, which is of no trace.
  app.addHook("preValidation", (request, _reply, done) => {
    const span = spans.get(request);
    if (span === undefined) done();
    else within(span, done);
  });
  app.addHook("onResponse", async (request, reply) => {
    const span = spans.get(request);
    const { statusCode: status, raw } = reply;
    span?.set({ "http.response.status_code": status });
    const failed = request.failed ?? (raw.writableFinished ? null : "cut");
    if (status >= SERVER_FAULT || failed === "cut") span?.fail(failed ?? String(status));
    else if (failed !== null) span?.set({ "error.type": failed });
    span?.end();
    return Promise.resolve();
  });
}
