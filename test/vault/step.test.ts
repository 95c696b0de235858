/**
 * P7: killed at each step of hold, release, erase and shred, a waybill is afterwards either as
 * before or as wanted: none that lives has a dead key before its day, none that is dead opens.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { addDays } from "../../src/rules/calendar.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { erase } from "../../src/vault/erase.ts";
import { placeHold } from "../../src/vault/hold.ts";
import { reveal } from "../../src/vault/reveal.ts";
import { shred } from "../../src/vault/shred.ts";
import type { Step } from "../../src/vault/step.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { Clock } from "../support/clock.ts";
import { withHome, withServers } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { inventOrders, sealOrders } from "../support/orders.ts";
import { signedIn } from "../support/actor.ts";

const PROGRAM = fileURLToPath(new URL("step-guest.ts", import.meta.url));
const TERM_DAYS = 120;

/** Runs the guest, which must die by its own hand at `step`. */
async function killedAt(
  home: Home,
  step: Step,
  act: { readonly verb: string; readonly what: string; readonly clock: Clock },
): Promise<void> {
  const words = [PROGRAM, step, act.verb, act.what, act.clock.now().toISOString()];
  const child = spawn(process.execPath, words, {
    env: { PATH: process.env["PATH"] ?? "", ...home.environment },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let told = "";
  child.stderr.on("data", (piece: Buffer) => (told += piece.toString("utf8")));
  await once(child, "close");
  assert.equal(child.signalCode, "SIGKILL", `${step}: ${told.slice(0, 400)}`);
}

type Life = "open" | "dead";

async function lifeOf(vault: Vault, token: string): Promise<Life> {
  const asked = {
    fields: "phone",
    purpose: "claim",
    actor: signedIn("a"),
    reason: "核查",
  } as const;
  try {
    await reveal(vault, { ...asked, token });
    return "open";
  } catch (error) {
    if (isFailure(error, "DATA_DEAD")) return "dead";
    throw error;
  }
}

/** What must hold after any crash, once the vault was opened again. */
async function requireWhole(home: Home, vault: Vault): Promise<void> {
  const [row] = await home.rows(`
    select (select count(*)::int from held_party h where not exists
              (select from hold o where (o.compartment, o.slot) = (h.compartment, h.slot)
                 and o.state = 'active')) as orphans,
           (select count(*)::int from hold where state in ('pending', 'ending')) as unfinished`);
  assert.deepEqual(row, { orphans: 0, unfinished: 0 });
  const told = (await leaves(home)).map((leaf) => String(leaf["id"]));
  assert.equal(new Set(told).size, told.length);
  const dead = (await vault.keys.leafTombstones()).length;
  assert.equal((await leaves(home, "waybill-erased")).length, dead);
  const destroyed = (await vault.keys.tombstones()).length;
  assert.equal((await leaves(home, "compartment-destroyed")).length, destroyed);
}

interface Scene {
  readonly home: Home;
  readonly clock: Clock;
  readonly token: string;
  readonly other: string;
}

const HOMES = { folder: withHome, postgres: withServers } as const;
type Medium = keyof typeof HOMES;

async function withScene(
  work: (scene: Scene) => Promise<void>,
  medium: Medium = "folder",
): Promise<void> {
  await HOMES[medium](async (home) => {
    const clock = new Clock();
    const tokens: string[] = [];
    {
      await using vault = await home.open({ now: clock.now });
      tokens.push(...(await sealOrders(vault, inventOrders(2))).rows.map(({ token }) => token));
    }
    const [token = "", other = ""] = tokens;
    await work({ home, clock, token, other });
  });
}

async function shredToday(vault: Vault, clock: Clock): Promise<void> {
  await shred(vault, { on: clock.today, dryRun: false, sharePercentMax: null });
}

for (const [step, medium] of [
  ["hold-pending", "folder"],
  ["hold-kept", "folder"],
  ["hold-told", "folder"],
  ["hold-kept", "postgres"],
] as const) {
  test(`P7: killed after ${step}, a hold is finished by the next to open (${medium})`, async () => {
    await withScene(async ({ home, clock, token, other }) => {
      await killedAt(home, step, { verb: "hold", what: token, clock });
      {
        await using vault = await home.open({ now: clock.now });
        await requireWhole(home, vault);
        assert.equal((await leaves(home, "hold-placed")).length, 1);
      }
      clock.set(addDays(clock.today, TERM_DAYS));
      await using vault = await home.open({ now: clock.now });
      await shredToday(vault, clock);
      assert.deepEqual([await lifeOf(vault, token), await lifeOf(vault, other)], ["open", "dead"]);
      await requireWhole(home, vault);
    }, medium);
  });
}

for (const [step, medium] of [
  ["release-ending", "folder"],
  ["release-let-go", "folder"],
  ["release-told", "folder"],
  ["release-let-go", "postgres"],
] as const) {
  test(`P7: killed after ${step}, a late release is finished (${medium})`, async () => {
    await withScene(async ({ home, clock, token }) => {
      let id = "";
      const until = addDays(clock.today, TERM_DAYS + 30);
      {
        await using vault = await home.open({ now: clock.now });
        const asked = { token, reason: "claim", authority: "理赔组", document: null, until };
        id = (await placeHold(vault, { ...asked, actor: signedIn("a") })).hold.id;
      }
      clock.set(addDays(clock.today, TERM_DAYS));
      {
        await using vault = await home.open({ now: clock.now });
        await shredToday(vault, clock);
        assert.equal(await lifeOf(vault, token), "open");
      }
      await killedAt(home, step, { verb: "release", what: id, clock });
      await using vault = await home.open({ now: clock.now });
      assert.equal(await lifeOf(vault, token), "dead");
      assert.deepEqual(await vault.keys.held(), []);
      assert.equal((await leaves(home, "hold-ended")).length, 1);
      await requireWhole(home, vault);
    }, medium);
  });
}

for (const [step, medium] of [
  ["erase-intent", "folder"],
  ["erase-punctured", "folder"],
  ["erase-told", "folder"],
  ["erase-intent", "postgres"],
  ["erase-punctured", "postgres"],
] as const) {
  test(`P7: killed after ${step}, an erasure is not begun or completed (${medium})`, async () => {
    await withScene(async ({ home, clock, token, other }) => {
      await killedAt(home, step, { verb: "erase", what: token, clock });
      await using vault = await home.open({ now: clock.now });
      const isBegun = step !== "erase-intent";
      assert.equal(await lifeOf(vault, token), isBegun ? "dead" : "open");
      assert.equal((await home.rows("select 1 from party")).length, isBegun ? 1 : 2);
      await requireWhole(home, vault);
      if (!isBegun) await erase(vault, { token, reason: "再次", actor: signedIn("a") });
      assert.deepEqual([await lifeOf(vault, token), await lifeOf(vault, other)], ["dead", "open"]);
      await requireWhole(home, vault);
    }, medium);
  });
}

for (const [step, medium] of [
  ["shred-intent", "folder"],
  ["shred-destroyed", "folder"],
  ["shred-told", "folder"],
  ["shred-intent", "postgres"],
  ["shred-destroyed", "postgres"],
] as const) {
  test(`P7: killed after ${step}, a shred is not begun or completed (${medium})`, async () => {
    await withScene(async ({ home, clock, token, other }) => {
      clock.set(addDays(clock.today, TERM_DAYS));
      await killedAt(home, step, { verb: "shred", what: "", clock });
      await using vault = await home.open({ now: clock.now });
      assert.equal((await vault.keys.tombstones()).length, step === "shred-intent" ? 0 : 1);
      await requireWhole(home, vault);
      await shredToday(vault, clock);
      assert.deepEqual([await lifeOf(vault, token), await lifeOf(vault, other)], ["dead", "dead"]);
      await requireWhole(home, vault);
    }, medium);
  });
}
