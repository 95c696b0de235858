import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isFailure } from "../rules/failure.ts";
import { MEANINGS } from "./column-words.ts";
import { mapColumns, meaningOf, normaliseHeading, parseMap } from "./columns.ts";
import { FIELDS } from "./field.ts";

const KNOWN: readonly (readonly [heading: string, field: string])[] = [
  ["*收件人(必填)", "recipient_name"],
  ["收货人姓名", "recipient_name"],
  ["Receiver_Name", "recipient_name"],
  ["consignee", "recipient_name"],
  ["姓名", "recipient_name"],
  ["收貨人", "recipient_name"],
  ["收货手机", "recipient_phone"],
  ["联系电话", "recipient_phone"],
  ["ＭＯＢＩＬＥ", "recipient_phone"],
  ["receiver.tel", "recipient_phone"],
  ["省", "recipient_province"],
  ["区/县", "recipient_district"],
  ["街道", "recipient_town"],
  ["详细地址【不含省市】", "recipient_address"],
  ["shipTo Address", "recipient_address"],
  ["发货人", "sender_name"],
  ["寄件电话", "sender_phone"],
  ["sender-address", "sender_address"],
  ["订单编号", "order_number"],
  ["order_id", "order_number"],
  ["快递单号", "waybill_number"],
  ["Tracking No.", "waybill_number"],
  ["快递公司", "carrier"],
  ["店铺名称", "merchant"],
  ["宝贝标题", "goods"],
  ["买家留言", "remark"],
  ["大头笔", "sort_code"],
];

test("P16: headings of Chinese and English exports are recognised", () => {
  for (const [heading, field] of KNOWN) assert.equal(meaningOf(heading)?.field, field, heading);
});

test("P16: what is no heading of ours means nothing", () => {
  for (const heading of ["", "数量", "买家昵称", "付款时间", "发货时间", "price", "x".repeat(65)]) {
    assert.equal(meaningOf(heading), undefined, heading);
  }
});

test("P16: every word of the table stands in its normal form, and every field has one", () => {
  for (const word of MEANINGS.keys()) assert.equal(normaliseHeading(word), word);
  const fields = new Set([...MEANINGS.values()].map((meaning) => meaning.field));
  assert.deepEqual(
    FIELDS.filter((field) => !fields.has(field)),
    [],
  );
});

test("P16: several columns of a field keep their order of worth", () => {
  const mapping = mapColumns(["订单号", "固定电话", "收件人", "手机", "地址", "收件电话"]);
  assert.deepEqual(mapping.recipient_phone, [5, 3, 1]);
  assert.deepEqual(mapping.sender_phone, []);
});

test("P16: a repeated bare heading belongs to the party named before it", () => {
  const mapping = mapColumns([
    "单据",
    "寄件人",
    "电话",
    "地址",
    "收件人",
    "电话",
    "地址",
    "订单号",
  ]);
  assert.deepEqual(mapping.sender_phone, [2]);
  assert.deepEqual(mapping.recipient_phone, [5]);
  assert.deepEqual(mapping.sender_address, [3]);
  assert.deepEqual(mapping.recipient_address, [6]);
  assert.throws(
    () => mapColumns(["订单号", "姓名", "电话", "地址", "姓名", "电话", "地址"]),
    (error) => isFailure(error, "COLUMNS_AMBIGUOUS"),
  );
});

test("P16: missing columns are named by field, never by what the heading says", () => {
  assert.throws(
    () => mapColumns(["收件人", "某个列"]),
    (error) =>
      isFailure(error, "COLUMNS_UNKNOWN") &&
      error.details["fields"] === "order_number,recipient_phone,recipient_address",
  );
  assert.throws(
    () => mapColumns(Array.from({ length: 201 }, () => "x")),
    (error) => isFailure(error, "COLUMNS_TOO_MANY"),
  );
});

test("P16: --map chooses a column by heading or number and frees it from its own meaning", () => {
  const map = parseMap("recipient_phone=收货 电话2, order_number=#1");
  const mapping = mapColumns(["单", "电话", "收货电话2", "收件人", "地址"], map);
  assert.deepEqual(mapping.recipient_phone, [2]);
  assert.deepEqual(mapping.order_number, [0]);
  const taken = mapColumns(
    ["订单号", "收件人", "电话", "备注"],
    parseMap("recipient_address=备注"),
  );
  assert.deepEqual(taken.remark, []);
  assert.throws(
    () => mapColumns(["订单号"], parseMap("goods=#9")),
    (error) => isFailure(error, "COLUMNS_UNKNOWN") && error.details["fields"] === "goods",
  );
});

test("P16: --map is refused when a part is unclear or its field unknown", () => {
  for (const text of ["", "goods", "goods=", "=货", "goods=a,goods=b", "x".repeat(5_000)]) {
    assert.throws(
      () => parseMap(text),
      (error) => isFailure(error, "MAP_BROKEN"),
      text,
    );
  }
  assert.throws(
    () => parseMap("goods=货,person=人"),
    (error) => isFailure(error, "MAP_FIELD_UNKNOWN") && error.details["part"] === 2,
  );
});

test("P16: no headings make the mapping throw anything but a Failure", () => {
  const heading = fc.oneof(fc.constantFrom(...MEANINGS.keys()), fc.string({ unit: "binary" }));
  fc.assert(
    fc.property(fc.array(heading, { maxLength: 30 }), (headings) => {
      try {
        mapColumns(headings);
      } catch (error) {
        assert.ok(isFailure(error));
      }
    }),
  );
});
