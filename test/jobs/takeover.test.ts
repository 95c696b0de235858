/** Two servers of one installation: one runs the jobs, and when it is killed the other (P7). */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { JobOutcome } from "../../src/jobs/run.ts";
import { addDays } from "../../src/rules/calendar.ts";
import { Clock } from "../support/clock.ts";
import { withServers } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { sealOne } from "../support/orders.ts";

const GUEST = fileURLToPath(new URL("runner-guest.ts", import.meta.url));
const TERM_DAYS = 120;
const DAYS = 4;
const GATE = 4711;

/** What a webhook is told of a destruction. */
interface Told {
  readonly compartment: string;
}

type Pass = readonly JobOutcome[] | null;

interface Runner {
  readonly passes: AsyncIterator<string>;
  readonly kill: () => Promise<void>;
}

function startRunner(home: Home, clock: Clock): Runner {
  const child = spawn(process.execPath, [GUEST, clock.now().toISOString()], {
    env: { PATH: process.env["PATH"] ?? "", ...home.environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const closed = once(child, "close");
  return {
    passes: createInterface({ input: child.stdout })[Symbol.asyncIterator](),
    async kill() {
      child.kill("SIGKILL");
      await closed;
    },
  };
}

/** What its next pass did. */
async function nextPass({ passes }: Runner): Promise<Pass> {
  const next = await passes.next();
  assert.notEqual(next.done, true, "the runner ended");
  // A line of the guest's own.
  return JSON.parse(String(next.value)) as Pass;
}

/**
 * Whoever comes first to mark a second compartment destroyed, when its key is gone, halts before
 * that until the gate is opened. Others pass.
 */
async function shutGate(home: Home): Promise<void> {
  await home.change("create table gate ()");
  await home.change("insert into gate default values");
  await home.change(`
    create function halt() returns trigger language plpgsql as $$begin
      if (select count(*) from compartment where state = 'destroyed') = 1
         and exists (select from gate) and pg_try_advisory_xact_lock(${GATE}) then
        while exists (select from gate) loop
          perform pg_sleep(0.02);
        end loop;
      end if;
      return null;
    end$$`);
  await home.change(`
    create trigger compartment_halt before update on compartment
    for each statement execute function halt()`);
}

async function openGate(home: Home): Promise<void> {
  await home.change("delete from gate");
}

async function untilHalted(home: Home): Promise<void> {
  const halted = `select from pg_locks where locktype = 'advisory' and objid = ${GATE} and granted`;
  while ((await home.rows(halted)).length === 0) await wait(20);
}

/** Serials of the compartments that entries of that type name, in their order. */
async function told(home: Home, type: string): Promise<number[]> {
  const bodies = await leaves(home, type);
  return bodies.map(({ compartment }) => Number.parseInt(String(compartment), 16));
}

const doneOf = (pass: Pass, name: string): number | string | undefined => {
  const found = pass?.find((outcome) => outcome.name === name);
  return found?.failure ?? found?.done;
};

async function addListener(home: Home, tenantId: string): Promise<void> {
  const text = `
    insert into webhook (id, tenant_id, made_at, url, events, actor, secret)
    values ($1::uuid, $2::uuid, now(), 'https://erp.example/hook', '{compartment.destroyed}',
      'st-0000000000000000', $3::bytea)`;
  await home.change(text, [randomUUID(), tenantId, Buffer.alloc(64)]);
}

/** Waybills of some days that have come, and the serials of their compartments by day. */
async function sealDays(home: Home, clock: Clock): Promise<number[]> {
  const first = clock.today;
  await using vault = await home.open({ now: clock.now });
  for (let day = 0; day < DAYS; day += 1) {
    clock.set(addDays(first, day));
    await sealOne(vault, day);
  }
  clock.set(addDays(first, TERM_DAYS + DAYS));
  await addListener(home, vault.tenant.id);
  const rows = await home.rows(`
    select serial from compartment where serial in (select compartment from shell)
    order by day_of_death`);
  assert.equal(rows.length, DAYS);
  return rows.map(({ serial }) => Number(serial));
}

const ascending = (a: number, b: number): number => a - b;

/** What must be there once for each compartment, whoever was at it. */
async function requireOnce(home: Home, serials: readonly number[]): Promise<void> {
  for (const type of ["shred-intent", "compartment-destroyed"])
    assert.deepEqual((await told(home, type)).toSorted(ascending), serials, type);
  // Each once when it died, and once more when the key of its quarter died with the last of it.
  const certified = await told(home, "document-issued");
  const twice = serials.flatMap((serial) => [serial, serial]);
  assert.deepEqual(certified.toSorted(ascending), twice, "certificates");
  const rows = await home.rows("select body from webhook_delivery order by made_at, id");
  const bodies = rows.map(({ body }) => JSON.parse(String(body)) as { data: Told });
  const sent = bodies.map(({ data }) => Number.parseInt(data.compartment, 16));
  assert.deepEqual([sent.length, new Set(sent)], [serials.length, new Set(serials)], "webhooks");
}

/** Runs `work` with a server that was halted when a key was destroyed and nothing told of it. */
async function withHalted(
  work: (scene: {
    readonly home: Home;
    readonly clock: Clock;
    readonly serials: readonly number[];
    readonly runner: Runner;
  }) => Promise<void>,
): Promise<void> {
  await withServers(async (home) => {
    const clock = new Clock();
    const serials = await sealDays(home, clock);
    await shutGate(home);
    const runner = startRunner(home, clock);
    try {
      await untilHalted(home);
      await work({ home, clock, serials, runner });
    } finally {
      await runner.kill();
    }
  });
}

test("P7: a runner is killed half-way, the other goes on, and nothing is done twice", async () => {
  await withHalted(async ({ home, clock, serials, runner }) => {
    assert.deepEqual(await told(home, "compartment-destroyed"), serials.slice(0, 1));
    const other = startRunner(home, clock);
    try {
      // Whoever opens tells what is dead; the jobs are the first one's as long as it lives.
      for (let nth = 0; nth < 5; nth += 1) assert.equal(await nextPass(other), null);
      assert.deepEqual(await told(home, "compartment-destroyed"), serials.slice(0, 2));
      assert.deepEqual(await told(home, "shred-intent"), serials.slice(0, 2));
      await runner.kill();
      await openGate(home);
      let pass = await nextPass(other);
      while (pass === null) pass = await nextPass(other);
      const failed = pass.filter(({ failure }) => failure !== null);
      // What is late had its portion of this day; what fell due yesterday dies all the same.
      assert.deepEqual([doneOf(pass, "shred"), failed], [1, []]);
      assert.equal(doneOf(await nextPass(other), "shred"), 0);
    } finally {
      await other.kill();
    }
    clock.set(addDays(clock.today, 1));
    const later = startRunner(home, clock);
    try {
      assert.equal(doneOf(await nextPass(later), "shred"), DAYS - 3);
      assert.equal(doneOf(await nextPass(later), "shred"), 0);
    } finally {
      await later.kill();
    }
    await requireOnce(home, serials);
    await using vault = await home.open({ now: clock.now });
    const dead = (await vault.keys.tombstones()).map(({ serial }) => serial);
    assert.deepEqual(dead.toSorted(ascending), serials);
  });
});

test("P7: a death that another server finds untold is told, certified and sent once", async () => {
  await withHalted(async ({ home, clock, serials, runner }) => {
    await using vault = await home.open({ now: clock.now });
    assert.deepEqual(await told(home, "compartment-destroyed"), serials.slice(0, 2));
    await openGate(home);
    assert.equal(doneOf(await nextPass(runner), "shred"), DAYS);
    await runner.kill();
    await requireOnce(home, serials);
    assert.equal((await vault.keys.tombstones()).length, DAYS);
  });
});
