/** Contact by virtual number: what a courier or counter is given where the settings ask for one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { foundHeadquarters } from "../../src/access/organisation.ts";
import { changeSetting } from "../../src/access/setting-change.ts";
import { reveal } from "../../src/vault/reveal.ts";
import { failure } from "../access/fresh-desk.ts";
import { signedIn } from "../support/actor.ts";
import { withHome } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { inventOrder, sealOrders } from "../support/orders.ts";

const officer = signedIn("负责人");
const HEAD = "壬快递总部";
const [STRICT, OPEN] = ["壬快递一号网点", "壬快递二号网点"] as const;
const VIRTUAL = "15400009999转1234";

test("P10: where a virtual number is asked for, a look never gives the real one", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const plan = { name: HEAD, outlets: [STRICT, OPEN], actor: officer };
    const [, strict, open] = (await foundHeadquarters(vault, plan)).organisations;
    const real = inventOrder(1);
    const { rows } = await sealOrders(vault, [real, { ...inventOrder(2), phone: VIRTUAL }]);
    const [known, lent] = rows.map(({ token }) => token);
    const said = { name: "virtual-number", value: "required", mode: "set", reason: "用虚拟号" };
    const where = { organisation: STRICT, by: HEAD, actor: officer };
    await changeSetting(vault, { ...said, ...where });
    const look = async (
      place: { id: string } | undefined,
      token = "",
      over: object = {},
    ): Promise<readonly string[]> => {
      const actor = {
        ...signedIn("业务员", "privacy-officer"),
        organisationId: place?.id ?? null,
        // Whose parcel it is is another gate: without a path nobody is a stranger.
        organisationPath: [],
      };
      const asked = { fields: "recipient.phone", purpose: "contact", reason: "核对", actor };
      return (await reveal(vault, { ...asked, token, ...over })).values.map(([, value]) => value);
    };
    const none = failure("VIRTUAL_NUMBER_NONE");
    for (const purpose of ["contact", "deliver", "instant-delivery"]) {
      await assert.rejects(look(strict, known, { purpose }), none, purpose);
      assert.deepEqual(await look(strict, lent, { purpose }), [VIRTUAL]);
      assert.deepEqual(await look(open, known, { purpose }), [real.phone], "no such rule there");
    }
    const name = await look(strict, known, { fields: "recipient.name" });
    assert.deepEqual(name, [real.name], "the rest opens without it");
    assert.deepEqual(await look(strict, known, { purpose: "customer-care" }), [real.phone]);
    const denied = await leaves(home, "reveal-denied");
    assert.deepEqual(
      denied.map((leaf) => leaf["failure"]),
      ["VIRTUAL_NUMBER_NONE", "VIRTUAL_NUMBER_NONE", "VIRTUAL_NUMBER_NONE"],
    );
    assert.ok(!JSON.stringify(denied).includes(real.phone));
  });
});
