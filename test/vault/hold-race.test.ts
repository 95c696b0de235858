/**
 * P7: a hold races a shred in all twenty orders in which three steps of one can lie between three
 * steps of the other. The key store decides; afterwards the waybill is held and opens, or dead and
 * refused, and never anything between.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { addDays } from "../../src/rules/calendar.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { holds, placeHold } from "../../src/vault/hold.ts";
import { reveal } from "../../src/vault/reveal.ts";
import { settle } from "../../src/vault/settle.ts";
import { shred } from "../../src/vault/shred.ts";
import type { Reached } from "../../src/vault/step.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { Clock } from "../support/clock.ts";
import { withHome } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { inventOrders, sealOrders } from "../support/orders.ts";
import { signedIn } from "../support/actor.ts";

const STEPS = 3;

/** Every order of `count` steps of A and as many of B. */
function ordersOf(a: number, b: number): string[] {
  if (a === 0) return ["B".repeat(b)];
  if (b === 0) return ["A".repeat(a)];
  return [
    ...ordersOf(a - 1, b).map((rest) => `A${rest}`),
    ...ordersOf(a, b - 1).map((rest) => `B${rest}`),
  ];
}

/** One side of the race: goes one step at a time, when it is told to. */
class Runner {
  #go = Promise.withResolvers<undefined>();
  #stopped = Promise.withResolvers<undefined>();
  #ended = false;
  readonly result: Promise<unknown>;

  constructor(work: (reached: Reached) => Promise<unknown>) {
    this.result = this.#run(work);
  }

  async #run(work: (reached: Reached) => Promise<unknown>): Promise<unknown> {
    await this.#go.promise;
    try {
      return await work(async () => this.#pause());
    } catch (error) {
      return error;
    } finally {
      this.#ended = true;
      this.#stopped.resolve(undefined);
    }
  }

  async #pause(): Promise<void> {
    this.#go = Promise.withResolvers<undefined>();
    this.#stopped.resolve(undefined);
    await this.#go.promise;
  }

  /** Lets it do its next step, and waits until that is done. */
  async step(): Promise<void> {
    if (this.#ended) return;
    this.#stopped = Promise.withResolvers<undefined>();
    this.#go.resolve(undefined);
    await this.#stopped.promise;
  }
}

async function race(vault: Vault, clock: Clock, order: string): Promise<[string, unknown]> {
  const { rows } = await sealOrders(vault, inventOrders(2, ordersAt(order) * 2));
  const token = rows[0]?.token ?? "";
  // A week and more after its day, so that the shred drops the week's rows too.
  clock.set(addDays(clock.today, 130));
  const until = addDays(clock.today, 30);
  const asked = { token, reason: "claim", authority: "理赔组", document: null, until };
  const request = { on: clock.today, dryRun: false, sharePercentMax: 100 };
  const hold = new Runner(async (reached) =>
    placeHold(vault, { ...asked, actor: signedIn("a"), reached }),
  );
  const shredding = new Runner(async (reached) => shred(vault, { ...request, reached }));
  for (const side of order) await (side === "A" ? hold : shredding).step();
  await hold.step();
  await shredding.step();
  assert.ok(!((await shredding.result) instanceof Error), order);
  return [token, await hold.result];
}

const ORDERS = ordersOf(STEPS, STEPS);

function ordersAt(order: string): number {
  return ORDERS.indexOf(order);
}

async function isOpen(vault: Vault, token: string): Promise<boolean> {
  try {
    const asked = { fields: "phone", purpose: "claim", actor: signedIn("a"), reason: "核查" };
    await reveal(vault, { ...asked, token });
    return true;
  } catch (error) {
    if (isFailure(error, "DATA_DEAD")) return false;
    throw error;
  }
}

test("P7: in each of twenty orders a racing hold is kept whole or refused", async (context) => {
  assert.equal(ORDERS.length, 20);
  let kept = 0;
  for (const order of ORDERS) {
    await withHome(async (home) => {
      const clock = new Clock();
      await using vault = await home.open({ now: clock.now });
      const [token, outcome] = await race(vault, clock, order);
      const isKept = !(outcome instanceof Error);
      if (!isKept) assert.ok(isFailure(outcome, "DATA_DEAD"), `${order}: ${String(outcome)}`);
      await settle(vault);
      assert.equal(await isOpen(vault, token), isKept, order);
      assert.equal(
        (await holds(vault, { ended: false, actor: signedIn("desk") })).length,
        isKept ? 1 : 0,
        order,
      );
      assert.equal((await home.rows("select 1 from held_party")).length, isKept ? 1 : 0, order);
      assert.equal((await vault.keys.held()).length, isKept ? 1 : 0, order);
      assert.equal((await leaves(home, "compartment-destroyed")).length, 1, order);
      kept += isKept ? 1 : 0;
    });
  }
  context.diagnostic(`${kept} holds kept, ${ORDERS.length - kept} refused`);
  assert.ok(kept > 3 && kept < 17, `${kept} of 20 kept: the race was none`);
});
