/** The examples of docs/api.md, run as they stand there. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { withDirectory } from "../support/home.ts";
import { withApi } from "./api-server.ts";

const EXAMPLES = /^```sh\n([\s\S]*?)^```$/gm;

test("every example of docs/api.md does what it says", async () => {
  const page = await readFile(new URL("../../docs/api.md", import.meta.url), "utf8");
  const examples = [...page.matchAll(EXAMPLES)].map(([, example = ""]) => example);
  assert.ok(examples.length >= 7, String(examples.length));
  await withApi(async ({ address, machine, person }) => {
    await withDirectory(async (cwd) => {
      const environment = { MIDAN: address, KEY: machine, SESSION: person };
      const script = `set -e\n${examples.join("\necho\n")}`;
      const options = { cwd, env: { PATH: process.env["PATH"], ...environment } };
      const { stdout } = await promisify(execFile)("bash", ["-c", script], options);
      const token = /"token":"(md1\w+)"/.exec(stdout)?.[1];
      assert.ok(token !== undefined, stdout);
      assert.match(stdout, /"line":1,.*"state":"sealed"/);
      assert.match(stdout, /"line":2,"ok":false,"code":"MASKED_VALUE"/);
      assert.match(stdout, /"ok":false,"code":"PLATFORM_TOKEN_ALTERED"/);
      assert.match(stdout, /"platform":"taobao",.*"token":"1Qm7\+sYd0fXkA2vB=="/);
      assert.match(stdout, /"done":true,"sealed":1,"repeated":0,"rejected":1/);
      assert.match(stdout, /"recipient.phone":"15400001234"/);
      assert.match(stdout, /"hits":\[\{"token"/);
      assert.match(stdout, /"kind":"masked-waybills","state":"ready","format":"csv"/);
      const list = await readFile(path.join(cwd, "waybills.csv"), "utf8");
      assert.ok(list.startsWith("\uFEFF密单号 token,"), list);
      assert.match(stdout, /"kind":"statements","state":"ready","format":"ndjson"/);
      const label = await readFile(path.join(cwd, "label.png"));
      assert.equal(label.subarray(1, 4).toString("latin1"), "PNG");
    });
  });
});
