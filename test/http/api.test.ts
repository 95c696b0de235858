/** The API from outside: what it takes, what it refuses, and that nobody is opened by a key. */
import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import { leaves } from "../support/leaves.ts";
import { inventOrder } from "../support/orders.ts";
import { orderBody, withApi } from "./api-server.ts";
import type { ApiServer } from "./api-server.ts";

type Document = Readonly<Record<string, unknown>>;

async function documentOf(answer: Response): Promise<Document> {
  return (await answer.json()) as Document;
}

async function sealed({ ask, machine }: ApiServer, index = 1): Promise<string> {
  const answer = await ask("/v1/waybills", { as: machine, method: "POST", body: orderBody(index) });
  assert.equal(answer.status, 201, await answer.clone().text());
  return String((await documentOf(answer))["token"]);
}

const REVEAL = { fields: ["recipient.phone"], purpose: "contact" };

test("the description of the API is valid OpenAPI 3.1", async () => {
  await withApi(async ({ ask }) => {
    const document = await documentOf(await ask("/v1/openapi.json"));
    assert.equal(document["openapi"], "3.1.0");
    const checked = await new Validator().validate(structuredClone(document));
    assert.equal(checked.valid, true, JSON.stringify(checked.errors));
  });
});

test("an order is sealed once, and a changed one under the same number is refused", async () => {
  await withApi(async (api) => {
    const { ask, machine: as } = api;
    const token = await sealed(api);
    const again = await ask("/v1/waybills", { as, method: "POST", body: orderBody(1) });
    assert.equal(again.status, 200);
    const told = await documentOf(again);
    assert.deepEqual([told["token"], told["state"]], [token, "repeated"]);
    assert.equal(JSON.stringify(told).includes(inventOrder(1).phone), false);
    const body = { ...orderBody(2), orderNumber: orderBody(1).orderNumber };
    const changed = await ask("/v1/waybills", { as, method: "POST", body });
    assert.equal(changed.status, 409);
    assert.equal((await documentOf(changed))["code"], "ORDER_CHANGED");
  });
});

test("requests at once share a run, and each gets its own answer", async () => {
  await withApi(async ({ ask, machine: as, home }) => {
    const numbers = Array.from({ length: 40 }, (_, at) => at);
    const told = await Promise.all(
      numbers.map(async (at) =>
        documentOf(await ask("/v1/waybills", { as, method: "POST", body: orderBody(at) })),
      ),
    );
    for (const at of numbers) assert.equal(told[at]?.["orderNumber"], inventOrder(at).number);
    assert.equal(new Set(told.map((one) => one["token"])).size, numbers.length);
    const batches = await leaves(home, "seal-batch");
    assert.ok(batches.length < numbers.length, String(batches.length));
  });
});

test("P4: a mask, a token and a broken number are refused where plaintext belongs", async () => {
  await withApi(async (api) => {
    const { ask, machine: as } = api;
    const token = await sealed(api);
    const { recipient, ...order } = orderBody(7);
    const cases = [
      [{ ...recipient, phone: "154****5678" }, "MASKED_VALUE", "recipient.phone"],
      [{ ...recipient, address: "江苏省南京市****" }, "MASKED_VALUE", "recipient.address"],
      [{ ...recipient, name: "林**" }, "MASKED_VALUE", "recipient.name"],
      [{ ...recipient, name: token }, "TOKEN_VALUE", "recipient.name"],
      [{ ...recipient, phone: "1.54E+10" }, "PHONE_SCIENTIFIC", "recipient.phone"],
      [{ ...recipient, name: "" }, "NAME_MISSING", "recipient.name"],
    ] as const;
    const orders = [
      ...cases.map(([party], at) => ({ ...order, orderNumber: `P4-${at}`, recipient: party })),
      { ...order, recipient },
    ];
    const answer = await ask("/v1/waybills/batch", { as, method: "POST", body: { orders } });
    assert.equal(answer.status, 200);
    const text = await answer.text();
    const { results } = JSON.parse(text) as { results: Document[] };
    for (const [at, [, code, field]] of cases.entries())
      assert.deepEqual([results[at]?.["code"], results[at]?.["field"]], [code, field]);
    assert.equal(results.at(-1)?.["ok"], true);
    for (const value of ["154****5678", token, "1.54E+10", recipient.phone])
      assert.equal(text.includes(value), false, value);
    for (const [wrong, code] of [
      [token.slice(0, -3), "TOKEN_CUT"],
      [`${token.slice(0, 10)}%2B${token.slice(11)}`, "TOKEN_REENCODED"],
      [`${token.slice(0, -1)}${token.endsWith("0") ? "1" : "0"}`, "TOKEN_ALTERED"],
    ] as const) {
      const refused = await ask(`/v1/waybills/${wrong}`, { as });
      assert.equal((await documentOf(refused))["code"], code, wrong);
    }
  });
});

test("P17: a stream answers line by line, and says at the end what became of all", async () => {
  await withApi(async ({ address, machine }) => {
    const line = (at: number): string => `${JSON.stringify(orderBody(at))}\n`;
    const pieces = [line(1).slice(0, 9), line(1).slice(9), "{broken\n", line(2), line(1)];
    const answer = await fetch(`${address}/v1/waybills/stream`, {
      method: "POST",
      headers: { authorization: `Bearer ${machine}`, "content-type": "application/x-ndjson" },
      body: Readable.toWeb(Readable.from(pieces.map((piece) => Buffer.from(piece)))),
      duplex: "half",
    } as RequestInit);
    assert.equal(answer.status, 200);
    const lines = (await answer.text()).trim().split("\n");
    const told = lines.map((one) => JSON.parse(one) as Document);
    assert.deepEqual(
      told.map(({ line: at, ok, state, code }) => [at, ok, state ?? code]),
      [
        [1, true, "sealed"],
        [2, false, "JSON_BROKEN"],
        [3, true, "sealed"],
        [4, true, "repeated"],
        [undefined, undefined, undefined],
      ],
    );
    assert.deepEqual(told.at(-1), { done: true, sealed: 2, repeated: 1, rejected: 1 });
  });
});

test("P11: a reveal over HTTP leaves its entry, in a batch one for each", async () => {
  await withApi(async (api) => {
    const { ask, person: as, home } = api;
    const token = await sealed(api);
    const at = `/v1/waybills/${token}`;
    const one = await documentOf(await ask(`${at}/reveal`, { as, method: "POST", body: REVEAL }));
    assert.deepEqual(one["fields"], { "recipient.phone": inventOrder(1).phone });
    const tokens = [token, token.slice(0, -2)];
    const many = await ask("/v1/reveals", { as, method: "POST", body: { tokens, ...REVEAL } });
    const { results } = (await documentOf(many)) as unknown as { results: Document[] };
    assert.deepEqual(
      results.map(({ ok, code }) => [ok, code]),
      [
        [true, undefined],
        [false, "TOKEN_CUT"],
      ],
    );
    const entries = await leaves(home, "reveal");
    assert.equal(entries.length, 2);
    const denied = await ask(`${at}/reveal`, { as, method: "POST", body: { ...REVEAL, more: 1 } });
    assert.equal(denied.status, 400);
  });
});

test("a masked view says by its tag whether anything changed", async () => {
  await withApi(async (api) => {
    const { ask, machine: as } = api;
    const at = `/v1/waybills/${await sealed(api)}`;
    const first = await ask(at, { as });
    const etag = first.headers.get("etag") ?? "";
    assert.equal((await ask(at, { as, headers: { "if-none-match": etag } })).status, 304);
    await ask(`${at}/state`, { as, method: "PUT", body: { state: "delivered" } });
    const later = await ask(at, { as, headers: { "if-none-match": etag } });
    assert.equal(later.status, 200);
    assert.equal((await documentOf(later))["parcelState"], "delivered");
  });
});

test("P16: labels leave in each format, and figures name routes, never tokens", async () => {
  await withApi(async (api) => {
    const { ask, machine: as } = api;
    const token = await sealed(api);
    for (const [format, start] of [
      ["pdf", "%PDF"],
      ["png", "\u0089PNG"],
      ["zpl", "^XA"],
    ] as const) {
      const body = { format, reason: "damaged" };
      const answer = await ask(`/v1/waybills/${token}/label`, { as, method: "POST", body });
      assert.equal(answer.status, 200, format);
      const text = Buffer.from(await answer.arrayBuffer()).toString("latin1");
      assert.ok(text.includes(start), format);
    }
    const figures = await (await ask("/metrics", { as })).text();
    assert.match(figures, /route="\/v1\/waybills\/:token\/label",status="200"} 3/);
    assert.equal(figures.includes(token), false);
  });
});
