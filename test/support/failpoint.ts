/**
 * Loaded before a program (`node --import`), it kills that program with SIGKILL at the step that
 * FAILPOINT_AT names as `KIND NUMBER`: before the NUMBERth call of that kind, or, for `renamed` and
 * `committed`, after it; `any` counts all of them. `statement` counts what changes something in a
 * database, each before it is sent. Without the variable nothing dies, and the number of steps is
 * told. With FAILPOINT_LATER steps count from where the program calls `arm`.
 */
import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { Client } from "pg";

const [kind = "", number = ""] = (process.env["FAILPOINT_AT"] ?? "").split(" ");
const counts = new Map<string, number>();
let isArmed = process.env["FAILPOINT_LATER"] === undefined;

/** From here on steps count. */
export function arm(): void {
  isArmed = true;
}

function count(what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
  if (what === kind && counts.get(what) === Number(number)) process.kill(process.pid, "SIGKILL");
}

function step(what: string): void {
  if (!isArmed) return;
  count(what);
  count("any");
}

const { mkdir, open, rename, rm, unlink, writeFile } = fs;
Object.assign(fs, {
  mkdir: async (...parameters: Parameters<typeof mkdir>) => {
    step("mkdir");
    return mkdir(...parameters);
  },
  open: async (...parameters: Parameters<typeof open>) => {
    if (parameters[1] !== undefined && parameters[1] !== "r") step("open");
    return open(...parameters);
  },
  rename: async (...parameters: Parameters<typeof rename>) => {
    step("rename");
    await rename(...parameters);
    step("renamed");
  },
  rm: async (...parameters: Parameters<typeof rm>) => {
    step("rm");
    return rm(...parameters);
  },
  unlink: async (...parameters: Parameters<typeof unlink>) => {
    step("unlink");
    return unlink(...parameters);
  },
  writeFile: async (...parameters: Parameters<typeof writeFile>) => {
    step("writeFile");
    return writeFile(...parameters);
  },
});
syncBuiltinESMExports();

type Query = (this: Client, ...parameters: unknown[]) => Promise<unknown>;
// The driver's method takes many forms; only that of a statement without values is a commit.
const run = Reflect.get(Client.prototype, "query") as unknown as Query;

async function watched(this: Client, ...parameters: unknown[]): Promise<unknown> {
  step("commit");
  const result = await run.apply(this, parameters);
  step("committed");
  return result;
}

const CHANGES = /^\s*(?:insert|update|delete|with|commit)\b/iu;

function textOf(statement: unknown): string {
  if (typeof statement === "string") return statement;
  const isStatement = typeof statement === "object" && statement !== null && "text" in statement;
  return isStatement ? String(statement.text) : "";
}

function query(this: Client, ...parameters: unknown[]): Promise<unknown> {
  const [statement] = parameters;
  if (isArmed && CHANGES.test(textOf(statement))) count("statement");
  const call = statement === "commit" ? watched : run;
  return call.apply(this, parameters);
}

Object.assign(Client.prototype, { query });
process.on("exit", () =>
  process.stderr.write(
    `\nsteps ${counts.get("any") ?? 0} statements ${counts.get("statement") ?? 0}\n`,
  ),
);
