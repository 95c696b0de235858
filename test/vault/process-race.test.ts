/**
 * P7: holds race a shred in another process. Whichever comes first, each waybill is held and opens,
 * or refused and dead; what the log counts is what became of them.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { addDays } from "../../src/rules/calendar.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { reveal } from "../../src/vault/reveal.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { signedIn } from "../support/actor.ts";
import { Clock } from "../support/clock.ts";
import { withHome, withServers } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { sealOne } from "../support/orders.ts";

const GUEST = fileURLToPath(new URL("race-guest.ts", import.meta.url));
const DAYS = 16;
const TERM_DAYS = 120;

/** A guest that waits for its start; what it says once it is over. */
async function guest(home: Home, words: readonly string[]) {
  const child = spawn(process.execPath, [GUEST, ...words], {
    env: { PATH: process.env["PATH"] ?? "", ...home.environment },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let said = "";
  const ready = Promise.withResolvers<undefined>();
  child.stdout.on("data", (piece: Buffer) => {
    said += piece.toString("utf8");
    if (said.startsWith("ready\n")) ready.resolve(undefined);
  });
  const ended = once(child, "exit");
  await Promise.race([ready.promise, ended]);
  return {
    start: () => child.stdin.end("go\n"),
    over: async (): Promise<string[]> => {
      await ended;
      assert.equal(child.exitCode, 0);
      return said.trim().split("\n").slice(1);
    },
  };
}

/** One waybill for each of many days of death, so that the shred takes one after the other. */
async function sealed(home: Home, clock: Clock): Promise<string[]> {
  await using vault = await home.open({ now: clock.now });
  const tokens: string[] = [];
  for (let day = 0; day < DAYS; day += 1) {
    tokens.push(await sealOne(vault, day));
    clock.set(addDays(clock.today, 1));
  }
  return tokens;
}

async function race(home: Home, clock: Clock, tokens: readonly string[]) {
  const at = clock.now().toISOString();
  // The shred begins with the oldest, the holds with the newest: they meet in the middle.
  const holding = await guest(home, ["hold", at, ...tokens.toReversed()]);
  const shredding = await guest(home, ["shred", at]);
  holding.start();
  shredding.start();
  const [outcomes, told] = await Promise.all([holding.over(), shredding.over()]);
  assert.deepEqual(told, [`shredded ${DAYS}`]);
  return new Map(
    outcomes.map((line) => {
      const [token = "", outcome = ""] = line.split(" ");
      return [token, outcome] as const;
    }),
  );
}

async function stateOf(vault: Vault, token: string): Promise<string> {
  try {
    const asked = { fields: "phone", purpose: "claim", reason: "核查" };
    await reveal(vault, { ...asked, token, actor: signedIn(token) });
    return "held";
  } catch (error) {
    if (isFailure(error)) return error.code;
    throw error;
  }
}

async function judge(home: Home, clock: Clock, outcomes: ReadonlyMap<string, string>) {
  await using vault = await home.open({ now: clock.now });
  for (const [token, outcome] of outcomes) assert.equal(await stateOf(vault, token), outcome);
  const held = [...outcomes.values()].filter((outcome) => outcome === "held").length;
  const kept = (await vault.keys.held()).flatMap(({ slots }) => slots);
  const rows = await home.rows("select 1 from held_party");
  const told = await leaves(home, "compartment-destroyed");
  const sum = (member: string): number =>
    told.reduce((total, leaf) => total + Number(leaf[member] ?? 0), 0);
  assert.deepEqual(
    [kept.length, rows.length, told.length, sum("left"), sum("count")],
    [held, held, DAYS, held, DAYS - held],
  );
  return held;
}

for (const [kind, within] of [
  ["folder", withHome],
  ["postgres", withServers],
] as const) {
  test(`P7: a shred and holds in two processes give each waybill one end (${kind})`, async (t) => {
    await within(async (home) => {
      const clock = new Clock();
      const tokens = await sealed(home, clock);
      clock.set(addDays(clock.today, TERM_DAYS - 1));
      const outcomes = await race(home, clock, tokens);
      assert.equal(outcomes.size, DAYS);
      t.diagnostic(`${await judge(home, clock, outcomes)} of ${DAYS} held`);
    });
  });
}
