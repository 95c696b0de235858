/** Statements of prints against a real database: docs/formats/statement.md. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { printedStrings } from "../../src/label/display-list.ts";
import { printedList } from "../../src/label/printed-list.ts";
import { openFonts } from "../../src/main.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { REPRINT_REASONS, reprintReasonOf } from "../../src/rules/reprint.ts";
import { printLabels } from "../../src/vault/print.ts";
import type { PrintRequest } from "../../src/vault/print.ts";
import { findRecord, openRecord } from "../../src/vault/record.ts";
import { printedCommitment } from "../../src/vault/statement.ts";
import { signedIn } from "../support/actor.ts";
import { withHome } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { inventOrder, inventOrders, sealOne, sealOrders } from "../support/orders.ts";

const fonts = openFonts();
const printing = { actor: signedIn("打单员"), fonts, printer: "一号机", ticket: true } as const;

type Statement = Readonly<Record<string, unknown>>;

async function statementsOf(home: Home): Promise<Statement[]> {
  const rows = await home.rows("select body from print_statement order by print_no, batch_index");
  // The column is bytea and holds canonical JSON objects.
  return rows.map((row) => JSON.parse((row["body"] as Buffer).toString("utf8")) as Statement);
}

test("STM-1: a statement says which waybill, by which rules, who, where and when", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const token = await sealOne(vault);
    await printLabels(vault, { ...printing, tokens: [token], size: "100x150" });
    const [one] = await statementsOf(home);
    const { printed, ticket, at, rule, layout, ...rest } = one ?? {};
    assert.deepEqual(rest, {
      v: 2,
      token,
      tenant: vault.tenant.id,
      printNumber: 1,
      profile: "gb41833",
      lint: "passed",
      printer: "一号机",
      actor: printing.actor.pseudonym,
    });
    for (const hex of [printed, ticket]) assert.match(String(hex), /^[0-9a-f]{64}$/);
    assert.match(String(layout), /^100x150\/\d+$/);
    assert.match(String(rule), /^gb41833/);
    assert.ok(!Number.isNaN(Date.parse(String(at))));
  });
});

test("STM-2: a second print needs a reason of the list, or counts for nothing", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const token = await sealOne(vault);
    const once = { ...printing, tokens: [token] };
    await printLabels(vault, { ...once, reprintReason: "damaged" });
    await assert.rejects(printLabels(vault, once), (error) =>
      isFailure(error, "REPRINT_REASON_MISSING"),
    );
    const refused: string[] = [];
    const onRefused = ({ code }: { code: string }): unknown => refused.push(code);
    assert.deepEqual(await printLabels(vault, { ...once, onRefused }), []);
    assert.deepEqual(refused, ["REPRINT_REASON_MISSING"]);
    assert.equal((await leaves(home, "print-batch")).length, 1);
    for (const reason of Object.keys(REPRINT_REASONS))
      await printLabels(vault, { ...once, reprintReason: reprintReasonOf(reason) });
    const reasons = (await statementsOf(home)).map(({ reason = "first" }) => reason);
    // The first print needs none, and keeps none that was given.
    assert.deepEqual(reasons, ["first", ...Object.keys(REPRINT_REASONS)]);
    assert.equal(reprintReasonOf("toString"), null);
  });
});

test("STM-3: the commitments are those of the strings, and of no others", async () => {
  for (const suite of ["intl", "gm"] as const) {
    await withHome(async (home) => {
      await using vault = await home.open({ suite });
      const token = await sealOne(vault);
      const [made] = await printLabels(vault, { ...printing, tokens: [token] });
      assert.ok(made !== undefined);
      const { key } = await openRecord(vault, await findRecord(vault, token));
      const strings = printedStrings(printedList(made.label, fonts));
      const [one] = await statementsOf(home);
      assert.equal(one?.["printed"], printedCommitment(key, strings));
      assert.equal(one["ticket"], printedCommitment(key, [made.label.data.ticket ?? ""]));
      assert.ok(strings.includes(made.label.data.waybillNumber));
      for (const at of strings.keys()) {
        const other = strings.map((text, index) => (index === at ? `${text}。` : text));
        assert.notEqual(one["printed"], printedCommitment(key, other));
        assert.notEqual(one["printed"], printedCommitment(key, strings.toSpliced(at, 1)));
      }
    });
  }
});

test("STM-4: no statement holds a string of its label, but the token", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const { rows } = await sealOrders(vault, inventOrders(20));
    const tokens = rows.map(({ token }) => token);
    const made = await printLabels(vault, { ...printing, tokens });
    assert.equal(made.length, 20);
    const bodies = JSON.stringify(await statementsOf(home));
    for (const { label, token } of made) {
      assert.ok(bodies.includes(token));
      const { recipient, sender, waybillNumber, orderNumber, goods, ticket } = label.data;
      for (const text of [recipient, sender].flatMap(({ name, phone, address }) => [
        name,
        phone,
        address,
      ]))
        assert.ok(!bodies.includes(text));
      for (const text of [waybillNumber, orderNumber, goods, ticket ?? ""])
        assert.ok(!bodies.includes(text));
    }
    assert.ok(!bodies.includes(inventOrder(1).phone));
  });
});

test("STM-5: those who print one waybill at once each leave a number of their own", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const token = await sealOne(vault);
    const request: PrintRequest = { ...printing, tokens: [token], reprintReason: "misprint" };
    const settled = await Promise.allSettled(
      Array.from({ length: 8 }, async () => printLabels(vault, request)),
    );
    const numbers = settled.flatMap((one) =>
      one.status === "fulfilled" ? one.value.map(({ printNumber }) => printNumber) : [],
    );
    assert.ok(numbers.length >= 5, "those that lost the race five times over gave up");
    assert.equal(new Set(numbers).size, numbers.length);
    const stated = (await statementsOf(home)).map(({ printNumber }) => Number(printNumber));
    assert.deepEqual(
      stated,
      numbers.toSorted((a, b) => a - b),
    );
    const tickets = (await statementsOf(home)).map(({ ticket }) => ticket);
    assert.equal(new Set(tickets).size, numbers.length);
  });
});
