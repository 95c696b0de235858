/** The server stops: what is under way ends, nothing new begins, no longer than was said. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { listen } from "../../src/http/server.ts";
import type { Place, Resource } from "../../src/http/server.ts";
import { withHome } from "../support/home.ts";
import { inventOrders } from "../support/orders.ts";
import { sealingKey, withServe } from "./serve-process.ts";

const config = { caller: "anybody" } as const;
const HERE = { host: "127.0.0.1", port: 0 } as const;

/** `/wait` answers when `gate` says so; `/vital` always. */
function waiting(gate: Promise<void>, arrived: () => void): Resource {
  return (app) => {
    app.get("/wait", { config }, async () => {
      arrived();
      await gate;
      return { waited: true };
    });
    app.get("/vital", { config: { ...config, isVital: true } }, async () =>
      Promise.resolve({ stopping: app.traffic.isStopping }),
    );
  };
}

async function withGate(
  place: Partial<Place>,
  work: (served: {
    readonly address: string;
    readonly open: () => void;
    readonly arrived: Promise<void>;
    readonly close: () => Promise<void>;
  }) => Promise<void>,
): Promise<void> {
  const gate = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  const resource = waiting(gate.promise, () => arrived.resolve());
  const { address, close } = await listen({ ...HERE, ...place }, [resource]);
  await work({ address, open: () => gate.resolve(), arrived: arrived.promise, close });
}

async function isRefused(address: string): Promise<boolean> {
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname);
  try {
    await once(socket, "connect");
    return false;
  } catch {
    return true;
  } finally {
    socket.destroy();
  }
}

test("what is under way is answered, on a connection that ends then", async () => {
  await withGate({}, async ({ address, open, arrived, close }) => {
    const asked = fetch(`${address}/wait`);
    await arrived;
    const closed = close();
    while (!(await isRefused(address))) await wait(5);
    open();
    const answer = await asked;
    assert.deepEqual([answer.status, await answer.json()], [200, { waited: true }]);
    assert.equal(answer.headers.get("connection"), "close");
    await closed;
  });
});

test("for as long as was said it goes on answering and says that it stops", async () => {
  await withGate({ stopping: { delayMs: 1_000, timeoutMs: 5_000 } }, async ({ address, close }) => {
    const before = await (await fetch(`${address}/vital`)).json();
    const began = performance.now();
    const closed = close();
    const answer = await fetch(`${address}/vital`);
    assert.deepEqual([before, await answer.json()], [{ stopping: false }, { stopping: true }]);
    await closed;
    assert.ok(performance.now() - began >= 900);
    assert.ok(await isRefused(address));
  });
});

test("what does not end in time is cut off, also who never sent a whole head", async () => {
  await withGate({ stopping: { delayMs: 0, timeoutMs: 300 } }, async (served) => {
    const { hostname, port } = new URL(served.address);
    const half = connect(Number(port), hostname);
    half.on("error", () => undefined).resume();
    half.write("GET /wait HTTP/1.1\r\nhost:");
    const asked = fetch(`${served.address}/wait`).then(
      () => "answered",
      () => "cut off",
    );
    await served.arrived;
    const gone = once(half, "close");
    await served.close();
    assert.equal(await asked, "cut off");
    await gone;
    served.open();
  });
});

test("too many at once are told to come later, and supervisors are answered", async () => {
  await withGate({ requestsMax: 1 }, async ({ address, open, arrived, close }) => {
    const asked = fetch(`${address}/wait`);
    await arrived;
    const refused = await fetch(`${address}/wait`, { headers: { "accept-language": "en" } });
    assert.equal(refused.status, 503);
    assert.equal(refused.headers.get("retry-after"), "1");
    assert.equal(((await refused.json()) as { code: string }).code, "SERVER_BUSY");
    assert.equal((await fetch(`${address}/vital`)).status, 200);
    open();
    assert.equal((await asked).status, 200);
    assert.equal((await fetch(`${address}/wait`)).status, 200);
    await close();
  });
});

function orderLine(index: number): string {
  const [order] = inventOrders(1, index);
  assert.ok(order !== undefined);
  const { number, name, phone, address } = order;
  const receiver = { name, phone, address };
  return `${JSON.stringify({ order_number: number, carrier: "北辰物流", receiver })}\n`;
}

test("P17: SIGTERM lets a stream of orders end, and then the process ends well", async () => {
  await withHome(async (home) => {
    const key = await sealingKey(home);
    const settings = { MIDAN_STOP_DELAY_SECONDS: "1" };
    await withServe(home, settings, async ({ child, address, lines, ended }) => {
      const asked = request(`${address}/v1/waybills/stream`, {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/x-ndjson" },
      });
      const answered = once(asked, "response");
      asked.write(orderLine(1));
      while ((await fetch(`${address}/health/live`)).status !== 200);
      await wait(300);
      child.kill("SIGTERM");
      const isReady = async (): Promise<boolean> => (await fetch(`${address}/health/ready`)).ok;
      while (await isReady()) await wait(20);
      const ready = (await (await fetch(`${address}/health/ready`)).json()) as object;
      assert.deepEqual(ready, {
        ready: false,
        stopping: true,
        database: "ok",
        keys: "ok",
        log: "ok",
      });
      while (!(await isRefused(address))) await wait(20);
      asked.end(orderLine(2));
      const [answer] = (await answered) as [NodeJS.ReadableStream];
      assert.match(await text(answer), /"done":true,"sealed":2,"repeated":0,"rejected":0/);
      assert.deepEqual(await ended, [0, null], lines.join("\n"));
    });
    assert.equal((await home.rows("select 1 from shell")).length, 2);
  });
});

test("a second signal ends the process at once", async () => {
  await withHome(async (home) => {
    const key = await sealingKey(home);
    await withServe(home, {}, async ({ child, address, ended }) => {
      const asked = request(`${address}/v1/waybills/stream`, {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/x-ndjson" },
      });
      asked.on("error", () => undefined);
      asked.write(orderLine(1));
      while ((await fetch(`${address}/health/live`)).status !== 200);
      await wait(300);
      child.kill("SIGTERM");
      while (!(await isRefused(address))) await wait(20);
      const began = performance.now();
      child.kill("SIGTERM");
      assert.deepEqual(await ended, [143, null]);
      assert.ok(performance.now() - began < 5_000);
    });
  });
});
