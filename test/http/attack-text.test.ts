/** Text that no text of the database can be, in every place of every request that takes text. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleBody, exampleGives, STREAM_TYPE } from "../../src/http/example.ts";
import type { ExampleRow } from "../../src/http/example.ts";
import { withApi } from "./api-server.ts";
import type { ApiServer } from "./api-server.ts";
import { askRow, EXAMPLE_ROWS, firstVariables } from "./example-walk.ts";
import type { Variables } from "./example-walk.ts";

/** A NUL, half a pair (which JSON can say), what is no character, and one that turns text round. */
const ODD = ["\\u0000", "\\ud800", "\\uffff", "\\u202e"] as const;
const IN_PATH = ["%00", "%ef%bf%bf", "%e2%80%ae"] as const;

/** The body with something odd at the end of each of its texts in turn; names stay as they are. */
function oddBodies(row: ExampleRow): string[] {
  const text = typeof row.body === "string" ? null : exampleBody(row);
  if (text === null) return [];
  const ends = [...text.matchAll(/(?<!\\)"(?=[,}\]])/g)].map(({ index }) => index);
  return ends.flatMap((at) => ODD.map((odd) => `${text.slice(0, at)}${odd}${text.slice(at)}`));
}

/** The row with something odd at the end of each place of its path and of its query in turn. */
function oddRows(row: ExampleRow): ExampleRow[] {
  return (["params", "query"] as const).flatMap((part) =>
    Object.entries(row[part] ?? {}).flatMap(([name, value]) =>
      IN_PATH.map((odd) => ({ ...row, [part]: { ...row[part], [name]: `${value}${odd}` } })),
    ),
  );
}

function filled(text: string, variables: Variables): string {
  return text.replaceAll(/\$([A-Z_]+)/g, (whole, name: string) => variables[name] ?? whole);
}

/** How many were asked; those that made the server fail go to `failed`. */
async function attack(
  api: ApiServer,
  row: ExampleRow,
  { variables, failed }: { readonly variables: Variables; readonly failed: Set<string> },
): Promise<number> {
  const asked = [
    ...oddRows(row).map((odd) => ({ odd, body: {} })),
    ...oddBodies(row).map((body) => ({ odd: row, body: { body: filled(body, variables) } })),
  ];
  for (const { odd, body } of asked) {
    const answer = await askRow(api, odd, { variables, ...body });
    const text = await answer.text();
    if (answer.status >= 500) failed.add(`${row.route} ${/"sqlstate":"\w+"/.exec(text)?.[0]}`);
  }
  return asked.length;
}

test("P9: no text that the database cannot hold makes any route fail", async () => {
  await withApi(
    async (api) => {
      const variables = await firstVariables(api);
      const failed = new Set<string>();
      let asked = 0;
      for (const row of EXAMPLE_ROWS) {
        variables["CODE"] = api.codes.at(-1) ?? "";
        // What an example needs is there before it is asked, and what it spends is not yet spent.
        asked += await attack(api, row, { variables, failed });
        const answer = await askRow(api, row, { variables });
        const text = await answer.text();
        // An odd text may have been taken for a right one, so that this one comes too late.
        if (answer.status >= 500) failed.add(`${row.route} after it: ${text}`);
        if (answer.ok && row.gives !== undefined)
          Object.assign(variables, Object.fromEntries(exampleGives(row, JSON.parse(text))));
      }
      assert.deepEqual([...failed], []);
      assert.ok(asked >= 500, String(asked));
      const lines = ODD.map((odd) => `{"merchant":"甲${odd}","orderNumber":"${odd}"}`);
      const stream = { as: api.machine, method: "POST", headers: { "content-type": STREAM_TYPE } };
      const body = `${lines.join("\n")}\n`;
      const answer = await api.ask("/v1/waybills/stream", { ...stream, body });
      assert.doesNotMatch(await answer.text(), /DATABASE_FAILED|INTERNAL/);
    },
    { networks: ["127.0.0.0/8"] },
  );
});
