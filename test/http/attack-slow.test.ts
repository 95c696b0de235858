/** Those who send slowly: a body or a head that comes byte by byte holds nothing open for good. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { withApi } from "./api-server.ts";

const DRIP_MS = 100;
/** Far more than the limits let pass at one byte a drip. */
const NEVER_BYTES = 5_000;

interface Dripped {
  readonly sent: number;
  readonly answer: string;
}

/** Sends `head`, then a byte at a time until the server ends the connection. */
async function drip(address: string, head: string): Promise<Dripped> {
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  const parts: Buffer[] = [];
  socket.on("data", (part: Buffer) => parts.push(part));
  socket.on("error", () => undefined);
  socket.write(head, "latin1");
  let sent = 0;
  while (!socket.closed && sent < NEVER_BYTES) {
    socket.write("1");
    sent += 1;
    await sleep(DRIP_MS);
  }
  socket.destroy();
  return { sent, answer: Buffer.concat(parts).toString("latin1") };
}

const BODY = `content-type: application/json\r\ncontent-length: ${NEVER_BYTES * 2}\r\n\r\n`;
const CHUNKED = "content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n1388\r\n";

test("P10: whoever sends a body byte by byte is let go, at every kind of route", async () => {
  await withApi(async ({ address, machine, person, ask }) => {
    const of = (route: string, key: string | null, rest: string): string => {
      const authorization = key === null ? "" : `authorization: Bearer ${key}\r\n`;
      return `${route} HTTP/1.1\r\nhost: midan.example\r\n${authorization}${rest}`;
    };
    const heads = [
      of("POST /v1/session", null, BODY),
      of("POST /v1/waybills", machine, BODY),
      of("POST /v1/waybills/batch", machine, CHUNKED),
      of("POST /v1/search", person, BODY),
      // One for which nobody signed in, and one for which there is no route.
      of("POST /v1/holds", "mds1nobody", CHUNKED),
      of("POST /nowhere", null, BODY),
    ];
    const ended = await Promise.all(heads.map(async (head) => drip(address, head)));
    // A body that nobody asked for is not read, and not waited for either.
    const unasked = await drip(address, of("GET /v1/session", person, BODY));
    assert.ok(unasked.sent < NEVER_BYTES);
    for (const [at, { sent, answer }] of ended.entries()) {
      assert.ok(sent < NEVER_BYTES, `${heads[at]?.split("\r\n")[0]} was heard to the end`);
      assert.doesNotMatch(answer, /^HTTP\/1\.1 [25]/m, answer);
    }
    assert.equal((await ask("/health/ready")).status, 200);
  });
});
