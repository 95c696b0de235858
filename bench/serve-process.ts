/** `midan serve` in a process of its own, for benches that ask it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const LAUNCHER = fileURLToPath(new URL("../bin/midan.js", import.meta.url));

export interface Served {
  readonly pid: number;
  readonly address: string;
}

export interface ServePlan {
  /** Home of the installation. */
  readonly folder: string;
  /** Where the server's CPU profile is written when it ends, if anywhere. */
  readonly profile?: string | undefined;
  readonly settings?: Readonly<Record<string, string>>;
}

/** Runs `work` with the server, and stops it when that has ended. */
export async function withServe(
  { folder, profile, settings = {} }: ServePlan,
  work: (served: Served) => Promise<void>,
): Promise<void> {
  const flags = profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profile}`];
  const child = spawn(process.execPath, [...flags, LAUNCHER, "serve", "--port", "0", "--json"], {
    env: { ...process.env, MIDAN_HOME: folder, ...settings },
    stdio: ["ignore", "pipe", "ignore"],
  });
  try {
    const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
    // What `serve --json` prints first.
    const { address } = JSON.parse(line) as { readonly address: string };
    await work({ pid: child.pid ?? 0, address });
  } finally {
    child.kill("SIGTERM");
    await once(child, "close");
  }
}
