/** The server's border: whose word is taken for an address, and what every answer says. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { listen } from "../../src/http/server.ts";
import type { Place } from "../../src/http/server.ts";
import { sourceOf } from "../../src/http/requester.ts";

const config = { caller: "anybody" } as const;

async function withServer(
  place: Partial<Place>,
  work: (address: string) => Promise<void>,
): Promise<void> {
  const server = await listen({ host: "127.0.0.1", port: 0, ...place }, [
    (app) => {
      app.get("/source", { config }, async (request) =>
        Promise.resolve({ source: sourceOf(request) }),
      );
    },
  ]);
  try {
    await work(server.address);
  } finally {
    await server.close();
  }
}

async function sourceAt(address: string): Promise<string> {
  const headers = { "x-forwarded-for": "203.0.113.9", forwarded: "for=203.0.113.9" };
  const answer = await fetch(`${address}/source`, { headers });
  return ((await answer.json()) as { source: string }).source;
}

test("a proxy's word for the client's address is taken from a named proxy only", async () => {
  await withServer({}, async (address) => assert.equal(await sourceAt(address), "127.0.0.1"));
  await withServer({ trustedProxies: "192.0.2.1" }, async (address) =>
    assert.equal(await sourceAt(address), "127.0.0.1"),
  );
  for (const trustedProxies of ["127.0.0.1", "127.0.0.0/8,192.0.2.1", "loopback"])
    await withServer({ trustedProxies }, async (address) =>
      assert.equal(await sourceAt(address), "203.0.113.9"),
    );
});

test("no other site's page may ask: neither preflight nor answer allows an origin", async () => {
  await withServer({}, async (address) => {
    const headers = {
      origin: "https://elsewhere.example",
      "access-control-request-method": "POST",
    };
    const answers = [
      await fetch(`${address}/source`, { method: "OPTIONS", headers }),
      await fetch(`${address}/source`, { headers }),
      await fetch(`${address}/nothing`, { headers }),
    ];
    for (const answer of answers) {
      const names = [...answer.headers.keys()].filter((name) => name.startsWith("access-control"));
      assert.deepEqual(names, []);
      assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
      assert.equal(answer.headers.get("cross-origin-resource-policy"), "same-origin");
      assert.equal(answer.headers.get("cache-control"), "no-store");
      assert.match(answer.headers.get("content-security-policy") ?? "", /default-src 'none'/);
    }
  });
});

test("a head of more than 8 KiB is refused", async () => {
  await withServer({}, async (address) => {
    const answer = await fetch(`${address}/source`, { headers: { "x-long": "a".repeat(9_000) } });
    assert.equal(answer.status, 431);
  });
});
