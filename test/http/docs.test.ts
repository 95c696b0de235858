/** The page of the API: every route in both languages, and nothing that runs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { docsPage } from "../../src/http/docs.ts";
import type { Description } from "../../src/http/docs.ts";
import { withApi } from "./api-server.ts";

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
  const page = docsPage("en", { tags, paths }, new Map());
  assert.equal(/<img|<b>|<i>|<script/.test(page), false);
  assert.ok(page.includes("&lt;img src=x onerror=&quot;a&quot;&gt;&amp;"));
});
