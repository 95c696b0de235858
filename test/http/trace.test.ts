/** Traces of real requests at a real receiver: what arrives, and what never does. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { OwnNetworks } from "../../src/access/webhook-address.ts";
import { deliverDue } from "../../src/access/webhook-pool.ts";
import { parseTraceparent } from "../../src/trace/context.ts";
import { openTracing } from "../../src/trace/tracing.ts";
import type { Tracing } from "../../src/trace/tracing.ts";
import { needlesOf, searchBytes } from "../support/canary.ts";
import { PASSWORD } from "../support/login.ts";
import { attributeOf, collector } from "../trace/collector.ts";
import type { Collector } from "../trace/collector.ts";
import { orderBody, withApi } from "./api-server.ts";
import { receiver } from "./receiver.ts";
import { withHome } from "../support/home.ts";
import { sealingKey, withServe } from "./serve-process.ts";

const PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const UNRECORDED = "00-aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbb-00f067aa0ba902b7-00";
const HERE = { networks: ["127.0.0.0/8"] };

function tracingTo({ url }: Collector): Tracing {
  const sampler = { name: "parentbased_always_on", ratio: 1 } as const;
  const told = { url, headers: {}, timeoutMs: 5_000, resource: { "service.name": "t" }, sampler };
  const nowMs = (): number => performance.timeOrigin + performance.now();
  return openTracing(told, { nowMs, randomBytes: (count) => randomBytes(count) });
}

async function tokenIn(answer: Response): Promise<string> {
  return ((await answer.json()) as { readonly token: string }).token;
}

test("a request is a span under who asked; database, key store and log are under it", async () => {
  await using target = await collector();
  const tracing = tracingTo(target);
  const { tracer } = tracing;
  await withApi(
    async ({ ask, machine, person }) => {
      const asked = { as: machine, method: "POST", body: orderBody(1) };
      const token = await tokenIn(await ask("/v1/waybills", asked));
      const headers = { traceparent: PARENT };
      // Whoever asks without recording is not recorded.
      const unrecorded = { traceparent: UNRECORDED };
      assert.equal(
        (await ask(`/v1/waybills/${token}`, { as: machine, headers: unrecorded })).status,
        200,
      );
      const body = { fields: ["recipient.phone"], purpose: "contact" };
      const at = `/v1/waybills/${token}/reveal`;
      const answer = await ask(at, { as: person, method: "POST", body, headers });
      assert.equal(answer.status, 200);
      const refused = await ask(at, { as: machine, method: "POST", body });
      assert.equal(refused.status, 403);
      await tracing.close();

      const reveals = target
        .spans()
        .filter(({ name }) => name === "POST /v1/waybills/:token/reveal");
      const [reveal, denied] = reveals;
      assert.ok(reveal !== undefined && denied !== undefined);
      const { traceId, spanId } = parseTraceparent(PARENT) ?? assert.fail();
      assert.deepEqual([reveal.traceId, reveal.parentSpanId, reveal.kind], [traceId, spanId, 2]);
      assert.equal(attributeOf(reveal, "http.route"), "/v1/waybills/:token/reveal");
      assert.equal(attributeOf(reveal, "http.request.method"), "POST");
      assert.equal(attributeOf(reveal, "http.response.status_code"), "200");
      const id = answer.headers.get("midan-request-id");
      assert.equal(attributeOf(reveal, "midan.request_id"), id);
      const code = ((await refused.json()) as { readonly code: string }).code;
      assert.equal(attributeOf(denied, "error.type"), code);
      assert.equal(denied.parentSpanId, undefined);
      assert.equal(denied.status, undefined, "a refusal is no error of the server");

      assert.equal(target.bytes().includes(UNRECORDED.slice(3, 35)), false);
      const within = target.spans().filter((span) => span.traceId === traceId);
      const names = within.map(({ name }) => name);
      assert.ok(names.includes("log append"), names.join());
      assert.ok(
        within.some((span) => attributeOf(span, "db.query.summary") !== ""),
        names.join(),
      );
      assert.ok(
        names.some((name) => name.startsWith("keystore ")),
        names.join(),
      );
      for (const span of within) {
        const isKnown = within.some((other) => other.spanId === span.parentSpanId);
        assert.ok(span.spanId === reveal.spanId || isKnown, `${span.name} hangs in the air`);
        assert.ok(BigInt(span.endTimeUnixNano) >= BigInt(span.startTimeUnixNano));
        assert.ok(BigInt(span.startTimeUnixNano) >= BigInt(reveal.startTimeUnixNano), span.name);
      }
    },
    { tracer },
  );
});

test("P9: no party, token, key, password or address is in a byte that is exported", async () => {
  await using target = await collector();
  await using hook = await receiver((response) => response.writeHead(500).end());
  const tracing = tracingTo(target);
  const { tracer } = tracing;
  await withApi(
    async ({ ask, vault, machine, person, owner }) => {
      const canaries = [
        machine,
        person,
        owner,
        PASSWORD,
        hook.url,
        "canary-in-state",
        "canary-agent",
      ];
      const headers = { tracestate: "x=canary-in-state", "user-agent": "canary-agent" };
      const post = async (path: string, as: string | null, body: unknown) =>
        ask(path, { as, method: "POST", body, headers });
      await post("/v1/webhooks", owner, { url: hook.url, events: ["waybill.sealed"] });
      for (const index of [1, 2]) {
        const order = orderBody(index);
        const { name, phone, address } = order.recipient;
        const token = await tokenIn(await post("/v1/waybills", machine, order));
        canaries.push(name, phone, address, order.orderNumber, token, encodeURIComponent(name));
        const at = `/v1/waybills/${token}`;
        await ask(`${at}?name=${encodeURIComponent(name)}`, { as: machine, headers });
        await post(`${at}/reveal`, person, { fields: ["recipient.name"], purpose: "contact" });
        await post("/v1/search", person, { phone, purpose: "contact" });
        await post(`${at}/label`, machine, { format: "png" });
        await ask(`/v1/no-route/${encodeURIComponent(name)}/${phone}`, { as: machine, headers });
        await post("/v1/waybills", machine, { ...order, recipient: { name, phone: address } });
      }
      await post("/session", null, { name: "the-owner", password: PASSWORD });
      await deliverDue(vault, new OwnNetworks(HERE.networks), tracer);
      await tracing.close();
      assert.ok(target.spans().length > 50, String(target.spans().length));
      assert.equal(tracing.counts().dropped, 0);
      const [attempt, sent] = [target.span("webhook delivery"), target.span("POST webhook")];
      assert.equal(attributeOf(attempt, "midan.webhook.event"), "waybill.sealed");
      assert.equal(attributeOf(attempt, "midan.webhook.attempt"), "1");
      assert.equal(attributeOf(sent, "http.response.status_code"), "500");
      assert.equal(attributeOf(sent, "error.type"), "status");
      assert.equal(sent.parentSpanId, attempt.spanId);
      // Deliveries go side by side; each receiver is told its own.
      const ids = hook.received.map(
        ({ headers: { traceparent } }) => parseTraceparent(traceparent)?.spanId,
      );
      assert.ok(ids.includes(sent.spanId));
      assert.deepEqual(searchBytes(target.bytes(), needlesOf(canaries)), []);
    },
    { tracer, ...HERE },
  );
});

test("P17: standard variables switch it on, and without a collector all goes on", async () => {
  await using target = await collector();
  await withHome(async (home) => {
    const key = await sealingKey(home);
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    const seal = async (address: string, index: number) => {
      const body = JSON.stringify(orderBody(index));
      return (await fetch(`${address}/v1/waybills`, { method: "POST", headers, body })).status;
    };
    const there = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: target.url, OTEL_SERVICE_NAME: "ours" };
    await withServe(home, there, async ({ address, child, ended }) => {
      assert.equal(await seal(address, 1), 201);
      const end = performance.now() + 20_000;
      while (target.headers.length === 0 && performance.now() < end) await wait(50);
      const text = await (await fetch(`${address}/metrics`, { headers })).text();
      assert.match(text, /^midan_trace_spans_total\{outcome="exported"\} [1-9]/m);
      child.kill("SIGTERM");
      await ended;
    });
    target.span("POST /v1/waybills");
    assert.match(
      target.bytes().toString("utf8"),
      /"service.name","value":\{"stringValue":"ours"\}/,
    );
    const away = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9" };
    await withServe(home, away, async ({ address, child, ended }) => {
      for (const index of [2, 3]) assert.equal(await seal(address, index), 201);
      const began = performance.now();
      child.kill("SIGTERM");
      assert.deepEqual(await ended, [0, null]);
      assert.ok(performance.now() - began < 20_000);
    });
  });
});
