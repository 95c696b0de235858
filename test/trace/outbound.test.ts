/** What becomes of spans when the collector is well, slow, faulty, or not there at all. */
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { Outbound } from "../../src/trace/outbound.ts";
import type { OutboundOptions } from "../../src/trace/outbound.ts";
import type { EndedSpan } from "../../src/trace/span.ts";
import { collector } from "./collector.ts";

const SPAN: EndedSpan = {
  traceId: "1".repeat(32),
  spanId: "1".repeat(16),
  parentSpanId: null,
  name: "commit",
  kind: "client",
  attributes: {},
  beganAtMs: 1,
  endedAtMs: 2,
  isError: false,
};

function outboundTo(url: string, more: Partial<OutboundOptions> = {}): Outbound {
  const told = { url, headers: { "x-who": "us" }, timeoutMs: 5_000, resource: {}, gatherMs: 10 };
  return new Outbound({ ...told, waitsMs: [10, 10], ...more });
}

async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + 10_000;
  while (!holds() && performance.now() < end) await wait(5);
  assert.ok(holds());
}

test("spans gather and go together with our headers, and are counted when taken", async () => {
  await using target = await collector();
  const outbound = outboundTo(target.url);
  for (let count = 0; count < 600; count += 1) outbound.take(SPAN);
  await until(() => outbound.counts.exported === 600);
  assert.equal(target.spans().length, 600);
  assert.equal(target.headers.length, 2);
  const [head] = target.headers;
  assert.deepEqual([head?.["content-type"], head?.["x-who"]], ["application/json", "us"]);
  await outbound.close();
});

test("a collector that asks for patience gets them again, another fault ends it", async () => {
  await using target = await collector((response, count) => {
    response.writeHead(count < 3 ? 503 : 200).end();
  });
  const outbound = outboundTo(target.url);
  outbound.take(SPAN);
  await until(() => outbound.counts.exported === 1);
  assert.equal(target.headers.length, 3);
  await using refusing = await collector((response) => response.writeHead(400).end("x"));
  const refused = outboundTo(refusing.url);
  refused.take(SPAN);
  await until(() => refused.counts.dropped === 1);
  assert.deepEqual([refusing.headers.length, refused.counts.exported], [1, 0]);
});

test("what the collector says that it refused counts as dropped", async () => {
  await using target = await collector((response) =>
    response.writeHead(200).end('{"partialSuccess":{"rejectedSpans":"2","errorMessage":"no"}}'),
  );
  const outbound = outboundTo(target.url);
  for (let count = 0; count < 5; count += 1) outbound.take(SPAN);
  await until(() => outbound.counts.exported === 3);
  assert.equal(outbound.counts.dropped, 2);
});

test("a redirect is not followed: spans go where the settings say and nowhere else", async () => {
  await using other = await collector();
  await using target = await collector((response) =>
    response.writeHead(307, { location: other.url }).end(),
  );
  const outbound = outboundTo(target.url, { waitsMs: [] });
  outbound.take(SPAN);
  await until(() => outbound.counts.dropped === 1);
  assert.equal(other.headers.length, 0);
});

/** Takes connections and never says a word. */
async function mute(): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((socket) => socket.on("error", () => undefined).resume());
  const ended = once(server, "close");
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // It listens on a port.
  const { port } = server.address() as AddressInfo;
  const sockets = new Set<{ destroy: () => void }>();
  server.on("connection", (socket) => sockets.add(socket));
  return {
    url: `http://127.0.0.1:${port}/v1/traces`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await ended;
    },
  };
}

test("P17: a collector that is mute or away holds nobody up; losses are counted", async () => {
  await using silent = await mute();
  for (const url of [silent.url, "http://127.0.0.1:9/v1/traces"]) {
    const outbound = outboundTo(url, { timeoutMs: 300, waitsMs: [60_000] });
    const began = performance.now();
    for (let count = 0; count < 10_000; count += 1) outbound.take(SPAN);
    assert.ok(performance.now() - began < 1_000, "taking waits for nobody");
    // 2,048 wait, and 512 may be on their way beside them.
    assert.ok(outbound.counts.dropped >= 10_000 - 2_048 - 512, String(outbound.counts.dropped));
    const closing = performance.now();
    await outbound.close();
    assert.ok(performance.now() - closing < 3_000, "neither does the end");
  }
});
