/** P17: sealing survives kill -9: what was told is there, once, and a rerun completes. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { openVault } from "../../src/main.ts";
import { parseConfig } from "../../src/config.ts";
import { connected } from "../../src/store/pool.ts";
import { query } from "../../src/store/query.ts";
import { withDirectory } from "../support/home.ts";
import { csvOf, inventOrders } from "../support/orders.ts";
import { documents, midan, start } from "../support/process.ts";
import type { RunOptions } from "../support/process.ts";

const ROWS = 40_000;
const KILLS = 20;
/** How long opening and sealing take depends on the machine and its load; both must be met. */
const KILL_AFTER_START_MAX_MS = 3500;
const KILL_AFTER_COMMIT_MAX_MS = 1500;

/** When a run is killed: so long after its start, or after the first commit that it told of. */
interface Moment {
  readonly from: "start" | "commit";
  readonly afterMs: number;
}

/** Half of the runs die anywhere in opening and sealing, half of them while they surely seal. */
function momentOf(kill: number, random: () => number): Moment {
  if (kill % 2 === 1) return { from: "start", afterMs: 300 + random() * KILL_AFTER_START_MAX_MS };
  return { from: "commit", afterMs: random() ** 2 * KILL_AFTER_COMMIT_MAX_MS };
}

/** mulberry32: small, seeded, so that a failing run can be repeated from the printed seed. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Kills a sealing run at `moment`; gives the last `committedThrough` it told, 0 for none. */
async function killedRun(options: RunOptions, moment: Moment): Promise<number> {
  const child = start(["seal", "orders.csv", "--out", "out", "--json"], options);
  let told = "";
  const { stdout } = child;
  assert.ok(stdout !== null, "standard output is a pipe");
  stdout.on("data", (piece: Buffer) => (told += piece.toString("utf8")));
  child.stderr?.resume();
  const closed = once(child, "close");
  if (moment.from === "commit") await Promise.race([once(stdout, "data"), closed]);
  await Promise.race([sleep(moment.afterMs), closed]);
  child.kill("SIGKILL");
  await closed;
  const whole = told.slice(0, told.lastIndexOf("\n") + 1);
  return Number(documents(whole).at(-1)?.["committedThrough"] ?? 0);
}

/** Kills the embedded server itself, as the loss of power would; the next run has to recover it. */
async function killServer(directory: string): Promise<boolean> {
  try {
    const [pid] = (await readFile(join(directory, "midan-data/pg/postmaster.pid"), "utf8")).split(
      "\n",
    );
    process.kill(Number(pid), "SIGKILL");
    return true;
  } catch (error) {
    // The server may not have been started, or have stopped, at the moment of the kill.
    if (!(error instanceof Error && "code" in error)) throw error;
    return false;
  }
}

async function places(directory: string): Promise<{ shells: number; intake: number; odd: number }> {
  await using vault = await openVault(parseConfig({ MIDAN_HOME: directory }, directory));
  const text = `
    select (select count(*)::int from shell) as shells,
           (select count(*)::int from intake) as intake,
           (select count(*)::int from shell s full join party p using (compartment, slot, bucket)
              full join intake i using (compartment, slot, bucket)
            where s.slot is null or p.slot is null or i.slot is null
               or s.token_random is null or p.parties is null or i.order_key is null) as odd`;
  const [row] = await connected(vault.database, async (connection) => query(connection, { text }));
  // The three columns were cast to int above.
  return row as unknown as { shells: number; intake: number; odd: number };
}

test("P17: killed at twenty moments, every order is sealed once", async (context) => {
  const seed = Number(process.env["MIDAN_TEST_SEED"] ?? Date.now() % 2 ** 31);
  context.diagnostic(`MIDAN_TEST_SEED=${seed}`);
  const random = randomFrom(seed);
  await withDirectory(async (directory) => {
    const options = { directory, environment: { MIDAN_HOME: directory, MIDAN_LANG: "en" } };
    await writeFile(join(directory, "orders.csv"), csvOf(inventOrders(ROWS)));
    let furthest = 0;
    let interrupted = 0;
    let servers = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const through = await killedRun(options, momentOf(kill, random));
      if (through < ROWS + 1) interrupted += 1;
      // Told lines begin after the heading, so line n is the order n - 1.
      furthest = Math.max(furthest, through - 1);
      if (kill % 4 === 2 && (await killServer(directory))) servers += 1;
      // Opening between every kill would take longer than sealing itself.
      if (kill % 5 !== 4) continue;
      const { shells, intake, odd } = await places(directory);
      assert.ok(shells >= furthest, `${shells} of ${furthest}, kill ${kill}, seed ${seed}`);
      assert.deepEqual([intake, odd], [shells, 0], `kill ${kill}, seed ${seed}`);
    }
    assert.ok(interrupted > KILLS / 4, `only ${interrupted} runs were interrupted`);
    assert.ok(servers > 1, "no server was killed");
    const last = await midan(["seal", "orders.csv", "--out", "out", "--json"], options);
    assert.deepEqual([last.code, last.stderr], [0, ""]);
    const summary = documents(last.stdout).at(-1);
    assert.equal(Number(summary?.["sealed"]) + Number(summary?.["repeated"]), ROWS);
    assert.deepEqual(await places(directory), { shells: ROWS, intake: ROWS, odd: 0 });
    context.diagnostic(
      `${interrupted} of ${KILLS} runs were interrupted, ${servers} servers killed`,
    );
  });
});
