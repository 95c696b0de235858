/** `midan/client` against a real server, and against a network that loses answers. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { MidanClient, MidanProblem } from "midan/client";
import type { ApiServer } from "../http/api-server.ts";
import { orderBody, withApi } from "../http/api-server.ts";
import { withDirectory } from "../support/home.ts";
import { inventOrder } from "../support/orders.ts";

const EXAMPLES = new URL("../../docs/examples/", import.meta.url);

interface Lossy extends AsyncDisposable {
  readonly address: string;
  /** How many connections it took. */
  readonly taken: () => number;
}

/** A way to `address` that cuts the first `losses` connections when the answer comes. */
async function lossyWay(address: string, losses: number): Promise<Lossy> {
  const { hostname, port } = new URL(address);
  const sockets = new Set<Socket>();
  let taken = 0;
  const server = createServer((client) => {
    taken += 1;
    const isLossy = taken <= losses;
    const behind = connect(Number(port), hostname);
    for (const socket of [client, behind]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
    }
    client.pipe(behind);
    if (isLossy) behind.once("data", () => client.destroy());
    else behind.pipe(client);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A TCP server on a port has such an address.
  const { port: own } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${own}`,
    taken: () => taken,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

async function runExample(api: ApiServer, name: string): Promise<{ out: string; label: Buffer }> {
  return withDirectory(async (cwd) => {
    const env = { PATH: process.env["PATH"], MIDAN: api.address, KEY: api.machine };
    const file = fileURLToPath(new URL(name, EXAMPLES));
    const program = name.endsWith(".ts") ? process.execPath : "bash";
    const { stdout } = await promisify(execFile)(program, [file], { cwd, env });
    const label = await readFile(path.join(cwd, "label.png")).catch(() => Buffer.alloc(0));
    return { out: stdout, label };
  });
}

function isProblem(code: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof MidanProblem, String(error));
    assert.equal(error.code, code);
    return true;
  };
}

test("the client learns what failed by its code, and asks again for a lost answer", async () => {
  await withApi(async (api) => {
    const client = new MidanClient({ address: api.address, token: api.machine, language: "en" });
    const sealed = await client.call("POST /v1/waybills", { body: orderBody(1) });
    assert.match(sealed.token, /^md1\w{26}$/);
    const params = { token: sealed.token };
    const shown = await client.call("GET /v1/waybills/{token}", { params });
    assert.equal(shown?.token, sealed.token);
    const cut = { token: sealed.token.slice(0, -3) };
    await assert.rejects(client.call("GET /v1/waybills/{token}", { params: cut }), (error) => {
      assert.ok(error instanceof MidanProblem);
      assert.equal(error.code, "TOKEN_CUT");
      assert.match(error.problem.title, /^The token/);
      assert.match(error.problem.requestId, /^[0-9a-f-]{36}$/);
      return true;
    });
    const fields = { fields: ["recipient.phone"], purpose: "contact" } as const;
    const reveal = client.call("POST /v1/waybills/{token}/reveal", { params, body: fields });
    await assert.rejects(reveal, isProblem("PERSON_REQUIRED"));

    await using way = await lossyWay(api.address, 2);
    const officer = new MidanClient({ address: way.address, token: api.person });
    const reason = { reason: "complaint", authority: "客诉中心" } as const;
    const hold = { token: sealed.token, ...reason, until: inDays(20) };
    await officer.call("POST /v1/holds", { body: hold });
    assert.equal(way.taken(), 3);
    assert.equal((await api.home.rows("select 1 from hold")).length, 1);

    await using deaf = await lossyWay(api.address, 9);
    const looker = new MidanClient({ address: deaf.address, token: api.person });
    const again = looker.call("POST /v1/waybills/{token}/reveal", { params, body: fields });
    await assert.rejects(again, isProblem("UNREACHABLE"));
    // What it left may have been done, and would be done and counted twice.
    assert.equal(deaf.taken(), 1);
  });
});

function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

test("a stream seals while it is read, names what was refused, and tells a cut", async () => {
  await withApi(async (api) => {
    const client = new MidanClient({ address: api.address, token: api.machine });
    const count = 5_000;
    const orders = function* (): Generator<object> {
      for (let at = 0; at < count; at += 1) {
        const { number, name, phone, address } = inventOrder(at);
        const receiver = { name: at === 7 ? "林**" : name, phone, address };
        yield { order_number: number, carrier: "北辰物流", receiver };
      }
    };
    const refused: unknown[] = [];
    const results = client.sealStream(orders());
    let next = await results.next();
    for (; next.done !== true; next = await results.next())
      if (!next.value.ok) refused.push([next.value.line, next.value.code]);
    assert.deepEqual(next.value, { sealed: count - 1, repeated: 0, rejected: 1 });
    assert.deepEqual(refused, [[8, "MASKED_VALUE"]]);
    await using way = await lossyWay(api.address, 1);
    const lossy = new MidanClient({ address: way.address, token: api.machine });
    await assert.rejects(lossy.sealStream(orders()).next(), isProblem("UNREACHABLE"));
  });
});

test("who never answers is given up on in time, and an abort ends it at once", async () => {
  const server = createServer(() => undefined);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const options = { address: `http://127.0.0.1:${port}`, token: "mdk1x", attemptsMax: 2 };
  const client = new MidanClient({ ...options, timeoutMs: 200 });
  await assert.rejects(client.call("GET /health/live", {}), isProblem("UNREACHABLE"));
  const stop = new AbortController();
  const asked = client.call("GET /health/live", {}, { signal: stop.signal });
  stop.abort(new RangeError("enough"));
  await assert.rejects(asked, /enough/);
  server.close();
});

test("every example of docs/examples does what it says", async () => {
  await withApi(async (api) => {
    const typed = await runExample(api, "waybill.ts");
    assert.match(typed.out, /phone: '154\*/);
    assert.match(typed.out, /^LABEL_REPRINT\w* true$|^REPRINT\w* true$/m);
    const curl = await runExample(api, "waybill.sh");
    assert.match(curl.out, /"state":"undelivered"/);
    for (const { label } of [typed, curl])
      assert.equal(label.subarray(1, 4).toString("latin1"), "PNG");
    const stream = await runExample(api, "order-stream.ts");
    assert.match(stream.out, /sealed: 2500, repeated: 0, rejected: 0/);
  });
});
