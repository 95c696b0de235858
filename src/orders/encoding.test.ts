import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { TextDecoding } from "./encoding.ts";

/** Signs of GBK with their bytes; Node can decode GB18030 but not encode it. */
const GBK: readonly (readonly [sign: string, bytes: readonly number[]])[] = [
  ["收", [0xca, 0xd5]],
  ["件", [0xbc, 0xfe]],
  ["人", [0xc8, 0xcb]],
  ["林", [0xc1, 0xd6]],
  ["晓", [0xcf, 0xfe]],
  ["云", [0xd4, 0xc6]],
  [",", [0x2c]],
  ["\n", [0x0a]],
  ["𠀀", [0x95, 0x32, 0x82, 0x36]],
];

function decode(bytes: Uint8Array, pieceBytes: number): string {
  const decoding = new TextDecoding();
  let text = "";
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    text += decoding.push(bytes.subarray(at, at + pieceBytes));
  }
  return text + decoding.end();
}

function gbk(count: number): { text: string; bytes: Buffer } {
  const signs = Array.from({ length: count }, (_, index) => GBK[(index * 7) % GBK.length]);
  const known = signs.filter((sign) => sign !== undefined);
  return {
    text: known.map(([sign]) => sign).join(""),
    bytes: Buffer.from(known.flatMap(([, bytes]) => bytes)),
  };
}

test("P16: UTF-8 is read with and without mark, in pieces of any size", () => {
  const text = "收件人,手机\n林晓云,𠮷\n";
  for (const size of [1, 2, 3, 5, 4_096]) {
    assert.equal(decode(Buffer.from(text), size), text);
    assert.equal(decode(Buffer.from(`\uFEFF${text}`), size), text);
    const wide = Buffer.from(`\uFEFF${text}`, "utf16le");
    assert.equal(decode(wide, size), text);
    assert.equal(decode(Buffer.from(wide).swap16(), size), text);
  }
});

test("P16: GB18030 is recognised, in pieces of any size", () => {
  const { text, bytes } = gbk(400);
  for (const size of [1, 2, 3, 7, 64, 4_096]) assert.equal(decode(bytes, size), text);
});

test("P16: a sign cut at the edge of the 64 KiB window is whole", () => {
  for (const shift of [0, 1, 2, 3]) {
    const utf8 = `${"x".repeat(shift)}${"收件人".repeat(20_000)}`;
    assert.equal(decode(Buffer.from(utf8), 65_536), utf8);
    const { text, bytes } = gbk(60_000);
    const shifted = Buffer.concat([Buffer.alloc(shift, "x"), bytes]);
    assert.equal(decode(shifted, 65_536), `${"x".repeat(shift)}${text}`);
  }
});

test("P16: the encoding is decided where the first sign beyond ASCII stands, however late", () => {
  const ascii = "order_id,name\n".repeat(20_000);
  const { text, bytes } = gbk(400);
  assert.equal(decode(Buffer.concat([Buffer.from(ascii), bytes]), 65_536), ascii + text);
});

test("P16: one broken byte in UTF-8 costs one sign, wherever it stands", () => {
  const text = "收件人林晓云\n".repeat(20_000);
  const bytes = Buffer.from(text);
  for (const at of [1, bytes.length - 5]) {
    const broken = Buffer.from(bytes);
    broken[at] = 0xff;
    const read = decode(broken, 65_536);
    assert.ok(read.includes("\uFFFD"));
    assert.equal(read.split("\n").filter((line) => line === "收件人林晓云").length, 19_999);
  }
});

test("P16: line ends become \\n, also when a piece ends inside one", () => {
  const text = "a\r\nb\rc\nd\r\n\r\ne\r";
  for (const size of [1, 2, 3, 100]) {
    assert.equal(decode(Buffer.from(text), size), "a\nb\nc\nd\n\ne\n");
  }
});

test("P2: no bytes make it throw, and the size of the pieces does not matter", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 9 }), (bytes, n) => {
      assert.equal(decode(bytes, n), decode(bytes, 300));
    }),
  );
});
