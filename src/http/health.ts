/** Whether the server lives, whether it is ready, and its figures for Prometheus. */
import { Counter, Histogram, Registry } from "prom-client";
import { Type } from "typebox";
import { readiness } from "../vault/readiness.ts";
import { answers } from "./api.ts";
import type { ApiServing } from "./api.ts";
import type { App } from "./serving.ts";

const TAGS = ["operation"];
const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const LABELS = ["method", "route", "status"] as const;

/** Counts answers by route, never by address: an address may hold a token. */
function metricsRoute(app: App): void {
  const registry = new Registry();
  const registers = [registry];
  const answered = new Counter({
    name: "midan_http_requests_total",
    help: "Answered requests by method, route and status.",
    labelNames: LABELS,
    registers,
  });
  const seconds = new Histogram({
    name: "midan_http_request_seconds",
    help: "Seconds from the head of the request to the end of the answer.",
    labelNames: ["method", "route"],
    buckets: BUCKETS_SECONDS,
    registers,
  });
  app.addHook("onResponse", async (request, reply) => {
    const { method, routeOptions } = request;
    const route = routeOptions.url ?? "none";
    answered.inc({ method, route, status: String(reply.statusCode) });
    seconds.observe({ method, route }, reply.elapsedTime / 1000);
    return Promise.resolve();
  });
  const schema = {
    tags: TAGS,
    summary: "Figures in the text format of Prometheus, for any key or signed-in person.",
    response: answers({
      200: {
        description: "Counters and histograms.",
        content: { "text/plain": { schema: Type.String() } },
      },
    }),
  };
  const config = { caller: "any" } as const;
  app.get("/metrics", { config, schema }, async (_request, reply) => {
    return reply.type("text/plain; version=0.0.4; charset=utf-8").send(await registry.metrics());
  });
}

const PART = Type.Union([Type.Literal("ok"), Type.Literal("failed")]);
const READY = Type.Object({
  ready: Type.Boolean(),
  stopping: Type.Boolean(),
  database: PART,
  keys: PART,
  log: PART,
});

/** `/health/live`, `/health/ready` and `/metrics`. */
export function healthRoutes(app: App, serving: ApiServing): void {
  const live = {
    tags: TAGS,
    summary: "The process answers.",
    response: { 200: Type.Object({ live: Type.Boolean() }) },
  };
  const config = { caller: "anybody", isVital: true } as const;
  app.get("/health/live", { config, schema: live }, async () => Promise.resolve({ live: true }));
  const ready = {
    tags: TAGS,
    summary:
      "Whether database, key store and log can serve; 503 says which cannot, or that it stops.",
    response: { 200: READY, 503: READY },
  };
  app.get("/health/ready", { config, schema: ready }, async (_request, reply) => {
    const parts = await readiness(serving.vault);
    const stopping = app.traffic.isStopping;
    const isReady = !stopping && Object.values(parts).every((part) => part === "ok");
    return reply.code(isReady ? 200 : 503).send({ ready: isReady, stopping, ...parts });
  });
  metricsRoute(app);
}
