/** The package of `midan/client` in a project of somebody else: it compiles strictly, and runs. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { orderBody, withApi } from "../http/api-server.ts";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const PROGRAM = `
import { MidanClient, MidanProblem } from "midan/client";
import type { ProblemCode } from "midan/client";
declare const process: { readonly argv: readonly string[] };
const [, , address = "", token = "", order = ""] = process.argv;
const midan = new MidanClient({ address, token });
const sealed: string = (await midan.call("POST /v1/waybills", { body: JSON.parse(order) })).token;
try {
  await midan.call("GET /v1/waybills/{token}", { params: { token: sealed.slice(0, -1) } });
} catch (error) {
  if (!(error instanceof MidanProblem)) throw error;
  const code: ProblemCode | "UNREACHABLE" = error.code;
  console.log(sealed.length > 0, code);
}
// @ts-expect-error An operation that there is not does not compile.
if (address === "") await midan.call("GET /v1/nothing");
`;

const SETTINGS = {
  compilerOptions: {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    noEmit: true,
    target: "es2022",
    module: "nodenext",
    lib: ["es2022", "dom"],
    types: [],
    skipLibCheck: false,
  },
  files: ["program.ts"],
};

async function installed(project: string): Promise<void> {
  const place = path.join(project, "node_modules/midan");
  await mkdir(place, { recursive: true });
  const packing = ["scripts/pack-client.ts", project];
  const { stdout } = await run(process.execPath, packing, { cwd: ROOT });
  await run("tar", ["-xzf", stdout.trim(), "-C", place, "--strip-components=1"]);
  await writeFile(path.join(project, "package.json"), JSON.stringify({ type: "module" }));
  await writeFile(path.join(project, "tsconfig.json"), JSON.stringify(SETTINGS));
  await writeFile(path.join(project, "program.ts"), PROGRAM);
}

test("P16: the client's package compiles strictly and runs outside this repository", async () => {
  const project = await mkdtemp(path.join(tmpdir(), "midan-client-project-"));
  try {
    await installed(project);
    await run(path.join(ROOT, "node_modules/.bin/tsc"), ["-p", project]);
    await withApi(async ({ address, machine }) => {
      const args = ["program.ts", address, machine, JSON.stringify(orderBody(1))];
      const { stdout } = await run(process.execPath, args, { cwd: project });
      const [isSealed, code = ""] = stdout.trim().split(" ");
      assert.equal(isSealed, "true");
      assert.match(code, /^TOKEN_/u);
    });
  } finally {
    await rm(project, { recursive: true, force: true });
  }
});
