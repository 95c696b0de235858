/** Tickets from printing to opening, against a real database and real decoders. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ticketText } from "../../src/crypto/ticket-text.ts";
import { parseTicket } from "../../src/crypto/ticket.ts";
import { qrModules } from "../../src/label/qr.ts";
import { ticketsIn } from "../../src/label/picture-code.ts";
import { toPng } from "../../src/label/png.ts";
import { openFonts } from "../../src/main.ts";
import type { PlainAddress, PlainName, PlainPhone } from "../../src/privacy/plain.ts";
import { dayOf } from "../../src/rules/calendar.ts";
import { isFailure } from "../../src/rules/failure.ts";
import type { FailureCode } from "../../src/rules/failure.ts";
import { openViews } from "../../src/vault/open-views.ts";
import { printLabels } from "../../src/vault/print.ts";
import { ticketOf } from "../../src/vault/print-ticket.ts";
import { openScannedTicket } from "../../src/vault/ticket.ts";
import type { TicketRequest } from "../../src/vault/ticket.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { shred } from "../../src/vault/shred.ts";
import { signedIn } from "../support/actor.ts";
import { Clock } from "../support/clock.ts";
import { withHome } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { inventOrder, inventOrders, sealOne, sealOrders } from "../support/orders.ts";

const fonts = openFonts();
const printing = { actor: signedIn("打单员"), fonts, ticket: true } as const;
const fails = (code: FailureCode) => (error: unknown) => isFailure(error, code);

function asked(text: string, more: Partial<TicketRequest> = {}): TicketRequest {
  const actor = signedIn("快递员");
  const fields = "name,phone,address";
  return { text, fields, purpose: "deliver", actor, reason: null, expected: null, ...more };
}

async function printed(vault: Vault, token: string): Promise<string> {
  const [made] = await printLabels(vault, {
    ...printing,
    tokens: [token],
    reprintReason: "damaged",
  });
  return made?.label.data.ticket ?? assert.fail("no ticket");
}

test("TKT-1: a ticket read from the picture opens as a reveal, in both suites", async () => {
  for (const suite of ["intl", "gm"] as const) {
    await withHome(async (home) => {
      await using vault = await home.open({ suite });
      const token = await sealOne(vault);
      const [made] = await printLabels(vault, { ...printing, tokens: [token] });
      assert.ok(made !== undefined);
      const [text = ""] = await ticketsIn(toPng(made.label, 203, fonts));
      assert.equal(text, made.label.data.ticket);
      const opened = await openScannedTicket(vault, asked(text, { expected: token }));
      const { name, phone } = inventOrder(1);
      assert.deepEqual(Object.fromEntries(opened.values), {
        "recipient.name": name,
        "recipient.phone": phone,
        "recipient.address": "1203室",
      });
      assert.deepEqual([opened.token, opened.printNumber, opened.leftOut], [token, 1, []]);
      assert.ok(opened.receipt.length > 100);
      const [leaf] = await leaves(home, "reveal");
      assert.equal(leaf?.["id"], opened.entry);
      assert.equal(leaf["purpose"], "deliver");
    });
  }
});

test("P10: a ticket opens for a purpose, within its fields, and a denial is an entry", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const token = await sealOne(vault);
    const text = await printed(vault, token);
    const only = await openScannedTicket(vault, asked(text, { fields: "phone" }));
    assert.deepEqual(
      only.values.map(([field]) => field),
      ["recipient.phone"],
    );
    const forbidden = asked(text, { purpose: "return", fields: "phone" });
    await assert.rejects(openScannedTicket(vault, forbidden), fails("FIELD_NOT_ALLOWED"));
    assert.equal((await leaves(home, "reveal-denied")).length, 1);
  });
});

test("TKT-3: a ticket of another waybill or tenant, or mended by hand, stays shut", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const { rows } = await sealOrders(vault, inventOrders(2, 1));
    const [mine = "", other = ""] = rows.map(({ token }) => token);
    const text = await printed(vault, mine);
    await assert.rejects(
      openScannedTicket(vault, asked(text, { expected: other })),
      fails("TICKET_OTHER_WAYBILL"),
    );
    // The sealed half of one label behind the head of another, with a checksum that fits.
    const { crc32 } = await import("node:zlib");
    const [head, tail] = [parseTicket(await printed(vault, other)), parseTicket(text)];
    const forged = Buffer.concat([head.bytes.subarray(0, 17), tail.bytes.subarray(17)]);
    forged.writeUInt32BE(crc32(forged.subarray(0, -4)), forged.length - 4);
    await assert.rejects(
      openScannedTicket(vault, asked(ticketText(forged))),
      fails("TICKET_BROKEN"),
    );
    assert.equal((await leaves(home, "reveal-denied")).at(-1)?.["failure"], "TICKET_BROKEN");
    await using stranger = await home.open({ tenant: "other" });
    await assert.rejects(openScannedTicket(stranger, asked(text)), fails("TOKEN_UNKNOWN"));
    assert.equal((await leaves(home, "reveal")).length, 0);
  });
});

test("TKT-1: every print has its own ticket, and each opens", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const token = await sealOne(vault);
    const [first, second] = [await printed(vault, token), await printed(vault, token)];
    assert.notEqual(first, second);
    for (const [at, text] of [first, second].entries())
      assert.equal((await openScannedTicket(vault, asked(text))).printNumber, at + 1);
  });
});

test("P7: after death no ticket opens, and none is printed", async () => {
  await withHome(async (home) => {
    const clock = new Clock();
    await using vault = await home.open({ now: clock.now });
    const token = await sealOne(vault);
    const text = await printed(vault, token);
    clock.set(dayOf(new Date("2027-03-02T04:00:00Z")));
    await assert.rejects(openScannedTicket(vault, asked(text)), fails("DATA_DEAD"));
    const request = { on: clock.today, dryRun: false, sharePercentMax: 100 };
    await shred({ ...vault, clockTrusted: true }, request);
    await assert.rejects(openScannedTicket(vault, asked(text)), fails("DATA_DEAD"));
    await assert.rejects(printed(vault, token), fails("DATA_DEAD"));
  });
});

test("P12: a label without a ticket opens no parties; a ticket needs them whole", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const token = await sealOne(vault);
    await home.change("update party set parties = '\\x00'");
    await assert.rejects(
      printLabels(vault, { ...printing, tokens: [token] }),
      fails("ENVELOPE_BROKEN"),
    );
    const plain = { ...printing, ticket: false, tokens: [token] };
    assert.equal((await printLabels(vault, plain))[0]?.label.data.ticket, "");
  });
});

test("TKT-5: the longest order fits QR version 12-M, and says what it left out", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const token = await sealOne(vault);
    const [result] = await openViews(vault, [token]);
    assert.ok(result !== undefined && "opened" in result);
    const rows = [
      { name: "样", address: "苏州市石路1号2幢3单元501室", sides: 41 },
      { name: "买买提·艾力·吐尔逊·阿不都热合曼", address: "苏州市石路1号2幢3单元501室", sides: 49 },
      { name: "样".repeat(64), address: `苏州市石路1号2幢${"3单元501室".repeat(30)}`, sides: 65 },
    ];
    for (const { name, address, sides } of rows) {
      // Parties as they could have been sealed; the brands say no more than that.
      const recipient = {
        name: name as PlainName,
        phone: "16120260401" as PlainPhone,
        address: address as PlainAddress,
      };
      const opened = {
        ...result.opened,
        parties: () => ({ recipient, sender: null, remark: "" }),
      };
      const print = { number: 1, profile: vault.profile };
      const text = ticketOf(vault, opened, print);
      assert.ok(qrModules(text, "ticket").length <= sides, `${name.length} ${text.length}`);
      const read = await openScannedTicket(vault, asked(text));
      assert.equal(Object.fromEntries(read.values)["recipient.phone"], "16120260401");
      if (sides === 65) assert.ok(read.leftOut.length > 0);
      else assert.deepEqual(read.leftOut, []);
    }
  });
});
