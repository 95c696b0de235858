/** An idempotency key that was used, sent again with something else, at every route. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleGives } from "../../src/http/example.ts";
import type { ExampleRow } from "../../src/http/example.ts";
import { withApi } from "./api-server.ts";
import type { ApiServer } from "./api-server.ts";
import { askRow, EXAMPLE_ROWS, firstVariables } from "./example-walk.ts";

const KEY = { "idempotency-key": "the-one-key" };

type Document = Readonly<
  Record<"paths", Readonly<Record<string, Readonly<Record<string, Operation>>>>>
>;

interface Operation {
  readonly parameters?: readonly { readonly name: string }[];
}

/** Every route that takes a key, as `POST /v1/holds`. */
async function keyedRoutes(api: ApiServer): Promise<ReadonlySet<string>> {
  const { paths } = (await (await api.ask("/v1/openapi.json")).json()) as Document;
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { parameters = [] }]) =>
        parameters.some(({ name }) => name === "idempotency-key"),
      )
      .map(([method]) => `${method.toUpperCase()} ${path}`),
  );
  return new Set(routes);
}

async function entries({ home }: ApiServer): Promise<number> {
  return (await home.rows("select 1 from audit_leaf")).length;
}

async function refused(api: ApiServer, row: ExampleRow, variables: Record<string, string>) {
  const before = await entries(api);
  const answer = await askRow(api, row, { variables, headers: KEY });
  const told = (await answer.json()) as Readonly<Record<string, unknown>>;
  const code = "IDEMPOTENCY_KEY_REUSED";
  assert.deepEqual([answer.status, told["code"]], [422, code], row.route);
  assert.equal(await entries(api), before, `${row.route} did something`);
}

test("P17: a key that was used for something else does nothing at any route", async () => {
  await withApi(
    async (api) => {
      const keyed = await keyedRoutes(api);
      const variables = await firstVariables(api);
      const [callers, attacked] = [new Set<string>(), new Set<string>()];
      for (const row of EXAMPLE_ROWS) {
        variables["CODE"] = api.codes.at(-1) ?? "";
        const caller = row.as ?? "";
        const takesKey = keyed.has(row.route);
        if (takesKey && callers.has(caller)) {
          await refused(api, row, variables);
          attacked.add(row.route);
        }
        const isFirst = takesKey && !callers.has(caller);
        const answer = await askRow(api, row, { variables, headers: isFirst ? KEY : {} });
        const text = await answer.text();
        assert.ok(answer.ok, `${row.route} ${answer.status} ${text}`);
        if (takesKey) callers.add(caller);
        const given = row.gives === undefined ? [] : exampleGives(row, JSON.parse(text));
        Object.assign(variables, Object.fromEntries(given));
      }
      const left = [...keyed].filter((route) => !attacked.has(route));
      assert.ok(keyed.size >= 20 && left.length <= callers.size, left.join(", "));
    },
    { networks: ["127.0.0.0/8"] },
  );
});
