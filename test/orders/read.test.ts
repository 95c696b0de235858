import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { crc32 } from "node:zlib";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import writeXlsxFile from "write-excel-file/node";
import { parseMap } from "../../src/orders/columns.ts";
import type { RowResult } from "../../src/orders/order.ts";
import { readOrders, type ReadOptions } from "../../src/orders/read.ts";
import { shownOf } from "../../src/privacy/external.ts";
import type { Format } from "../../src/orders/source.ts";
import { exactNumber } from "../../src/orders/xlsx.ts";
import { isFailure, type FailureCode } from "../../src/rules/failure.ts";

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "midan-orders-"));
});
after(() => rm(folder, { recursive: true }));

async function* pieces(content: string | Uint8Array, bytes = 7): AsyncGenerator<Uint8Array> {
  const whole = Buffer.from(content);
  for (let at = 0; at < whole.length; at += bytes) yield whole.subarray(at, at + bytes);
}

async function readAll(
  content: string | Uint8Array,
  options: ReadOptions = {},
): Promise<RowResult[]> {
  const rows: RowResult[] = [];
  const reading = readOrders({ kind: "stdin", stream: pieces(content, 1_000) }, options);
  for await (const chunk of reading) rows.push(...chunk);
  return rows;
}

/** Line, and "ok" or field and code. */
async function outline(content: string | Uint8Array): Promise<string[]> {
  const rows = await readAll(content);
  return rows.map((row) =>
    row.ok ? `${row.order.line} ok` : `${row.line} ${row.field} ${row.code}`,
  );
}

async function fails(content: string | Uint8Array, code: FailureCode): Promise<void> {
  await assert.rejects(readAll(content), (error) => isFailure(error, code), code);
}

const HEAD = "订单号,运单号,收件人,手机,地址,商品,备注";
const GOOD = "A1,SDK26000000001,林晓舟,13900000001,浙江省杭州市西湖区云栖路8号3栋401,茶叶,放门口";

test("P16: a whole order comes out as it went in", async () => {
  const heading = `店铺,三段码,寄件人,寄件电话,寄件地址,快递公司,${HEAD}`;
  const sender = "青禾小铺,571-A01-02,沈砚,0571-10000001,浙江省湖州市德清县桐溪路1号,顺达快运";
  const [row] = await readAll(`${heading}\n${sender},${GOOD}\n`);
  assert.deepEqual(row, {
    ok: true,
    order: {
      line: 2,
      merchant: "青禾小铺",
      orderNumber: "A1",
      waybillNumber: "SDK26000000001",
      carrier: "顺达快运",
      recipient: {
        name: "林晓舟",
        phone: "13900000001",
        address: "浙江省杭州市西湖区云栖路8号3栋401",
      },
      sender: { name: "沈砚", phone: "0571-10000001", address: "浙江省湖州市德清县桐溪路1号" },
      goods: "茶叶",
      remark: "放门口",
      sortCode: "571-A01-02",
    },
  });
});

test("P16: each way of being wrong has its field and code, and the rest goes on", async () => {
  const rows = [
    ["A1,,,13900000001,云栖路8号,,", "recipient_name NAME_MISSING"],
    ["A2,,林晓舟,,云栖路8号,,", "recipient_phone PHONE_MISSING"],
    ["A3,,林晓舟,13900000001,,,", "recipient_address ADDRESS_MISSING"],
    [",,林晓舟,13900000001,云栖路8号,,", "order_number ORDER_NUMBER_MISSING"],
    ["A5,,林晓舟,1.39E+10,云栖路8号,,", "recipient_phone PHONE_SCIENTIFIC"],
    ["1.2E+17,,林晓舟,13900000001,云栖路8号,,", "order_number NUMBER_SCIENTIFIC"],
    ["A7,没有,林晓舟,13900000001,云栖路8号,,", "waybill_number WAYBILL_NUMBER_INVALID"],
    ["A8,,林**,13900000001,云栖路8号,,", "recipient_name MASKED_VALUE"],
    ["A9,,林晓舟,139****0001,云栖路8号,,", "recipient_phone MASKED_VALUE"],
    ["A10,,md1abcdefghjkmnpqrstvwxyz0123,1390000,路,,", "recipient_name TOKEN_VALUE"],
    ["A11,,林\u0007晓,13900000001,云栖路8号,,", "recipient_name FIELD_CONTROL"],
    ["A12,,林晓舟,12,云栖路8号,,", "recipient_phone PHONE_INVALID"],
    ["A13,,林晓舟,13900000001,云栖路8号,,,多了", "row ROW_COLUMNS_EXTRA"],
    [`A14,,林晓舟,13900000001,路8号,${"货".repeat(201)},`, "goods FIELD_TOO_LONG"],
    [`${"9".repeat(65)},,林晓舟,13900000001,路8号,,`, "order_number FIELD_TOO_LONG"],
    ["A16,,林\uFFFD舟,13900000001,云栖路8号,,", "recipient_name ENCODING_BROKEN"],
    [`A17,,林晓舟,13900000001,${"x".repeat(70_000)},,`, "row ROW_TOO_LONG"],
    ['A18,,"林晓舟,13900000001,云栖路8号,,', "row ROW_QUOTE_BROKEN"],
  ] as const;
  const text = `${HEAD}\n${rows.map(([row]) => `${row}\n${GOOD}\n`).join("")}`;
  const expected = rows.flatMap(([, problem], at) => [
    `${2 * at + 2} ${problem}`,
    `${2 * at + 3} ok`,
  ]);
  assert.deepEqual(await outline(text), expected);
});

test("P1: what is printed as it is takes no person, phone or door", async () => {
  const heading = "订单号,运单号,快递公司,三段码,收件人,手机,地址";
  const rows = [
    ["林晓舟2栋501,,,", "order_number ORDER_NUMBER_INVALID"],
    ["13900000001,,,", "order_number ORDER_NUMBER_INVALID"],
    ["8613900000001,,,", "order_number ORDER_NUMBER_INVALID"],
    ["林晓舟-1,,,", "order_number ORDER_NUMBER_INVALID"],
    ["B1,13900000001,,", "waybill_number WAYBILL_NUMBER_INVALID"],
    ["B2,,林三丰,", "carrier CARRIER_INVALID"],
    ["B3,,林晓舟 2栋501,", "carrier CARRIER_INVALID"],
    ["B4,,林晓舟快递2栋,", "carrier CARRIER_INVALID"],
    ["B5,,13900000001,", "carrier CARRIER_INVALID"],
    ["B5a,,顺丰 林晓舟,", "carrier CARRIER_INVALID"],
    ["B5b,,顺丰林女士,", "carrier CARRIER_INVALID"],
    ["B5c,,晓舟快递(苏州),", "ok"],
    ["B5d,,顺丰 陆运,", "ok"],
    ["B5e,,,A 3-2-501", "sort_code SORT_CODE_INVALID"],
    ["B6,,,139.0000.0001", "sort_code SORT_CODE_INVALID"],
    ["B7,,,13900000001", "sort_code SORT_CODE_INVALID"],
    ["B8,,,林三丰", "sort_code SORT_CODE_INVALID"],
    ["B9,,,2栋501", "sort_code SORT_CODE_INVALID"],
    ["B10,,,3-2-501", "sort_code SORT_CODE_INVALID"],
    ["B11,,,１３９０００００００１", "sort_code SORT_CODE_INVALID"],
    ["补发-B12,,圆通速递,330-106-08 A2", "ok"],
    ["401642356984783000,,申通,310-047-037", "ok"],
    ["20260123-0001,SDK26000000001,SF Express,杭州余杭区 A2", "ok"],
    ["#1001,,EMS,马鞍山", "ok"],
  ] as const;
  const text = rows.map(([row]) => `${row},林晓舟,13900000001,云栖路8号\n`).join("");
  const expected = rows.map(([, problem], at) => `${at + 2} ${problem}`);
  assert.deepEqual(await outline(`${heading}\n${text}`), expected);
});

test("P1: a carrier given for the whole file is judged as one in a row", async () => {
  const [row] = await readAll(`${HEAD}\n${GOOD}\n`, { carrier: "林晓舟 2栋501" });
  assert.deepEqual(row, { ok: false, line: 2, field: "carrier", code: "CARRIER_INVALID" });
});

test("P16: a refusal never carries the value", async () => {
  const [row] = await readAll(`${HEAD}\nA1,,欧阳听澜,12,云栖路8号3栋401,,\n`);
  assert.deepEqual(row, { ok: false, line: 2, field: "recipient_phone", code: "PHONE_INVALID" });
});

test("P16: guards against Excel are taken off, breaks in cells become blanks", async () => {
  const row = `="0012","\tSDK26000000001",林晓舟,'13900000001,"云栖路8号\n3栋",,"放\n门口"`;
  const [result] = await readAll(`${HEAD}\n${row}\n`);
  assert.ok(result?.ok === true);
  const { orderNumber, waybillNumber, recipient, remark } = result.order;
  assert.deepEqual(
    [orderNumber, waybillNumber, shownOf(recipient).phone, shownOf(recipient).address, remark],
    ["0012", "SDK26000000001", "13900000001", "云栖路8号 3栋", "放 门口"],
  );
});

test("P16: defaults fill empty cells, and an order may bear its waybill number", async () => {
  const sender = { name: "沈砚", phone: "0571-10000001", address: "桐溪路1号" };
  const text = `运单号,寄件人,收件人,手机,地址\nSDK26000000001,顾汐,林晓舟,13900000001,云栖路8号\n`;
  const [result] = await readAll(text, { merchant: "青禾", carrier: "顺达快运", sender });
  assert.ok(result?.ok === true);
  assert.deepEqual(result.order.sender, { ...sender, name: "顾汐" });
  assert.deepEqual(
    [result.order.orderNumber, result.order.merchant, result.order.carrier],
    ["SDK26000000001", "青禾", "顺达快运"],
  );
  const [incomplete] = await readAll(text);
  assert.deepEqual(incomplete, {
    ok: false,
    line: 2,
    field: "sender_phone",
    code: "PHONE_MISSING",
  });
});

test("P16: a division without detail is no address", async () => {
  const text =
    "订单号,收件人,手机,省,市,区,详细地址\nA1,林晓舟,13900000001,浙江省,杭州市,西湖区,\n";
  assert.deepEqual(await outline(text), ["2 recipient_address ADDRESS_MISSING"]);
});

test("P16: titles and empty lines are passed over, lines counted as in an editor", async () => {
  const text = `四月订单,,,\n\n${HEAD}\n\n${GOOD}\n,,,,,,\n${GOOD}`;
  assert.deepEqual(await outline(text), ["5 ok", "7 ok"]);
});

test("P16: a file that cannot be used as a whole says why", async () => {
  await fails("", "FILE_EMPTY");
  await fails("\n\n", "FILE_EMPTY");
  await fails("甲,乙\n1,2\n", "COLUMNS_UNKNOWN");
  await fails(`${"a,".repeat(201)}\n`, "COLUMNS_TOO_MANY");
  await fails("<html><table>", "FORMAT_UNKNOWN");
  await fails('[{"order_id":1}]', "FORMAT_UNKNOWN");
  await fails(Buffer.from("d0cf11e0a1b11ae1", "hex"), "FORMAT_UNKNOWN");
  await fails("PK\u0003\u0004 and nothing more", "XLSX_BROKEN");
  const missing = readOrders({ kind: "file", path: join(folder, "none.csv") });
  const next = missing[Symbol.asyncIterator]().next();
  await assert.rejects(next, (error) => isFailure(error, "FILE_UNREADABLE"));
  const directory = readOrders({ kind: "file", path: folder });
  const first = directory[Symbol.asyncIterator]().next();
  await assert.rejects(first, (error) => isFailure(error, "FILE_UNREADABLE"));
});

test("P16: NDJSON is read flat and nested; broken lines cost themselves", async () => {
  const party = { name: "林晓舟", phone: "13900000001", address: "云栖路8号" };
  const lines = [
    JSON.stringify({ order_id: "A1", receiver: party, remark: null }),
    '{"order_id": "A2", "receiver": {',
    "",
    JSON.stringify({ 订单号: "A3", 收件人: "林晓舟", 手机: 13900000001, 地址: "云栖路8号" }),
    JSON.stringify({ orderId: "A4", recipient: { ...party, phone: ["x"] } }),
    '{"tid": 12345678901234567890, "receiver_name": "林晓舟"}',
    '"text"',
    `{"order_id": "${"x".repeat(70_000)}"}`,
    JSON.stringify({ order: { id: "A8" }, consignee: { ...party, province: "浙江省" } }),
  ];
  const text = lines.join("\r\n");
  assert.deepEqual(await outline(text), [
    "1 ok",
    "2 row JSON_BROKEN",
    "4 ok",
    "5 recipient_phone FIELD_NOT_TEXT",
    "6 order_number FIELD_NOT_TEXT",
    "7 row JSON_BROKEN",
    "8 row ROW_TOO_LONG",
    "9 ok",
  ]);
  const [mapped] = await readAll(JSON.stringify({ 号: "A1", receiver: party }), {
    map: parseMap("order_number=号"),
  });
  assert.equal(mapped?.ok, true);
});

test("P16: XLSX numbers come out as the digits a person typed", async () => {
  assert.equal(exactNumber("1.3900000001E10"), "13900000001");
  assert.equal(exactNumber("13900000001"), "13900000001");
  assert.equal(exactNumber("0.5"), "0.5");
  const rows = [
    [],
    ["订单号", "收件人", "手机", "地址"],
    ["0012", "林晓舟", 13_900_000_001, "云栖路8号"],
    [],
    [1_234_567_890_123_456_800, "林晓舟", "13900000001", "云栖路8号"],
    [987_654_321, "林晓舟", "0571-10000001", "云栖路8号"],
  ].map((row) => row.map((value) => ({ value })));
  const bytes = await writeXlsxFile(rows, {}).toBuffer();
  assert.deepEqual(await outline(bytes), ["3 ok", "5 order_number NUMBER_SCIENTIFIC", "6 ok"]);
  const [first] = await readAll(bytes);
  assert.ok(first?.ok === true);
  assert.equal(first.order.orderNumber, "0012");
  assert.equal(shownOf(first.order.recipient).phone, "13900000001");
});

/** A workbook of one sheet with `count` rows of one number, stored without compression. */
function workbook(count: number): Buffer {
  const row = (index: number): string =>
    `<row r="${index + 1}"><c r="A${index + 1}"><v>${index}</v></c></row>`;
  const rows = Array.from({ length: count }, (_, index) => row(index)).join("");
  const sheets = '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets>';
  const kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const link = (id: string, kind: string, target: string): string =>
    `<Relationship Id="${id}" Type="${kinds}/${kind}" Target="${target}"/>`;
  const links =
    link("rId1", "worksheet", "worksheets/sheet1.xml") +
    link("rId2", "sharedStrings", "sharedStrings.xml");
  return storedZip([
    ["xl/workbook.xml", `<workbook>${sheets}</workbook>`],
    ["xl/_rels/workbook.xml.rels", `<Relationships>${links}</Relationships>`],
    ["xl/sharedStrings.xml", "<sst></sst>"],
    ["xl/worksheets/sheet1.xml", `<worksheet><sheetData>${rows}</sheetData></worksheet>`],
  ]);
}

function storedZip(files: readonly (readonly [name: string, text: string])[]): Buffer {
  const locals: Buffer[] = [];
  const entries: Buffer[] = [];
  let at = 0;
  for (const [name, text] of files) {
    const body = Buffer.from(text);
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt32LE(crc32(body), 10);
    facts.writeUInt32LE(body.length, 14);
    facts.writeUInt32LE(body.length, 18);
    facts.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\u0003\u0004"), facts, Buffer.from(name), body]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    const head = [Buffer.from("PK\u0001\u0002"), Buffer.from([20, 0]), facts, place];
    entries.push(Buffer.concat([...head, Buffer.from(name)]));
    locals.push(local);
    at += local.length;
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(Buffer.concat(entries).length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...locals, ...entries, Buffer.from("PK\u0005\u0006"), end]);
}

test("P16: XLSX past its bounds is refused, with CSV as the way out", async () => {
  await fails(workbook(3), "COLUMNS_UNKNOWN");
  await fails(workbook(100_002), "XLSX_TOO_LARGE");
  const far = (cell: string): Buffer => {
    const bytes = workbook(3);
    bytes.write(cell, bytes.indexOf('r="A2"') - 3, "latin1");
    return bytes;
  };
  await fails(far('<c r="ZZZ9"><'), "COLUMNS_TOO_MANY");
  const swollen = workbook(3);
  swollen.writeUInt32LE(600_000_000, swollen.indexOf("PK\u0001\u0002") + 24);
  await fails(swollen, "XLSX_TOO_LARGE");
});

test("P17: progress is told in bytes, chunks come in the size asked for", async () => {
  const path = join(folder, "progress.csv");
  const text = `${HEAD}\n${`${GOOD}\n`.repeat(1_250)}`;
  await writeFile(path, text);
  const reading = readOrders({ kind: "file", path }, { chunkRows: 400 });
  const sizes: number[] = [];
  for await (const chunk of reading) sizes.push(chunk.length);
  assert.deepEqual(sizes, [400, 400, 400, 50]);
  assert.equal(reading.bytesRead, Buffer.byteLength(text));
  assert.equal(reading.totalBytes, Buffer.byteLength(text));
});

/** Bytes in use once everything that can be collected was. */
function usedBytes(): number {
  setFlagsFromString("--expose-gc");
  // The flag above puts gc into every context that is made after it.
  const collect = runInNewContext("gc") as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}

test("P16: 300,000 rows take no more memory than 60,000", async () => {
  async function* source(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(`${HEAD},寄件人,寄件电话,寄件地址\n`);
    for (let count = 0; count < 300; count++) {
      const sender = `青禾第${count}号发货仓,0571-10000001,浙江省湖州市德清县桐溪路1号${count}库`;
      yield Buffer.from(`${GOOD},${sender}\n`.repeat(1_000));
    }
  }
  let rows = 0;
  const used: number[] = [];
  for await (const chunk of readOrders({ kind: "stdin", stream: source() })) {
    rows += chunk.length;
    if (rows % 60_000 === 0) used.push(usedBytes());
  }
  assert.equal(rows, 300_000);
  const [first = 0, ...later] = used;
  assert.equal(later.length, 4);
  const grownBytes = Math.max(...later) - first;
  assert.ok(grownBytes < 4 * 1_048_576, `${grownBytes} bytes more`);
});

test("P2: no bytes make reading throw but a Failure, and twice gives the same", async () => {
  const cell = fc.oneof(
    fc.string({ unit: "binary", maxLength: 12 }),
    fc.constantFrom("A1", "林晓舟", "13900000001", "云栖路8号", '"', "\n", "\uFEFF", "="),
  );
  const line = fc.array(cell, { maxLength: 8 }).map((cells) => cells.join(","));
  const text = fc.array(line, { maxLength: 8 }).map((lines) => `${HEAD}\n${lines.join("\n")}`);
  const bytes = fc.oneof(
    text.map((whole) => Buffer.from(whole)),
    fc.uint8Array(),
  );
  const format = fc.constantFrom<Format | undefined>("csv", "ndjson", undefined);
  await fc.assert(
    fc.asyncProperty(bytes, format, async (content, wanted) => {
      const attempt = (): Promise<RowResult[] | string> =>
        readAll(content, wanted === undefined ? {} : { format: wanted }).catch((error: unknown) => {
          assert.ok(isFailure(error));
          return error.code;
        });
      assert.deepEqual(await attempt(), await attempt());
    }),
  );
});
