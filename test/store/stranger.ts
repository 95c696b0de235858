/** Processes that look like a PostgreSQL server, and what a killed server leaves behind. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { openEmbedded } from "../../src/store/embedded.ts";
import { postmasterPid } from "../../src/store/postmaster.ts";

export interface Stranger {
  readonly pid: number;
  readonly end: () => void;
}

/**
 * A process with the name and the account of the server of `dataDir` that is none: it lives until
 * `end`, or is dead and kept in the table by a parent that does not collect it.
 */
export async function stranger(
  kind: "alive" | "zombie",
  dataDir: string,
  cwd: string,
): Promise<Stranger> {
  const folder = await mkdtemp(join(tmpdir(), "midan-stranger-"));
  const program = join(folder, "postgres");
  await writeFile(program, "#!/bin/sh\nread line\n");
  for (const path of [folder, program]) await chmod(path, 0o755);
  const { uid, gid } = await stat(join(dataDir, "pg"));
  // The shell becomes `sleep`, which has no idea that it has a child.
  const input = kind === "alive" ? "<&3" : "</dev/null";
  const script = `exec 3<&0; "$0" ${input} & echo $!; exec sleep 3600`;
  const parent = spawn("/bin/sh", ["-c", script, program], {
    cwd,
    stdio: ["pipe", "pipe", "ignore"],
    ...(process.getuid?.() === 0 ? { uid, gid } : {}),
  });
  const pid = Number(String((await once(parent.stdout, "data"))[0]));
  const wanted = kind === "alive" ? /\(postgres\) S/ : /\(postgres\) Z/;
  for (let look = 0; !wanted.test(await readFile(`/proc/${pid}/stat`, "utf8")); look += 1) {
    assert.ok(look < 200, "the stranger did not come to be");
    await sleep(10);
  }
  await rm(folder, { recursive: true });
  const end = (): void => {
    if (kind === "alive") process.kill(pid, "SIGKILL");
    parent.kill("SIGKILL");
    parent.stdin.destroy();
  };
  return { pid, end };
}

const LOCKS = ["postmaster.pid", ".s.PGSQL.5432.lock"];

/** What a killed server leaves behind, with `pid` for its number. */
export async function leaveLocks(dataDir: string, pid: number): Promise<void> {
  const server = await openEmbedded({ dataDir });
  const own = await postmasterPid(join(dataDir, "pg"));
  if (own !== null) process.kill(own, "SIGKILL");
  await server.close();
  for (const path of LOCKS.map((name) => join(dataDir, "pg", name))) {
    await writeFile(path, (await readFile(path, "utf8")).replace(/^\d+/, String(pid)));
  }
}
