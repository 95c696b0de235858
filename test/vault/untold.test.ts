/** P6: opening asks the log about what died since the last time, not about all that ever died. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { erase } from "../../src/vault/erase.ts";
import { settle } from "../../src/vault/settle.ts";
import { rememberTold, untold } from "../../src/vault/untold.ts";
import { withHome } from "../support/home.ts";
import { inventOrders, sealOrders } from "../support/orders.ts";
import { signedIn } from "../support/actor.ts";

/** Of which no log tells, so that whoever asks finds each of them untold. */
function inventTombstones(count: number): { readonly id: string }[] {
  return Array.from({ length: count }, () => ({ id: randomBytes(16).toString("hex") }));
}

test("P6: what was told once is not asked about again", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const all = inventTombstones(20_500);
    const [old, fresh] = [all.slice(0, 20_000), all.slice(20_000)];
    assert.equal((await untold(vault, "leaf", old)).length, 20_000);
    await rememberTold(vault, "leaf", old);
    assert.deepEqual(await untold(vault, "leaf", all), fresh);
    assert.deepEqual(await untold(vault, "compartment", fresh), fresh);
    // Another key store, or an older one: all of it is asked about.
    const other = inventTombstones(20_000);
    assert.deepEqual(await untold(vault, "leaf", other), other);
    assert.deepEqual(await untold(vault, "leaf", old.slice(0, 100)), old.slice(0, 100));
    await rememberTold(vault, "leaf", old.slice(0, 100));
    assert.equal((await untold(vault, "leaf", all)).length, 20_400);
  });
});

test("P6: settling remembers how far it came", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const { rows } = await sealOrders(vault, inventOrders(3));
    for (const { token } of rows.slice(0, 2)) {
      await erase(vault, { token, reason: "本人请求", actor: signedIn("a") });
    }
    await settle(vault);
    const text = "select kind, tombstones::int as n, last_id from told_mark";
    const [mark, ...others] = await home.rows(text);
    assert.deepEqual([mark?.["kind"], mark?.["n"], others], ["leaf", 2, []]);
    const last = (await vault.keys.leafTombstones()).at(-1);
    assert.deepEqual(mark?.["last_id"], Buffer.from(last?.id ?? "", "hex"));
  });
});
