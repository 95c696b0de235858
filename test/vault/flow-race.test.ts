/** Flows that meet: what is refused in part, cancelled, changed or printed in the same moment. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";
import { foundBelow, foundHeadquarters } from "../../src/access/organisation.ts";
import { openFonts } from "../../src/main.ts";
import { dayOf } from "../../src/rules/calendar.ts";
import { Failure } from "../../src/rules/failure.ts";
import { beginCustody } from "../../src/store/custody.ts";
import { transaction } from "../../src/store/pool.ts";
import { setParcelState } from "../../src/store/parcel-state.ts";
import { changeAddress } from "../../src/vault/change-address.ts";
import { dropShip } from "../../src/vault/drop-ship.ts";
import { recordState } from "../../src/vault/parcel-state.ts";
import { printLabels } from "../../src/vault/print.ts";
import { findRecord } from "../../src/vault/record.ts";
import { sendBack } from "../../src/vault/send-back.ts";
import { show } from "../../src/vault/show.ts";
import { split } from "../../src/vault/split.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { failure, leafBodies } from "../access/fresh-desk.ts";
import { placedAt, signedIn } from "../support/actor.ts";
import { withHome } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { csvOf, inventOrders, sealCsv, sealOne, sealOrders } from "../support/orders.ts";
import { outcome } from "../support/outcome.ts";

const ACTOR = signedIn("仓库主管", "privacy-officer");
const NEW = "浙江省杭州市西湖区测试东路77号6幢902室";
const fonts = openFonts();

async function cancel(vault: Vault, token: string): Promise<unknown> {
  const on = dayOf(vault.now(), vault.timeZone);
  return recordState(vault, { token, state: "void", on, organisation: null, actor: ACTOR });
}

async function links(vault: Vault): Promise<number> {
  return (await leafBodies(vault.database)).filter(({ type }) => type === "resealed").length;
}

async function shells(home: Home): Promise<number> {
  const [row] = await home.rows("select count(*)::integer as count from shell");
  return Number(row?.["count"]);
}

/** Resolves once somebody waits for a lock of a row or of a transaction. */
async function untilWaiting(home: Home): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    const waiting = await home.rows(
      "select 1 from pg_stat_activity where wait_event_type = 'Lock'" +
        " and wait_event <> 'advisory' and datname = current_database()",
    );
    if (waiting.length > 0) return;
    await sleep(20);
  }
  assert.fail("nobody waited");
}

test("P16: a split that is refused in part leaves nothing, and a retry is whole", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const token = await sealOne(vault, 1);
    await split(vault, { token, parcels: 2, actor: ACTOR });
    assert.deepEqual([await shells(home), await links(vault)], [2, 1]);
    // What the second parcel was sealed from is another order now, so it cannot be repeated.
    await changeAddress(vault, { token, address: NEW, actor: ACTOR });
    const asked = { token, parcels: 4, actor: ACTOR };
    for (const attempt of [1, 2]) {
      await assert.rejects(split(vault, asked), failure("ORDER_CHANGED"), String(attempt));
      assert.deepEqual([await shells(home), await links(vault)], [2, 1], String(attempt));
    }
    const other = await sealOne(vault, 2);
    const first = await split(vault, { ...asked, token: other });
    const again = await split(vault, { ...asked, token: other });
    const told = (made: typeof first) =>
      made
        .map(({ state: _state, ...same }) => same)
        .toSorted((a, b) => (a.token < b.token ? -1 : 1));
    assert.deepEqual(told(again), told(first));
    assert.deepEqual([await shells(home), await links(vault)], [6, 4]);
  });
});

for (const how of ["split", "return"] as const) {
  test(`P16: a ${how} that meets a cancellation not yet committed seals nothing`, async () => {
    await withHome(async (home) => {
      await using vault = await home.open();
      const token = await sealOne(vault, 1);
      const { shell } = await findRecord(vault, token);
      const stateOn = dayOf(vault.now(), vault.timeZone);
      const { resealing } = await transaction(vault.database, async (connection) => {
        const place = { parcelState: "void", stateOn, accessClosesOn: null } as const;
        await setParcelState(connection, shell, place);
        const started =
          how === "split"
            ? split(vault, { token, parcels: 3, actor: ACTOR })
            : sendBack(vault, { token, actor: ACTOR });
        const told = outcome(started);
        await untilWaiting(home);
        // In an object, since what is returned from here is awaited before the commit.
        return { resealing: () => told };
      });
      assert.equal(await resealing(), "PARCEL_ENDED");
      assert.deepEqual([await shells(home), await links(vault)], [1, 0]);
    });
  });
}

test("P16: of a cancellation and a split or return at once never both stand", async (context) => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const { rows } = await sealOrders(vault, inventOrders(21));
    const [measured, ...twenty] = rows;
    const began = performance.now();
    await split(vault, { token: measured?.token ?? "", parcels: 3, actor: ACTOR });
    const resealMs = performance.now() - began;
    const seen = { cancelled: 0, resealed: 0 };
    for (const [index, { token }] of twenty.entries()) {
      const before = [await shells(home), await links(vault)];
      const resealing = async () =>
        index % 2 === 0
          ? split(vault, { token, parcels: 3, actor: ACTOR })
          : sendBack(vault, { token, actor: ACTOR });
      const cancelling = async () => {
        await sleep(((index % 10) * resealMs) / 7);
        return cancel(vault, token);
      };
      const [made, gone] = await Promise.all([outcome(resealing()), outcome(cancelling())]);
      const { parcelState } = await show(vault, { token, actor: ACTOR });
      const added = index % 2 === 0 ? 2 : 1;
      const after = [await shells(home), await links(vault)];
      if (made === "done") {
        assert.deepEqual(after, [(before[0] ?? 0) + added, (before[1] ?? 0) + added]);
        // A parcel that was split is cancelled by itself; one that goes back is not cancelled.
        const wanted = index % 2 === 0 ? ["done", "void"] : ["PARCEL_ENDED", "returned"];
        assert.deepEqual([gone, parcelState], wanted, String(index));
        seen.resealed += 1;
      } else {
        assert.deepEqual([made, gone, parcelState], ["PARCEL_ENDED", "done", "void"]);
        assert.deepEqual(after, before, "nothing is left of what was refused");
        seen.cancelled += 1;
      }
    }
    assert.equal(seen.cancelled + seen.resealed, 20);
    context.diagnostic(`${seen.cancelled} cancelled, ${seen.resealed} sealed again`);
  });
});

test("P14: a label that meets an address change bears the address that holds", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const { rows } = await sealOrders(vault, inventOrders(12));
    for (const [index, { token }] of rows.entries()) {
      const printing = async () => {
        await sleep((index % 6) * 3);
        const [label] = await printLabels(vault, { tokens: [token], actor: ACTOR, fonts });
        return label ?? assert.fail("no label");
      };
      const changing = changeAddress(vault, { token, address: NEW, actor: ACTOR });
      const [{ label, printNumber }, changed] = await Promise.all([printing(), changing]);
      const isVoid = printNumber <= changed.voidPrints;
      assert.equal(label.data.recipient.address === changed.address, !isVoid, String(index));
    }
  });
});

test("P14: a label drawn before an address change commits is drawn again after it", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const token = await sealOne(vault, 1);
    const changes: ReturnType<typeof changeAddress>[] = [];
    // The text is asked for while the label is drawn, after its view was opened.
    const meanwhile = {
      tokens: [token],
      actor: ACTOR,
      fonts,
      get merchantText() {
        if (changes.length === 0)
          changes.push(changeAddress(vault, { token, address: NEW, actor: ACTOR }));
        return "";
      },
    };
    const { shell } = await findRecord(vault, token);
    const { printing } = await transaction(vault.database, async (connection) => {
      // Held so that the label is ready, and waits, before the change may be written.
      await setParcelState(connection, shell, {
        parcelState: null,
        stateOn: null,
        accessClosesOn: null,
      });
      const told = printLabels(vault, meanwhile);
      await untilWaiting(home);
      return { printing: () => told };
    });
    const [printed] = await printing();
    const [changed] = await Promise.all(changes);
    assert.ok(changed !== undefined);
    const { address, voidPrints } = changed;
    const isVoid = (printed?.printNumber ?? 0) <= voidPrints;
    assert.equal(printed?.label.data.recipient.address === address, !isVoid);
  });
});

test("P14: a label that was drawn before the parcel was cancelled is not printed", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const token = await sealOne(vault, 1);
    const { shell } = await findRecord(vault, token);
    const stateOn = dayOf(vault.now(), vault.timeZone);
    const { printing } = await transaction(vault.database, async (connection) => {
      const place = { parcelState: "void", stateOn, accessClosesOn: null } as const;
      await setParcelState(connection, shell, place);
      const told = outcome(printLabels(vault, { tokens: [token], actor: ACTOR, fonts }));
      await untilWaiting(home);
      return { printing: () => told };
    });
    // By the terms of the tenant its persons are closed to everybody from now on.
    assert.equal(await printing(), "ACCESS_CLOSED");
    assert.deepEqual(await home.rows("select 1 from print_statement"), []);
  });
});

/** Starts `work` while a branch takes the parcel in, uncommitted; what becomes of it. */
async function besidePickUp(
  vault: Vault,
  home: Home,
  asked: { readonly token: string; readonly work: () => Promise<unknown> },
): Promise<string> {
  const { shell } = await findRecord(vault, asked.token);
  const [branch] = await home.rows("select id from organisation where kind = 'outlet'");
  const organisationId = String(branch?.["id"]);
  const fromDay = dayOf(vault.now(), vault.timeZone);
  const { told } = await transaction(vault.database, async (connection) => {
    // Nobody says that it arrived: that a branch has it is enough.
    const open = { parcelState: null, stateOn: null, accessClosesOn: null } as const;
    await setParcelState(connection, shell, open);
    const { shellWeek, compartment, slot } = shell;
    const place = { tenantId: vault.tenant.id, shellWeek, compartment, slot };
    await beginCustody(connection, { ...place, organisationId, fromDay });
    const started = outcome(asked.work());
    await untilWaiting(home);
    return { told: () => started };
  });
  return told();
}

test("P10: what a merchant may do until pick-up is asked again under the lock", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    await foundHeadquarters(vault, { name: "癸快递总部", outlets: ["癸快递网点"], actor: ACTOR });
    const names = ["北辰代工厂", "青禾布艺"];
    await foundBelow(vault, { kind: "merchant", parent: "癸快递网点", names, actor: ACTOR });
    const own = await placedAt(vault, signedIn("青禾账号", "merchant"), "青禾布艺");
    const { rows } = await sealCsv(vault, csvOf(inventOrders(4)), own);
    const [changed = "", parted = "", handed = "", back = ""] = rows.map(({ token }) => token);
    const beside = async (token: string, work: () => Promise<unknown>) =>
      besidePickUp(vault, home, { token, work });
    const change = async () => changeAddress(vault, { token: changed, address: NEW, actor: own });
    assert.equal(await beside(changed, change), "ACCESS_DENIED");
    const part = async () => split(vault, { token: parted, parcels: 3, actor: own });
    assert.equal(await beside(parted, part), "ACCESS_DENIED");
    const until = dayOf(vault.now(), vault.timeZone);
    const terms = { supplier: "北辰代工厂", size: "76x130", prints: 1, until } as const;
    const hand = async () => {
      const [one] = await dropShip(vault, { tokens: [handed], ...terms, actor: own });
      if (one !== undefined && "code" in one) throw new Failure(one.code);
    };
    assert.equal(await beside(handed, hand), "DROP_SHIP_LATE");
    // A return is the merchant's own after pick-up too.
    const sendingBack = async () => sendBack(vault, { token: back, actor: own });
    assert.equal(await beside(back, sendingBack), "done");
    assert.deepEqual([await shells(home), await links(vault)], [5, 1]);
    const refused = (await leafBodies(vault.database)).filter(
      ({ type }) => type === "access-denied",
    );
    assert.deepEqual(
      refused.map((leaf) => leaf["mode"]),
      ["change-address", "split"],
    );
  });
});

test("P14: a label that was drawn before the parcel went back is not printed", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const token = await sealOne(vault, 1);
    const { shell } = await findRecord(vault, token);
    const stateOn = dayOf(vault.now(), vault.timeZone);
    const { printing } = await transaction(vault.database, async (connection) => {
      const place = { parcelState: "returned", stateOn, accessClosesOn: null } as const;
      await setParcelState(connection, shell, place);
      const told = outcome(printLabels(vault, { tokens: [token], actor: ACTOR, fonts }));
      await untilWaiting(home);
      return { printing: () => told };
    });
    assert.equal(await printing(), "PARCEL_ENDED");
    assert.deepEqual(await home.rows("select 1 from print_statement"), []);
  });
});
