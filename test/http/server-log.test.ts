/** What the server tells of itself: every request, and nothing of whom or what it was about. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { listen } from "../../src/http/server.ts";
import { serverLog } from "../../src/http/server-log.ts";
import type { ServerLogLevel } from "../../src/http/server-log.ts";
import { orderBody, withApi } from "./api-server.ts";

const TENANT = "6b1d2f0e-0000-4000-8000-000000000001";
const REQUEST_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

type Line = Readonly<Record<string, unknown>>;

/** A log, and what it wrote. */
function recorded(from: ServerLogLevel = "info") {
  const output = new PassThrough({ highWaterMark: 1024 * 1024 });
  let text = "";
  output.on("data", (piece: Buffer) => (text += piece.toString("utf8")));
  const log = serverLog({ output, from, tenant: TENANT, now: () => new Date(0) });
  const lines = (): Line[] =>
    text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Line);
  return { log, lines, text: () => text, output };
}

test("P9: lines of every kind of request hold no party, token, phone, key or address", async () => {
  const { log, lines, text } = recorded();
  await withApi(
    async ({ ask, machine, person, stateMachine }) => {
      const order = orderBody(7);
      const { name, phone, address } = order.recipient;
      const sealed = await ask("/v1/waybills", { as: machine, method: "POST", body: order });
      const { token } = (await sealed.json()) as { readonly token: string };
      const fields = { fields: ["recipient.phone"], purpose: "contact" };
      const reveal = { as: person, method: "POST", body: fields };
      const answers = [
        await ask(`/v1/waybills/${token}`, { as: machine }),
        await ask(`/v1/waybills/${token}/reveal`, reveal),
        await ask(`/v1/waybills/${token}?phone=${phone}`, { as: machine }),
        await ask("/v1/search", { as: person, method: "POST", body: { phone } }),
        await ask("/v1/search", { as: person, method: "POST", body: { phone: [phone] } }),
        await ask(`/v1/waybills/${phone}`, { as: machine }),
        await ask(`/${phone}/${encodeURIComponent(name)}`, { as: machine }),
        await ask("/v1/waybills", { as: stateMachine, method: "POST", body: order }),
        await ask("/v1/waybills", { as: `${machine}x`, method: "POST", body: order }),
        await ask("/health/live", { headers: { "x-request-id": phone } }),
      ];
      for (const answer of answers) await answer.arrayBuffer();
      const canaries = [token, phone, name, address, machine, person, "127.0.0.1", "栖霞支路"];
      for (const canary of canaries) assert.equal(text().includes(canary), false, canary);
    },
    { log },
  );
  const requests = lines().filter(({ event }) => event === "request");
  // Supervisors that find everything well are not told of.
  assert.equal(requests.length, 10);
  assert.deepEqual(Object.keys(requests[0] ?? {}), [
    "time",
    "level",
    "event",
    "requestId",
    "method",
    "route",
    "status",
    "ms",
    "tenant",
  ]);
  assert.deepEqual(
    requests.slice(0, 3).map(({ level, route, status }) => [level, route, status]),
    [
      ["info", "/v1/waybills", 201],
      ["info", "/v1/waybills/:token", 200],
      ["info", "/v1/waybills/:token/reveal", 200],
    ],
  );
  assert.ok(requests.some(({ route, code }) => route === "none" && code === "ROUTE_UNKNOWN"));
});

const config = { caller: "anybody" } as const;

test("answer, problem and line of the log say the same id, never the client's", async () => {
  const { log, lines } = recorded();
  const server = await listen({ host: "127.0.0.1", port: 0, log }, []);
  const answer = await fetch(`${server.address}/none`, { headers: { "x-request-id": "mine" } });
  const { requestId } = (await answer.json()) as { readonly requestId: string };
  await server.close();
  assert.match(requestId, REQUEST_ID);
  assert.equal(answer.headers.get("midan-request-id"), requestId);
  const line = lines().find(({ event }) => event === "request");
  assert.deepEqual([line?.["requestId"], line?.["code"]], [requestId, "ROUTE_UNKNOWN"]);
});

test("P9: of an error that nobody foresaw the log says where, and not what it quoted", async () => {
  const { log, lines, text } = recorded();
  const place = { host: "127.0.0.1", port: 0, log, logAddresses: true };
  const server = await listen(place, [
    (app) => {
      app.get("/fails", { config }, async () => {
        await Promise.resolve();
        throw new TypeError("no phone 15413912345");
      });
    },
  ]);
  const answer = await fetch(`${server.address}/fails`);
  const problem = (await answer.json()) as Line;
  await server.close();
  assert.equal(answer.status, 500);
  const [unforeseen] = lines().filter(({ event }) => event === "unforeseen");
  assert.deepEqual(
    [unforeseen?.["kind"], unforeseen?.["route"], unforeseen?.["requestId"]],
    ["TypeError", "/fails", problem["requestId"]],
  );
  assert.ok(Array.isArray(unforeseen?.["frames"]));
  assert.equal(text().includes("15413912345"), false);
  const [request] = lines().filter(({ event }) => event === "request");
  // It was told to tell addresses here.
  assert.deepEqual([request?.["level"], request?.["address"]], ["error", "127.0.0.1"]);
});

test("a level leaves out what is below it, and a slow reader costs no memory", async () => {
  const { log, lines } = recorded("warn");
  log.tell("info", { event: "stopped" });
  log.tell("error", { event: "tls-failed" });
  assert.deepEqual(
    lines().map(({ event }) => event),
    ["tls-failed"],
  );
  const output = new PassThrough({ highWaterMark: 10 });
  const full = serverLog({ output, from: "info", tenant: TENANT, now: () => new Date(0) });
  for (let at = 0; at < 1000; at += 1) full.tell("info", { event: "stopped" });
  assert.ok(output.readableLength + output.writableLength < 1000);
  output.setEncoding("utf8").resume();
  await once(output, "drain");
  const told = once(output, "data");
  full.tell("info", { event: "stopped" });
  const { dropped } = JSON.parse(String((await told)[0])) as Line;
  assert.ok(typeof dropped === "number" && dropped > 990, String(dropped));
});
