/** `midan serve` as a process of its own over an installation. */
import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { createAccount } from "../../src/identity/account.ts";
import { createApiKey } from "../../src/identity/api-key.ts";
import { accountActor } from "../support/actor.ts";
import type { Home } from "../support/home.ts";
import { start } from "../support/process.ts";

export interface ServeProcess {
  readonly child: ChildProcess;
  readonly address: string;
  /** What it wrote to standard error, line by line so far. */
  readonly lines: readonly string[];
  /** Exit code and signal. */
  readonly ended: Promise<readonly [number | null, string | null]>;
}

/** A key of a machine that may seal. */
export async function sealingKey(home: Home): Promise<string> {
  await using vault = await home.open();
  const actor = await accountActor(vault, "founder", "owner");
  const account = { actor, name: "erp", role: "erp-machine", organisation: null } as const;
  await createAccount(vault, { ...account, kind: "machine" });
  return (await createApiKey(vault, { name: "erp", scopes: ["seal"], days: 30, actor })).key;
}

/** Runs `work` with the process; what is left of it afterwards is killed. */
export async function withServe<T>(
  home: Home,
  settings: Readonly<Record<string, string>>,
  work: (serve: ServeProcess) => Promise<T>,
): Promise<T> {
  const environment = { ...home.environment, ...settings };
  const words = ["serve", "--port", "0", "--json"];
  const child = start(words, { environment, directory: home.directory });
  assert.ok(child.stdout !== null && child.stderr !== null);
  const lines: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => lines.push(line));
  const ended = once(child, "close").then(() => [child.exitCode, child.signalCode] as const);
  const told = once(createInterface({ input: child.stdout }), "line");
  const first = await Promise.race([told, ended]);
  try {
    assert.equal(typeof first[0], "string", lines.join("\n"));
    const { address } = JSON.parse(String(first[0])) as { readonly address: string };
    return await work({ child, address, lines, ended });
  } finally {
    child.kill("SIGKILL");
    await ended;
  }
}
