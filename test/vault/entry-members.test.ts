/** What an entry says of who acted, and of what it is about. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Actor } from "../../src/access/actor.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { reveal } from "../../src/vault/reveal.ts";
import { search } from "../../src/vault/search.ts";
import { signedIn } from "../support/actor.ts";
import { withHome } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { inventOrder, sealOne } from "../support/orders.ts";

/** At headquarters, so that every waybill is the own. */
const PATH = ["00000000-0000-4000-8000-00000000000a"];

test("P10: an entry names organisations, device and state of the order", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const token = await sealOne(vault, 5);
    const { phone } = inventOrder(5);
    const actor: Actor = { ...signedIn("甲"), organisationPath: PATH, device: "device-1" };
    const asked = { token, fields: "phone", purpose: "contact", reason: "核对", actor };
    const revealed = await reveal(vault, asked);
    const denied = reveal(vault, { ...asked, fields: "phone,remark", purpose: "no-such" });
    await assert.rejects(denied, (error) => isFailure(error, "PURPOSE_UNKNOWN"));
    await assert.rejects(reveal(vault, { ...asked, fields: "address" }), isFailure);
    const found = await search(vault, { phone, actor });
    for (const { receipt } of [revealed, found]) assert.match(receipt, /^midan-receipt\/1\nleaf /u);
    const told = [...(await leaves(home, "reveal")), ...(await leaves(home, "reveal-denied"))];
    assert.equal(told.length, 2);
    for (const leaf of [...told, ...(await leaves(home, "search"))]) {
      assert.deepEqual(leaf["organisationPath"], PATH);
      assert.equal(leaf["device"], "device-1");
      assert.equal(leaf["actor"], actor.pseudonym);
      assert.equal(leaf["verb"], "use");
    }
    for (const leaf of told) {
      assert.equal(leaf["orderState"], "sealed");
      assert.equal(leaf["basis"], "PIPL-13-1-2");
    }
    await search(vault, { phone, actor: signedIn("乙") });
    const last = (await leaves(home, "search")).at(-1) ?? {};
    assert.ok(!("organisationPath" in last) && !("device" in last), "absent where there is none");
  });
});
