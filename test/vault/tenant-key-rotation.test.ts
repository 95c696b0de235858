/**
 * Rotation of a tenant's lasting keys: what was made before goes on working, what is made after
 * takes the new keys, and the count of earlier keys reaches 0 (P6, P17).
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { Readable } from "node:stream";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { runJobs } from "../../src/jobs/run.ts";
import { readOrders } from "../../src/orders/read.ts";
import { addDays } from "../../src/rules/calendar.ts";
import { keysStatus } from "../../src/vault/keys.ts";
import { openViews } from "../../src/vault/open-views.ts";
import { findRecord } from "../../src/vault/record.ts";
import { reveal } from "../../src/vault/reveal.ts";
import { search } from "../../src/vault/search.ts";
import { seal } from "../../src/vault/seal.ts";
import type { SealedRow } from "../../src/vault/sealed-row.ts";
import { renewTenantKeys, retireTenantKeys } from "../../src/vault/tenant-key-rotation.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { signedIn } from "../support/actor.ts";
import { Clock } from "../support/clock.ts";
import { withHome } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { csvOf, inventOrder, inventOrders, sealOrders } from "../support/orders.ts";

const STEP_GUEST = fileURLToPath(new URL("step-guest.ts", import.meta.url));

const RENEWALS_MAX = 8;
const BETWEEN_RENEWALS_MS = 400;

async function tokensOf(vault: Vault, first: number, count: number): Promise<string[]> {
  const { rows } = await sealOrders(vault, inventOrders(count, first));
  assert.equal(rows.length, count);
  return rows.map(({ token }) => token);
}

async function oldCounts(vault: Vault): Promise<number[]> {
  return (await keysStatus(vault)).tenantKeys.map(({ old }) => old.length);
}

async function phoneOf(vault: Vault, token: string): Promise<string | undefined> {
  const asked = {
    token,
    fields: "phone",
    purpose: "claim",
    reason: "核查",
    actor: signedIn("a"),
  } as const;
  return (await reveal(vault, asked)).values[0]?.[1];
}

for (const suite of ["intl", "gm"] as const) {
  test(`P17: tokens and orders of before a renewal go on working (${suite})`, async () => {
    await withHome(async (home) => {
      await using vault = await home.open({ suite });
      const before = await tokensOf(vault, 0, 3);
      await renewTenantKeys(vault, { actor: signedIn("a") });
      const after = await tokensOf(vault, 3, 3);
      await renewTenantKeys(vault, { actor: signedIn("a") });
      assert.deepEqual(await oldCounts(vault), [2, 2]);
      const keyed = await home.rows(
        "select token_key, count(*)::int as n from shell group by 1 order by 1",
      );
      assert.deepEqual(keyed, [
        { token_key: 1, n: 3 },
        { token_key: 2, n: 3 },
      ]);
      // The same orders again are the same waybills, with the tokens that were printed.
      assert.deepEqual(await tokensOf(vault, 0, 6), [...before, ...after]);
      const changed = await sealOrders(vault, [{ ...inventOrder(1), name: "宋砚舟" }]);
      assert.deepEqual(
        changed.rejected.map(({ code }) => code),
        ["ORDER_CHANGED"],
      );
      for (const [at, token] of [...before, ...after].entries()) {
        assert.equal((await findRecord(vault, token)).token, token);
        assert.equal(await phoneOf(vault, token), inventOrder(at).phone);
      }
      const { hits } = await search(vault, { phone: inventOrder(1).phone, actor: signedIn("a") });
      assert.deepEqual(
        hits.map(({ token }) => token),
        [before[1]],
      );
      const views = await openViews(vault, [...after, ...before]);
      assert.ok(views.every((view) => "opened" in view));
      assert.equal((await leaves(home, "keys-rotated")).length, 2);
    });
  });
}

test("P6: the count of earlier keys reaches 0 when nothing needs them, not before", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    await using vault = await home.open({ now: clock.now });
    const [token = ""] = await tokensOf(vault, 0, 1);
    const { keys } = await renewTenantKeys(vault, { actor: signedIn("a") });
    const [tokenUntil, intakeUntil] = keys.map(({ old }) => old[0]?.neededUntil);
    assert.ok(tokenUntil !== undefined && intakeUntil !== undefined);
    assert.ok(intakeUntil > addDays(clock.today, 360) && tokenUntil > addDays(clock.today, 729));
    const trusted = { ...vault, clockTrusted: true };
    clock.set(intakeUntil);
    await runJobs(trusted);
    assert.deepEqual(await oldCounts(vault), [1, 1]);
    clock.set(addDays(intakeUntil, 1));
    await runJobs(trusted);
    assert.deepEqual(await oldCounts(vault), [1, 0]);
    assert.equal((await findRecord(vault, token)).token, token);
    // A day alone does not do it while a shell is there that has a token of that key.
    clock.set(addDays(tokenUntil, 20));
    assert.equal(await retireTenantKeys(trusted), 0);
    await runJobs(trusted);
    assert.deepEqual(await oldCounts(vault), [0, 0]);
    assert.deepEqual(await home.rows("select 1 from shell"), []);
    const { token: tokens } = await vault.keys.tenantKeys(vault.tenant.id);
    assert.deepEqual(
      tokens.map(({ number }) => number),
      [2],
    );
  });
});

test("P17: sealing and revealing go on while keys are renewed, on two servers", async () => {
  await withHome(async (home) => {
    await using one = await home.open();
    await using two = await home.open();
    const [known = ""] = await tokensOf(one, 0, 1);
    const tokens = new Map<string, Set<string>>();
    const orders = inventOrders(12_000, 1);
    const csv = csvOf(orders);
    // Both seal the same orders, so that one remembers by one key what the other asks by the next.
    const sealing = async (vault: Vault): Promise<void> => {
      const stream = Readable.from([Buffer.from(csv)]);
      const committed = async (rows: readonly SealedRow[]): Promise<void> => {
        for (const { orderNumber, token } of rows) {
          tokens.set(orderNumber, (tokens.get(orderNumber) ?? new Set()).add(token));
        }
        return Promise.resolve();
      };
      await seal(vault, readOrders({ kind: "stdin", stream }), {
        actor: signedIn("seal"),
        sink: { committed },
      });
    };
    let renewed = 0;
    let revealed = 0;
    let isOver = false;
    const renewing = async (): Promise<void> => {
      for (; !isOver && renewed < RENEWALS_MAX; renewed += 1) {
        await renewTenantKeys(one, { actor: signedIn("a") });
        await sleep(BETWEEN_RENEWALS_MS);
      }
    };
    const revealing = async (): Promise<void> => {
      for (; !isOver; revealed += 1) assert.ok(await phoneOf(two, known));
    };
    const sealed = Promise.all([sealing(one), sealing(two)]).finally(() => {
      isOver = true;
    });
    await Promise.all([sealed, renewing(), revealing()]);
    assert.ok(renewed >= 2 && revealed >= 2, `${renewed} renewals, ${revealed} reveals`);
    assert.equal(tokens.size, orders.length);
    assert.ok([...tokens.values()].every(({ size }) => size === 1));
    const [used] = await home.rows(
      "select count(distinct token_key)::int as keys, count(*)::int as shells from shell",
    );
    assert.ok(Number(used?.["keys"]) >= 2 && used?.["shells"] === orders.length + 1);
    const some = [...tokens.values()].flatMap((of) => [...of]).filter((_, at) => at % 300 === 0);
    assert.equal(some.length, 40);
    for (const token of some) assert.equal((await findRecord(two, token)).token, token);
    // Nothing was sealed twice, whatever key remembers it.
    const again = await sealOrders(two, orders.slice(0, 200));
    assert.equal(again.summary.repeated, 200);
  });
});

for (const step of ["keys-held", "keys-renewed", "keys-told", "keys-retired"] as const) {
  test(`P6: killed after ${step}, a renewal was not begun or is finished by another`, async () => {
    await withHome(async (home) => {
      const clock = new Clock();
      const before: string[] = [];
      {
        await using vault = await home.open({ now: clock.now });
        before.push(...(await tokensOf(vault, 0, 2)));
      }
      const words = [STEP_GUEST, step, "renew", "", clock.now().toISOString()];
      const child = spawn(process.execPath, words, {
        env: { PATH: process.env["PATH"] ?? "", ...home.environment },
        stdio: "ignore",
      });
      await once(child, "close");
      assert.equal(child.signalCode, "SIGKILL");
      await using vault = await home.open({ now: clock.now });
      await runJobs(vault);
      const begun = step === "keys-held" ? 0 : 1;
      assert.deepEqual(await oldCounts(vault), [begun, begun]);
      assert.equal((await leaves(home, "keys-rotated")).length, begun);
      await tokensOf(vault, 2, 2);
      for (const token of before) assert.equal((await findRecord(vault, token)).token, token);
      assert.deepEqual(await tokensOf(vault, 0, 2), before);
    });
  });
}
