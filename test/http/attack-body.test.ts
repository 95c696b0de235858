/** Bodies that mean harm, at every route that takes one: members nobody asked for, and too much. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleBody, STREAM_TYPE } from "../../src/http/example.ts";
import type { ExampleRow } from "../../src/http/example.ts";
import { withApi } from "./api-server.ts";
import { askRow, EXAMPLE_ROWS, firstVariables } from "./example-walk.ts";

const DEPTH = 15_000;
const KEYS = 100_000;
const ID = "00000000-0000-4000-8000-000000000000";

/** What a table behind a route has, or an object in JavaScript, and no request may say. */
const MEMBERS: Readonly<Record<string, unknown>> = {
  tenantId: "another",
  tenant_id: "another",
  actor: { role: "owner", pseudonym: "st-0000000000000000" },
  approvedBy: ID,
  isAdmin: true,
  dayOfDeath: "2099-01-01",
  createdAt: "2020-01-01T00:00:00Z",
  entry: "0".repeat(32),
  toString: "x",
  constructor: { prototype: { isAdmin: true } },
};

/** Every object in a body, but for orders of shop platforms, which are taken as they are. */
function objectsIn(value: unknown, row: ExampleRow): Record<string, unknown>[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((one) => objectsIn(one, row));
  // What is no array and not null is an object of members.
  const object = value as Record<string, unknown>;
  const isDocument = row.route.endsWith("platform-orders") && "tid" in object;
  if (isDocument) return [];
  return [object, ...Object.values(object).flatMap((one) => objectsIn(one, row))];
}

/** The body with one member more, in each of its objects in turn. */
function withMember(row: ExampleRow, [name, value]: [string, unknown]): string[] {
  const text = exampleBody(row) ?? "";
  const count = objectsIn(JSON.parse(text), row).length;
  return Array.from({ length: count }, (_, at) => {
    const body: unknown = JSON.parse(text);
    const object = objectsIn(body, row)[at];
    if (object !== undefined)
      Object.defineProperty(object, name, { value, enumerable: true, configurable: true });
    return JSON.stringify(body);
  });
}

function routesWithBody(): ExampleRow[] {
  const rows = EXAMPLE_ROWS.filter(({ body }) => typeof body === "object");
  return [...new Map(rows.map((row) => [row.route, row])).values()];
}

test("P10: no route takes a member that it does not know, wherever it stands", async () => {
  await withApi(async (api) => {
    const variables = await firstVariables(api);
    let asked = 0;
    const rows = routesWithBody();
    for (const row of rows)
      for (const member of Object.entries(MEMBERS))
        for (const body of withMember(row, member)) {
          const answer = await askRow(api, row, { variables, body });
          const text = await answer.text();
          // A broken id in the place is found before or after; the member is never let pass.
          assert.equal(answer.status, 400, `${row.route} ${member[0]} ${text}`);
          assert.equal((JSON.parse(text) as { code: string }).code, "REQUEST_INVALID", row.route);
          asked += 1;
        }
    assert.ok(rows.length >= 30 && asked >= 300, `${rows.length} ${asked}`);
    const kept = await api.home.rows("select 1 from shell");
    assert.equal(kept.length, 0, "nothing of it was sealed");
  });
});

test("P9: no body is too deep, too wide or too clever for any route", async () => {
  await withApi(async (api) => {
    const variables = await firstVariables(api);
    const keys = Array.from({ length: KEYS }, (_, at) => `"k${at}":1`).join(",");
    const bodies = [
      `{"x":${"[".repeat(DEPTH)}${"]".repeat(DEPTH)}}`,
      `${'{"x":'.repeat(DEPTH)}1${"}".repeat(DEPTH)}`,
      `{${keys}}`,
      '{"__proto__":{"isAdmin":true}}',
      '{"constructor":{"prototype":{"isAdmin":true}}}',
      `{"a":1${"0".repeat(5_000)}}`,
      `{"reason":"${"\\u0000".repeat(900)}"}`,
    ];
    let asked = 0;
    for (const row of routesWithBody())
      for (const [at, body] of bodies.entries()) {
        const answer = await askRow(api, row, { variables, body });
        const text = await answer.text();
        assert.ok([400, 413].includes(answer.status), `${at} ${row.route} ${answer.status}`);
        assert.ok(text.length < 2_000, `${at} ${row.route} answers ${text.length} characters`);
        asked += 1;
      }
    assert.ok(asked >= 200, String(asked));
    for (const name of ["isAdmin", "x"]) assert.equal(name in {}, false);
    const stream = { as: api.machine, method: "POST", headers: { "content-type": STREAM_TYPE } };
    for (const line of bodies) {
      const answer = await api.ask("/v1/waybills/stream", { ...stream, body: `${line}\n` });
      assert.equal(answer.status < 500, true, String(answer.status));
      const text = await answer.text();
      assert.doesNotMatch(text, /"ok":true/);
    }
    assert.equal((await api.ask("/health/ready")).status, 200);
  });
});
