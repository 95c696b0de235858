/** The command line as a child process. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const LAUNCHER = fileURLToPath(new URL("../../bin/midan.js", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly directory: string;
  readonly input?: string | Uint8Array;
  /** The Node that reads the launcher; this process's own when not said. */
  readonly node?: string;
}

/** The environment that a run gets beside its own settings: nothing of the caller's MIDAN_. */
function inherited(): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !/^(MIDAN_|NODE_|LANG$|LC_)/.test(name)) kept[name] = value;
  }
  return kept;
}

export function start(words: readonly string[], options: RunOptions): ChildProcess {
  return spawn(options.node ?? process.execPath, [LAUNCHER, ...words], {
    cwd: options.directory,
    env: { ...inherited(), ...options.environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
}

/** Runs `midan` with these words to its end. */
export async function midan(words: readonly string[], options: RunOptions): Promise<Ended> {
  const child = start(words, options);
  const pieces = { out: [] as Buffer[], err: [] as Buffer[] };
  child.stdout?.on("data", (piece: Buffer) => pieces.out.push(piece));
  child.stderr?.on("data", (piece: Buffer) => pieces.err.push(piece));
  // A command that does not read its input closes the pipe before all is written.
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(options.input ?? "");
  await once(child, "close");
  return {
    code: child.exitCode,
    stdout: Buffer.concat(pieces.out).toString("utf8"),
    stderr: Buffer.concat(pieces.err).toString("utf8"),
  };
}

/** The JSON documents that a `--json` run printed, one on each line. */
export function documents(text: string): Record<string, unknown>[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
