/** Requests as bytes: two in one, headers that end early, targets that lead elsewhere. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { withApi } from "./api-server.ts";
import type { ApiServer } from "./api-server.ts";

const MARK = "x-planted-15413912345";
const QUIET_MS = 150;

/** Everything that comes back for these bytes, until the server ends or has nothing more to say. */
async function answerTo({ address }: ApiServer, bytes: string): Promise<string> {
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  const parts: Buffer[] = [];
  socket.on("data", (part: Buffer) => parts.push(part));
  socket.on("error", () => undefined);
  socket.write(bytes, "latin1");
  for (let seen = -1; !socket.closed && (parts.length === 0 || seen < parts.length);) {
    seen = parts.length;
    await sleep(QUIET_MS);
  }
  socket.destroy();
  return Buffer.concat(parts).toString("latin1");
}

function statusesIn(answer: string): number[] {
  return [...answer.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status));
}

const BODY = '{"phone":"1"}';
const HEAD = "host: midan.example\r\ncontent-type: application/json\r\n";
const HIDDEN = "GET /health/live HTTP/1.1\r\nhost: midan.example\r\n\r\n";

/** Requests that two readers could cut at two places; each is refused, and the rest is not read. */
const AMBIGUOUS: Readonly<Record<string, string>> = {
  "a length and chunks": `${HEAD}content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
  "two lengths": `${HEAD}content-length: 13\r\ncontent-length: 0\r\n\r\n${BODY}`,
  "a length with a sign": `${HEAD}content-length: +13\r\n\r\n${BODY}`,
  "chunks that are not last": `${HEAD}transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
  "chunks by another name": `${HEAD}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n`,
  "a chunk of no size": `${HEAD}transfer-encoding: chunked\r\n\r\nzz\r\n${BODY}\r\n0\r\n\r\n`,
  "a folded header": `${HEAD}x-a: 1\r\n b: 2\r\n\r\n`,
  "a space before the colon": `${HEAD}content-length : 13\r\n\r\n${BODY}`,
  "a NUL in a header": `${HEAD}x-a: 1\0\r\n\r\n`,
  "a name with a space": `${HEAD}x a: 1\r\n\r\n`,
  "a lone line feed": `${HEAD}x-a: 1\nx-b: 2\r\n\r\n`,
  "no host": "content-length: 0\r\n\r\n",
};

test("P10: a request that reads in two ways is refused, and nothing after it is read", async () => {
  await withApi(async (api) => {
    for (const [name, rest] of Object.entries(AMBIGUOUS)) {
      const answer = await answerTo(api, `POST /v1/search HTTP/1.1\r\n${rest}${HIDDEN}`);
      assert.deepEqual(statusesIn(answer), [400], `${name}: ${answer}`);
      assert.doesNotMatch(answer, /"live"/, name);
    }
  });
});

test("P9: nothing of a head comes back in an answer, and no answer leads away", async () => {
  await withApi(async (api) => {
    const key = `authorization: Bearer ${api.machine}\r\n`;
    const names = ["origin", "referer", "accept-language", "idempotency-key", "if-none-match"];
    const more = ["midan-request-id", "x-request-id", "x-forwarded-host", "forwarded", "cookie"];
    const planted = [...names, ...more].map((name) => `${name}: ${MARK}\r\n`).join("");
    const host = `host: ${MARK}.example\r\n`;
    const targets = [
      "GET /v1/session",
      "GET /v1/openapi.json",
      `GET /${MARK}`,
      `GET //${MARK}.example/%2f..`,
      `GET http://${MARK}.example/v1/session`,
      `GET /v1/waybills/%0d%0aset-cookie:%20${MARK}`,
      `GET /v1/waybills/..%2f..%2f${MARK}`,
      `GET /docs/../../../../etc/passwd?${MARK}`,
      `GET /page.js/..;/${MARK}`,
      `OPTIONS * `.trim(),
      `TRACE /v1/session`,
      `PURGE /v1/session`,
    ];
    for (const target of targets) {
      const answer = await answerTo(api, `${target} HTTP/1.1\r\n${host}${key}${planted}\r\n`);
      assert.equal(statusesIn(answer).length, 1, `${target}: ${answer}`);
      assert.doesNotMatch(answer, new RegExp(MARK, "i"), target);
      assert.doesNotMatch(answer, /^(?:location|set-cookie|access-control-[\w-]+):/im, target);
      assert.doesNotMatch(answer, /root:|^HTTP\/1\.1 5/m, target);
    }
    const long = await answerTo(api, `GET /${"a".repeat(20_000)} HTTP/1.1\r\n${host}\r\n`);
    assert.ok([414, 431].includes(statusesIn(long)[0] ?? 0), long.slice(0, 200));
    const tunnel = await answerTo(api, `CONNECT 127.0.0.1:22 HTTP/1.1\r\n${host}\r\n`);
    assert.doesNotMatch(tunnel, /^HTTP\/1\.1 2/m);
  });
});
