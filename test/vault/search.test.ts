/** Searching by phone against a real database: the number, the whole number, no other (P18). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { addDays, dayOf } from "../../src/rules/calendar.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { search } from "../../src/vault/search.ts";
import { shred } from "../../src/vault/shred.ts";
import { withHome } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { inventOrder, inventOrders, sealOne, sealOrders } from "../support/orders.ts";
import { signedIn } from "../support/actor.ts";

const PHONE = inventOrder(5).phone;
const WRITINGS = [
  PHONE,
  `+86${PHONE}`,
  `+86 ${PHONE.slice(0, 3)} ${PHONE.slice(3, 7)} ${PHONE.slice(7)}`,
  `0086-${PHONE}`,
  `${PHONE.slice(0, 3)}-${PHONE.slice(3, 7)}-${PHONE.slice(7)}`,
  PHONE.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
];

test("P18: any writing of the number finds its waybill, in both suites", async () => {
  for (const suite of ["intl", "gm"] as const) {
    await withHome(async (home) => {
      await using vault = await home.open({ suite });
      const { rows } = await sealOrders(vault, inventOrders(30));
      const token = rows[5]?.token;
      assert.equal(typeof token, "string");
      for (const phone of WRITINGS) {
        const { hits } = await search(vault, { phone, actor: signedIn("a") });
        assert.deepEqual(
          hits.map((hit) => hit.token),
          [token],
          `writing ${WRITINGS.indexOf(phone)}`,
        );
      }
    });
  }
});

test("P18: a phone that was sealed in another writing is found by its plain digits", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const orders = WRITINGS.map((phone, index) => ({ ...inventOrder(100 + index), phone }));
    const { rows, rejected } = await sealOrders(vault, orders);
    assert.deepEqual(rejected, []);
    const { hits } = await search(vault, { phone: PHONE, actor: signedIn("a") });
    assert.deepEqual(
      new Set(hits.map(({ token }) => token)),
      new Set(rows.map(({ token }) => token)),
    );
  });
});

test("P18: what comes back is masked", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    await sealOne(vault, 5);
    const found = await search(vault, { phone: PHONE, actor: signedIn("a") });
    const { name, phone, address } = inventOrder(5);
    assert.equal(found.hits.length, 1);
    const text = JSON.stringify(found);
    for (const hidden of [name, phone, address]) assert.equal(text.includes(hidden), false);
    // Four digits stand in a token, a receipt or a waybill number by chance.
    const shown = JSON.stringify(found.hits.map(({ recipient }) => recipient));
    for (const hidden of [phone.slice(3, 9), "1203"]) assert.equal(shown.includes(hidden), false);
  });
});

test("P18: numbers that share a tag are not taken for each other", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const { rows } = await sealOrders(vault, inventOrders(40));
    const token = rows[5]?.token;
    const { hits: before } = await search(vault, { phone: PHONE, actor: signedIn("a") });
    assert.equal(before.length, 1);
    const changed = await home.change(`
      update party set phone_tag = (
        select t from (select phone_tag as t from party order by phone_tag limit 1) one)`);
    assert.equal(changed, 40);
    // Of the forty only the order whose own tag was taken can be found, and it finds itself alone.
    const found: string[] = [];
    for (const order of inventOrders(40)) {
      // Each search by somebody else: forty in a minute are more than anybody's quota.
      const { hits } = await search(vault, { phone: order.phone, actor: signedIn(order.number) });
      found.push(...hits.map((hit) => hit.token));
    }
    assert.equal(found.length, 1);
    assert.ok(rows.some((row) => row.token === found[0]));
    assert.equal(typeof token, "string");
  });
});

test("P18: nothing of a dead compartment is found", async () => {
  await withHome(async (home) => {
    let now = new Date("2026-03-02T04:00:00Z");
    await using vault = await home.open({ now: () => now });
    await sealOne(vault, 5);
    assert.equal((await search(vault, { phone: PHONE, actor: signedIn("a") })).hits.length, 1);
    const dayOfDeath = addDays(dayOf(now), vault.tenant.personsDays);
    now = new Date(`${dayOfDeath}T04:00:00Z`);
    await shred(vault, { on: dayOfDeath, dryRun: false, sharePercentMax: null });
    // Its week is not over: the row and its tag still lie there.
    assert.equal((await home.rows("select 1 from party where phone_tag is not null")).length, 1);
    assert.deepEqual((await search(vault, { phone: PHONE, actor: signedIn("a") })).hits, []);
  });
});

test("P18: the leaf of a search has the number of hits and not the number searched", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    await sealOne(vault, 5);
    const { entry } = await search(vault, { phone: PHONE, actor: signedIn("客服甲") });
    await search(vault, { phone: "13811112222", actor: signedIn("客服甲") });
    const found = await leaves(home, "search");
    assert.deepEqual(
      found.map((leaf) => leaf["count"]),
      [1, 0],
    );
    assert.equal(found[0]?.["id"], entry);
    const text = JSON.stringify(found);
    for (const hidden of [PHONE, "客服甲", "13811112222"])
      assert.equal(text.includes(hidden), false);
  });
});

test("P18: a tenant finds no other tenant's waybills, nor can tags be compared", async () => {
  await withHome(async (home) => {
    await using mine = await home.open({ tenant: "甲" });
    await using theirs = await home.open({ tenant: "乙" });
    const token = await sealOne(mine, 5);
    assert.deepEqual((await search(theirs, { phone: PHONE, actor: signedIn("a") })).hits, []);
    const other = await sealOne(theirs, 5);
    assert.notEqual(token, other);
    const hits = await Promise.all(
      [mine, theirs].map(
        async (vault) => (await search(vault, { phone: PHONE, actor: signedIn("a") })).hits,
      ),
    );
    assert.deepEqual(
      hits.map((some) => some.map((hit) => hit.token)),
      [[token], [other]],
    );
    const tags = await home.rows("select distinct phone_tag from party");
    assert.equal(tags.length, 2);
  });
});

test("P18: what is no whole phone is not searched for", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    for (const phone of ["", "139", "1390000000", "139****0005", "甲"])
      await assert.rejects(search(vault, { phone, actor: signedIn("a") }), (error) =>
        isFailure(error, "PHONE_INVALID"),
      );
    assert.equal((await leaves(home, "search")).length, 0);
  });
});
