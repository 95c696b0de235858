/** Whether the server lives, whether it is ready, and its figures for Prometheus. */
import { Type } from "typebox";
import { isSandbox } from "../rules/sandbox.ts";
import { vaultFigures } from "../vault/figures.ts";
import { readiness } from "../vault/readiness.ts";
import { answers } from "./api.ts";
import type { ApiServing } from "./api.ts";
import { routeOf } from "./request-log.ts";
import type { App } from "./serving.ts";
import { SharedProbe } from "./shared-probe.ts";

const TAGS = ["operation"];
/** Counts answers by route, never by address: an address may hold a token. */
function metricsRoute(app: App, serving: ApiServing): void {
  app.addHook("onResponse", async (request, reply) => {
    const { method } = request;
    const { statusCode: status, elapsedTime } = reply;
    app.figures.answered({ method, route: routeOf(request), status, seconds: elapsedTime / 1000 });
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
  const figures = new SharedProbe(async () => vaultFigures(serving.vault));
  app.get("/metrics", { config, schema }, async (_request, reply) => {
    const found = await figures.answer();
    if (serving.spanCounts !== undefined) app.figures.traced(serving.spanCounts());
    const text = await app.figures.text(found, app.traffic.count);
    return reply.type("text/plain; version=0.0.4; charset=utf-8").send(text);
  });
}

/** There, and true, in a sandbox alone. */
const SANDBOX = Type.Optional(Type.Literal(true));

/** What both say of a sandbox. */
function sandboxOf({ vault }: ApiServing): { readonly sandbox?: true } {
  return isSandbox(vault.tenant) ? { sandbox: true } : {};
}

const PART = Type.Union([Type.Literal("ok"), Type.Literal("failed")]);
const READY = Type.Object({
  ready: Type.Boolean(),
  stopping: Type.Boolean(),
  sandbox: SANDBOX,
  database: PART,
  keys: PART,
  log: PART,
});

/** `/health/live`, `/health/ready` and `/metrics`. */
export function healthRoutes(app: App, serving: ApiServing): void {
  const live = {
    tags: TAGS,
    summary: "The process answers.",
    response: { 200: Type.Object({ live: Type.Boolean(), sandbox: SANDBOX }) },
  };
  const config = { caller: "anybody", isVital: true } as const;
  app.get("/health/live", { config, schema: live }, async () =>
    Promise.resolve({ live: true, ...sandboxOf(serving) }),
  );
  const ready = {
    tags: TAGS,
    summary:
      "Whether database, key store and log can serve; 503 says which cannot, or that it stops.",
    response: { 200: READY, 503: READY },
  };
  const probe = new SharedProbe(async () => readiness(serving.vault));
  app.get("/health/ready", { config, schema: ready }, async (_request, reply) => {
    const parts = await probe.answer();
    const stopping = app.traffic.isStopping;
    const isReady = !stopping && Object.values(parts).every((part) => part === "ok");
    return reply
      .code(isReady ? 200 : 503)
      .send({ ready: isReady, stopping, ...sandboxOf(serving), ...parts });
  });
  metricsRoute(app, serving);
}
