/** The API against clients that mean harm: no request makes it fail, and no answer repeats one. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { inventOrder, sealOne } from "../support/orders.ts";
import { orderBody, withApi } from "./api-server.ts";

const DEPTH = 20_000;
const KEYS = 100_000;
const PRIVATE = "15413912345";

function manyKeys(): string {
  const keys = Array.from({ length: KEYS }, (_, at) => `"k${at}":1`);
  return `{${keys.join(",")}}`;
}

test("P9: hostile bodies are refused, and nothing of them comes back", async () => {
  await withApi(async ({ ask, machine: as }) => {
    const order = orderBody(1);
    const bodies = [
      `{"recipient":${"[".repeat(DEPTH)}${"]".repeat(DEPTH)}}`,
      manyKeys(),
      `{"__proto__":{"isAdmin":true},"orderNumber":"${PRIVATE}"}`,
      `{"constructor":{"prototype":{"x":1}},"orderNumber":"${PRIVATE}"}`,
      JSON.stringify({ ...order, tenantId: PRIVATE }),
      JSON.stringify({ ...order, dayOfDeath: "2099-01-01", actor: PRIVATE }),
      JSON.stringify({ ...order, recipient: { ...order.recipient, [PRIVATE]: PRIVATE } }),
      JSON.stringify([order]),
      `"${PRIVATE}"`,
      "",
      "null",
    ];
    for (const [at, body] of bodies.entries())
      for (const path of ["/v1/waybills", "/v1/waybills/batch", "/v1/search"]) {
        const answer = await ask(path, { as, method: "POST", body });
        assert.ok([400, 413].includes(answer.status), `${at} ${path} ${answer.status}`);
        assert.equal((await answer.text()).includes(PRIVATE), false, String(at));
      }
    assert.equal(Object.hasOwn(Object.prototype, "isAdmin"), false);
  });
});

test("P10: guesses, path tricks and split headers find nothing", async () => {
  await withApi(async ({ ask, machine: as }) => {
    for (const path of [
      "/v1/waybills/..%2f..%2fetc%2fpasswd",
      "/v1/waybills/%00",
      "/v1/waybills/md1",
      `/v1/waybills/${PRIVATE.repeat(400)}`,
      `/v1/waybills/%zz${PRIVATE}`,
      "/v1/waybills/%0d%0aset-cookie:x=1",
      "/v1//waybills/x",
      "/v1/waybills/%E0%A4%A",
    ]) {
      const answer = await ask(path, { as });
      assert.ok(answer.status >= 400 && answer.status < 500, `${path} ${answer.status}`);
      assert.equal(answer.headers.get("set-cookie"), null);
      assert.match(answer.headers.get("content-type") ?? "", /^application\/problem\+json/, path);
      assert.equal(answer.headers.get("x-content-type-options"), "nosniff", path);
      assert.equal((await answer.text()).includes(PRIVATE), false, path);
    }
    for (const key of ["", "x", `${as}x`, as.slice(0, -1), as.toUpperCase()])
      assert.equal((await ask("/metrics", { as: key })).status, 401, key);
  });
});

test("a token of another tenant is one that nobody ever gave out", async () => {
  await withApi(async ({ ask, machine: as, home }) => {
    await using other = await home.open({ tenant: "another" });
    const token = await sealOne(other, 3);
    const answer = await ask(`/v1/waybills/${token}`, { as });
    assert.equal(answer.status, 404);
    assert.equal((await answer.text()).includes(inventOrder(3).name), false);
  });
});

/** Resolves when the server has ended the connection; nothing ends it but that. */
async function untilEnded(address: string, head: string): Promise<void> {
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  socket.resume();
  socket.write(head);
  await once(socket, "close");
}

test("a body that never ends is let go of, also where it may be long", async () => {
  await withApi(async ({ address, machine, ask }) => {
    const key = `authorization: Bearer ${machine}`;
    const plain = `content-type: application/json\r\ncontent-length: 900\r\n\r\n{`;
    const stream = `content-type: application/x-ndjson\r\ncontent-length: 900\r\n\r\n{`;
    const line = "HTTP/1.1\r\nhost: midan.example\r\n";
    await Promise.all([
      untilEnded(address, `POST /v1/waybills ${line}${key}\r\n${plain}`),
      untilEnded(address, `POST /v1/waybills/stream ${line}${key}\r\n${stream}`),
    ]);
    assert.equal((await ask("/health/ready")).status, 200);
  });
});
