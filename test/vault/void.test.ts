/** Cancellation: a void waybill stays void, and no label of it leaves, whatever the access term. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTerm } from "../../src/access/retention.ts";
import { dayOf } from "../../src/rules/calendar.ts";
import { recordState } from "../../src/vault/parcel-state.ts";
import { previewLabel, printLabels } from "../../src/vault/print.ts";
import { show } from "../../src/vault/show.ts";
import { failure } from "../access/fresh-desk.ts";
import { signedIn } from "../support/actor.ts";
import { Clock } from "../support/clock.ts";
import { openFonts } from "../../src/main.ts";
import { withHome } from "../support/home.ts";
import { inventOrders, sealOrders } from "../support/orders.ts";

const ACTOR = signedIn("仓库主管", "privacy-officer");
const fonts = openFonts();

test("P8: no label of a cancelled waybill is printed, though access is open", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    await using vault = await home.open({ now: clock.now });
    const term = { class: "access-void", days: 10, organisation: null, reason: "核查退款" };
    await setTerm(vault, { ...term, actor: ACTOR });
    clock.wait(60);
    const { rows } = await sealOrders(vault, inventOrders(2));
    const [cancelled = "", other = ""] = rows.map(({ token }) => token);
    const on = dayOf(vault.now(), vault.timeZone);
    const common = { token: cancelled, on, organisation: null, actor: ACTOR };
    await recordState(vault, { ...common, state: "void" });
    await recordState(vault, { ...common, state: "void" });
    const { accessClosed, parcelState } = await show(vault, { token: cancelled, actor: ACTOR });
    assert.deepEqual([accessClosed, parcelState], [false, "void"], "open for ten days");
    const one = { tokens: [cancelled], actor: ACTOR, fonts };
    await assert.rejects(printLabels(vault, one), failure("WAYBILL_VOID"));
    const look = previewLabel(vault, one, { token: cancelled, dpi: 203 });
    await assert.rejects(look, failure("WAYBILL_VOID"));
    const refused: unknown[] = [];
    const batch = {
      ...one,
      tokens: [cancelled, other],
      onRefused: (of: unknown) => refused.push(of),
    };
    const printed = await printLabels(vault, batch);
    assert.deepEqual(
      printed.map(({ token }) => token),
      [other],
    );
    assert.deepEqual(refused, [{ token: cancelled, code: "WAYBILL_VOID" }]);
    for (const state of ["arrived", "delivered", "undelivered"])
      await assert.rejects(recordState(vault, { ...common, state }), failure("WAYBILL_VOID"));
  });
});
