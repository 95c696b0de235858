/**
 * Which process is the server of a data directory. A number in a file that a crash left behind says
 * nothing: another program may have it by now, and that may be the server of another directory.
 */

import { readFile, stat } from "node:fs/promises";

/* What a server is told on its command line, where anybody can read it. */
const SETTING = "midan.directory";

/* No permission to look, as root has none in a container without CAP_SYS_PTRACE (proc(5), cwd). */
const HIDDEN: ReadonlySet<unknown> = new Set(["EACCES", "EPERM"]);

async function identityOf(path: string): Promise<string> {
  const { dev, ino } = await stat(path, { bigint: true });
  return `${dev}-${ino}`;
}

/** What to start a server of `directory` with, so that `isServerOf` knows it later. */
export async function identityArguments(directory: string): Promise<string[]> {
  return ["-c", `${SETTING}=${await identityOf(directory)}`];
}

/* A zombie has a name too: where process 1 does not collect the dead, they stay in the table. */
async function isPostgres(pid: number): Promise<boolean> {
  const line = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return /^\d+ \(postgres\) [^ZX] /.test(line);
}

async function wasTold(pid: number, identity: string): Promise<boolean> {
  const line = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return line.split("\0").includes(`${SETTING}=${identity}`);
}

/** Whether the process `pid` lives and is a server that was started in `directory`. */
export async function isServerOf(pid: number, directory: string): Promise<boolean> {
  if (!(await isPostgres(pid))) return false;
  const identity = await identityOf(directory).catch(() => null);
  if (identity === null) return false;
  try {
    // A server works in its data directory from its first moment to its last (cluster.ts).
    return (await identityOf(`/proc/${pid}/cwd`)) === identity;
  } catch (error) {
    const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
    return HIDDEN.has(code) && (await wasTold(pid, identity));
  }
}
