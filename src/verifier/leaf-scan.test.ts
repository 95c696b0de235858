import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fromHex } from "./bytes.ts";
import { IdSet } from "./id-set.ts";
import { instantIn } from "./instant.ts";
import { ScannedLeaf } from "./leaf-scan.ts";
import { readLeaf } from "./leaf.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const HONEST = {
  actor: "st-0000000000000000",
  at: "2026-11-28T08:00:00.000Z",
  fields: ["recipient.phone"],
  id: "0123456789abcdef0123456789abcdef",
  tenant: "00000000-0000-4000-8000-000000000001",
  type: "reveal",
  v: 1,
};

/** Members that sort anywhere among those of a leaf, with values of all shapes. */
const extra = fc.dictionary(
  fc.oneof(fc.constantFrom("a", "az", "b", "idx", "typ", "w", "~", "é", "\u{1F600}"), fc.string()),
  fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.string({ unit: "binary" }), fc.maxSafeInteger()),
  { maxKeys: 4 },
);

function sorted(members: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(members).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(Object.fromEntries(pairs));
}

/** Whatever the scan accepts `readLeaf` accepts as well, with this id and this moment. */
function requireAgreed(text: string): boolean {
  const [bytes, scan] = [bytesOf(text), new ScannedLeaf()];
  if (!scan.scan(bytes, 0)) return false;
  const leaf = readLeaf(bytes);
  assert.ok(leaf !== null, text);
  assert.equal(Buffer.from(Uint32Array.from(scan.id).buffer).swap32().toString("hex"), leaf.id);
  assert.equal(new Date(scan.at).toISOString(), leaf.at);
  return true;
}

test("LEAF-1: one pass over the bytes accepts nothing that a parser would not", () => {
  let accepted = 0;
  fc.assert(
    fc.property(extra, (members) => {
      if (requireAgreed(sorted({ ...members, ...HONEST }))) accepted += 1;
    }),
    { numRuns: 3000 },
  );
  assert.ok(accepted > 300, `only ${accepted} were accepted, so little was compared`);
});

test("LEAF-1: nor after any change of a few characters", () => {
  const text = sorted({
    ...HONEST,
    count: 12,
    note: 'a"b\\c\n\u0001中',
    list: [true, null, { x: -1 }],
  });
  assert.ok(requireAgreed(text));
  const piece = fc.oneof(
    fc.constantFrom(
      "",
      '"',
      "\\",
      "\\u0041",
      "\\u000a",
      "\\u001f",
      " ",
      "0",
      "-0",
      "01",
      "1.5",
      "1e3",
    ),
    fc.constantFrom("{", "}", "[]", ",", ":", "9007199254740993", "null", '"v":1,', "\u2028"),
    fc.string({ maxLength: 3 }),
  );
  const [place, length] = [fc.nat(text.length), fc.nat(3)];
  fc.assert(
    fc.property(place, length, piece, (at, cut, put) => {
      requireAgreed(text.slice(0, at) + put + text.slice(at + cut));
    }),
    { numRuns: 20_000 },
  );
});

test("LEAF-1: every leaf of plain shape is accepted in one pass", () => {
  for (const more of [{}, { zz: [] }, { n: {} }, { count: 0 }, { left: -5 }, { reason: "字" }])
    assert.ok(requireAgreed(sorted({ ...HONEST, ...more })), JSON.stringify(more));
});

test("LEAF-1: a moment is one of a day that exists, and the same as Date's", () => {
  const moment = fc.date({
    min: new Date("0000-01-01T00:00:00.000Z"),
    max: new Date("9999-12-31T23:59:59.999Z"),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(moment, (date) => {
      assert.equal(instantIn(bytesOf(date.toISOString()), 0), date.getTime());
    }),
    { numRuns: 5000 },
  );
  for (const text of ["2026-02-29", "2026-13-01", "2026-00-01", "2026-04-31", "1900-02-29"])
    assert.ok(Number.isNaN(instantIn(bytesOf(`${text}T00:00:00.000Z`), 0)), text);
  for (const text of ["24:00:00.000Z", "23:60:00.000Z", "23:59:60.000Z", "23:59:59.00Z "])
    assert.ok(Number.isNaN(instantIn(bytesOf(`2026-11-28T${text}`), 0)), text);
});

test("P13: the set of ids holds what a set holds", () => {
  const byte = fc.constantFrom(0, 1, 255);
  const ids = fc.array(fc.array(byte, { minLength: 16, maxLength: 16 }), { maxLength: 50 });
  fc.assert(
    fc.property(ids, fc.nat(), (list, seed) => {
      const [set, known] = [new IdSet(seed), new Set<string>()];
      for (const id of list) {
        const name = id.join();
        const words = new Uint32Array(Uint8Array.from(id).buffer);
        assert.equal(set.add(words, 0), !known.has(name));
        known.add(name);
      }
    }),
  );
  const set = new IdSet(7);
  const words = new Uint32Array(fromHex("00".repeat(16))?.buffer ?? new ArrayBuffer(0));
  for (let at = 0; at < 5000; at += 1) {
    words[3] = at;
    assert.ok(set.add(words, 0));
    assert.ok(!set.add(words, 0));
  }
});
