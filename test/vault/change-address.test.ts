/** Address change: earlier labels are void, their tickets dead, and nothing of it is told. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openFonts } from "../../src/main.ts";
import { addDays, dayOf, parseDay } from "../../src/rules/calendar.ts";
import { changeAddress } from "../../src/vault/change-address.ts";
import { placeHold } from "../../src/vault/hold.ts";
import { recordState } from "../../src/vault/parcel-state.ts";
import { printLabels } from "../../src/vault/print.ts";
import { reveal } from "../../src/vault/reveal.ts";
import { show } from "../../src/vault/show.ts";
import { openScannedTicket } from "../../src/vault/ticket.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { failure, leafBodies } from "../access/fresh-desk.ts";
import { signedIn } from "../support/actor.ts";
import { Clock } from "../support/clock.ts";
import { withHome } from "../support/home.ts";
import { inventOrder, sealOne } from "../support/orders.ts";

const ACTOR = signedIn("客服主管", "privacy-officer");
const NEW = "浙江省杭州市西湖区测试东路77号6幢902室";
const fonts = openFonts();

async function printed(vault: Vault, token: string, isAgain = false) {
  const reason = isAgain ? { reprintReason: "corrected" as const } : {};
  const asked = { tokens: [token], actor: ACTOR, fonts, ticket: true, ...reason };
  const [label] = await printLabels(vault, asked);
  return label ?? assert.fail("no label");
}

async function opened(vault: Vault, text: string): Promise<Record<string, string>> {
  const asked = { text, fields: "phone,address", expected: null, purpose: "deliver", reason: null };
  const { values } = await openScannedTicket(vault, { ...asked, actor: ACTOR });
  return Object.fromEntries(values);
}

async function changes(vault: Vault): Promise<Record<string, unknown>[]> {
  return (await leafBodies(vault.database)).filter(({ type }) => type === "corrected");
}

test("P12: an address changed before printing is on the first label", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const token = await sealOne(vault, 1);
    const changed = await changeAddress(vault, { token, address: NEW, actor: ACTOR });
    assert.equal(changed.voidPrints, 0);
    assert.equal(JSON.stringify(changed).includes("902"), false, "masked");
    const label = await printed(vault, token);
    assert.equal(label.printNumber, 1);
    assert.equal(label.label.data.recipient.address, changed.address);
    const request = { token, fields: "address", purpose: "deliver", reason: null, actor: ACTOR };
    const { values } = await reveal(vault, request);
    assert.deepEqual(values, [["recipient.address", NEW]]);
    assert.equal(
      (await opened(vault, label.label.data.ticket ?? ""))["recipient.address"],
      "902室",
    );
  });
});

test("P14: a change after printing voids the earlier labels", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const token = await sealOne(vault, 1);
    const before = (await printed(vault, token)).label.data.ticket ?? "";
    assert.equal((await opened(vault, before))["recipient.phone"], inventOrder(1).phone);
    const asked = { token, address: NEW, actor: ACTOR };
    const told = await Promise.all([changeAddress(vault, asked), changeAddress(vault, asked)]);
    assert.deepEqual(
      told.map(({ voidPrints }) => voidPrints),
      [1, 1],
    );
    assert.notEqual(told[0]?.entry, told[1]?.entry);
    await assert.rejects(opened(vault, before), failure("TICKET_VOID"));
    const after = await printed(vault, token, true);
    assert.equal(after.printNumber, 2);
    assert.equal(
      (await opened(vault, after.label.data.ticket ?? ""))["recipient.address"],
      "902室",
    );
    // The same word again does not void the label that bears it.
    assert.equal((await changeAddress(vault, asked)).voidPrints, 1);
    await opened(vault, after.label.data.ticket ?? "");
    // Each asking is an entry, since the answer says what the address is.
    const entries = await changes(vault);
    assert.deepEqual(
      entries.map(({ fields, count }) => [fields, count]),
      [1, 1, 1].map((count) => [["recipient.address"], count]),
    );
    const denied = (await leafBodies(vault.database)).filter(
      ({ type }) => type === "reveal-denied",
    );
    assert.deepEqual(
      denied.map((one) => one["failure"]),
      ["TICKET_VOID"],
    );
  });
});

test("P8: the address of what is another's, ended or dead does not change", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    await using vault = await home.open({ now: clock.now });
    const [kept, ended] = [await sealOne(vault, 3), await sealOne(vault, 4)];
    const change = async (desk: Vault, token: string, address = NEW) =>
      changeAddress(desk, { token, address, actor: ACTOR });
    const courier = { token: kept, address: NEW, actor: signedIn("快递员", "courier") };
    await assert.rejects(changeAddress(vault, courier), failure("ACCESS_DENIED"));
    await assert.rejects(change(vault, kept, "浙江省杭州市****"), failure("MASKED_VALUE"));
    await assert.rejects(change(vault, kept, " "), failure("TEXT_LENGTH"));
    {
      await using other = await home.open({ tenant: "另一家", now: clock.now });
      await assert.rejects(change(other, kept), failure("TOKEN_UNKNOWN"));
    }
    const on = dayOf(vault.now(), vault.timeZone);
    const delivered = { token: ended, state: "delivered", on, organisation: null, actor: ACTOR };
    await recordState(vault, delivered);
    await assert.rejects(change(vault, ended), failure("ADDRESS_ENDED"));
    const dies = parseDay((await show(vault, { token: kept, actor: ACTOR })).dayOfDeath);
    assert.ok(dies !== null);
    const held = { token: kept, authority: "客服部", document: null, until: addDays(dies, 9) };
    await placeHold(vault, { ...held, reason: "claim", actor: ACTOR });
    clock.set(addDays(dies, -1));
    assert.notEqual((await change(vault, kept)).entry, null, "closing, and held");
    clock.set(dies);
    await assert.rejects(change(vault, kept), failure("DATA_DEAD"));
    assert.equal((await changes(vault)).length, 1);
  });
});
