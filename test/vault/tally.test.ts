/** One death, one number: plan, entries, reports, certificates and status agree (P7). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { certificateOf } from "../../src/oversight/certificate.ts";
import { addDays } from "../../src/rules/calendar.ts";
import { erase } from "../../src/vault/erase.ts";
import { certifyErasure } from "../../src/vault/erasure-certificate.ts";
import { placeHold, releaseHold } from "../../src/vault/hold.ts";
import { retentionPlan } from "../../src/vault/retention-plan.ts";
import { shred } from "../../src/vault/shred.ts";
import { status } from "../../src/vault/status.ts";
import type { Vault } from "../../src/vault/vault.ts";
import type { Clock } from "../support/clock.ts";
import { leaves } from "../support/leaves.ts";
import { inventOrders, sealOrders } from "../support/orders.ts";
import { signedIn } from "../support/actor.ts";
import { withVault } from "../support/vault.ts";

const TERM_DAYS = 120;
const SEALED = 10;
const ERASED = 4;
/** Ten less the four that were erased and the one that is held. */
const DYING = 5;

const actor = signedIn("officer");

/** Seals ten, erases four and holds one; the id of the hold, and the serial in hex. */
async function prepared(vault: Vault, clock: Clock): Promise<{ hold: string; serial: string }> {
  const { rows } = await sealOrders(vault, inventOrders(SEALED));
  const [held = "", ...rest] = rows.map(({ token }) => token);
  for (const token of rest.slice(0, ERASED)) await erase(vault, { token, reason: "误采集", actor });
  const until = addDays(clock.today, TERM_DAYS + 30);
  const asked = { token: held, reason: "claim", authority: "理赔组", document: null, until };
  const { hold } = await placeHold(vault, { ...asked, actor });
  const [record] = await vault.keys.list();
  return { hold: hold.id, serial: (record?.serial ?? 0).toString(16).padStart(10, "0") };
}

test("P7: of ten waybills, four erased and one held, five die with their compartment", async () => {
  await withVault(async (vault, clock, home) => {
    const { hold, serial } = await prepared(vault, clock);
    const death = addDays(clock.today, TERM_DAYS);
    const plan = await retentionPlan(vault, TERM_DAYS);
    assert.deepEqual(
      plan.persons.map(({ waybills }) => waybills),
      [DYING],
    );
    const living = (await status(vault)).waybills;
    assert.deepEqual(living, { total: SEALED, live: SEALED - ERASED, closing: 0, dead: ERASED });
    clock.set(death);
    const request = { on: death, sharePercentMax: null };
    const listed = await shred(vault, { ...request, dryRun: true });
    const report = await shred(vault, { ...request, dryRun: false });
    for (const { waybills, compartments } of [listed, report]) {
      assert.deepEqual([waybills, compartments.map((one) => one.waybills)], [DYING, [DYING]]);
    }
    const told = await leaves(home, "compartment-destroyed");
    assert.deepEqual(
      told.map((leaf) => [leaf["count"], leaf["left"]]),
      [[DYING, 1]],
    );
    for (const type of ["shred-intent", "shred-run"])
      assert.equal((await leaves(home, type))[0]?.["count"], DYING, type);
    const certified = async (): Promise<number[]> => [
      (await certifyErasure(vault, { id: serial, actor })).certificate.waybills,
      (await certificateOf(vault, serial)).waybills,
    ];
    assert.deepEqual(await certified(), [DYING, DYING]);
    const after = await status(vault);
    assert.deepEqual(
      [after.waybills, after.holds],
      [{ total: SEALED, live: 1, closing: 0, dead: SEALED - 1 }, 1],
    );
    // What the hold kept dies by an entry of its own, and is never counted with the compartment.
    await releaseHold(vault, { id: hold, actor });
    assert.deepEqual(await certified(), [DYING, DYING]);
    assert.deepEqual((await status(vault)).waybills.dead, SEALED);
  });
});
