/** A print agent with a page that talks to it, in a folder that is gone after the test. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { AgentRun } from "../../src/terminal/agent-run.ts";
import { sealPayload } from "../../src/terminal/print-payload.ts";
import type { Draw } from "../../src/terminal/print-worker.ts";
import { ErpPage } from "./erp-page.ts";
import type { Json } from "./erp-page.ts";

export const ORIGIN = "https://erp.example";
export const random = (count: number): Uint8Array => randomBytes(count);

interface Started {
  readonly run: AgentRun;
  readonly page: ErpPage;
  readonly out: string;
}

interface Options {
  readonly printers?: readonly Json[];
  readonly draw?: Draw | null;
}

export const folderPrinter = (folder: string): Json => ({
  name: "一号机",
  kind: "folder",
  language: "zpl",
  folder: join(folder, "out"),
});

export async function started(folder: string, options: Options = {}): Promise<Started> {
  const { printers = [folderPrinter(folder)], draw = null } = options;
  const setting = JSON.stringify({ port: 0, origins: [ORIGIN], printers });
  const common = { folder, setting, draw, now: () => new Date(), randomBytes: random };
  const run = await AgentRun.start({ ...common, retryMs: 50 });
  const page = await ErpPage.open(run.ports[0] ?? 0);
  return { run, page, out: join(folder, "out") };
}

export async function stopped({ run, page }: Started): Promise<void> {
  page.close();
  await run.stop();
}

export function payload(key: string, body: string, language = "zpl"): string {
  const made = { token: "md1test", printNumber: 1, language, bytes: Buffer.from(body) };
  return sealPayload(key, made, random) ?? assert.fail("no key");
}

export async function jobsIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".zpl"));
  return (
    await Promise.all(names.map(async (name) => readFile(join(folder, name), "utf8")))
  ).toSorted();
}
