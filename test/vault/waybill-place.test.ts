/** Lists of waybills: what they cost does not grow with their length (P10). */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Actor } from "../../src/access/actor.ts";
import { addDays } from "../../src/rules/calendar.ts";
import type { WaybillPlace } from "../../src/store/hold.ts";
import { ownOf } from "../../src/vault/own-record.ts";
import { findRecord } from "../../src/vault/record.ts";
import { sealersOf } from "../../src/vault/sealer.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { placeKey, shellsAt, tokensAt } from "../../src/vault/waybill-place.ts";
import { signedIn } from "../support/actor.ts";
import type { Clock } from "../support/clock.ts";
import { csvOf, inventOrders, sealCsv } from "../support/orders.ts";
import { statementsIn } from "../support/statements.ts";
import { withVault } from "../support/vault.ts";

const DAYS = 3;
const EACH = 2;
const BRANCH = "00000000-0000-4000-8000-00000000b001";
const PATH = ["00000000-0000-4000-8000-00000000b000", BRANCH];
const OFFICER: Actor = {
  ...signedIn("officer"),
  organisationId: BRANCH,
  organisationPath: PATH,
};
const SEALER: Actor = { ...signedIn("sealer"), organisationPath: [BRANCH] };

/** Tokens of waybills of several days, so of several compartments, each sealed on its own. */
async function sealDays(vault: Vault, clock: Clock): Promise<string[]> {
  const tokens: string[] = [];
  const first = clock.today;
  for (let day = 0; day < DAYS; day += 1) {
    clock.set(addDays(first, day));
    for (let nth = 0; nth < EACH; nth += 1) {
      const csv = csvOf(inventOrders(1, day * EACH + nth));
      const actor = nth === 0 ? signedIn("elsewhere") : SEALER;
      tokens.push(...(await sealCsv(vault, csv, actor)).rows.map(({ token }) => token));
    }
  }
  return tokens;
}

test("P10: many waybills are told apart with as many questions as few", async () => {
  await withVault(async (vault, clock) => {
    const tokens = await sealDays(vault, clock);
    const places: WaybillPlace[] = [];
    for (const token of tokens) places.push((await findRecord(vault, token)).shell);
    assert.equal(new Set(places.map(({ compartment }) => compartment)).size, DAYS);
    assert.deepEqual(await tokensAt(vault, places), tokens);
    const [first] = places;
    assert.ok(first !== undefined);
    const never = { ...first, slot: first.slot === 0 ? 1 : 0 };
    assert.deepEqual(await tokensAt(vault, [never, first]), [null, tokens[0]]);

    const shells = [...(await shellsAt(vault, places)).values()];
    const sealers = await sealersOf(vault, shells);
    const asked = places.map(({ compartment, slot }) => sealers.get(placeKey(compartment, slot)));
    const own = places.filter((_place, at) => asked[at]?.organisationPath.at(-1) === BRANCH);
    assert.equal(own.length, DAYS * (EACH - 1));
    assert.deepEqual(await ownOf(vault, OFFICER, places), own);

    const works = [
      async (some: readonly WaybillPlace[]) => ownOf(vault, OFFICER, some),
      async (some: readonly WaybillPlace[]) => tokensAt(vault, some),
    ];
    for (const work of works) {
      const few = await statementsIn(async () => work(places.slice(0, 1)));
      const many = await statementsIn(async () => work(places));
      assert.ok(few.length > 0);
      assert.deepEqual(many, few);
    }
    // Whether there was anything to tell apart does not show either (P18).
    const [none, one] = [places.slice(0, 0), places.slice(0, 1)];
    const nothings = await statementsIn(async () => ownOf(vault, OFFICER, none));
    assert.deepEqual(nothings, await statementsIn(async () => ownOf(vault, OFFICER, one)));
  });
});

test("P10: a place of another tenant is no place of this one", async () => {
  await withVault(async (vault, _clock, home) => {
    await using other = await home.open({ tenant: "other" });
    const [row] = (await sealCsv(other, csvOf(inventOrders(1)))).rows;
    assert.ok(row !== undefined);
    const { shell } = await findRecord(other, row.token);
    assert.deepEqual(await tokensAt(other, [shell]), [row.token]);
    assert.deepEqual(await tokensAt(vault, [shell]), [null]);
  });
});
