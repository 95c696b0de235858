/** Orders in the shapes of shop platforms: recorded, invented examples (P4, P16). */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Order, RowResult } from "../../src/orders/order.ts";
import { readOrders } from "../../src/orders/read.ts";
import type { ReadOptions } from "../../src/orders/read.ts";
import { isExternal } from "../../src/privacy/external.ts";
import type { ExternalParty } from "../../src/privacy/external.ts";
import { buildGazetteer } from "../../src/privacy/gazetteer.ts";
import { lintPrintable } from "../../src/privacy/lint.ts";
import { PROFILES } from "../../src/privacy/mask-profile.ts";
import { maskParty } from "../../src/privacy/party.ts";
import { PLATFORM_NAMES, platformOf } from "../../src/rules/platform.ts";
import type { Platform } from "../../src/rules/platform.ts";

const GAZETTEER = buildGazetteer(
  readFileSync(new URL("../../assets/divisions/divisions.tsv", import.meta.url), "utf8"),
);

function fileOf(name: string): string {
  return fileURLToPath(new URL(`platforms/${name}`, import.meta.url));
}

async function read(text: string, options: ReadOptions = {}): Promise<RowResult[]> {
  const rows: RowResult[] = [];
  const stream = Readable.from([Buffer.from(text)]);
  for await (const chunk of readOrders({ kind: "stdin", stream }, options)) rows.push(...chunk);
  return rows;
}

async function readExamples(platform: Platform): Promise<RowResult[]> {
  return read(readFileSync(fileOf(`${platform}.ndjson`), "utf8"));
}

function withheld(row: RowResult | undefined): { order: Order; party: ExternalParty } {
  assert.ok(row?.ok === true, row === undefined ? "no row" : JSON.stringify(row));
  assert.ok(isExternal(row.order.recipient));
  return { order: row.order, party: row.order.recipient };
}

async function refusal(text: string, options?: ReadOptions): Promise<string> {
  const [row] = await read(text, options);
  assert.ok(row?.ok === false, "the row was taken");
  return `${row.field} ${row.code}`;
}

/** The first example with one member changed, wherever it stands. */
function changed(platform: Platform, member: string, to: (text: string) => string): string {
  const [line = ""] = readFileSync(fileOf(`${platform}.ndjson`), "utf8").split("\n");
  const seen = { count: 0 };
  const text = JSON.stringify(
    JSON.parse(line, (key, value: unknown) => {
      if (key !== member || typeof value !== "string") return value;
      seen.count += 1;
      return to(value);
    }),
  );
  assert.equal(seen.count, 1, `${platform} has one ${member}`);
  return `${text}\n`;
}

for (const platform of PLATFORM_NAMES) {
  test(`P4: an order as ${platform} hands it out is known, its recipient withheld`, async () => {
    const rows = await readExamples(platform);
    assert.ok(rows.length > 0);
    for (const row of rows) {
      const { order, party } = withheld(row);
      assert.equal(party.platform, platform);
      assert.notEqual(party.token, null);
      assert.ok(order.orderNumber.length > 8);
      assert.equal(party.clear.name, null);
      assert.equal(party.clear.address, null);
    }
  });

  test(`P1: what is shown of a ${platform} order passes the lint of every profile`, async () => {
    for (const row of await readExamples(platform)) {
      const { party } = withheld(row);
      for (const profile of Object.values(PROFILES)) {
        const masked = maskParty(party, profile, GAZETTEER);
        const findings = lintPrintable(
          (["name", "phone", "address"] as const).map((kind) => ({
            zone: "recipient",
            kind,
            text: masked[kind],
          })),
          profile,
          GAZETTEER,
        );
        assert.deepEqual(findings, [], `${platform} ${profile.name}`);
      }
    }
  });

  test(`P4: the same ${platform} order reads the same where the platform is named`, async () => {
    const text = readFileSync(fileOf(`${platform}.ndjson`), "utf8");
    assert.deepEqual(await read(text, { platform }), await read(text));
  });
}

test("P4: no ciphertext or token is part of what is shown", async () => {
  let looked = 0;
  for (const platform of PLATFORM_NAMES) {
    for (const row of await readExamples(platform)) {
      const { party } = withheld(row);
      const shown = Object.values(party.shown).join(" ");
      for (const secret of [party.token, ...Object.values(party.ciphers)]) {
        if (secret === null) continue;
        looked += 1;
        assert.ok(!shown.includes(secret));
      }
    }
  }
  assert.ok(looked > 15);
});

test("P16: the same orders as a table are read by their headings", async () => {
  for (const platform of ["taobao", "pinduoduo"] as const) {
    const [fromTable] = await read(readFileSync(fileOf(`${platform}.csv`), "utf8"));
    const [fromJson] = await readExamples(platform);
    assert.deepEqual(withheld(fromTable).party, withheld(fromJson).party);
    assert.equal(withheld(fromTable).order.orderNumber, withheld(fromJson).order.orderNumber);
  }
});

test("P16: a sheet of an ERP names platform and token in columns of its own", async () => {
  const head = "平台,订单号,收件人,手机,省,市,区,详细地址,收件人ID";
  const sheet = [
    head,
    "淘宝,B1,林**,*******0011,浙江省,杭州市,西湖区,云栖路***,1abcdefGHIJKL0123==",
    ",B2,林晓舟,13900000001,浙江省,杭州市,西湖区,云栖路8号,",
    "拼多多,B3,林晓舟,13900000001,浙江省,杭州市,西湖区,云栖路8号,",
    ",B4,林**,*******0011,浙江省,杭州市,西湖区,云栖路***,1abcdefGHIJKL0123==",
  ].join("\n");
  const rows = await read(`${sheet}\n`);
  assert.equal(withheld(rows[0]).party.platform, "taobao");
  for (const row of rows.slice(1, 3)) assert.ok(row.ok && !isExternal(row.order.recipient));
  assert.deepEqual(rows[3], { ok: false, line: 5, field: "platform", code: "PLATFORM_UNKNOWN" });
});

test("P4: every form of a virtual number is one text, with its extension", async () => {
  const forms = [
    ["13900000012-123", "13900000012转123"],
    ["13900000012-7576", "13900000012转7576"],
    ["$13900000012$#1234#", "13900000012转1234"],
    ["$9500012$#12345678#", "9500012转12345678"],
    ["13900000012#1234#", "13900000012转1234"],
    ["13900000012_7472", "13900000012转7472"],
    ["13900000012转7472", "13900000012转7472"],
    ["700123456789012", "700123456789012"],
  ] as const;
  for (const [form, text] of forms) {
    const [row] = await read(changed("taobao", "receiver_mobile", () => form));
    assert.equal(withheld(row).party.clear.phone, text, form);
  }
  const apart = changed("taobao", "receiver_mobile", () => "13900000012").replace(
    /\}\s*$/u,
    ',"virtual_extension":"123"}\n',
  );
  const [row] = await read(apart.replace("virtual_extension", "extension"));
  assert.equal(withheld(row).party.clear.phone, "13900000012转123");
});

test("P16: a virtual number that was cut at # is refused, not taken for a number", async () => {
  for (const form of [
    "$13900000012$",
    "$13900000012",
    "13900000012#",
    "13900000012#12",
    "13900000012-",
  ])
    assert.equal(
      await refusal(changed("taobao", "receiver_mobile", () => form)),
      "recipient_phone VIRTUAL_NUMBER_CUT",
      form,
    );
});

const CIPHERS = [
  ["pinduoduo", "receiver_name", "recipient_name"],
  ["pinduoduo", "receiver_phone", "recipient_phone"],
  ["pinduoduo", "address", "recipient_address"],
  ["douyin", "encrypt_post_receiver", "recipient_name"],
  ["douyin", "encrypt_post_tel", "recipient_phone"],
  ["douyin", "encrypt_detail", "recipient_address"],
  ["jd", "mobile", "recipient_phone"],
  ["jd", "full_address", "recipient_address"],
  ["kuaishou", "encryptedConsignee", "recipient_name"],
  ["kuaishou", "encryptedMobile", "recipient_phone"],
  ["kuaishou", "encryptedAddress", "recipient_address"],
  ["xiaohongshu", "receiverPhone", "recipient_phone"],
] as const;

for (const [platform, member, field] of CIPHERS) {
  test(`P16: a ${platform} ciphertext in ${member} that broke is named as such`, async () => {
    const withPlus = (text: string): string => text.replace(/(?<=[A-Za-z0-9]{9})[A-Za-z0-9]/u, "+");
    assert.ok((await read(changed(platform, member, withPlus)))[0]?.ok);
    const spaced = changed(platform, member, (text) => withPlus(text).replaceAll("+", " "));
    assert.equal(await refusal(spaced), `${field} PLATFORM_TOKEN_ALTERED`);
    const coded = changed(platform, member, (text) => encodeURIComponent(withPlus(text)));
    assert.equal(await refusal(coded), `${field} PLATFORM_TOKEN_ALTERED`);
    let lengths = 0;
    for (const chars of [31, 41]) {
      const cut = changed(platform, member, (text) => text.slice(0, chars));
      assert.equal(await refusal(cut), `${field} PLATFORM_TOKEN_CUT`, String(chars));
      lengths += 1;
    }
    assert.equal(lengths, 2);
  });
}

test("P16: a value that was cut at its first # is missed, since its mask is there", async () => {
  const line = changed("xiaohongshu", "openAddressId", () => "");
  const cut = line.replaceAll(/"(receiverName|receiverPhone)":"#[^"]*"/gu, '"$1":""');
  assert.notEqual(cut, line);
  assert.equal(
    await refusal(cut, { platform: "xiaohongshu" }),
    "platform_token PLATFORM_TOKEN_MISSING",
  );
});

test("P16: tokens that broke on the way are refused by what befell them", async () => {
  const cases = [
    ["taobao", "oaid", (t: string) => `${t.slice(0, 9)} ${t.slice(10)}`, "PLATFORM_TOKEN_ALTERED"],
    ["taobao", "oaid", (t: string) => t.replace("=", "%3D"), "PLATFORM_TOKEN_ALTERED"],
    ["taobao", "oaid", (t: string) => t.padEnd(129, "x").replace("==", "xx"), "FIELD_TOO_LONG"],
    ["taobao", "oaid", () => "", "PLATFORM_TOKEN_MISSING"],
    ["taobao", "oaid", () => "****", "MASKED_VALUE"],
    ["taobao", "oaid", () => `md1${"0".repeat(26)}`, "TOKEN_VALUE"],
    ["taobao", "oaid", (t: string) => `${t.slice(0, 12)}…`, "PLATFORM_TOKEN_CUT"],
    ["taobao", "oaid", () => "收件人", "PLATFORM_TOKEN_INVALID"],
    ["xiaohongshu", "openAddressId", (t: string) => t.slice(0, 30), "PLATFORM_TOKEN_CUT"],
    ["xiaohongshu", "openAddressId", (t: string) => `${t}0`, "FIELD_TOO_LONG"],
  ] as const;
  for (const [platform, member, to, code] of cases)
    assert.equal(
      await refusal(changed(platform, member, to), { platform }),
      `platform_token ${code}`,
      `${platform} ${code}`,
    );
});

test("P4: stars are no address where no division says where to", async () => {
  const bare = JSON.stringify({
    tid: "3300000000000000013",
    oaid: "1abcdefGHIJKL0123==",
    receiver_name: "林**",
    receiver_mobile: "*******0011",
    receiver_address: "****",
  });
  assert.equal(await refusal(`${bare}\n`), "recipient_address MASKED_VALUE");
});

test("P4: a token of ours is no field of a platform", async () => {
  const own = `md1${"0".repeat(26)}`;
  assert.equal(
    await refusal(changed("taobao", "receiver_name", () => own)),
    "recipient_name TOKEN_VALUE",
  );
});

test("P4: without a platform a mask is refused as before", async () => {
  const line = JSON.stringify({
    order_number: "B5",
    receiver: { name: "林**", phone: "13900000001", address: "云栖路8号" },
  });
  assert.equal(await refusal(`${line}\n`), "recipient_name MASKED_VALUE");
});

test("P16: a number that JSON cannot hold is refused as an order number", async () => {
  const line = changed("taobao", "tid", (text) => text).replace(/"(33\d{17})"/u, "$1");
  assert.equal(await refusal(line), "order_number FIELD_NOT_TEXT");
});

test("P16: a platform is known by its names in either language", () => {
  assert.equal(platformOf(" 拼多多 "), "pinduoduo");
  assert.equal(platformOf("WeChat Shop"), "wechat-shop");
  assert.equal(platformOf("Tmall"), "taobao");
  assert.equal(platformOf("constructor"), null);
});
