/** Early erasure against a real database and key store (P7, P9). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { addDays } from "../../src/rules/calendar.ts";
import { isFailure } from "../../src/rules/failure.ts";
import type { FailureCode } from "../../src/rules/failure.ts";
import { erase } from "../../src/vault/erase.ts";
import { openViews } from "../../src/vault/open-views.ts";
import { reveal } from "../../src/vault/reveal.ts";
import { search } from "../../src/vault/search.ts";
import { shred } from "../../src/vault/shred.ts";
import { shownWaybill } from "../../src/vault/show.ts";
import { Clock } from "../support/clock.ts";
import { withHome } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { inventOrder, inventOrders, sealOrders } from "../support/orders.ts";
import { signedIn } from "../support/actor.ts";

const fails =
  (code: FailureCode) =>
  (error: unknown): boolean =>
    isFailure(error, code);

const ASKED = { fields: "phone", purpose: "contact", actor: signedIn("a"), reason: null } as const;

test("P7: an erased waybill opens nowhere, is found nowhere, and its neighbours live", async () => {
  await withHome(async (home) => {
    await using vault = await home.open({});
    const { rows } = await sealOrders(vault, inventOrders(8));
    const tokens = rows.map(({ token }) => token);
    const [token = "", ...rest] = tokens;
    await reveal(vault, { ...ASKED, token });
    const erased = await erase(vault, {
      token,
      reason: "本人请求删除",
      actor: signedIn("officer"),
    });
    await assert.rejects(reveal(vault, { ...ASKED, token }), fails("DATA_DEAD"));
    const shown = await shownWaybill(vault, token);
    assert.deepEqual([shown.life, shown.view, shown.looks], ["destroyed", null, []]);
    assert.equal(shown.state, "erased");
    assert.deepEqual(await openViews(vault, [token]), [{ token, code: "DATA_DEAD" }]);
    const phone = inventOrder(0).phone;
    assert.deepEqual((await search(vault, { phone, actor: signedIn("a") })).hits, []);
    for (const other of rest) {
      assert.equal((await reveal(vault, { ...ASKED, token: other })).values.length, 1);
    }
    assert.equal((await home.rows("select 1 from party")).length, 7);
    const [told] = await leaves(home, "waybill-erased");
    assert.deepEqual([told?.["id"], told?.["mode"]], [erased.entry, "early"]);
    const [intent] = await leaves(home, "erase-intent");
    assert.equal(intent?.["id"], erased.intent);
    await assert.rejects(
      erase(vault, { token, reason: "again", actor: signedIn("a") }),
      fails("DATA_DEAD"),
    );
  });
});

test("P9: the same order again is refused after its erasure, never sealed anew", async () => {
  await withHome(async (home) => {
    await using vault = await home.open({});
    const orders = inventOrders(3);
    const { rows } = await sealOrders(vault, orders);
    const token = rows[0]?.token ?? "";
    await erase(vault, { token, reason: "本人请求删除", actor: signedIn("a") });
    const again = await sealOrders(vault, orders);
    assert.deepEqual(
      again.rejected.map(({ code }) => code),
      ["ORDER_EXPIRED"],
    );
    assert.equal(again.rows.length, 2);
    assert.equal((await home.rows("select 1 from shell")).length, 3);
  });
});

test("P7: an erased waybill stays dead when its compartment dies, and needs a reason", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    await using vault = await home.open({ now: clock.now });
    const { rows } = await sealOrders(vault, inventOrders(3));
    const token = rows[1]?.token ?? "";
    await assert.rejects(
      erase(vault, { token, reason: " ", actor: signedIn("a") }),
      fails("REASON_MISSING"),
    );
    await erase(vault, { token, reason: "误采集", actor: signedIn("a") });
    clock.set(addDays(clock.today, 120));
    await shred(vault, { on: clock.today, dryRun: false, sharePercentMax: null });
    for (const row of rows) {
      await assert.rejects(reveal(vault, { ...ASKED, token: row.token }), fails("DATA_DEAD"));
    }
    assert.equal((await leaves(home, "waybill-erased")).length, 1);
  });
});
