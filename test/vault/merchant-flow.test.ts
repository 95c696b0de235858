/** What a merchant and its supplier may say and print of a parcel, and from when on no more. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Actor } from "../../src/access/actor.ts";
import { foundBelow, foundHeadquarters } from "../../src/access/organisation.ts";
import { requireQuota } from "../../src/access/quota.ts";
import { openFonts } from "../../src/main.ts";
import { addDays, dayOf } from "../../src/rules/calendar.ts";
import { assign } from "../../src/vault/assign.ts";
import { dropShip } from "../../src/vault/drop-ship.ts";
import { recordState } from "../../src/vault/parcel-state.ts";
import { printLabels } from "../../src/vault/print.ts";
import { sendBack } from "../../src/vault/send-back.ts";
import { showMasked } from "../../src/vault/show.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { failure } from "../access/fresh-desk.ts";
import { placedAt, signedIn } from "../support/actor.ts";
import { withHome } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { csvOf, inventOrder, sealCsv } from "../support/orders.ts";
import { outcome } from "../support/outcome.ts";

const BOSS = signedIn("仓库主管");
const [HEAD, BRANCH, SHOP, FACTORY] = ["癸快递总部", "癸快递网点", "青禾布艺", "北辰代工厂"];
const fonts = openFonts();

interface Scene {
  readonly home: Home;
  readonly vault: Vault;
  readonly shop: Actor;
  readonly erp: Actor;
  readonly factory: Actor;
  /** A clerk whose account stands with the supplier. */
  readonly clerk: Actor;
  readonly sealed: (index: number) => Promise<string>;
  readonly state: (token: string, state: string, by?: Actor) => Promise<string>;
  readonly print: (token: string, by: Actor) => Promise<string>;
}

async function found(vault: Vault): Promise<void> {
  await foundHeadquarters(vault, { name: HEAD ?? "", outlets: [BRANCH ?? ""], actor: BOSS });
  const names = [SHOP ?? "", FACTORY ?? ""];
  await foundBelow(vault, { kind: "merchant", parent: BRANCH ?? "", names, actor: BOSS });
}

async function withScene(work: (scene: Scene) => Promise<void>): Promise<void> {
  await withHome(async (home) => {
    await using vault = await home.open();
    await found(vault);
    const ofShop = async (actor: Actor) => placedAt(vault, actor, SHOP ?? "");
    const ofFactory = async (actor: Actor) => placedAt(vault, actor, FACTORY ?? "");
    const shop = await ofShop(signedIn("青禾账号", "merchant"));
    const scopes = ["print", "state", "flow"] as const;
    const machine = { kind: "machine", scopes } as const;
    await work({
      home,
      vault,
      shop,
      erp: { ...(await ofShop(signedIn("青禾系统", "erp-machine"))), ...machine },
      factory: await ofFactory(signedIn("北辰账号", "merchant")),
      clerk: await ofFactory(signedIn("北辰文员", "clerk")),
      sealed: async (index) => {
        const [row] = (await sealCsv(vault, csvOf([inventOrder(index)]), shop)).rows;
        return row?.token ?? assert.fail("not sealed");
      },
      state: async (token, state, actor = BOSS) => {
        const organisation = actor.organisationId ?? BRANCH ?? "";
        const on = dayOf(vault.now(), vault.timeZone);
        return outcome(recordState(vault, { token, state, on, organisation, actor }));
      },
      print: async (token, actor) =>
        outcome(printLabels(vault, { tokens: [token], actor, fonts, reprintReason: "lost" })),
    });
  });
}

async function handed({ vault, shop }: Scene, token: string): Promise<string> {
  const until = addDays(dayOf(vault.now(), vault.timeZone), 3);
  const terms = { supplier: FACTORY ?? "", size: "76x130", prints: 5, until } as const;
  const [result] = await dropShip(vault, { tokens: [token], ...terms, actor: shop });
  return result !== undefined && "code" in result ? result.code : "done";
}

test("P8: a merchant says what whoever sends says, and takes a parcel from no branch", async () => {
  await withScene(async (scene) => {
    const { home, vault, shop, erp, sealed, state } = scene;
    const custody = "select organisation_id from custody where until_day is null";
    const token = await sealed(1);
    assert.equal(await state(token, "arrived"), "done");
    const before = await home.rows(custody);
    assert.equal(before.length, 1);
    for (const by of [shop, erp]) {
      for (const said of ["arrived", "undelivered", "delivered", "returned", "closed"])
        assert.equal(await state(token, said, by), "ACCESS_DENIED", `${by.role} ${said}`);
    }
    assert.deepEqual(await home.rows(custody), before);
    const own = await sealed(2);
    for (const said of ["packed", "handed-in", "void"])
      assert.equal(await state(own, said, said === "packed" ? shop : erp), "done", said);
    // Whoever else records a state at a merchant gives it no custody either.
    const at = { on: dayOf(vault.now(), vault.timeZone), organisation: SHOP ?? "" };
    await recordState(vault, { token: await sealed(3), state: "arrived", ...at, actor: BOSS });
    assert.deepEqual(await home.rows(custody), before);
  });
});

test("P14: what was sent back is printed no more, and does not come alive again", async () => {
  await withScene(async ({ vault, shop, sealed, state, print }) => {
    const token = await sealed(1);
    await sendBack(vault, { token, actor: shop });
    for (const by of [shop, BOSS]) assert.equal(await print(token, by), "PARCEL_ENDED");
    for (const said of ["packed", "handed-in", "arrived", "undelivered", "delivered", "void"])
      assert.equal(await state(token, said), "PARCEL_ENDED", said);
    for (const said of ["returned", "closed"]) assert.equal(await state(token, said), "done", said);
    assert.equal(await print(token, BOSS), "PARCEL_ENDED");
  });
});

test("P10: a supplier prints until the parcel is picked up, and then no more", async () => {
  await withScene(async (scene) => {
    const { vault, factory, sealed, state, print } = scene;
    const [said, routed] = [await sealed(1), await sealed(2)];
    for (const token of [said, routed]) {
      assert.equal(await handed(scene, token), "done");
      assert.equal(await state(token, "packed", factory), "done");
      assert.equal(await print(token, factory), "done");
    }
    assert.equal(await state(said, "arrived"), "done");
    const on = dayOf(vault.now(), vault.timeZone);
    await assign(vault, { token: routed, branch: BRANCH ?? "", to: null, on, actor: BOSS });
    for (const token of [said, routed]) {
      assert.equal(await print(token, factory), "DROP_SHIP_LATE");
      assert.equal(await handed(scene, token), "DROP_SHIP_LATE");
    }
  });
});

test("P12: a merchant whose looks are spent hands over, and handing over spends none", async () => {
  await withScene(async (scene) => {
    const { home, vault, shop, sealed } = scene;
    const token = await sealed(1);
    const looks = async () => {
      const rows = await home.rows(
        "select scope, span, spent::integer from quota_count where key not like '%/drop-ship'" +
          " order by scope, span",
      );
      return rows.map((row) => ({ ...row }));
    };
    const look = { actor: shop, use: "merge", subject: { asked: "all" }, looks: 20 } as const;
    await requireQuota(vault, look);
    const more = requireQuota(vault, { ...look, subject: { asked: "more" } });
    await assert.rejects(more, failure("QUOTA_SPENT"));
    const before = await looks();
    assert.ok(before.length > 0);
    assert.equal(await handed(scene, token), "done");
    assert.deepEqual(await looks(), before);
    const [own] = await home.rows(
      "select sum(spent)::integer as n from quota_count where key like '%/drop-ship'",
    );
    assert.ok(Number(own?.["n"]) > 0);
  });
});

test("P10: whoever stands with a merchant sees that merchant's, whatever the role", async () => {
  await withScene(async (scene) => {
    const { vault, clerk, sealed, print } = scene;
    const token = await sealed(1);
    await assert.rejects(showMasked(vault, { token, actor: clerk }), failure("ACCESS_DENIED"));
    assert.equal(await print(token, clerk), "ACCESS_DENIED");
    const branch = await placedAt(vault, signedIn("网点文员", "clerk"), BRANCH ?? "");
    assert.equal((await showMasked(vault, { token, actor: branch })).token, token);
  });
});
