/** The programs of docs/examples/group, each run as it stands: for curl and in TypeScript. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { EXAMPLES } from "../../src/http/example-rows.ts";
import { withApi } from "../http/api-server.ts";
import type { ApiServer } from "../http/api-server.ts";
import { firstVariables } from "../http/example-walk.ts";
import type { Variables } from "../http/example-walk.ts";

const PROGRAMS = new URL("../../docs/examples/group/", import.meta.url);
const RUNNERS = { sh: "bash", ts: process.execPath } as const;
const GIVEN = /^([A-Z_]+)=(.+)$/gm;

/** Runs one program to its end, types the code that it asks for, and keeps what it gives. */
async function runProgram(api: ApiServer, name: string, variables: Variables): Promise<void> {
  const runner = name.endsWith(".sh") ? RUNNERS.sh : RUNNERS.ts;
  const environment = { PATH: process.env["PATH"] ?? "", ...variables };
  const program = spawn(runner, [fileURLToPath(new URL(name, PROGRAMS))], { env: environment });
  let told = "";
  let complaint = "";
  program.stdout.setEncoding("utf8").on("data", (part: string) => {
    told += part;
    if (part.includes("CODE?")) program.stdin.end(`${api.codes.at(-1)}\n`);
  });
  program.stderr.setEncoding("utf8").on("data", (part: string) => {
    complaint += part;
  });
  const [code] = (await once(program, "close")) as [number | null];
  assert.equal(code, 0, `${name}: ${complaint} ${told.slice(-500)}`);
  for (const [, variable = "", value = ""] of told.matchAll(GIVEN)) variables[variable] = value;
}

for (const kind of ["sh", "ts"] as const)
  test(`every ${kind} program of docs/examples/group does what it says`, async () => {
    const work = async (api: ApiServer): Promise<void> => {
      const variables = await firstVariables(api);
      const groups = Object.keys(EXAMPLES);
      assert.ok(groups.length >= 13);
      for (const group of groups) await runProgram(api, `${group}.${kind}`, variables);
      const gives = Object.values(EXAMPLES).flatMap((rows) =>
        rows.flatMap((row) => Object.keys(row.gives ?? {})),
      );
      for (const name of gives) assert.ok((variables[name] ?? "").length > 3, name);
    };
    await withApi(work, { networks: ["127.0.0.0/8"] });
  });
