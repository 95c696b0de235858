/** Printing against a real database: masked, stated, and without the parties (P1, P12, P14). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readHeader, sealPart } from "../../src/crypto/envelope.ts";
import { NONCE_BYTES } from "../../src/crypto/suites.ts";
import { openFonts } from "../../src/main.ts";
import { addDays, dayOf } from "../../src/rules/calendar.ts";
import { isFailure } from "../../src/rules/failure.ts";
import type { FailureCode } from "../../src/rules/failure.ts";
import type { Role } from "../../src/rules/role.ts";
import { previewLabel, printLabels } from "../../src/vault/print.ts";
import { findRecord, openRecord } from "../../src/vault/record.ts";
import { shred } from "../../src/vault/shred.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { encodeView } from "../../src/vault/view.ts";
import type { MaskedText } from "../../src/privacy/plain.ts";
import { withHome } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { leaves, treeHead } from "../support/leaves.ts";
import { inventOrder, inventOrders, sealOne, sealOrders } from "../support/orders.ts";
import { signedIn } from "../support/actor.ts";

const fonts = openFonts();

async function statementsOf(home: Home): Promise<Buffer[]> {
  const rows = await home.rows("select body from print_statement order by print_no, batch_index");
  // The column is bytea.
  return rows.map((row) => row["body"] as Buffer);
}

test("P14: a statement per label, and the leaf's root covers the batch", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const { rows } = await sealOrders(vault, inventOrders(11));
    const tokens = rows.map(({ token }) => token);
    const printed = await printLabels(vault, { tokens, actor: signedIn("打单员"), fonts });
    assert.deepEqual(
      printed.map(({ token }) => token),
      tokens,
    );
    const statements = await statementsOf(home);
    assert.equal(statements.length, 11);
    const [leaf] = await leaves(home, "print-batch");
    assert.equal(leaf?.["count"], 11);
    assert.equal(leaf["root"], treeHead(statements).toString("hex"));
    assert.equal(leaf["id"], printed[0]?.entry);
    for (const statement of statements) {
      const body = JSON.parse(statement.toString("utf8")) as Record<string, unknown>;
      assert.deepEqual(
        [body["lint"], body["printNumber"], body["profile"]],
        ["passed", 1, "gb41833"],
      );
    }
    const [shells] = await home.rows(
      "select count(*)::int as n from shell where state = 'printed'",
    );
    assert.equal(shells?.["n"], 11);
  });
});

test("P14: printing again counts, and both prints keep their statements", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const token = await sealOne(vault);
    for (const expected of [1, 2, 3]) {
      const [printed] = await printLabels(vault, {
        tokens: [token, token],
        actor: signedIn("a"),
        fonts,
        ...(expected === 1 ? {} : { reprintReason: "damaged" as const }),
      });
      assert.equal(printed?.printNumber, expected);
      assert.equal(printed.label.data.printNumber, expected);
    }
    assert.equal((await statementsOf(home)).length, 3);
  });
});

test("P1: no label shows a name, phone or room of its order", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const orders = inventOrders(20);
    const { rows } = await sealOrders(vault, orders);
    const tokens = rows.map(({ token }) => token);
    const printed = await printLabels(vault, { tokens, actor: signedIn("a"), fonts });
    assert.equal(printed.length, 20);
    for (const [index, { label }] of printed.entries()) {
      // Without the numbers that are digits of a hash or random: "1203" stands in them by chance.
      const text = JSON.stringify({ ...label.data, token: "", waybillNumber: "", ticket: "" });
      const { name, phone } = inventOrder(index);
      for (const hidden of [name, phone, phone.slice(3, 9), "1203"])
        assert.equal(text.includes(hidden), false, `label ${index}`);
      assert.ok(text.includes("南京市"));
    }
  });
});

/** Puts a view in the row's place whose address shows a room, sealed with the waybill's own key. */
async function plantShowingView(home: Home, vault: Vault, token: string): Promise<void> {
  const opened = await openRecord(vault, await findRecord(vault, token));
  const { leaf, tenant, waybillId } = opened.key;
  const [row] = await home.rows("select view from party");
  const view = opened.view();
  // The very fault that the gate is there for: text that claims to be masked and is not.
  const address = inventOrder(1).address as MaskedText;
  const altered = { ...view, recipient: { ...view.recipient, address } };
  // The column is bytea, and the waybill has one row.
  const header = readHeader(row?.["view"] as Buffer);
  const envelope = sealPart(
    { header, place: { tenant, waybillId }, leaf, nonce: vault.randomBytes(NONCE_BYTES) },
    encodeView(altered),
  );
  await home.change("update party set view = $1", [envelope]);
}

test("P1: a view that shows a room is refused by the gate before anything is stored", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const token = await sealOne(vault);
    await plantShowingView(home, vault, token);
    await assert.rejects(
      printLabels(vault, { tokens: [token], actor: signedIn("a"), fonts }),
      (error) => isFailure(error, "LABEL_LINT_FAILED"),
    );
    const refused: string[] = [];
    const onRefused = ({ code }: { code: string }): unknown => refused.push(code);
    const request = { tokens: [token], actor: signedIn("a"), fonts, onRefused };
    assert.deepEqual(await printLabels(vault, request), []);
    assert.deepEqual(refused, ["LABEL_LINT_FAILED"]);
    assert.equal((await statementsOf(home)).length, 0);
    assert.equal((await leaves(home, "print-batch")).length, 0);
    assert.equal((await home.rows("select 1 from shell where state = 'printed'")).length, 0);
  });
});

test("P12: printing opens no parties: with all of them broken it still prints", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const { rows } = await sealOrders(vault, inventOrders(5));
    assert.equal(await home.change("update party set parties = '\\x00'"), 5);
    const tokens = rows.map(({ token }) => token);
    assert.equal((await printLabels(vault, { tokens, actor: signedIn("a"), fonts })).length, 5);
  });
});

test("P14: labels whose statements cannot be stored do not leave", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const token = await sealOne(vault);
    await home.change(
      "alter table print_statement add constraint none check (print_no < 1) not valid",
    );
    await assert.rejects(
      printLabels(vault, { tokens: [token], actor: signedIn("a"), fonts }),
      (error) => isFailure(error, "DATABASE_FAILED"),
    );
    assert.equal((await leaves(home, "print-batch")).length, 0);
  });
});

test("P14: a preview is for whoever may print, of what may print, and states nothing", async () => {
  await withHome(async (home) => {
    let now = new Date("2026-03-02T04:00:00Z");
    await using vault = await home.open({ now: () => now });
    const token = await sealOne(vault);
    const see = async (role: Role, merchantText = ""): Promise<Uint8Array> => {
      const request = { actor: signedIn("a", role), fonts, merchantText };
      return previewLabel(vault, request, { token, dpi: 203 });
    };
    assert.equal(
      Buffer.from((await see("headquarters-operator")).subarray(1, 4)).toString("latin1"),
      "PNG",
    );
    const refused: [Role, string, FailureCode][] = [
      ["courier", "", "ACCESS_DENIED"],
      ["auditor", "", "ACCESS_DENIED"],
      ["headquarters-operator", inventOrder(7).phone, "LABEL_LINT_FAILED"],
      ["headquarters-operator", "𠮷".repeat(3), "LABEL_GLYPH_MISSING"],
      ["headquarters-operator", "赠品请当面点清".repeat(60), "LABEL_OVERFLOW"],
    ];
    for (const [role, text, code] of refused)
      await assert.rejects(see(role, text), (error) => isFailure(error, code), `${role} ${code}`);
    const dayOfDeath = addDays(dayOf(now), vault.tenant.personsDays);
    now = new Date(`${dayOfDeath}T04:00:00Z`);
    await shred(vault, { on: dayOfDeath, dryRun: false, sharePercentMax: null });
    await assert.rejects(see("headquarters-operator"), (error) => isFailure(error, "DATA_DEAD"));
    assert.equal((await statementsOf(home)).length, 0);
    assert.equal((await leaves(home, "print-batch")).length, 0);
  });
});
