import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { isFailure } from "../../src/rules/failure.ts";
import { openEmbedded } from "../../src/store/embedded.ts";
import { postmasterPid } from "../../src/store/postmaster.ts";

let prepared: Promise<string> | null = null;

async function prepare(): Promise<string> {
  const dataDir = join(await mkdtemp(join(tmpdir(), "midan-test-")), "midan-data");
  await (await openEmbedded({ dataDir })).close();
  return dataDir;
}

after(async () => {
  if (prepared !== null) await rm(dirname(await prepared), { recursive: true, force: true });
});

async function killServer(dataDir: string): Promise<void> {
  const pid = await postmasterPid(join(dataDir, "pg"));
  if (pid !== null) process.kill(pid, "SIGKILL");
}

/** The directory that all tests share. */
async function withDirectory(work: (dataDir: string) => Promise<void>): Promise<void> {
  const dataDir = await (prepared ??= prepare());
  try {
    await work(dataDir);
  } finally {
    await killServer(dataDir);
  }
}

interface Stranger {
  readonly pid: number;
  readonly end: () => void;
}

/**
 * A process with the name and the account of the server of `dataDir` that is none: it lives until
 * `end`, or is dead and kept in the table by a parent that does not collect it.
 */
async function stranger(kind: "alive" | "zombie", dataDir: string, cwd: string): Promise<Stranger> {
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
async function leaveLocks(dataDir: string, pid: number): Promise<void> {
  const server = await openEmbedded({ dataDir });
  await killServer(dataDir);
  await server.close();
  for (const path of LOCKS.map((name) => join(dataDir, "pg", name))) {
    await writeFile(path, (await readFile(path, "utf8")).replace(/^\d+/, String(pid)));
  }
}

const HOLDERS = [
  {
    name: "another program",
    hold: async (): Promise<Stranger> => ({ pid: process.pid, end() {} }),
  },
  {
    name: "the server of another directory",
    hold: async (dataDir: string) => stranger("alive", dataDir, tmpdir()),
  },
  {
    name: "a dead server that nobody collects",
    hold: async (dataDir: string) => stranger("zombie", dataDir, join(dataDir, "pg")),
  },
];

for (const { name, hold } of HOLDERS) {
  test(`P16: the number of a killed server, now that of ${name}, is no obstacle`, async () => {
    await withDirectory(async (dataDir) => {
      const holder = await hold(dataDir);
      try {
        await leaveLocks(dataDir, holder.pid);
        assert.equal(await postmasterPid(join(dataDir, "pg")), null);
        const again = await openEmbedded({ dataDir, startTimeoutMs: 20_000 });
        assert.notEqual(await postmasterPid(join(dataDir, "pg")), holder.pid);
        await again.close();
      } finally {
        holder.end();
      }
    });
  });
}

test("P16: a server that lives and does not answer is named, in a time that is set", async () => {
  await withDirectory(async (dataDir) => {
    const holder = await stranger("alive", dataDir, join(dataDir, "pg"));
    try {
      await leaveLocks(dataDir, holder.pid);
      await assert.rejects(
        openEmbedded({ dataDir, startTimeoutMs: 200 }),
        (error) =>
          isFailure(error, "EMBEDDED_FAILED") &&
          String(error.details["reason"]).includes(`process ${holder.pid}`),
      );
    } finally {
      holder.end();
    }
    const server = await openEmbedded({ dataDir });
    await server.close();
  });
});
