import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import type { RowResult } from "../../src/orders/order.ts";
import { readOrders } from "../../src/orders/read.ts";
import { shownOf } from "../../src/privacy/external.ts";
import { carrierCandidates } from "../../src/privacy/waybill-number.ts";

async function readSample(name: string): Promise<RowResult[]> {
  const path = fileURLToPath(new URL(`../../samples/${name}`, import.meta.url));
  const rows: RowResult[] = [];
  for await (const chunk of readOrders({ kind: "file", path })) rows.push(...chunk);
  return rows;
}

test("P16: the sample has 960 orders, of which 13 are refused for various reasons", async () => {
  const rows = await readSample("orders.csv");
  assert.equal(rows.length, 960);
  const refused = rows.filter((row) => !row.ok);
  assert.deepEqual(
    refused.map((row) => `${row.field} ${row.code}`),
    [
      "recipient_phone MASKED_VALUE",
      "recipient_name NAME_MISSING",
      "recipient_address ADDRESS_MISSING",
      "recipient_name TOKEN_VALUE",
      "recipient_phone PHONE_SCIENTIFIC",
      "order_number ORDER_NUMBER_MISSING",
      "recipient_name FIELD_CONTROL",
      "recipient_phone PHONE_INVALID",
      "recipient_name MASKED_VALUE",
      "waybill_number NUMBER_SCIENTIFIC",
      "row ROW_COLUMNS_EXTRA",
      "waybill_number WAYBILL_NUMBER_INVALID",
      "goods FIELD_TOO_LONG",
    ],
  );
});

test("P16: one order number of the sample comes twice with other content", async () => {
  const orders = (await readSample("orders.csv")).flatMap((row) => (row.ok ? [row.order] : []));
  const keys = orders.map((order) => `${order.merchant} ${order.orderNumber}`);
  const twice = orders.filter(
    (_, at) => keys.indexOf(keys[at] ?? "") !== keys.lastIndexOf(keys[at] ?? ""),
  );
  assert.equal(twice.length, 2);
  assert.notDeepEqual(twice[0]?.recipient, twice[1]?.recipient);
});

test("P16: 40 merchants, and 3 carriers whose numbers are no real carrier's", async () => {
  const rows = [...(await readSample("orders.csv")), ...(await readSample("orders-spring.csv"))];
  const orders = rows.flatMap((row) => (row.ok ? [row.order] : []));
  assert.equal(new Set(orders.map((order) => order.merchant)).size, 40);
  assert.equal(new Set(orders.map((order) => order.carrier)).size, 3);
  const numbers = orders.map((order) => order.waybillNumber).filter((number) => number !== "");
  assert.equal(new Set(numbers).size, numbers.length);
  assert.ok(numbers.length > 500);
  for (const number of numbers) assert.deepEqual(carrierCandidates(number), []);
});

test("P16: no phone of the sample can belong to anyone", async () => {
  const rows = [...(await readSample("orders.csv")), ...(await readSample("orders-spring.csv"))];
  const phones = rows.flatMap((row) =>
    row.ok ? [shownOf(row.order.recipient).phone, row.order.sender?.phone ?? ""] : [],
  );
  assert.ok(phones.length > 1_900);
  for (const phone of phones) {
    const plain = phone.normalize("NFKC").replace(/^\+86 /u, "");
    assert.match(plain, /^1\d\d[ -]?0000|^0\d{2,3}-1\d{7}/u);
  }
});

for (const [name, count] of [
  ["orders-spring.csv", 40],
  ["orders-gb18030.csv", 20],
  ["orders-en.csv", 20],
  ["orders.ndjson", 20],
] as const) {
  test(`P16: ${name} is read whole`, async () => {
    const rows = await readSample(name);
    assert.equal(rows.length, count);
    assert.deepEqual(
      rows.filter((row) => !row.ok),
      [],
    );
    assert.ok(rows.every((row) => row.ok && row.order.sender !== null));
  });
}
