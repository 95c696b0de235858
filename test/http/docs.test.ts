/** The page of the API: every route in both languages, and nothing that runs. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { docsPage } from "../../src/http/docs.ts";
import type { Description } from "../../src/http/docs.ts";
import { escaped } from "../../src/http/page.ts";
import { exampleCommand, exampleGives } from "../../src/http/example.ts";
import type { ExampleRow } from "../../src/http/example.ts";
import { withApi } from "./api-server.ts";
import type { ApiServer } from "./api-server.ts";
import { EXAMPLE_ROWS, firstVariables } from "./example-walk.ts";
import type { Variables } from "./example-walk.ts";

test("P16: the page shows every route in both languages, by its own files only", async () => {
  await withApi(async ({ ask }) => {
    const document = (await (await ask("/v1/openapi.json")).json()) as Description;
    const routes = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `<h3>${method.toUpperCase()} ${path}</h3>`),
    );
    assert.ok(routes.length > 50, String(routes.length));
    for (const [language, words] of [
      ["zh-CN", "谁可以请求"],
      ["en", "Who may ask"],
    ] as const) {
      const answer = await ask("/docs", { headers: { "accept-language": language } });
      assert.match(answer.headers.get("content-security-policy") ?? "", /default-src 'none'/);
      const page = await answer.text();
      // Nobody is told of a key where there is none, and of the scope where there is one.
      assert.ok(page.includes(language === "en" ? "a key with seal" : "有 seal 权限的密钥"));
      for (const route of routes) assert.equal(page.split(route).length, 2, route);
      assert.ok(page.includes(words) && page.includes(`lang="${language}"`));
      const marks = [...page.matchAll(/<[^>]*>/g)].map(([mark]) => mark).join("\n");
      assert.equal(/<script| style=| on\w+=|(?:src|href)="(?:https?:)?\/\//.test(marks), false);
    }
    assert.match((await ask("/docs.css")).headers.get("content-type") ?? "", /^text\/css/);
  });
});

test("P9: what a description holds is text on the page, never markup", () => {
  const summary = `<img src=x onerror="a">&`;
  const tags = [{ name: "t", description: "<b>" }];
  const operation = { summary, tags: ["t"], parameters: [{ name: "</pre><script>" }] };
  const paths = { "/<i>": { get: operation } };
  const page = docsPage("en", { tags, paths }, { callers: new Map(), isSandbox: false });
  assert.equal(/<img|<b>|<i>|<script/.test(page), false);
  assert.ok(page.includes("&lt;img src=x onerror=&quot;a&quot;&gt;&amp;"));
});

/** Asked of the server of an authority's office; on a carrier's it is refused, whoever asks. */
const OF_AN_OFFICE = ["GET /v1/authority-scopes/{id}/reading"];

/** Runs a command as it stands on the page, and keeps what its answer gives. */
async function runCommand(row: ExampleRow, variables: Variables): Promise<void> {
  const environment = { PATH: process.env["PATH"] ?? "", ...variables };
  const script = ["-euc", exampleCommand(row)];
  const { stdout } = await promisify(execFile)("bash", script, {
    env: environment,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (row.gives !== undefined)
    Object.assign(variables, Object.fromEntries(exampleGives(row, JSON.parse(stdout))));
}

test("P16: every route has an example on the page, which does what it says", async () => {
  const work = async (api: ApiServer): Promise<void> => {
    const page = await (await api.ask("/docs")).text();
    const document = (await (await api.ask("/v1/openapi.json")).json()) as Description;
    const routes = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const shown = new Set([...EXAMPLE_ROWS.map(({ route }) => route), ...OF_AN_OFFICE]);
    assert.deepEqual(shown, new Set(routes));
    const variables = await firstVariables(api);
    for (const row of EXAMPLE_ROWS) {
      const [, article = ""] = page.split(`<h3>${row.route}</h3>`);
      const [own = ""] = article.split("</article>");
      assert.ok(own.includes(`>${escaped(exampleCommand(row))}</pre>`), row.route);
      variables["CODE"] = api.codes.at(-1) ?? "";
      await runCommand(row, variables);
    }
  };
  await withApi(work, { networks: ["127.0.0.0/8"] });
});
