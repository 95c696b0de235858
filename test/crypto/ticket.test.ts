import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { waybillIdOf } from "../../src/crypto/envelope.ts";
import { SUITES, suiteOf } from "../../src/crypto/suites.ts";
import type { Suite } from "../../src/crypto/suites.ts";
import { parseTicketText, ticketText } from "../../src/crypto/ticket-text.ts";
import { openTicket, parseTicket, sealTicket } from "../../src/crypto/ticket.ts";
import type { TicketContent } from "../../src/crypto/ticket-content.ts";
import { encodeToken, parseToken } from "../../src/crypto/token.ts";
import { ticketKey } from "../../src/crypto/waybill-key.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { REFERENCE_SUITES, refTicket } from "./reference.ts";
import type { RefTicket } from "./reference.ts";
import { bytesOf, documentOf } from "./vector-file.ts";

const HOME: TicketContent = { contact: "16120260401", room: "2单元501室", name: "欧阳试样" };

interface Made {
  readonly suite: Suite;
  readonly leaf: Uint8Array;
  readonly tenant: Uint8Array;
  readonly waybillId: Uint8Array;
  readonly printNumber: number;
}

function made(suite: Suite, printNumber = 1): Made {
  const waybillId = waybillIdOf(77, 4242, randomBytes(7));
  return { suite, leaf: randomBytes(32), tenant: randomBytes(16), waybillId, printNumber };
}

function sealed(from: Made, content: TicketContent = HOME): string {
  const { suite, leaf, tenant, waybillId, printNumber } = from;
  const random = waybillId.subarray(8);
  const token = encodeToken({ serial: 77, slot: 4242, random }, { suite, key: randomBytes(32) });
  const key = ticketKey(suite, leaf, printNumber);
  const salt = randomBytes(8);
  return sealTicket(
    { suite, token, printNumber, key, salt, place: { tenant, waybillId } },
    content,
  );
}

function opened(from: Made, text: string): TicketContent {
  const { suite, leaf, tenant, waybillId, printNumber } = from;
  const key = ticketKey(suite, leaf, printNumber);
  return openTicket(parseTicket(text), { key, place: { tenant, waybillId } });
}

const codeOf = (run: () => unknown): string => {
  try {
    run();
    return "none";
  } catch (error) {
    assert.ok(isFailure(error), String(error));
    return error.code;
  }
};

for (const suite of Object.values(SUITES)) {
  test(`TKT-1: ${suite.name}: what was sealed opens with the key of its print`, () => {
    for (const printNumber of [1, 2, 255, 256, 32_767]) {
      const from = made(suite, printNumber);
      const text = sealed(from);
      assert.deepEqual(opened(from, text), { ...HOME, leftOut: [] });
      assert.equal(parseTicket(text).printNumber, printNumber);
      assert.equal(text.length, 153, "name, mobile and room of the usual kind fit version 6");
    }
    assert.throws(() => ticketKey(suite, randomBytes(32), 0), RangeError);
    assert.throws(() => ticketKey(suite, randomBytes(32), 32_768), RangeError);
  });

  test(`TKT-2: ${suite.name}: no bit may change, with or without a mended checksum`, () => {
    const from = made(suite);
    const whole = parseTicketText(sealed(from));
    const seen = new Map<string, number>();
    const count = (code: string): unknown => seen.set(code, (seen.get(code) ?? 0) + 1);
    for (let bit = 0; bit < whole.length * 8; bit += 1) {
      const bytes = Buffer.from(whole);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const code = codeOf(() => opened(from, ticketText(bytes)));
      assert.match(code, /^TICKET_(?:ALTERED|CUT)$/, String(bit));
      bytes.writeUInt32BE(crc32(bytes.subarray(0, -4)), bytes.length - 4);
      if (bytes.equals(whole)) continue;
      const mended = codeOf(() => opened(from, ticketText(bytes)));
      assert.match(mended, /^TICKET_(?:ALTERED|CUT|BROKEN)$/, String(bit));
      count(mended);
    }
    assert.ok((seen.get("TICKET_BROKEN") ?? 0) > 600, JSON.stringify([...seen]));
  });

  test(`TKT-3: ${suite.name}: it opens for this print, waybill, tenant and leaf alone`, () => {
    const from = made(suite);
    const text = sealed(from);
    const wrong: readonly Partial<Made>[] = [
      { printNumber: 2 },
      { waybillId: waybillIdOf(77, 4243, from.waybillId.subarray(8)) },
      { waybillId: waybillIdOf(78, 4242, from.waybillId.subarray(8)) },
      { waybillId: waybillIdOf(77, 4242, randomBytes(7)) },
      { tenant: randomBytes(16) },
      { leaf: randomBytes(32) },
    ];
    for (const other of wrong)
      assert.equal(
        codeOf(() => opened({ ...from, ...other }, text)),
        "TICKET_BROKEN",
      );
    const bytes = parseTicketText(text);
    bytes[1] = suite.id === 1 ? 2 : 1;
    bytes.writeUInt32BE(crc32(bytes.subarray(0, -4)), bytes.length - 4);
    const otherSuite = { ...from, suite: suiteOf(bytes.readUInt8(1)) };
    assert.equal(
      codeOf(() => opened(otherSuite, ticketText(bytes))),
      "TICKET_BROKEN",
    );
  });
}

test("TKT-4: cut, altered and other versions have their own answers; forms do not matter", () => {
  const from = made(SUITES.intl);
  const text = sealed(from);
  for (let length = 0; length < text.length; length += 1)
    assert.match(
      codeOf(() => parseTicket(text.slice(0, length))),
      /^TICKET_(?:CUT|ALTERED)$/,
    );
  for (let length = 6; length < text.length; length += 1)
    assert.equal(
      codeOf(() => parseTicket(text.slice(0, length))),
      "TICKET_CUT",
      String(length),
    );
  for (const digit of "023456789")
    assert.equal(
      codeOf(() => parseTicket(`MDT${digit}${text.slice(4)}`)),
      "TICKET_VERSION",
    );
  for (const bad of [
    `${text}0`,
    `X${text}`,
    text.replace("MDT", "MDU"),
    `${text.slice(0, 9)}%${text.slice(10)}`,
  ])
    assert.equal(
      codeOf(() => parseTicket(bad)),
      "TICKET_ALTERED",
    );
  assert.equal(
    codeOf(() => parseTicket("x".repeat(601))),
    "TICKET_ALTERED",
  );
  const loose = ` ${text
    .toLowerCase()
    .replaceAll("0", "o")
    .replaceAll("1", "l")
    .replace(/(.{9})/g, "$1-\n")}`;
  assert.deepEqual(opened(from, loose), { ...HOME, leftOut: [] });
});

test("TKT-5: whatever an order holds, the ticket fits version 12 and cuts no field", () => {
  const from = made(SUITES.gm);
  const character = fc.oneof(
    fc.constantFrom(..."赵钱孙李周吴郑王𠮷·单元室栋号"),
    fc.integer({ min: 0x4e00, max: 0x9fa5 }).map((code) => String.fromCodePoint(code)),
    fc.constantFrom(..."abcXYZ019-# "),
  );
  const upTo = (maxLength: number): fc.Arbitrary<string> =>
    fc
      .array(character, { maxLength, size: "max" })
      .map((letters) => letters.join("").slice(0, maxLength).toWellFormed());
  const mobile = fc
    .integer({ min: 0, max: 9_999_999_999 })
    .map((n) => `1${String(n).padStart(10, "0")}`);
  const bytesOfText = (text: string): number => Buffer.byteLength(text, "utf8");
  let whole = 0;
  let partial = 0;
  fc.assert(
    fc.property(
      fc.record({ contact: fc.oneof(mobile, upTo(40)), room: upTo(300), name: upTo(64) }),
      (content) => {
        const text = sealed(from, content);
        assert.match(text, /^MDT1[0-9A-HJKMNP-TV-Z]+$/);
        assert.ok(text.length <= 419);
        const read = openTicket(parseTicket(text), {
          key: ticketKey(from.suite, from.leaf, 1),
          place: from,
        });
        for (const field of ["contact", "room", "name"] as const)
          assert.equal(read[field], read.leftOut.includes(field) ? "" : content[field]);
        assert.equal(read.contact, content.contact);
        // The room goes first only where it would not fit without the name either.
        if (read.leftOut.length === 1 && read.leftOut[0] === "room")
          assert.ok(bytesOfText(content.contact) + bytesOfText(content.room) > 200);
        if (read.leftOut.length === 0) whole += 1;
        else partial += 1;
      },
    ),
    { numRuns: 3000 },
  );
  assert.ok(whole > 300 && partial > 300, `${whole} whole, ${partial} partial`);
});

test("TKT-6: two tickets of one content share nothing behind the print number", () => {
  const from = made(SUITES.intl);
  const [one, other] = [parseTicketText(sealed(from)), parseTicketText(sealed(from))];
  const content = Buffer.from(HOME.room + HOME.name, "utf8");
  for (let at = 27; at + 4 <= one.length; at += 1)
    assert.ok(!one.subarray(at, at + 4).equals(other.subarray(at, at + 4)));
  for (let at = 0; at + 4 <= content.length; at += 1)
    assert.equal(one.indexOf(content.subarray(at, at + 4)), -1);
});

interface Published extends RefTicket {
  readonly suite: number;
  readonly contact: string;
  readonly room: string;
  readonly name: string;
  readonly text: string;
}

test("TKT-7: the published tickets come out letter for letter, and open", () => {
  const { cases } = documentOf<{ cases: readonly Published[] }>("ticket.json");
  assert.equal(cases.length, 14);
  for (const one of cases) {
    const suite = suiteOf(one.suite);
    const reference = REFERENCE_SUITES.find(({ id }) => id === one.suite);
    assert.ok(reference !== undefined);
    assert.equal(refTicket(reference, one), one.text);
    const waybillId = waybillIdOf(one.serial, one.slot, bytesOf(one.random));
    const place = { tenant: bytesOf(one.tenant), waybillId };
    const key = ticketKey(suite, bytesOf(one.leaf), one.printNumber);
    const head = { suite, token: parseToken(one.token), printNumber: one.printNumber };
    const { contact, room, name } = one;
    const text = sealTicket(
      { ...head, key, place, salt: bytesOf(one.salt) },
      { contact, room, name },
    );
    assert.equal(text, one.text);
    const read = openTicket(parseTicket(text), { key, place });
    assert.equal(read.contact, contact);
  }
});
